using System.Runtime.InteropServices;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>
/// Recognises noughts, and numbers below, that stand among the readings of a register where its meter did not answer: behind them it goes on from what it showed before,
/// which it has not counted anew since.
/// </summary>
internal sealed class LostNoughts(int columns)
{
    // What was counted from nought would have grown by all of it at once, and by little ever else.
    private const double LeastOfGrowth = 4;

    // What is emptied again and again, as the count of a batch, shows few others.
    private const int LeastSteps = 4;

    // In whatever order their rows are.
    private const int LeastStepsOfAny = 20;

    // What a meter that begins with nought may have counted until its first reading, among many steps and among few.
    private const double MostOfBegin = 20;
    private const double MostOfFewBegin = 100;

    private readonly Dictionary<int, Run>?[] _runs = new Dictionary<int, Run>?[columns];

    public void Note(int subject, int column, double number, int row)
    {
        ref var run = ref CollectionsMarshal.GetValueRefOrAddDefault(_runs[column] ??= [], subject, out _);
        if (number <= 0)
        {
            run.IsOpen = run.Readings > 0;
            run.BeginsOpen |= run.Readings == 0;
        }
        else if (!Sentinels.MayBe(number))
        {
            run.Note(number, row);
        }
    }

    /// <summary>Between which rows of its subjects a column has them; null where it has none.</summary>
    /// <param name="isOf">Whether the values of a subject are readings of a register.</param>
    public IReadOnlyDictionary<int, (int From, int To)>? Find(int column, Func<int, bool> isOf, Func<int, bool> isNewestFirst)
    {
        var found = _runs[column]?.Where(entry => isOf(entry.Key)).Select(entry => (entry.Key, Rows: RowsOf(entry.Value, isNewestFirst(entry.Key))))
            .Where(entry => entry.Rows is not null).ToDictionary(entry => entry.Key, entry => entry.Rows!.Value);
        return found is { Count: > 0 } ? found : null;
    }

    /// <summary>What a register begins with may be a nought, but not where all that it counts later is little beside what it shows then.</summary>
    private static (int From, int To)? RowsOf(Run run, bool isNewestFirst)
    {
        if (run.Blocks == 0)
        {
            return EndsOf(run, isNewestFirst);
        }

        var (goneOn, growth, begin) = isNewestFirst ? (run.Down, Math.Max(run.Down.Most, run.MostFall), run.Last) : (run.Up, Math.Max(run.Up.Most, run.MostRise), run.First);
        if (run.Steps >= LeastStepsOfAny * run.Blocks && run.Least >= (run.Greatest - run.Least) * LeastOfGrowth)
        {
            return (0, int.MaxValue);
        }

        var isFound = goneOn.Count * 2 > run.Blocks && run.Steps >= LeastSteps * run.Blocks && goneOn.Least >= growth * LeastOfGrowth
            && ((isNewestFirst ? run.MostFall : run.MostRise) > 0 || goneOn.Most == 0);
        var isBegun = begin < growth * LeastOfGrowth;
        return !isFound ? null : isNewestFirst ? (0, isBegun ? run.LastRow : int.MaxValue) : (isBegun ? run.FirstRow : 0, int.MaxValue);
    }

    /// <summary>Those before the first and behind the last reading. A meter that is exchanged shows little more than nought soon, so that nothing is lost with its first one.</summary>
    private static (int From, int To)? EndsOf(in Run run, bool isNewestFirst)
    {
        var (step, begin) = isNewestFirst ? (run.MostFall, run.Last) : (run.MostRise, run.First);
        if (run.Steps < LeastSteps || step == 0 || run.Least < (run.Greatest - run.Least) * LeastOfGrowth)
        {
            return null;
        }

        var isBegun = begin < step * (run.Steps < LeastStepsOfAny ? MostOfFewBegin : MostOfBegin);
        var (areBefore, areBehind) = (run.BeginsOpen && (isNewestFirst || !isBegun), run.IsOpen && (!isNewestFirst || !isBegun));
        return areBefore || areBehind ? (areBefore ? 0 : run.LastRow, areBehind ? int.MaxValue : run.FirstRow) : null;
    }

    /// <summary>The readings of one subject.</summary>
    private struct Run
    {
        public int Readings;
        public double First;
        public double Last;
        public double Least;
        public double Greatest;
        public int FirstRow;
        public int LastRow;
        public int Steps;
        public double MostRise;
        public double MostFall;

        /// <summary>Whether the last number is none of them.</summary>
        public bool IsOpen;

        /// <summary>Whether the first number is none of them.</summary>
        public bool BeginsOpen;
        public int Blocks;

        /// <summary>Where readings go on above those before, and where below, as in a file that has the newest first.</summary>
        public Joints Up;
        public Joints Down;

        public void Note(double number, int row)
        {
            if (Readings++ == 0)
            {
                (First, Last, Least, Greatest, FirstRow) = (number, number, number, number, row);
            }

            var rise = number - Last;
            if (IsOpen)
            {
                Blocks++;
                Up = rise >= 0 ? Up.With(number, rise) : Up;
                Down = rise <= 0 ? Down.With(Last, -rise) : Down;
            }
            else if (Readings > 1)
            {
                Steps++;
                (MostRise, MostFall) = (Math.Max(MostRise, rise), Math.Max(MostFall, -rise));
            }

            (Least, Greatest) = (Math.Min(Least, number), Math.Max(Greatest, number));
            (Last, LastRow, IsOpen) = (number, row, false);
        }
    }

    /// <summary>Of blocks of noughts.</summary>
    /// <param name="Least">Of what stands behind them in time.</param>
    /// <param name="Most">That they have in between.</param>
    private readonly record struct Joints(int Count, double Least, double Most)
    {
        public Joints With(double later, double growth) => new(Count + 1, Count == 0 ? later : Math.Min(Least, later), Math.Max(Most, growth));
    }
}
