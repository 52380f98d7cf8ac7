using System.Globalization;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>
/// Reads a NEM13 file: a row for what each register of a meter counted between two readings, which the records 250 say beside both of them.
/// </summary>
internal sealed class Nem13Source(CsvSource records, string fileName) : NemSource(records, fileName, "NEM13")
{
    public override IReadOnlyList<ImportAssumption> Assumptions =>
        [Offset, new("left_out", "data streams in other units than Wh, kWh and MWh, and the states of registers", "what was used between two readings stands beside these")];

    protected override bool ReadAmount()
    {
        while (Records.ReadRow())
        {
            if (TextAt(0) == "250" && UnitOf(TextAt(19)) is { } unit)
            {
                var nmi = TextAt(1);
                if (nmi.Length == 0 || TimeAt(9) is not { } start || TimeAt(14) is not { } end)
                {
                    throw Broken("a meter and the times of two readings");
                }

                Set(nmi, PartOf(TextAt(4), TextAt(2)), start, end, Records.Cells[18], unit, TextAt(15));
                return true;
            }
        }

        return false;
    }

    private DateTime? TimeAt(int column) =>
        DateTime.TryParseExact(TextAt(column), ["yyyyMMddHHmmss", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
