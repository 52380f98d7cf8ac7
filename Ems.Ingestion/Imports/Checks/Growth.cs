using System.Runtime.InteropServices;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>Notices meters whose values only grow with time, as those of a register do, and columns whose values do not.</summary>
/// <param name="order">Of the dates.</param>
internal sealed class Growth(int columns, DateOrder order)
{
    private const int FewestSteps = 24;

    // Of a short file, what grows must be small beside what is there: bills of four months can rise by chance.
    private const int FewestValues = 4;
    private const int FewestReadings = 2;

    // Of what is headed as a reading, as many that grow are hardly amounts.
    private const int FewestOfReading = 5;
    private const double LeastOfShort = 1_000;
    private const double MostRiseOfShort = 0.25;

    // Of what is said to be read, and of months, a year of which no amounts grow through.
    private const int FewestOfReads = 10;
    private const int FewestMonths = 11;

    // What is small is a register where it rises by little of what it shows with each value, or through all of a year.
    private const int FewestOfMeter = 5;
    private const int FewestSmall = 6;
    private const double MostRiseOfMeter = 1;
    private const double MostRiseOfSmall = 0.3;
    private const int FewestOfYear = 12;
    private const int LeastRisesOfYear = 9;

    // Amounts of years do not rise by about as much each time.
    private const int FewestEven = 8;

    // Of what is there, as one step of a register that has counted for long.
    private const double MostRiseOfSure = 0.02;
    private const double LeastOfDay = 0.9;
    private const int DaysOfYear = 300;

    // No amounts rise so often but for one fall to little of what they were.
    private const int FewestOfExchanged = 12;

    // What a register rolls over from is far above what it shows then.
    private const int LeastFall = 4;
    private const int DaysOfMonth = 27;
    private const int DaysOfLongMonth = 32;

    // A register falls when it is exchanged, and comes back at once from what was not read rightly; amounts fall about as often as they rise.
    private const int LeastUpsOfFall = 19;
    private const int MostBelow = 3;

    // Until then it has counted for longer than the file does: what begins low and ends high may be amounts of a day.
    private const double MostRiseOfExchanged = 1;

    // No amounts rise as often one after the other, nor through all of each day or each hour.
    private const int LeastRises = 50;
    private const int FewestDays = 3;
    private const int LeastRisesOfDay = 8;
    private const int FewestHours = 24;
    private const int LeastRisesOfHour = 3;

    // What is read at midnight has a turn on both sides.
    private const int MostTurns = 3;
    private const double RestOfDay = 0.1;
    private const double RestOfHour = 0.3;

    // It has a number of digits, and rolls over from the last numbers that these show to the first.
    private const double Top = 0.9;
    private const double Bottom = 0.1;

    private readonly Dictionary<int, Run>[] _runs = [.. Enumerable.Range(0, columns).Select(_ => new Dictionary<int, Run>())];
    private readonly Dictionary<int, (WrittenTime First, WrittenTime Last)> _times = [];
    private bool _isNewDay;
    private bool _isNewHour;

    /// <summary>Takes note of the time of a row, before that of its values.</summary>
    public void NoteTime(int subject, WrittenTime? time)
    {
        (_isNewDay, _isNewHour) = (false, false);
        if (time is not { } now)
        {
            return;
        }

        ref var times = ref CollectionsMarshal.GetValueRefOrAddDefault(_times, subject, out var isKnown);
        if (isKnown)
        {
            // What is read at midnight is of the day that ends there, or of the one that begins.
            var before = times.Last;
            _isNewDay = (now.First, now.Second, now.Third) != (before.First, before.Second, before.Third) || before.OfDay == TimeSpan.Zero;
            _isNewHour = _isNewDay || now.OfDay.Hours != before.OfDay.Hours || before.OfDay is { Minutes: 0, Seconds: 0 };
        }

        times = (isKnown ? times.First : now, now);
    }

    public void Note(int subject, int column, double number)
    {
        ref var run = ref CollectionsMarshal.GetValueRefOrAddDefault(_runs[column], subject, out var isKnown);
        // Noughts before the first answer of a meter of some age are no readings of it.
        isKnown &= run.Most > 0 || number < LeastOfShort;
        var before = isKnown ? run : new Run(number, number, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, default, default, default);
        // What it did not answer is written as nought, or as a number that no register shows.
        if (isKnown && number <= 0 && before.Last > 0 && before.Most < Math.Min(before.First, before.Last) * (1 + MostRiseOfExchanged))
        {
            run = before with { Silent = before.Silent + 1, IsSilent = true };
            return;
        }

        var (high, below) = number >= before.High ? (0, 0) : (before.High, before.Below + 1);
        var isWrap = number >= 0 && number * LeastFall < before.Last;
        if (number < before.Last)
        {
            (high, below) = isWrap ? (0, 0) : (Math.Max(before.High, before.Last), Math.Max(below, 1));
        }

        // The last of all may be of a month that is not over yet.
        var rolled = number > before.Last ? before.Fell : 0;
        run = before with
        {
            Last = number,
            Most = Math.Max(before.Most, number),
            Count = before.Count + 1,
            Ups = before.Ups + (number > before.Last ? 1 : 0),
            Downs = before.Downs + (number < before.Last ? 1 : 0),
            Wraps = before.Wraps + (isWrap ? 1 : 0),
            High = high,
            Below = below,
            Lost = before.Lost + (below == MostBelow + 1 ? 1 : 0),
            RollOvers = before.RollOvers + (rolled > 0 ? 1 : 0),
            Rolled = before.Rolled + rolled,
            Fell = FallOf(before.Last, number),
            // An exchanged meter begins with nought.
            Silent = before.Silent - (isWrap && before.IsSilent ? 1 : 0),
            IsSilent = false,
            Rises = before.Rises.With(number - before.Last),
            Falls = before.Falls.With(before.Last - number),
            Begun = before.Begun.With(_isNewDay, _isNewHour, number >= 0 && number < before.Last ? number / before.Last : 1),
        };
    }

    /// <param name="isOf">Whether the values of a subject count.</param>
    /// <param name="isReading">Whether the header says that somebody read them: fewer are enough then.</param>
    public bool IsRegister(int column, Func<int, bool> isOf, bool isReading)
    {
        var runs = RunsOf(column, isOf).ConvertAll(Counted);
        var isClean = runs.TrueForAll(run => run.Downs <= run.RollOvers);
        return (runs.Exists(run => run.Ups >= FewestSteps) && runs.TrueForAll(run => run.Downs <= run.RollOvers || FallsSeldom(run) || IsExchanged(run) || RisesLong(run) || BeginsAgain(run)))
            || (isClean && isReading && runs.Exists(run => run.Ups >= FewestOfReading || run.RollOvers > 0))
            || HasFewLargeValues(runs, isReading ? FewestReadings : FewestValues) || (isClean && HasFewLargeMeters(runs) && IsStep(column, isOf, days => days is >= 1 and <= DaysOfLongMonth));
    }

    /// <summary>Whether the values rise and never fall, and each time by so little of what they show as no amounts do for long.</summary>
    /// <param name="isOf">Whether the values of a subject count.</param>
    /// <param name="mayBeDays">Whether values of days and longer may be such: amounts of hours fall each night, and those of days may grow for long.</param>
    public bool IsSurelyRegister(int column, Func<int, bool> isOf, bool mayBeDays) => (mayBeDays || IsStep(column, isOf, days => days < LeastOfDay)) && RunsOf(column, isOf) is var runs && runs.Exists(run => run.Ups >= FewestSteps && run.Rises.AreTwo)
        && runs.TrueForAll(run => run is { Downs: 0, Silent: 0 } && (run.Ups == 0 || (Math.Min(run.First, run.Last) is >= LeastOfShort and var least && run.Rises.Most <= least * MostRiseOfSure)));

    /// <summary>Whether the values of no subject change, and are as much as a register shows that has counted for long.</summary>
    /// <param name="isOf">Whether the values of a subject count.</param>
    public bool StandsStill(int column, Func<int, bool> isOf) => RunsOf(column, isOf).TrueForAll(run => run is { Ups: 0, Downs: 0, First: >= LeastOfShort });

    /// <summary>Whether the values, which were much before the file began, come back at once where they fall, or go on from little.</summary>
    private static bool FallsSeldom(Run run) => run.Lost == 0 && run.Downs * LeastUpsOfFall <= run.Ups && WasMuch(run, MostRiseOfExchanged);

    /// <summary>Whether the values rise for longer than amounts do before each of their falls, and do not just count rows.</summary>
    private static bool RisesLong(Run run) => run.Rises.Differ && run.Downs * LeastRises <= run.Ups;

    /// <summary>Whether the values rise through each day, or each hour, and begin again from little with the next.</summary>
    private static bool BeginsAgain(Run run) => run.Rises.Differ
        && ((run.Downs >= FewestDays && run.Begun.Days == run.Downs && run.Downs * MostTurns >= run.Begun.DayTurns && run.Ups >= run.Downs * LeastRisesOfDay)
            || (run.Downs >= FewestHours && run.Begun.Hours == run.Downs && run.Downs * MostTurns >= run.Begun.HourTurns && run.Ups >= (run.Downs - 1) * LeastRisesOfHour));

    /// <summary>Whether the values fall once to little of what was much before the file began, and rise else.</summary>
    private static bool IsExchanged(Run run) => run is { Downs: 1, Wraps: 1 } && run.Ups == run.Count - 2 && WasMuch(run, MostRiseOfShort);

    private static bool WasMuch(Run run, double mostRise) => run.First >= LeastOfShort && run.Most < run.First * (1 + mostRise);

    /// <summary>Whether values stand still or grow for longer than amounts do.</summary>
    /// <param name="isOf">Whether the values of a subject count.</param>
    public bool NeverFalls(int column, Func<int, bool> isOf) => RunsOf(column, isOf).ConvertAll(Counted) is var runs && runs.TrueForAll(run => run.Downs == 0) && runs.Exists(run => (run.Ups > 0 && run.Count > FewestSteps) || run.Ups >= FewestOfReads);

    /// <summary>Whether values grow for longer than amounts do, though they are too few, and grow too much, for those of any file.</summary>
    /// <param name="isOf">Whether the values of a subject count.</param>
    /// <param name="areRead">Whether a title or the header of the dates says that somebody read them: a register may have rolled over between.</param>
    public bool GrowsLong(int column, Func<int, bool> isOf, bool areRead)
    {
        var runs = _runs[column].Where(entry => isOf(entry.Key)).ToList();
        return RunsOf(column, isOf).ConvertAll(Counted).TrueForAll(run => run.Downs == 0 || IsExchanged(run) || (areRead && (run.Downs == run.RollOvers || (run.Downs == run.Wraps && run.Downs * FewestOfReads <= run.Ups))))
            && runs.Exists(entry => Math.Max(entry.Value.Ups, entry.Value.Downs) is var steps && ((areRead && (steps >= FewestOfReads || entry.Value.RollOvers > 0)) || (steps >= FewestMonths && Math.Min(entry.Value.First, entry.Value.Last) >= LeastOfShort && DaysOf(entry.Key) >= DaysOfMonth * (entry.Value.Count - 1))));
    }

    /// <summary>Whether values that are said to be read never fall, be they so few that amounts of a quiet year might do so, too.</summary>
    /// <param name="isOf">Whether the values of a subject count.</param>
    /// <param name="isBeside">Whether a register stands beside it: else what goes up by one step is only counted.</param>
    public bool MayBeFewReadings(int column, Func<int, bool> isOf, bool isBeside) => RunsOf(column, isOf).ConvertAll(Counted) is var runs
        && IsStep(column, isOf, days => days >= 1) && ((runs.TrueForAll(run => run.Downs <= run.RollOvers) && runs.Exists(run => run.Ups + run.RollOvers >= FewestReadings && (isBeside || run.Rises.AreTwo))) || HasFewLargeValues(runs, FewestReadings));

    /// <summary>Whether values of days and longer rise with each of them, by as little as those of registers do that show small numbers.</summary>
    /// <param name="isOf">Whether the values of a subject count.</param>
    /// <param name="isOfMeter">Whether the header names a meter: fewer are enough then.</param>
    /// <param name="arePeriods">Whether the labels are months or years, which amounts have, and no dates.</param>
    /// <param name="isBeside">Whether a register stands beside it.</param>
    public bool IsSmallRegister(int column, Func<int, bool> isOf, bool isOfMeter, bool arePeriods, bool isBeside)
    {
        var runs = RunsOf(column, isOf).ConvertAll(Counted);
        var (areMonths, areYears) = (IsStep(column, isOf, days => days >= DaysOfMonth), IsStep(column, isOf, days => days >= DaysOfYear));
        return runs.TrueForAll(run => run.Downs == 0) && IsStep(column, isOf, days => days >= 1) && runs.Exists(IsSmall);

        bool IsSmall(Run run)
        {
            var risesEver = run.Ups == run.Count - 1;
            var rise = Math.Min(run.First, run.Last) is > 0 and var least ? Math.Abs(run.Last - run.First) / least : double.PositiveInfinity;
            return (run.Rises.AreTwo || isBeside)
                && (((isOfMeter || isBeside) && ((risesEver && run.Count >= FewestOfMeter && rise < MostRiseOfShort) || (run.Count >= FewestSmall && run.Ups * 2 >= run.Count && rise < MostRiseOfMeter)))
                    || (risesEver && !arePeriods && ((run.Count >= FewestSmall && run.Rises.Differ && rise < MostRiseOfSmall) || (areYears && run.Count >= FewestEven && run.Rises.AreEven)))
                    || (areMonths && run.Count >= FewestOfYear && run.Ups >= LeastRisesOfYear));
        }
    }

    /// <summary>Whether the times of subjects are months, or several together, and no dates.</summary>
    /// <param name="isOf">Whether the times of a subject count.</param>
    public bool AreMonths(Func<int, bool> isOf) => _times.Where(entry => isOf(entry.Key)).All(entry => entry.Value.First.IsMonth);

    /// <summary>Whether the values of any subject fall, as those of a register that rolls over do.</summary>
    /// <param name="isOf">Whether the values of a subject count.</param>
    public bool Falls(int column, Func<int, bool> isOf) => RunsOf(column, isOf).Exists(run => run.Downs + run.Silent > 0);

    /// <summary>Whether the values of the subjects are, in the mean, so many days apart.</summary>
    private bool IsStep(int column, Func<int, bool> isOf, Predicate<double> isSo) =>
        _runs[column].Where(entry => isOf(entry.Key) && entry.Value.Count > 1).All(entry => isSo((double)DaysOf(entry.Key) / (entry.Value.Count - 1)));

    private int DaysOf(int subject) => _times.TryGetValue(subject, out var times) && times.First.ToLocal(order) is { } first && times.Last.ToLocal(order) is { } last
        ? Math.Abs(Period.DaysBetween(first.Date, last.Date)) : 0;

    /// <summary>Whether the values fall almost as often as they rise, as no register's do.</summary>
    /// <param name="isOf">Whether the values of a subject count.</param>
    public bool GoesUpAndDown(int column, Func<int, bool> isOf)
    {
        var runs = RunsOf(column, isOf);
        var (ups, downs) = (runs.Sum(run => run.Ups), runs.Sum(run => run.Downs));
        return Math.Min(ups, downs) * 4 > ups + downs;
    }

    private List<Run> RunsOf(int column, Func<int, bool> isOf) =>
        [.. _runs[column].Where(entry => isOf(entry.Key)).Select(entry => IsNewestFirst(entry.Key) ? entry.Value with { Ups = entry.Value.Downs, Downs = entry.Value.Ups, Rises = entry.Value.Falls, Falls = entry.Value.Rises } : entry.Value)];

    /// <summary>What is nought often has amounts, and falls to it. The last number may be one all the same.</summary>
    private static Run Counted(Run run) => run.Silent - (run.IsSilent ? 1 : 0) is var silent && silent * LeastUpsOfFall > run.Count ? run with { Ups = run.Ups + silent, Downs = run.Downs + silent } : run;

    public bool IsNewestFirst(int subject) => _times.TryGetValue(subject, out var times) && times.Last.ToLocal(order) < times.First.ToLocal(order);

    private static bool HasFewLargeValues(List<Run> runs, int fewest) =>
        runs.Exists(run => run.Count >= fewest && ((run.Downs <= run.RollOvers && run.Ups + run.RollOvers >= fewest - 1) || (run.Count >= FewestOfExchanged && IsExchanged(run))))
        && runs.TrueForAll(run => IsExchanged(run) || (run.Downs <= run.RollOvers && Math.Min(run.First, run.Last + run.Rolled) is >= LeastOfShort and var least && Math.Abs(run.Last + run.Rolled - run.First) < least * MostRiseOfShort));

    /// <summary>Whether at least half of several meters rise by little of what they show, and all of them with each value.</summary>
    private static bool HasFewLargeMeters(List<Run> runs) => runs.Count > 1 && runs.TrueForAll(run => run.Ups >= FewestOfReading && run.First >= LeastOfShort)
        && runs.Count(run => run.Last < run.First * (1 + MostRiseOfShort)) * 2 >= runs.Count;

    /// <summary>What a register counts before it begins anew, where the second number may be the one behind that; else zero.</summary>
    private static double FallOf(double before, double after) =>
        before >= LeastOfShort && after >= 0 && Math.Pow(10, Math.Ceiling(Math.Log10(before))) is var all && before >= all * Top && after <= all * Bottom ? all : 0;

    /// <summary>The values of one subject.</summary>
    /// <param name="Ups">How often they rise with time.</param>
    /// <param name="Wraps">How often they fall to little of what they were.</param>
    /// <param name="RollOvers">How often they fall as those of a register do that rolls over, and rise again.</param>
    /// <param name="Rolled">What it had counted until then, all times together.</param>
    /// <param name="Fell">What it had counted if it has rolled over with the last value.</param>
    /// <param name="Most">The greatest of them.</param>
    /// <param name="High">What they have fallen from and not come back to; zero where they have.</param>
    /// <param name="Below">How many have been below it since.</param>
    /// <param name="Lost">How often they have not come back soon.</param>
    /// <param name="Silent">How many noughts there are among them that may be none.</param>
    /// <param name="IsSilent">Whether the last number is one.</param>
    /// <param name="Begun">How often they begin again.</param>
    private readonly record struct Run(
        double First, double Last, double Most, int Count, long Ups, long Downs, long Wraps, long RollOvers, double Rolled, double Fell, double High, int Below, int Lost, int Silent, bool IsSilent, Steps Rises, Steps Falls, Turns Begun);

    /// <summary>How far values that follow each other in one direction are apart: rounded, those of rows that are just counted have two lengths.</summary>
    private readonly record struct Steps(float One, float Other, bool Differ, float Least, float Most)
    {
        private const float MostOfLeast = 2.5f;

        /// <summary>Whether they have at least two lengths.</summary>
        public bool AreTwo => Other != 0;

        /// <summary>Whether none is much longer than another one.</summary>
        public bool AreEven => Least > 0 && Most <= Least * MostOfLeast;

        public Steps With(double step) => step <= 0 ? WithLength(step)
            : (this with { Least = Least == 0 ? (float)step : Math.Min(Least, (float)step), Most = Math.Max(Most, (float)step) }).WithLength(step);

        private Steps WithLength(double step) =>
            step < 0 ? this with { One = 0, Other = 0 }
            : step == 0 || Differ || IsSame(step, One) || IsSame(step, Other) ? this
            : One == 0 ? this with { One = (float)step }
            : Other == 0 ? this with { Other = (float)step }
            : this with { Differ = true };

        private static bool IsSame(double one, double other) => Math.Abs(one - other) <= 1e-5 * one;
    }

    /// <summary>How often a day and an hour begin, and how often values begin again with them.</summary>
    private readonly record struct Turns(int DayTurns, int HourTurns, int Days, int Hours)
    {
        /// <param name="rest">Of the value before.</param>
        public Turns With(bool isNewDay, bool isNewHour, double rest) => new(
            DayTurns + (isNewDay ? 1 : 0), HourTurns + (isNewHour ? 1 : 0),
            Days + (isNewDay && rest <= RestOfDay ? 1 : 0), Hours + (isNewHour && rest <= RestOfHour ? 1 : 0));
    }
}
