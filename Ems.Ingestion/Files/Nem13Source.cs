using System.Globalization;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>
/// Reads a NEM13 file: a row for what each register of a meter counted between two readings, which the records 250 say beside both of them.
/// Records of one meter may correct each other.
/// </summary>
internal sealed class Nem13Source(CsvSource records, string fileName) : NemSource(records, fileName, "NEM13")
{
    // A meter of a quarter's file has a few.
    private const int MostOfMeter = 1_000;

    private readonly List<Amount> _meter = [];
    private int _next;
    private Amount? _ahead;

    public override IReadOnlyList<ImportAssumption> Assumptions =>
    [
        Offset, new("left_out", "data streams in other units than Wh, kWh and MWh, and the states of registers", "what was used between two readings stands beside these"),
        new("left_out", "records that another one of the same meter and period corrects", "the one that was updated last counts"),
    ];

    protected override bool ReadAmount()
    {
        if (_next >= _meter.Count)
        {
            ReadMeter();
        }

        if (_next >= _meter.Count)
        {
            return false;
        }

        var amount = _meter[_next++];
        Set(amount.Nmi, amount.Suffix, amount.Start, amount.End, amount.Value, amount.Unit, amount.Quality);
        return true;
    }

    /// <summary>Goes to the next meter: the last state of what its records say that follow each other.</summary>
    private void ReadMeter()
    {
        (_next, var read) = (0, _ahead ?? ReadRecord());
        _meter.Clear();
        for (_ahead = null; read is { } amount; read = ReadRecord())
        {
            if (_meter.Count == MostOfMeter || (_meter.Count > 0 && _meter[0].Nmi != amount.Nmi))
            {
                _ahead = amount;
                return;
            }

            var before = _meter.FindIndex(other => other.IsOfSame(amount) && other.UpdatedAt != amount.UpdatedAt && other.UpdatedAt.Length > 0 && amount.UpdatedAt.Length > 0);
            if (before < 0)
            {
                _meter.Add(amount);
            }
            else if (string.CompareOrdinal(amount.UpdatedAt, _meter[before].UpdatedAt) > 0)
            {
                _meter[before] = amount;
            }
        }
    }

    private Amount? ReadRecord()
    {
        while (Records.ReadRow())
        {
            if (TextAt(0) == "250" && UnitOf(TextAt(19)) is { } unit)
            {
                var nmi = TextAt(1);
                return nmi.Length > 0 && TimeAt(9) is { } start && TimeAt(14) is { } end
                    ? new Amount(nmi, PartOf(TextAt(4), TextAt(2)), TextAt(6), start, end, Records.Cells[18], unit, TextAt(15), TextAt(21))
                    : throw Broken("a meter and the times of two readings");
            }
        }

        return null;
    }

    private DateTime? TimeAt(int column) =>
        DateTime.TryParseExact(TextAt(column), ["yyyyMMddHHmmss", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <param name="UpdatedAt">Digits in the order of time; empty where it is not said.</param>
    private sealed record Amount(string Nmi, string Suffix, string Serial, DateTime Start, DateTime End, Cell Value, string Unit, string Quality, string UpdatedAt)
    {
        public bool IsOfSame(Amount other) => (Nmi, Suffix, Serial, Start, End) == (other.Nmi, other.Suffix, other.Serial, other.Start, other.End);
    }
}
