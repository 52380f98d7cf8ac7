using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>Rows that begin and end when somebody comes and goes, as those of cars that are charged do: two of them at a time are of two meters.</summary>
internal sealed class Sessions
{
    // Of a station there may be several.
    private static readonly string[] Points = ["evse", "chargepoint", "chargebox", "ladepunkt", "laadpunt", "point"];

    private static readonly string[] Chargers =
        [.. Points.Except(["point"]), "charger", "station", "wallbox", "ladestation", "ladesäule", "laadpaal", "laadstation", "borne", "cargador", "colonnina", "laddstation", "ladestasjon"];

    private static readonly string[] Charging = ["charge", "charging"];

    // Of trains, buses and the weather.
    private const string Station = "station";

    private static readonly string[] Beside = [.. Charging, "point", "ev", "name", "names"];

    private static readonly string[] Ports = ["port", "connector", "outlet", "plug", "socket", "steckplatz", "prise"];

    // Bills are longer, and may overlap.
    private static readonly Duration Longest = Duration.FromDays(1);

    private readonly List<(SampleRow Row, LocalDateTime Start, LocalDateTime End)> _rows;

    private Sessions(List<(SampleRow Row, LocalDateTime Start, LocalDateTime End)> rows) => _rows = rows;

    /// <summary>Those of a table; null where its rows are no sessions, but intervals of one length or bills.</summary>
    public static Sessions? Find(SheetTable table, TimeColumns? time)
    {
        if (time is not { HasEnds: true })
        {
            return null;
        }

        var order = time.OrderIn(table.Rows) ?? DateOrder.DayMonthYear;
        var rows = new List<(SampleRow Row, LocalDateTime Start, LocalDateTime End)>();
        foreach (var row in table.Rows)
        {
            if (time.LocalOf(row, order) is { } start && time.EndOf(row, start, order) is { } end && end > start)
            {
                rows.Add((row, start, end));
            }
        }

        var lengths = rows.ConvertAll(row => row.End.InUtc().ToInstant() - row.Start.InUtc().ToInstant());
        return lengths.Count > 1 && lengths.Count(length => length < Longest) * 2 > lengths.Count
            && (lengths.GroupBy(length => length).Max(same => same.Count()) * 2 <= lengths.Count || AreApart(rows)) ? new Sessions(rows) : null;
    }

    /// <summary>Whether most begin some minutes after the one before has ended: intervals of one length follow each other.</summary>
    private static bool AreApart(List<(SampleRow Row, LocalDateTime Start, LocalDateTime End)> rows)
    {
        var sorted = rows.OrderBy(row => row.Start).ToList();
        return sorted.Zip(sorted.Skip(1)).Count(pair => pair.Second.Start > pair.First.End.PlusMinutes(1)) * 2 > sorted.Count;
    }

    /// <summary>The one of these columns whose header names what charged, where rows are sessions; else none.</summary>
    public static List<int> ChargersIn(SheetTable table, TimeColumns? time, IEnumerable<int> columns)
    {
        var named = columns.Where(column => new HeaderWords(table.HeaderOf(column)) is var words && NameCharger(words) && words.Except([.. Chargers, .. Beside, .. SubjectFinder.Ids]).Count == 0)
            .OrderBy(column => !new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)Points)).Take(1).ToList();
        return named.Count > 0 && Find(table, time) is not null ? named : [];
    }

    /// <summary>The only one of these columns whose header names what charges, and nothing else, and that has the same texts again and again.</summary>
    public static List<int> RepeatedChargersIn(SheetTable table, IEnumerable<int> columns) => [.. columns.Where(column => new HeaderWords(table.HeaderOf(column)) is var words
        && (words.Any(Chargers.Except([Station])) || (words.Any((IEnumerable<string>)Charging) && words.Any("point", "box", Station))) && words.Except([.. Chargers, .. Beside, .. SubjectFinder.Ids, "box"]).Count == 0
        && table.Rows.Select(row => HeaderTexts.TextOf(row[column])).Distinct().Count() * 2 <= table.Rows.Count).Take(1)];

    /// <summary>Whether a header names what charges, or a part of it.</summary>
    public static bool NameCharger(string header) => NameCharger(new HeaderWords(header)) || NamePort(header);

    /// <summary>Whether it names one of several plugs of a charger.</summary>
    public static bool NamePort(string header) => new HeaderWords(header).Any((IEnumerable<string>)Ports);

    private static bool NameCharger(HeaderWords words) => words.Any((IEnumerable<string>)Chargers) || (words.Any((IEnumerable<string>)Charging) && words.Any("point"));

    /// <summary>Rows that begin before one of the same key has ended, each behind that one.</summary>
    /// <param name="keyOf">Whose a row is.</param>
    public List<(SampleRow One, SampleRow Other)> Overlaps(Func<SampleRow, string> keyOf)
    {
        var found = new List<(SampleRow, SampleRow)>();
        foreach (var meter in _rows.GroupBy(row => keyOf(row.Row)))
        {
            var last = default((SampleRow Row, LocalDateTime Start, LocalDateTime End)?);
            foreach (var row in meter.OrderBy(row => row.Start))
            {
                if (last is { } before && row.Start < before.End)
                {
                    found.Add((before.Row, row.Row));
                }

                last = last is { } longest && longest.End > row.End ? last : row;
            }
        }

        return found;
    }
}
