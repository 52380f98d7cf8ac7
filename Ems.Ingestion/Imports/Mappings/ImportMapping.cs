using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ems.Core.Json;
using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Tables;
using NodaTime;

namespace Ems.Ingestion.Imports.Mappings;

/// <summary>What a column is for.</summary>
internal enum ColumnRole { Value, Time, End, Equipment, Name, Site, SiteName, Type, Metric, Unit, Part, Quality, Multiplier, TimeZone, Ignored }

/// <summary>What a file means: as it is proposed, and as its sender corrects it. All parts are optional.</summary>
internal sealed record ImportMapping
{
    /// <summary>Stands for all columns of a matrix whose headers have a part of the time.</summary>
    public const string Matrix = "*";

    /// <summary>The only sheet to read.</summary>
    public string? Sheet { get; init; }

    private static readonly JsonSerializerOptions InMessages = new(EmsJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>As a person counts, from 1.</summary>
    public int? HeaderRow { get; init; }

    /// <summary><c>ymd</c>, <c>dmy</c> or <c>mdy</c>.</summary>
    public string? DateOrder { get; init; }

    /// <summary><c>.</c> or <c>,</c>, where written numbers leave it open.</summary>
    public string? DecimalSign { get; init; }

    /// <summary><c>day</c> or <c>month</c>: what of the written end belongs to an interval, where the file leaves it open.</summary>
    public string? IntervalEnd { get; init; }

    public IReadOnlyList<MappedColumn> Columns { get; init; } = [];

    /// <summary>Ids for meters by what the file calls them, in a column, a header, the name of a sheet or its own.</summary>
    public IReadOnlyDictionary<string, string> Equipment { get; init; } = new Dictionary<string, string>();

    /// <summary>Fields that nothing is done with: refused when they are sent, so that nobody believes they count.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }

    /// <summary>From the written end of an interval to the real one; null where nothing is said.</summary>
    [JsonIgnore]
    public Duration? EndsAfter => IntervalEnd switch { "day" => Duration.FromDays(1), "month" => NominalLength.Month, _ => null };

    /// <summary>Whether it has an id for what is called so, and none for a part of it.</summary>
    public bool NamesWhole(string name) => Equipment.ContainsKey(name) && !Equipment.Keys.Any(other => other.StartsWith($"{name} ", StringComparison.Ordinal));

    /// <summary>Such columns as a request sends them, for messages that ask for them.</summary>
    public static string Written(params IEnumerable<MappedColumn> columns) =>
        $"mapping={JsonSerializer.Serialize(new { columns = columns.Select(column => column with { Confidence = null, Reason = null }) }, InMessages)}";

    /// <summary>The mapping with what another says.</summary>
    public ImportMapping With(ImportMapping more) => this with
    {
        DateOrder = more.DateOrder ?? DateOrder,
        DecimalSign = more.DecimalSign ?? DecimalSign,
        IntervalEnd = more.IntervalEnd ?? IntervalEnd,
        Equipment = Equipment.Where(entry => !more.Equipment.ContainsKey(entry.Key)).Concat(more.Equipment).ToDictionary(),
        Columns = [.. Columns.ExceptBy(more.Columns.Select(column => column.Place), column => column.Place), .. more.Columns],
    };

    /// <summary>The mapping with other ids for its meters.</summary>
    public ImportMapping WithMeters(IReadOnlyDictionary<string, string> ids) => this with
    {
        Equipment = Equipment.Where(entry => !ids.ContainsKey(entry.Key)).Concat(ids).ToDictionary(),
        Columns = [.. Columns.Select(column => column.EquipmentId is { } id && ids.TryGetValue(id, out var own) ? column with { EquipmentId = own } : column)],
    };
}

/// <summary>What a column means.</summary>
/// <param name="Column">Its header.</param>
internal sealed record MappedColumn(string Column)
{
    private const double LeastSure = 0.5;

    /// <summary>Null for any sheet.</summary>
    public string? Sheet { get; init; }

    /// <summary>From 1; only where columns share a header.</summary>
    public int? Position { get; init; }

    /// <summary>Null when the rest says it: without a metric the column is ignored.</summary>
    public ColumnRole? Role { get; init; }

    /// <summary>One that the system knows, or one of the sender's own. Null where rows or the header say it.</summary>
    public string? Metric { get; init; }

    /// <summary>Of the cells.</summary>
    public string? Unit { get; init; }
    public QuantityKind? Kind { get; init; }

    /// <summary>The meter the column belongs to.</summary>
    public string? EquipmentId { get; init; }

    /// <summary>What it counts of the file's meter that is counted apart, as another carrier is: the part of <c>main</c> that is called <c>main gas</c>.</summary>
    public string? Part { get; init; }

    /// <summary>Whether it counts what flows out, which is below zero however the file writes it.</summary>
    public bool? Export { get; init; }

    /// <summary>From 0 to 1, in a proposal.</summary>
    public double? Confidence { get; init; }

    /// <summary>What the proposal rests on.</summary>
    public string? Reason { get; init; }

    /// <inheritdoc cref="ImportMapping.Unknown"/>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }

    /// <summary>Whether it is more likely wrong than right.</summary>
    [JsonIgnore]
    public bool IsGuess => Confidence < LeastSure;

    [JsonIgnore]
    public ColumnRole Purpose =>
        Role ?? (Metric is null && Unit is null && Kind is null && EquipmentId is null && Export is null ? ColumnRole.Ignored : ColumnRole.Value);

    [JsonIgnore]
    public (string Header, string? Sheet, int? Position) Place => (Normal(Column).ToUpperInvariant(), Sheet, Position);

    /// <summary>Whether its meter is called otherwise than the header does.</summary>
    [JsonIgnore]
    public bool IsRenamed => EquipmentId is { } id && HeaderReader.Read(Column).Rest is var name && id != EquipmentNames.ToId(name) && id != EquipmentNames.ToId($"{name} {Carriers.Of(Metric ?? "")}")
        && !(EquipmentNames.ToId(Column) is var header && header.StartsWith(id, StringComparison.Ordinal) && (header.Length == id.Length || !char.IsLetterOrDigit(header[id.Length])));

    /// <summary>The columns of a table by their headers, as mappings name them.</summary>
    public static ILookup<string, int> ByHeader(SheetTable table) => table.Columns.ToLookup(index => Normal(table.HeaderOf(index)), StringComparer.OrdinalIgnoreCase);

    /// <summary>Headers are the same when all their words are, and the signs between them, whatever their case.</summary>
    public static string Normal(string header) => string.Join(' ', PlainText.Of(header).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
