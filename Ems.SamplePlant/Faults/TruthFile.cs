using System.Text.Json;
using System.Text.Json.Serialization;
using Ems.Core.Json;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.SamplePlant.Faults;

/// <summary>What is wrong with the readings that were loaded, for whoever wants to see whether it is found.</summary>
/// <param name="From">Start of the first reading; each site starts at its own midnight.</param>
/// <param name="To">End of the last reading.</param>
internal sealed record TruthFile(ulong Seed, Instant From, Instant To, IReadOnlyList<PlantedFault> Faults)
{
    private static readonly JsonSerializerOptions Json = EmsJson.Configure(new JsonSerializerOptions
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });

    public static TruthFile Read(string path) => JsonSerializer.Deserialize<TruthFile>(File.ReadAllText(path), Json)!;

    public void Write(string path)
    {
        OwnerOnlyFolder.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(this, Json));
    }
}
