using System.Runtime.InteropServices;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Notices meters whose values only grow with time, as those of a register do, and columns whose values do not.</summary>
/// <param name="order">Of the dates.</param>
internal sealed class Growth(int columns, DateOrder order)
{
    private const int FewestSteps = 24;

    // Of a short file, what grows must be small beside what is there: bills of four months can rise by chance.
    private const int FewestValues = 4;
    private const int FewestReadings = 2;
    private const double LeastOfShort = 1_000;
    private const double MostRiseOfShort = 0.25;

    // Of what is said to be read, and of months, a year of which no amounts grow through.
    private const int FewestOfReads = 10;
    private const int FewestMonths = 11;

    // What a register rolls over from is far above what it shows then.
    private const int LeastFall = 4;
    private const int DaysOfMonth = 27;

    private readonly Dictionary<int, Run>[] _runs = [.. Enumerable.Range(0, columns).Select(_ => new Dictionary<int, Run>())];
    private readonly Dictionary<int, (WrittenTime First, WrittenTime Last)> _times = [];

    public void NoteTime(int subject, WrittenTime time) => _times[subject] = (_times.TryGetValue(subject, out var noted) ? noted.First : time, time);

    public void Note(int subject, int column, double number)
    {
        ref var run = ref CollectionsMarshal.GetValueRefOrAddDefault(_runs[column], subject, out var isKnown);
        var before = isKnown ? run : new Run(number, number, 0, 0, 0, 0);
        run = before with
        {
            Last = number,
            Count = before.Count + 1,
            Ups = before.Ups + (number > before.Last ? 1 : 0),
            Downs = before.Downs + (number < before.Last ? 1 : 0),
            Wraps = before.Wraps + (number >= 0 && number * LeastFall < before.Last ? 1 : 0),
        };
    }

    /// <param name="isOf">Whether the values of a subject count.</param>
    /// <param name="isReading">Whether the header says that somebody read them: fewer are enough then.</param>
    public bool IsRegister(int column, Func<int, bool> isOf, bool isReading)
    {
        var runs = RunsOf(column, isOf);
        return runs.TrueForAll(run => run.Downs == 0) && (runs.Exists(run => run.Ups >= FewestSteps) || HasFewLargeValues(runs, isReading ? FewestReadings : FewestValues));
    }

    /// <summary>Whether values grow for longer than amounts do, though they are too few, and grow too much, for those of any file.</summary>
    /// <param name="isOf">Whether the values of a subject count.</param>
    /// <param name="areRead">Whether a title or the header of the dates says that somebody read them: a register may have rolled over between.</param>
    public bool GrowsLong(int column, Func<int, bool> isOf, bool areRead)
    {
        var runs = _runs[column].Where(entry => isOf(entry.Key)).ToList();
        return RunsOf(column, isOf).TrueForAll(run => run.Downs == 0 || (areRead && run.Downs == run.Wraps && run.Downs * FewestOfReads <= run.Ups))
            && runs.Exists(entry => Math.Max(entry.Value.Ups, entry.Value.Downs) is var steps && ((areRead && steps >= FewestOfReads) || (steps >= FewestMonths && Math.Min(entry.Value.First, entry.Value.Last) >= LeastOfShort && DaysOf(entry.Key) >= DaysOfMonth * (entry.Value.Count - 1))));
    }

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
        [.. _runs[column].Where(entry => isOf(entry.Key)).Select(entry => IsNewestFirst(entry.Key) ? entry.Value with { Ups = entry.Value.Downs, Downs = entry.Value.Ups } : entry.Value)];

    private bool IsNewestFirst(int subject) => _times.TryGetValue(subject, out var times) && times.Last.ToLocal(order) < times.First.ToLocal(order);

    private static bool HasFewLargeValues(List<Run> runs, int fewest) => runs.Exists(run => run.Count >= fewest && run.Ups >= fewest - 1)
        && runs.TrueForAll(run => Math.Min(run.First, run.Last) is >= LeastOfShort and var least && Math.Abs(run.Last - run.First) < least * MostRiseOfShort);

    /// <summary>The values of one subject.</summary>
    /// <param name="Ups">How often they rise with time.</param>
    /// <param name="Wraps">How often they fall to little of what they were.</param>
    private readonly record struct Run(double First, double Last, int Count, long Ups, long Downs, long Wraps);
}
