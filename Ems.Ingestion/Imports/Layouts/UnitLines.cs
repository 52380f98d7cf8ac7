using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Finds the unit of all values in the lines above a table: <c>Units:,kilowatts</c>, <c>Einheit: kWh</c>, or a small table of its own.</summary>
internal static class UnitLines
{
    /// <summary>The only one that lines of a name and its value have, and the name; null where none has one, or they differ.</summary>
    public static (Unit Unit, string Header)? Find(IReadOnlyList<SampleRow> lines)
    {
        var found = lines.Select(UnitIn).OfType<(Unit Unit, string Header)>().ToList();
        return found.DistinctBy(line => line.Unit).Count() == 1 ? found[0] : null;
    }

    /// <summary>The one below the header of units in a table of lines; null where it has none.</summary>
    public static (Unit Unit, string Header)? FindIn(SheetTable above) =>
        above.Columns.Cast<int?>().FirstOrDefault(column => SubjectFinder.NameUnits(new HeaderWords(above.HeaderOf(column!.Value)))) is { } column
            && Units.TryParse(HeaderTexts.TextOf(above.Rows[0][column]), out var unit) ? (unit, above.HeaderOf(column)) : null;

    private static (Unit Unit, string Header)? UnitIn(SampleRow row)
    {
        if (PivotTables.ValuesIn(row) is { } values)
        {
            return HeaderReader.UnitsWithin(values).ToList() is [var only] && Units.TryParse(only, out var ofValues) ? (ofValues, values) : null;
        }

        var texts = row.Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).ToList();
        var colon = texts.Count == 1 ? texts[0].IndexOf(':', StringComparison.Ordinal) : -1;
        var (name, value) = colon > 0 ? (texts[0][..colon], texts[0][(colon + 1)..]) : texts.Count == 2 ? (texts[0].TrimEnd(':'), texts[1]) : ("", "");
        return SubjectFinder.NameUnitsAlone(new HeaderWords(name)) && Units.TryParse(value, out var unit) ? (unit, name) : null;
    }
}
