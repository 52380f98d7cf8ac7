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
    private readonly long[] _ups = new long[columns];
    private readonly long[] _downs = new long[columns];

    public void Note(int subject, int column, double number)
    {
        var run = _runs[column].GetValueOrDefault(subject, new Run(number, number, 0));
        _ups[column] += number > run.Last ? 1 : 0;
        _downs[column] += number < run.Last ? 1 : 0;
        _runs[column][subject] = run with { Last = number, Count = run.Count + 1 };
    }

    public bool IsRegister(int column)
    {
        var steps = Math.Max(_ups[column], _downs[column]);
        return Math.Min(_ups[column], _downs[column]) == 0
            && (steps >= FewestSteps || (steps >= FewestValues - 1 && HasFewLargeValues(_runs[column].Values)));
    }

    private static bool HasFewLargeValues(IReadOnlyCollection<Run> runs) => runs.Any(run => run.Count >= FewestValues)
        && runs.All(run => Math.Min(run.First, run.Last) is >= LeastOfShort and var least && Math.Abs(run.Last - run.First) < least * MostRiseOfShort);

    /// <summary>The values of one subject.</summary>
    private readonly record struct Run(double First, double Last, int Count);
}
