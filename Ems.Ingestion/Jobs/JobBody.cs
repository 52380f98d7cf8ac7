using System.Text.Json;
using System.Text.Json.Serialization;
using Ems.Core.Json;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using NodaTime;

namespace Ems.Ingestion.Jobs;

/// <summary>What a job is to do and how far it is, as JSON in the store: any process can go on with it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = Kind)]
[JsonDerivedType(typeof(ImportJob), "import")]
[JsonDerivedType(typeof(MergeJob), "merge")]
internal abstract record JobBody
{
    private const string Kind = "kind";

    public IReadOnlyList<ImportFault> Errors { get; init; } = [];
    public Instant? StartedAt { get; init; }
    public Instant? EndedAt { get; init; }

    public static JobBody From(string body) => JsonSerializer.Deserialize<JobBody>(body, EmsJson.Options)!;

    public string ToBody() => JsonSerializer.Serialize(this, EmsJson.Options);
}
