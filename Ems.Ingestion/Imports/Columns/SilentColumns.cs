using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Columns of meters that have no value in the whole file: what the others are called does not hang on it.</summary>
internal sealed class SilentColumns(SheetTable table)
{
    // A blank column whose header has no unit may be one of remarks.
    private readonly Lazy<List<HeaderReading>> _readings = new(() =>
    [
        .. table.Blank.Where(column => !table.HoldsNumbers(column))
            .Select(column => (Header: table.HeaderOf(column), IsBlank: table.Rows.All(row => row[column].Kind == CellKind.Empty))).Concat(table.BlankAtEnd.Select(header => (Header: header, IsBlank: true)))
            .Select(silent => (silent.Header, silent.IsBlank, Reading: HeaderReader.Read(silent.Header)))
            .Where(silent => (silent.Reading.Unit is not null || !silent.IsBlank) && NameMeter(silent.Header, silent.Reading.Rest)).Select(silent => silent.Reading),
    ]);

    /// <summary>Whether a header names a meter, as that of a silent column does which measures the same.</summary>
    /// <param name="name">What the header says beside metric and unit.</param>
    public bool AreBeside(string header, string name) => NameMeter(header, name) && HeaderReader.Read(header) is var reading
        && _readings.Value.Exists(silent => silent.Metric == reading.Metric && silent.Unit?.Dimension == reading.Unit?.Dimension && !silent.Rest.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a header names a thing, and neither a part of it nor what is counted: E1, Value 1 and Actual are those of any file.</summary>
    public static bool NameMeter(string header, string name) =>
        DeviceNames.NameThing(name) && !OtherAmounts.AreUsed(name) && !PartNames.NameNoMeter(name) && !PartNames.MayBePhase(name) && PartNames.PhaseIn(name, mayBeLetter: false) is null && PartNames.TariffIn(name) is null && !PartNames.HaveSum(name)
        && !Directions.NamedIn(header) && !OtherAmounts.AreNamedIn(name);
}
