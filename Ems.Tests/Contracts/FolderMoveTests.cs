using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Moving;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;

namespace Ems.Tests.Contracts;

public sealed class FolderMoveTests : IDisposable
{
    private readonly TemporaryFolder _from = new();
    private readonly TemporaryFolder _to = new();
    private readonly List<IHost> _hosts = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reading_that_was_corrected_thousands_of_times_is_moved_and_what_follows_it()
    {
        await WriteAsync(3);
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(_from.Path, "ingestion.db")};Pooling=false"))
        {
            await connection.OpenAsync(Cancel);
            var blocks = new ValueBlocks(connection, 1);
            var corrected = blocks.Read(long.MinValue, long.MaxValue)[1];
            blocks.Put([corrected with { Version = 10_000 }]);
            await using var correct = connection.CreateCommand();
            correct.CommandText = """
                WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 9000)
                INSERT INTO write(version, job, actor, at) SELECT 1000 + n, NULL, 'ann', 1714521600000 + n FROM number;
                INSERT INTO value_version(series, start, length, version, value, flags)
                SELECT 1, $start, $length, version, version, 0 FROM write WHERE version > 1000 AND version < 10000;
                """;
            correct.Parameters.AddWithValue("$start", corrected.Start);
            correct.Parameters.AddWithValue("$length", corrected.Length);
            await correct.ExecuteNonQueryAsync(Cancel);
        }

        var steps = new List<MoveProgress>();
        var counts = await Move().RunAsync("from", steps.Add, Cancel);

        Assert.Equal((3, 9_002), (counts["values"], counts["versions"]));
        Assert.Equal(new MoveProgress("values moved", 3, 3), steps.FindLast(step => step.What == "values moved"));
        Assert.Equal(
            Enumerable.Range(1, 6).Select(done => new MoveProgress("values compared", done, 6)), steps.Where(step => step.What == "values compared").Distinct());
    }

    [Fact]
    public async Task A_move_does_not_go_on_when_a_site_was_changed_since_it_was_stopped()
    {
        await WriteAsync(1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Move().RunAsync("from", _ => stop.Cancel(), stop.Token));
        await SaveSiteAsync();

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Move().RunAsync("from", _ => { }, Cancel));

        Assert.Contains("has changed since", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_move_during_which_a_site_was_changed_does_not_end_well()
    {
        await WriteAsync(1);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(
            () => Move().RunAsync("from", _ => SaveSiteAsync().GetAwaiter().GetResult(), Cancel));

        Assert.Contains("has changed during", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _hosts.ForEach(host => host.Dispose());
        _from.Dispose();
        _to.Dispose();
    }

    private StoreMove Move() => new(Open(_from), Open(_to));

    private Task SaveSiteAsync() =>
        Open(_from).GetRequiredService<ICatalogue>().SaveSiteAsync(new Site { Id = "plant", Name = "Plant", TimeZone = "Europe/Berlin" }, Cancel);

    private async Task WriteAsync(int hours)
    {
        var readings = Enumerable.Range(0, hours).Select(hour => new Reading(
            "m", Instant.FromUtc(2024, 5, 1, hour, 0), Duration.FromHours(1), [new MetricValue("energy", QuantityKind.Interval, "kWh", hour, hour, "kWh")], ReadingFlags.None));
        await Open(_from).GetRequiredService<IReadingStore>().WriteAsync(new ReadingBatch([.. readings], "ann"), Cancel);
    }

    private IServiceProvider Open(TemporaryFolder folder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Ems:DataDirectory"] = folder.Path });
        builder.AddEmsStorage();
        var host = builder.Build();
        _hosts.Add(host);
        return host.Services;
    }
}
