using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Layouts;

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
        "registro", "sentido", "magnitud", "canale", "direzione",
    ];

    private readonly List<List<SampleRow>> _times =
        [.. table.Rows.Take(SheetTable.EnoughRows).GroupBy(row => string.Join('\n', key.Select(column => HeaderTexts.TextOf(row[column])))).Select(rows => rows.ToList())];

    public int? Find(IReadOnlyList<int> columns) => columns.Where(column => table.HeaderOf(column) == Nem12Source.StreamHeader).Cast<int?>().FirstOrDefault()
        ?? (_times.Exists(rows => rows.Count > 1) ? columns.Where(TellsApart).Cast<int?>().FirstOrDefault() : null);

    private bool TellsApart(int column)
    {
        if (!new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)Names))
        {
            return false;
        }

        // Of many equal rows the last time may be cut.
        var several = _times.FindAll(rows => rows.Count > 1);
        var parts = _times.ConvertAll(rows => rows.ConvertAll(row => HeaderTexts.TextOf(row[column])));
        var found = parts.SelectMany(texts => texts).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return found.Count is > 1 and <= MostParts && found.TrueForAll(text => text.Length > 0) && several.Count * 2 >= _times.Count
            && parts.Zip(_times, (texts, rows) => texts.Distinct(StringComparer.OrdinalIgnoreCase).Count() == rows.Select(TextsOf).Distinct().Count()).All(isApart => isApart);
    }

    /// <summary>Rows that are the same from end to end are one.</summary>
    private static string TextsOf(SampleRow row) => string.Join('\n', row.Cells.Select(HeaderTexts.TextOf));
}
