using System.Globalization;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>
/// Reads a NEM12 file: a row for each interval of its energies, with its meter, its start and end, and how far it can be trusted. Record 200
/// begins a data stream, 300 has a day of it, 400 the qualities of parts of that day.
/// </summary>
internal sealed class Nem12Source(CsvSource records, string fileName) : NemSource(records, fileName, "NEM12")
{
    private const int MinutesOfDay = 24 * 60;
    private const int FirstValue = 2;

    private readonly List<Interval> _day = [];
    private int _next;
    private bool _isRead;
    private Stream? _stream;

    public override IReadOnlyList<ImportAssumption> Assumptions =>
        [Offset, new("left_out", "data streams in other units than Wh, kWh and MWh", "they are no energy that is used")];

    protected override bool ReadAmount()
    {
        while (_next >= _day.Count)
        {
            if (!ReadDay())
            {
                return false;
            }
        }

        var interval = _day[_next++];
        Set(_stream!.Nmi, _stream.Suffix, interval.Start, interval.Start.AddMinutes(_stream.Minutes), interval.Value, _stream.Unit, interval.Quality);
        return true;
    }

    /// <summary>Goes to the next day of energies, and reads on past what is said about its parts.</summary>
    private bool ReadDay()
    {
        (_next, var isDay) = (0, false);
        _day.Clear();
        while (_isRead || Records.ReadRow())
        {
            _isRead = false;
            var kind = TextAt(0);
            if (isDay && kind != "400")
            {
                _isRead = true;
                return true;
            }

            switch (kind)
            {
                case "200":
                    _stream = BeginStream();
                    break;
                case "300" when _stream is not null:
                    TakeDay(_stream.Minutes);
                    isDay = true;
                    break;
                case "400" when isDay:
                    TakeQuality();
                    break;
            }
        }

        return isDay;
    }

    /// <summary>Null for one that is no energy.</summary>
    private Stream? BeginStream()
    {
        var (nmi, all, suffix) = (TextAt(1), TextAt(2), TextAt(4));
        if (UnitOf(TextAt(7)) is not { } unit)
        {
            return null;
        }

        if (nmi.Length == 0 || !int.TryParse(TextAt(8), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) || minutes is 0 or > MinutesOfDay || MinutesOfDay % minutes != 0)
        {
            throw Broken("a meter and the minutes of its intervals");
        }

        return new Stream(nmi, PartOf(suffix, all), unit, minutes);
    }

    private void TakeDay(int minutes)
    {
        if (!DateTime.TryParseExact(TextAt(1), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || Records.Cells.Count < FirstValue + (MinutesOfDay / minutes))
        {
            throw Broken($"a day and {MinutesOfDay / minutes} values");
        }

        var quality = TextAt(FirstValue + (MinutesOfDay / minutes));
        for (var i = 0; i < MinutesOfDay / minutes; i++)
        {
            _day.Add(new Interval(day.AddMinutes(i * minutes), Records.Cells[FirstValue + i], quality));
        }
    }

    /// <summary>The quality of the intervals from one number to another.</summary>
    private void TakeQuality()
    {
        if (!int.TryParse(TextAt(1), NumberStyles.None, CultureInfo.InvariantCulture, out var first) || !int.TryParse(TextAt(2), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || first < 1 || last > _day.Count)
        {
            throw Broken("the numbers of intervals of its day");
        }

        for (var i = first; i <= last; i++)
        {
            _day[i - 1] = _day[i - 1] with { Quality = TextAt(3) };
        }
    }

    private readonly record struct Interval(DateTime Start, Cell Value, string Quality);

    /// <param name="Suffix">Empty for the only one of its meter.</param>
    private sealed record Stream(string Nmi, string Suffix, string Unit, int Minutes);
}
