using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ems.Core.Storage;
using Ems.ServiceDefaults.Authentication;
using Microsoft.Extensions.Options;

namespace Ems.Gateway.Keys;

/// <summary>
/// The first administrator's key: <c>Ems:AdminKey</c>, else a random one of 256 bits, made at the first start, of which only
/// the SHA-256 hash is kept. One that nobody was shown, because the start failed, is made anew at the next start.
/// </summary>
internal sealed class AdminKey : IDisposable
{
    private readonly byte[] _hash;
    private bool _isShown;

    public AdminKey(IConfiguration configuration, IOptions<StoreOptions> store)
    {
        if (configuration["Ems:AdminKey"] is { Length: > 0 } configured)
        {
            _hash = HashOf(configured);
            return;
        }

        Path = store.Value.PathOf("admin-key.sha256");
        var made = "";
        var (text, isNew) = SecretFile.ReadOrCreate(Path, () =>
        {
            made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
            return Convert.ToHexStringLower(HashOf(made));
        });
        _hash = Convert.FromHexString(text);
        NewKey = isNew ? made : null;
    }

    /// <summary>The key itself, in the one process that has just made it.</summary>
    public string? NewKey { get; }

    /// <summary>File of the hash; null when the key is configured.</summary>
    public string? Path { get; }

    public void NoteShown() => _isShown = true;

    public void Dispose()
    {
        if (NewKey is not null && !_isShown)
        {
            File.Delete(Path!);
        }
    }

    /// <summary>Compares in a time that tells nothing about the key.</summary>
    public bool Matches(string candidate) => CryptographicOperations.FixedTimeEquals(HashOf(candidate), _hash);

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
