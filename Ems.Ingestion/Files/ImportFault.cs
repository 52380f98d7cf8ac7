using System.Text.Json.Serialization;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Ingestion.Files;

/// <summary>What is wrong with a file, and where.</summary>
/// <param name="Row">As a person counts, from 1; 0 where it is that of headers and there are none.</param>
/// <param name="Column">The column's header, or its letter.</param>
/// <param name="Alternatives">What the sender may choose from, when the file leaves a choice.</param>
internal sealed record ImportFault(
    string Code, string Message, string? Sheet = null, int? Row = null, string? Column = null,
    IReadOnlyList<string>? Alternatives = null)
{
    public const string InvalidFileFormat = "INVALID_FILE_FORMAT";
    public const string FileTooLarge = "FILE_TOO_LARGE";
    public const string MissingRequiredColumns = "MISSING_REQUIRED_COLUMNS";
    public const string AmbiguousMapping = "AMBIGUOUS_MAPPING";
    public const string InvalidTimestamp = "INVALID_TIMESTAMP";
    public const string DataValidationFailed = "DATA_VALIDATION_FAILED";
    public const string EquipmentSiteMismatch = "EQUIPMENT_SITE_MISMATCH";
    public const string DuplicateInFile = "DUPLICATE_IN_FILE";
    public const string UnknownUnit = "UNKNOWN_UNIT";

    private const int MostShown = 40;

    /// <summary>As a person counts, from 1; null where it is of no row.</summary>
    public int? Row { get; init; } = Row > 0 ? Row : null;

    /// <summary>The likeliest way out of a choice that the file leaves; only a person may take it.</summary>
    [JsonIgnore]
    public ImportMapping? Guess { get; init; }

    /// <summary>Rows that share the fault.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> OtherRows { get; init; } = [];

    /// <summary>Cells without a value, by what stands in them, where there is nothing else.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, long> Gaps { get; init; } = new Dictionary<string, long>();

    /// <summary>The text of a cell as a message shows it.</summary>
    public static string Shorten(string text) => text.Length > MostShown ? text[..MostShown] : text;
}

/// <summary>Ends the reading of a file that cannot be imported as a whole.</summary>
internal sealed class ImportFaultException(ImportFault fault, Exception? cause = null) : Exception(fault.Message, cause)
{
    public ImportFault Fault { get; } = fault;

    /// <summary>Whether the file is whole, but of a kind that is not read for tables: among others it can be left out.</summary>
    public bool IsOfAnotherKind { get; private init; }

    /// <summary>A file of no kind that can be read, or one that is broken.</summary>
    public static ImportFaultException Format(string message, Exception? cause = null, string? sheet = null, int? row = null) =>
        new(new ImportFault(ImportFault.InvalidFileFormat, message, sheet, row), cause);

    /// <summary>A file that is whole, but of a kind that is not read for tables.</summary>
    public static ImportFaultException AnotherKind(string message) =>
        new(new ImportFault(ImportFault.InvalidFileFormat, message)) { IsOfAnotherKind = true };
}
