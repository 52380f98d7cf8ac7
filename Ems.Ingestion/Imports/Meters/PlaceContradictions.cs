using System.Numerics;
using System.Runtime.InteropServices;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using NodaTime;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>
/// Finds the meters of which most values of the same times are others in another place, or that are read at other times there while they
/// are read here: one that was moved is read in one place after the other.
/// </summary>
/// <param name="shared">Names of meters that places share.</param>
internal sealed class PlaceContradictions(IReadOnlySet<string> shared, Func<Layout, RowSubject, string?> placeOf)
{
    // Enough to know whether places say the same.
    private const int MostValues = 100_000;

    private readonly Dictionary<(string Id, string? Part, bool IsExport, string Metric, LocalDateTime At), (string Place, double Number)> _values = [];
    private readonly Dictionary<string, (int Same, int Other)> _found = [];
    private readonly HashSet<string> _met = [];
    private readonly Dictionary<(string Id, string Place), (LocalDateTime First, LocalDateTime Last)> _spans = [];

    // Of times that are too many, every other one is left out: it is the same ones of each place.
    private int _halvings;

    /// <param name="mayBeInTurns">Whether times that are others tell a name apart; null where they do of each.</param>
    /// <param name="fewest">How many values of the same times have to be others, but for places that are read at one time alone.</param>
    public HashSet<string> Find(IEnumerable<SheetFacts> sheets, string rowsPath, Func<string, bool>? mayBeInTurns = null, int fewest = 1)
    {
        foreach (var sheet in sheets)
        {
            Note(sheet, rowsPath);
        }

        var inTurns = _spans.GroupBy(span => span.Key.Id).Where(meter => !_met.Contains(meter.Key) && mayBeInTurns?.Invoke(meter.Key) != false && AreInTurns([.. meter.Select(span => span.Value)])).Select(meter => meter.Key);
        return [.. _found.Where(meter => meter.Value.Other > meter.Value.Same && (meter.Value.Other >= fewest || HasOneTime(meter.Key))).Select(meter => meter.Key), .. inTurns];
    }

    private bool HasOneTime(string id) => _spans.Any(span => span.Key.Id == id && span.Value.First == span.Value.Last);

    /// <summary>Whether any two spans have more in common than an end.</summary>
    private static bool AreInTurns(List<(LocalDateTime First, LocalDateTime Last)> spans) =>
        spans.OrderBy(span => span.First).Zip(spans.OrderBy(span => span.First).Skip(1)).Any(pair => pair.Second.First < pair.First.Last);

    private void Note(SheetFacts sheet, string rowsPath)
    {
        var (cells, quantities) = (new CellReader(sheet), new Quantities(sheet.Layout, sheet.Subjects));
        var ofColumns = sheet.Layout.Columns.Select(column => column.EquipmentId is { } id && shared.Contains(id) ? column : null).ToList();
        var haveColumns = ofColumns.Exists(column => column is not null);
        var places = sheet.Subjects.Select(subject => haveColumns || (subject.EquipmentId is { } id && shared.Contains(id)) ? placeOf(sheet.Layout, subject) : null).ToList();
        var isReceived = Directions.AreReceived(sheet.Subjects.Select(subject => subject.Type).OfType<string>().Distinct());
        var areExports = sheet.Subjects.Select(subject => Directions.IsExport(subject.Type ?? "", isReceived)).ToList();
        foreach (var row in places.Exists(place => place is not null) ? RowSpoolReader.Scan(rowsPath, sheet.Spool, sheet.Layout.Columns.Count) : [])
        {
            if (places[row.Subject] is not { } place || row.Time?.ToLocal(sheet.Order) is not { } at)
            {
                continue;
            }

            var subject = sheet.Subjects[row.Subject];
            for (var i = 0; i < row.Values.Length; i++)
            {
                if ((ofColumns[i]?.EquipmentId ?? (subject.EquipmentId is { } own && shared.Contains(own) ? own : null)) is { } id && cells.NumberIn(row.Values[i], i) is { } number)
                {
                    NoteSpan((id, place), at);
                    if (!IsKept(at))
                    {
                        continue;
                    }

                    Note((id, subject.Part ?? ofColumns[i]?.Part, areExports[row.Subject], quantities.Of(i, row.Subject).Metric, at), place, number);
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
        else if (first.Place != place)
        {
            _met.Add(key.Id);
            if ((first.Number, number) is (0, 0))
            {
                return;
            }

            ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_found, key.Id, out _);
            counts = first.Number == number ? counts with { Same = counts.Same + 1 } : counts with { Other = counts.Other + 1 };
        }
    }

    private void NoteSpan((string Id, string Place) key, LocalDateTime at)
    {
        ref var span = ref CollectionsMarshal.GetValueRefOrAddDefault(_spans, key, out var isKnown);
        span = isKnown ? (LocalDateTime.Min(span.First, at), LocalDateTime.Max(span.Last, at)) : (at, at);
    }

    // By bits that hours, days and months do not decide.
    private bool IsKept(LocalDateTime at) =>
        _halvings == 0 || BitOperations.LeadingZeroCount(unchecked((ulong)at.ToDateTimeUnspecified().Ticks * 0x9E3779B97F4A7C15)) >= _halvings;
}
