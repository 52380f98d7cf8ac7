using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>Finds the column, named as such, that alone tells the rows of one meter and time apart: a channel, a register, a direction.</summary>
/// <param name="key">Columns of what the rows are of: their times, and whose they are.</param>
internal sealed class PartColumn(SheetTable table, IReadOnlyCollection<int> key)
{
    // A meter has no more channels; comments and numbers of rows are more.
    private const int MostParts = 24;

    /// <summary>Words of headers of such columns.</summary>
    public static readonly string[] Names =
    [
        "channel", "register", "quantity", "suffix", "obis", "direction", "flow", "series", "kanal", "richtung", "kennziffer", "richting", "kanaal", "telwerk", "canal", "sens", "registre", "cadran",
        "registro", "sentido", "magnitud", "canale", "direzione", "energierichting", "energierichtung", "energieflussrichtung", "flussrichtung", "lastflussrichtung", "rodzaj", "kierunek",
    ];

    // Months of one direction may stand before those of the other.
    private readonly List<List<SampleRow>> _all = Times(table.Rows, key);

    private readonly List<List<SampleRow>> _first = Times(table.Rows.Take(SheetTable.EnoughRows), key);

    public int? Find(IReadOnlyList<int> columns) => columns.Where(column => table.HeaderOf(column) == NemSource.StreamHeader || HoldsCategories(column)).Cast<int?>().FirstOrDefault()
        ?? (_all.Exists(rows => rows.Count > 1) ? columns.Where(TellsApart).Cast<int?>().FirstOrDefault() : null);

    /// <summary>Whether a header is that of such a column; a type of readings may be one, too.</summary>
    public static bool AreNamedBy(string header) => new HeaderWords(header).Any((IEnumerable<string>)Names) || AreTypesOfReadings(header);

    /// <summary>Whether a column of types of readings has directions, of which one flows in: it is that of the meter itself, as in files that have no other.</summary>
    public static bool HoldTypesOfBoth(SheetTable table, int column) =>
        AreTypesOfReadings(table.HeaderOf(column)) && ChannelsIn(table, column) is var channels && channels.Count(channel => !Directions.IsExport(channel)) == 1;

    private static bool AreTypesOfReadings(string header) => new HeaderWords(header) is var words && words.Any("type") && words.Any("read", "reading", "readings");

    /// <summary>Whether a column named so has nothing but directions, one of which is that of what flows out: no other column says it of its rows.</summary>
    public bool SaysWhatFlowsOut(int column) => new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)Names) && ChannelsIn(table, column) is { Count: > 0 } channels
        && Directions.AreReceived(channels) is var isReceived && channels.Any(channel => Directions.IsExport(channel, isReceived) || Productions.AreSure(channel));

    /// <summary>Whether a column named so has texts of what flows in or out of one meter, and no names of meters.</summary>
    public static bool HoldsDirections(SheetTable table, int column) => AreNamedBy(table.HeaderOf(column)) && ChannelsIn(table, column).Any(Directions.AreDirection);

    /// <summary>The texts of a column where all of them are directions; none where any other is.</summary>
    public static HashSet<string> ChannelsIn(SheetTable table, int column)
    {
        var texts = table.Rows.Select(row => row[column]).Where(cell => !MissingMarkers.IsMissing(cell)).Select(HeaderTexts.TextOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return texts.All(Directions.AreChannel) ? texts : [];
    }

    /// <summary>Whether it has the categories of Ausgrid, be it one of them alone: which of them it is says what flows out.</summary>
    private bool HoldsCategories(int column) => new HeaderWords(table.HeaderOf(column)).Any("category") && ChannelsIn(table, column) is { Count: > 0 } found && found.All(Directions.AreCategory);

    private bool TellsApart(int column)
    {
        // Quantities that are numbers are amounts.
        if (InvoiceLines.NameQuantities(new HeaderWords(table.HeaderOf(column))) && table.HoldsNumbers(column))
        {
            return false;
        }

        // What flows in and out is of one meter, whatever the column is called.
        if (!AreNamedBy(table.HeaderOf(column)) && !(ChannelsIn(table, column) is { Count: > 1 } channels && (new HeaderWords(table.HeaderOf(column)).Any("category") || channels.Count(Directions.IsExport) is > 0 and var outward && outward < channels.Count)))
        {
            return false;
        }

        var found = table.Rows.Select(row => HeaderTexts.TextOf(row[column])).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var areDirections = found.TrueForAll(Directions.AreChannel);
        var times = areDirections ? _all : _first;
        // Of many equal rows the last time may be cut.
        var several = times.Count(rows => rows.Count > 1);
        return found.Count is > 1 and <= MostParts && found.TrueForAll(text => text.Length > 0) && several > 0 && (areDirections || several * 2 >= times.Count)
            && times.TrueForAll(rows => rows.Select(row => HeaderTexts.TextOf(row[column])).Distinct(StringComparer.OrdinalIgnoreCase).Count() == rows.Select(TextsOf).Distinct().Count());
    }

    private static List<List<SampleRow>> Times(IEnumerable<SampleRow> rows, IReadOnlyCollection<int> key) =>
        [.. rows.GroupBy(row => string.Join('\n', key.Select(column => HeaderTexts.TextOf(row[column])))).Select(same => same.ToList())];

    /// <summary>Rows that are the same from end to end are one.</summary>
    private static string TextsOf(SampleRow row) => string.Join('\n', row.Cells.Select(HeaderTexts.TextOf));
}
