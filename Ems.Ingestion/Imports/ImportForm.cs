using System.Text.Json.Serialization;
using Ems.Core.Metering;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Ingestion.Imports;

/// <summary>What the sender says about a file beside the file.</summary>
internal sealed record ImportForm
{
    public string? EquipmentId { get; init; }
    public string? Site { get; init; }

    /// <summary>IANA name.</summary>
    public string? TimeZone { get; init; }
    public LabelMeaning? TimestampLabel { get; init; }

    /// <summary>For value columns whose header names none.</summary>
    public string? Metric { get; init; }

    /// <summary>For columns of its dimension whose header names none.</summary>
    public string? Unit { get; init; }
    public string? Sheet { get; init; }

    /// <summary>Whether it says what columns measure of which the file does not.</summary>
    [JsonIgnore]
    public bool HasAnswers => (Metric ?? Unit) is not null;
    public ImportMapping? Mapping { get; init; }

    /// <summary>Whether the mapping is that of a profile, and none that came with the file.</summary>
    public bool IsMappingRemembered { get; init; }

    /// <summary>Whether that profile is of files of other names: what it calls their meters says nothing of whose these are.</summary>
    public bool IsMappingOfOthers { get; init; }

    /// <summary>What the files are called that the mapping is of: what it has for sheets and files is not of those of other names. Null where it is of any.</summary>
    public IReadOnlyList<string>? MappingFiles { get; init; }

    /// <summary>Id of the profile to read the file by, and to keep the mapping in.</summary>
    public string? Profile { get; init; }

    /// <summary>Of the headers that the profile was made of; null where none is used.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>What a profile adds that the request does not name.</summary>
    public RememberedPlace? Remembered { get; init; }

    /// <summary>Profiles that could do as well: nothing but the headers speaks for the one that was found.</summary>
    public IReadOnlyList<OtherProfile> Others { get; init; } = [];
}

/// <summary>Where meters are that come by a profile which only the headers of a file have found: they say nothing about others.</summary>
/// <param name="Profile">Its id.</param>
/// <param name="TimeZone">IANA name.</param>
internal sealed record RememberedPlace(string Profile, string? Site, string? TimeZone);

/// <summary>A profile that the file is not read by, and what it has values of.</summary>
internal sealed record OtherProfile(string Id, IReadOnlyList<string> Metrics);
