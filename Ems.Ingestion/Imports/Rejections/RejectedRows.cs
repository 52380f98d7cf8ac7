using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Rejections;

/// <summary>Which rows of an import were rejected, or had a cell that was, and why.</summary>
internal sealed class RejectedRows
{
    /// <summary>More rows than a person corrects; they would take memory without bound.</summary>
    public const int MaxRows = 100_000;

    private readonly Dictionary<(string Sheet, int Row), List<ImportFault>> _rows = [];

    /// <summary>Faults of rows that are not kept.</summary>
    public long Beyond { get; private set; }

    public bool IsEmpty => _rows.Count == 0;

    public void Note(ImportedReading reading)
    {
        foreach (var fault in reading.Faults)
        {
            foreach (var row in fault.Row is { } one ? fault.OtherRows.Prepend(one).Distinct() : [])
            {
                Note(fault, row);
            }
        }
    }

    public IReadOnlyList<ImportFault> Find(string sheet, int row) => _rows.TryGetValue((sheet, row), out var faults) ? faults : [];

    public bool HasAny(string sheet) => _rows.Keys.Any(key => key.Sheet == sheet);

    private void Note(ImportFault fault, int row)
    {
        var key = (fault.Sheet ?? "", row);
        if (_rows.TryGetValue(key, out var faults))
        {
            faults.Add(fault);
        }
        else if (_rows.Count < MaxRows)
        {
            _rows.Add(key, [fault]);
        }
        else
        {
            Beyond++;
        }
    }
}
