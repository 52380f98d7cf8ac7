using System.Text.Json;
using System.Text.Json.Serialization;
using Ems.Core.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Ingestion.Profiles;

/// <summary>What is remembered about files of one kind.</summary>
internal sealed record ImportProfile
{
    /// <summary>For people.</summary>
    public string? Name { get; init; }

    /// <summary>Site of the equipment that the files are about.</summary>
    public string? Site { get; init; }

    /// <summary>IANA name.</summary>
    public string? TimeZone { get; init; }
    public LabelMeaning? TimestampLabel { get; init; }

    /// <summary>The meter where a file names none, when the request names the profile; the mapping knows meters by their names in files.</summary>
    public string? EquipmentId { get; init; }
    public ImportMapping Mapping { get; init; } = new();

    /// <summary>Names of the files whose sheets and meters the mapping names: it knows none of another one. Null where it is not known or not told which they are.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>What the request said of columns that do not say it themselves.</summary>
    public string? Metric { get; init; }

    /// <inheritdoc cref="Metric"/>
    public string? Unit { get; init; }

    /// <summary>Whether it has nothing but that: files of another name with the same headers may be of anything.</summary>
    [JsonIgnore]
    public bool IsOfAnswers => Mapping.Columns.Count == 0 && (Metric ?? Unit) is not null;

    /// <summary>The import that remembered it like this; null where a person has put it.</summary>
    public string? SavedBy { get; init; }

    public static ImportProfile From(StoredProfile stored) => JsonSerializer.Deserialize<ImportProfile>(stored.Body, EmsJson.Options)!;

    public string ToBody() => JsonSerializer.Serialize(this, EmsJson.Options);
}
