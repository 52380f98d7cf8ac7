using Ems.Core.Storage;
using Ems.Ingestion.Imports;
using Ems.Tests.Contracts;
using Ems.Tests.EndToEnd;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>What imports leave behind must not fill the disk, and what waits must not be lost.</summary>
public sealed class SpoolUpkeepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Spool => Path.Combine(_folder.Path, "spool");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_of_no_open_import_go_and_an_upload_that_waits_stays_however_old_it_is()
    {
        using (var stores = new SqliteStores(_folder.Path, TimeProvider.System))
        {
            // Nobody takes it: its lease is another process's.
            Assert.True(await stores.Jobs.AddAsync(
                new StoredJob("waits", JobState.Queued, "ann", new ImportJob("m.csv", "waiting", new ImportForm(), null).ToBody(), Instant.FromUtc(2024, 1, 1, 0, 0)),
                10, Cancel));
            Assert.NotNull(await stores.Jobs.LeaseAsync("another", Duration.FromDays(1), Cancel));
        }

        Directory.CreateDirectory(Spool);
        foreach (var (name, days) in (IEnumerable<(string, int)>)[("waiting.upload", 30), ("ended.upload", 1), ("ended.rows", 1), ("arriving.upload", 0)])
        {
            var path = Path.Combine(Spool, name);
            await File.WriteAllTextAsync(path, "x", Cancel);
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-days));
        }

        await using var host = await ImportHost.StartAsync(_folder.Path);

        await Eventually.HoldsAsync(
            () => !File.Exists(Path.Combine(Spool, "ended.upload")) && !File.Exists(Path.Combine(Spool, "ended.rows")), TimeSpan.FromMinutes(1), () => "still there");
        Assert.Equal(["arriving.upload", "waiting.upload"], Directory.GetFiles(Spool).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}
