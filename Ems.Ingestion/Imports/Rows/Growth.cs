namespace Ems.Ingestion.Imports.Rows;

/// <summary>Notices columns whose values only grow, in one direction of the file, as those of a register do.</summary>
internal sealed class Growth(int columns)
{
    private const int FewestSteps = 24;

    private readonly Dictionary<int, double>[] _last = [.. Enumerable.Range(0, columns).Select(_ => new Dictionary<int, double>())];
    private readonly long[] _ups = new long[columns];
    private readonly long[] _downs = new long[columns];

    public void Note(int subject, int column, double number)
    {
        if (_last[column].TryGetValue(subject, out var last))
        {
            _ups[column] += number > last ? 1 : 0;
            _downs[column] += number < last ? 1 : 0;
        }

        _last[column][subject] = number;
    }

    public bool IsRegister(int column) =>
        Math.Min(_ups[column], _downs[column]) == 0 && Math.Max(_ups[column], _downs[column]) >= FewestSteps;
}
