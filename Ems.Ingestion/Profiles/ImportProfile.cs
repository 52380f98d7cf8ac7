using System.Text.Json;
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

    /// <summary>Names of the sheets or files whose meters the mapping names: it knows none of another one. Null where it is not known or not told which they are.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>The import that remembered it like this; null where a person has put it.</summary>
    public string? SavedBy { get; init; }

    public static ImportProfile From(StoredProfile stored) => JsonSerializer.Deserialize<ImportProfile>(stored.Body, EmsJson.Options)!;

    public string ToBody() => JsonSerializer.Serialize(this, EmsJson.Options);
}
