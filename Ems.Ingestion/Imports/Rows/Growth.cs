namespace Ems.Ingestion.Imports.Rows;

/// <summary>Notices columns whose values only grow, in one direction of the file, as those of a register do.</summary>
internal sealed class Growth(int columns)
{
    private const int FewestSteps = 24;

    // Of a short file, what grows must be small beside what is there: bills of four months can rise by chance.
    private const int FewestValues = 4;
    private const double LeastOfShort = 1_000;
    private const double MostRiseOfShort = 0.25;

    private readonly Dictionary<int, Run>[] _runs = [.. Enumerable.Range(0, columns).Select(_ => new Dictionary<int, Run>())];

    public void Note(int subject, int column, double number)
    {
        var run = _runs[column].GetValueOrDefault(subject, new Run(number, number, 0, 0, 0));
        _runs[column][subject] = run with
        {
            Last = number,
            Count = run.Count + 1,
            Ups = run.Ups + (number > run.Last ? 1 : 0),
            Downs = run.Downs + (number < run.Last ? 1 : 0),
        };
    }

    /// <param name="isOf">Whether the values of a subject count.</param>
    public bool IsRegister(int column, Func<int, bool> isOf)
    {
        var runs = _runs[column].Where(entry => isOf(entry.Key)).Select(entry => entry.Value).ToList();
        var (ups, downs) = (runs.Sum(run => run.Ups), runs.Sum(run => run.Downs));
        var steps = Math.Max(ups, downs);
        return Math.Min(ups, downs) == 0 && (steps >= FewestSteps || (steps >= FewestValues - 1 && HasFewLargeValues(runs)));
    }

    private static bool HasFewLargeValues(IReadOnlyCollection<Run> runs) => runs.Any(run => run.Count >= FewestValues)
        && runs.All(run => Math.Min(run.First, run.Last) is >= LeastOfShort and var least && Math.Abs(run.Last - run.First) < least * MostRiseOfShort);

    /// <summary>The values of one subject.</summary>
    private readonly record struct Run(double First, double Last, int Count, long Ups, long Downs);
}
