using System.Numerics;
using System.Runtime.InteropServices;
using Ems.Ingestion.Imports.Layouts;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Finds the meters of which most values of the same times are others in another place.</summary>
/// <param name="shared">Names of meters that places share.</param>
internal sealed class PlaceContradictions(IReadOnlySet<string> shared, Func<Layout, RowSubject, string?> placeOf)
{
    // Enough to know whether places say the same.
    private const int MostValues = 100_000;

    private readonly Dictionary<(string Id, string? Part, bool IsExport, string Metric, LocalDateTime At), (string Place, double Number)> _values = [];
    private readonly Dictionary<string, (int Same, int Other)> _found = [];

    // Of times that are too many, every other one is left out: it is the same ones of each place.
    private int _halvings;

    public HashSet<string> Find(IEnumerable<SheetFacts> sheets, string rowsPath)
    {
        foreach (var sheet in sheets)
        {
            Note(sheet, rowsPath);
        }

        return [.. _found.Where(meter => meter.Value.Other > meter.Value.Same).Select(meter => meter.Key)];
    }

    private void Note(SheetFacts sheet, string rowsPath)
    {
        var (cells, quantities) = (new CellReader(sheet), new Quantities(sheet.Layout, sheet.Subjects));
        var places = sheet.Subjects.Select(subject => subject.EquipmentId is { } id && shared.Contains(id) ? placeOf(sheet.Layout, subject) : null).ToList();
        var areExports = sheet.Subjects.Select(subject => Directions.IsExport(subject.Type ?? "")).ToList();
        foreach (var row in places.Exists(place => place is not null) ? RowSpoolReader.Scan(rowsPath, sheet.Spool, sheet.Layout.Columns.Count) : [])
        {
            if (places[row.Subject] is not { } place || row.Time?.ToLocal(sheet.Order) is not { } at || !IsKept(at))
            {
                continue;
            }

            var subject = sheet.Subjects[row.Subject];
            for (var i = 0; i < row.Values.Length; i++)
            {
                if (cells.NumberIn(row.Values[i], i) is { } number)
                {
                    Note((subject.EquipmentId!, subject.Part, areExports[row.Subject], quantities.Of(i, row.Subject).Metric, at), place, number);
                }
            }
        }
    }

    private void Note((string Id, string? Part, bool IsExport, string Metric, LocalDateTime At) key, string place, double number)
    {
        if (!_values.TryGetValue(key, out var first))
        {
            _values[key] = (place, number);
            while (_values.Count > MostValues)
            {
                _halvings++;
                _values.Keys.Where(other => !IsKept(other.At)).ToList().ForEach(other => _values.Remove(other));
            }
        }
        else if (first.Place != place && (first.Number, number) is not (0, 0))
        {
            ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_found, key.Id, out _);
            counts = first.Number == number ? counts with { Same = counts.Same + 1 } : counts with { Other = counts.Other + 1 };
        }
    }

    // By bits that hours, days and months do not decide.
    private bool IsKept(LocalDateTime at) =>
        _halvings == 0 || BitOperations.LeadingZeroCount(unchecked((ulong)at.ToDateTimeUnspecified().Ticks * 0x9E3779B97F4A7C15)) >= _halvings;
}
