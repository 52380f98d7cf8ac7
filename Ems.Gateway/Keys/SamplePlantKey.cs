using System.Security.Cryptography;
using System.Text;

namespace Ems.Gateway.Keys;

/// <summary>The key of the sample plant, <c>Ems:SamplePlantKey</c>: made by the host for one run in which sample data are loaded.</summary>
internal sealed class SamplePlantKey(IConfiguration configuration)
{
    public const string Caller = "sample-plant";

    private readonly byte[]? _hash = configuration["Ems:SamplePlantKey"] is { Length: > 0 } key ? HashOf(key) : null;

    /// <summary>Compares in a time that tells nothing about the key; without one, nothing matches.</summary>
    public bool Matches(string candidate) => _hash is not null && CryptographicOperations.FixedTimeEquals(HashOf(candidate), _hash);

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
