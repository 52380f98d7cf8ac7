using System.Text.RegularExpressions;

namespace Ems.Ingestion.Files;

/// <summary>Says of files that are no tables what they are by how they begin, and what to send in their place.</summary>
internal static partial class ForeignFiles
{
    private const string AsTable = "as .csv or .xlsx, with a column of times and one of values whose header has the unit";

    private const string Elsewhere = "Send the readings " + AsTable + ": most systems offer that where this came from";

    /// <summary>Kinds by the bytes that stand at a place of theirs.</summary>
    private static readonly (int At, byte[] Bytes, string What, string Instead)[] Kinds =
    [
        (0, [.. "%PDF"u8], "a PDF document", Elsewhere),
        (0, [.. "%!PS"u8], "a PostScript document", Elsewhere),
        (0, [.. "{\\rtf"u8], "a text document (RTF)", "Save its table " + AsTable),
        (0, [0x89, .. "PNG"u8], "a picture (PNG)", Elsewhere),
        (0, [0xFF, 0xD8, 0xFF], "a picture (JPEG)", Elsewhere),
        (0, [.. "GIF8"u8], "a picture (GIF)", Elsewhere),
        (0, [.. "II*"u8, 0], "a picture (TIFF)", Elsewhere),
        (0, [.. "MM"u8, 0, .. "*"u8], "a picture (TIFF)", Elsewhere),
        (8, [.. "WEBP"u8], "a picture (WebP)", Elsewhere),
        (4, [.. "ftyphei"u8], "a picture (HEIC)", Elsewhere),
        (0, [.. "Rar!"u8], "a RAR archive", "Unpack it, and send its files as they are or as a .zip"),
        (0, [.. "7z"u8, 0xBC, 0xAF], "a 7z archive", "Unpack it, and send its files as they are or as a .zip"),
        (0, [.. "PAR1"u8], "a Parquet file", "Write its table " + AsTable),
        (0, [.. "SQLite format 3"u8], "a database (SQLite)", "Export its table of readings " + AsTable),
        (4, [.. "Standard Jet DB"u8], "a database (Access)", "Export its table of readings " + AsTable),
        (4, [.. "Standard ACE DB"u8], "a database (Access)", "Export its table of readings " + AsTable),
    ];

    /// <summary>What a file is that begins so, and what to do; null where nothing is known of it.</summary>
    public static string? Find(string name, ReadOnlySpan<byte> head)
    {
        foreach (var (at, bytes, what, instead) in Kinds)
        {
            if (head.Length > at && head[at..].StartsWith(bytes))
            {
                return $"{name} is {what}. {instead}.";
            }
        }

        return null;
    }

    /// <summary>What a text is that begins so, and what to do; null where it may be a table.</summary>
    public static string? FindText(string name, string text)
    {
        text = text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return Edifact().Match(text) is { Success: true } message
                ? $"{name} is an EDIFACT message{(message.Groups["type"] is { Success: true, Value: var type } ? $" ({type})" : "")}, as suppliers and networks send each other. Export its time series {AsTable}; portals of networks and programs that read such messages offer that."
            : Json().IsMatch(text)
                ? $"{name} is JSON. Send its readings {AsTable}, or as they are, a reading for each, to POST /api/v1/data/ingest/realtime."
            : Sql().IsMatch(text)
                ? $"{name} is a dump of a database (SQL). Export the table of readings {AsTable}: programs for databases save the answer to a query so."
            : null;
    }

    [GeneratedRegex(@"^(UNA.{6}\s*)?UNB\+(.{0,4000}?UNH\+[^+]*\+(?<type>[A-Z]{6}):)?", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Edifact();

    // A header may begin with a bracket, and with a name in quotes.
    [GeneratedRegex(@"^(\[\s*)?\{\s*""[^""]*""\s*:|^\[\s*\[\s*[""\d-]|^\[\s*\{\s*\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Json();

    [GeneratedRegex(@"^(?>(--[^\n]*|/\*.*?\*/;?|(SET|USE|LOCK|BEGIN|START|PRAGMA|DROP)\b[^;]*;)\s*)*((INSERT\s+INTO|CREATE\s+TABLE)\s+[`""\[\p{L}_]|COPY\s+\S+\s*(\([^)]*\)\s*)?FROM\s)", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Sql();
}
