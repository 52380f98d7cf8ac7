using System.Security.Cryptography;
using System.Text;
using Ems.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Ems.ServiceDefaults.Authentication;

/// <summary>
/// The key that the processes of one system show each other: <c>Ems:InternalKey</c>, else one that the first process
/// of the machine leaves in the data folder.
/// </summary>
public sealed class InternalKey(IConfiguration configuration, IOptions<StoreOptions> store)
{
    private readonly Lazy<string> _value = new(() =>
        configuration["Ems:InternalKey"] is { Length: > 0 } configured
            ? configured
            : SecretFile.ReadOrCreate(
                store.Value.PathOf("internal.key"), () => RandomNumberGenerator.GetHexString(64, lowercase: true)).Text);

    public string Value => _value.Value;

    /// <summary>Compares in a time that tells nothing about the key.</summary>
    public bool Matches(string candidate) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(candidate)), SHA256.HashData(Encoding.UTF8.GetBytes(Value)));
}
