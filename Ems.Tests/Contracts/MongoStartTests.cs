using System.Buffers.Binary;
using Ems.Analytics;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Ems.Tests.EndToEnd;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Tests.Contracts;

/// <summary>What a process on MongoDB finds at its start.</summary>
public sealed class MongoStartTests : IAsyncDisposable
{
    private readonly TestMongo _mongo = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_MongoDB_beside_a_filled_embedded_store_stops_the_start_and_says_what_to_set()
    {
        await WriteAsync(new Dictionary<string, string?>());
        using var host = Build(OnMongo);

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => host.StartAsync(Cancel));

        Assert.Contains("ConnectionStrings:ems", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_MongoDB_beside_a_filled_embedded_store_is_given_to_nobody_who_asks_before_it_was_looked_at()
    {
        await WriteAsync(new Dictionary<string, string?>());
        using var host = Build(OnMongo);
        Assert.NotEmpty(host.Services.GetServices<IHostedService>());

        await Assert.ThrowsAsync<StartRefusedException>(() => host.Services.GetRequiredService<ICatalogue>().FindSiteAsync("a", Cancel));
        await Assert.ThrowsAsync<StartRefusedException>(() => host.Services.GetRequiredService<ICatalogue>().FindSiteAsync("a", Cancel));
    }

    [Fact]
    public async Task A_process_that_keeps_no_readings_looks_at_its_MongoDB_and_tells_its_health_all_the_same()
    {
        await WriteAsync(new Dictionary<string, string?>());
        using var host = Build(OnMongo, builder => builder.AddAnalytics());

        await Assert.ThrowsAsync<StartRefusedException>(() => host.StartAsync(Cancel));

        var checks = host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;
        Assert.Contains(checks, check => check.Name == "MongoDB.Driver");
    }

    [Fact]
    public async Task A_filled_MongoDB_may_stand_beside_a_filled_embedded_store()
    {
        await WriteAsync(OnMongo);
        await WriteAsync(new Dictionary<string, string?>());

        using var host = Build(OnMongo);
        await host.StartAsync(Cancel);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_process_starts_while_MongoDB_is_away()
    {
        using var host = Build(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ems"] = "mongodb://127.0.0.1:1/ems",
            ["Ems:Mongo:ServerSelectionTimeout"] = "00:00:00.300",
        });
        await host.StartAsync(Cancel);

        var away = await Assert.ThrowsAnyAsync<Exception>(() => host.Services.GetRequiredService<ICatalogue>().FindSiteAsync("a", Cancel));

        Assert.True(StoreAway.Is(away), away.ToString());
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task Those_who_ask_while_it_is_being_opened_for_long_are_told_that_it_is_away()
    {
        var (isOpened, mayGoOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var store = _mongo.Open(new MongoOptions { ServerSelectionTimeout = TimeSpan.FromSeconds(1) });
        store.BeforeUse = (_, _) =>
        {
            isOpened.TrySetResult();
            return mayGoOn.Task;
        };
        var first = store.OpenAsync(Cancel);
        await isOpened.Task.WaitAsync(Cancel);

        var away = await Assert.ThrowsAnyAsync<Exception>(() => store.OpenAsync(Cancel));

        Assert.True(StoreAway.Is(away), away.ToString());
        mayGoOn.SetResult();
        await first;
        await store.OpenAsync(Cancel);
    }

    [Fact]
    public async Task Why_MongoDB_is_away_is_said_in_a_short_line()
    {
        var store = _mongo.OpenThrough(1);

        var away = await Assert.ThrowsAnyAsync<TimeoutException>(() => store.OpenAsync(Cancel));

        var line = store.WhyAway(away);
        Assert.StartsWith("127.0.0.1:1: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.InRange(line.Length, 20, 220);
    }

    [Fact]
    public async Task A_process_starts_while_a_shard_is_away_and_goes_on_when_it_is_back()
    {
        var isAway = true;
        await using var door = new AnsweringDoor(_mongo.ConnectionString, message => isAway ? Refused(message, "create", 133, "no primary of shard a") : null);
        using var host = Build(Through(door.Port));
        await host.StartAsync(Cancel);
        var catalogue = host.Services.GetRequiredService<ICatalogue>();

        var away = await Assert.ThrowsAnyAsync<Exception>(() => catalogue.FindSiteAsync("a", Cancel));
        isAway = false;

        Assert.True(StoreAway.Is(away), away.ToString());
        Assert.Null(await catalogue.FindSiteAsync("a", Cancel));
        await host.StopAsync(Cancel);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("createIndexes")]
    public async Task A_user_who_may_not_make_collections_or_indexes_stops_the_start_in_one_line(string command)
    {
        await using var door = new AnsweringDoor(_mongo.ConnectionString, message => Refused(message, command, 13, "not authorized on ems"));
        using var host = Build(Through(door.Port));

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => host.StartAsync(Cancel));

        Assert.Contains("not authorized on ems", Assert.Single(refusal.Message.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_MongoDB_that_is_too_old_stops_the_start_in_one_line()
    {
        var server = new MongoUrl(_mongo.ConnectionString).Server;
        await using var door = new ShuttableDoor(server.Host, server.Port, answer: async (far, client, shut) =>
        {
            while (await MongoMessage.ReadAsync(far, shut) is { } message)
            {
                var version = message.Bytes.AsSpan().IndexOf("maxWireVersion\0"u8);
                if (version > 0)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(message.Bytes.AsSpan(version + 15), 9); // Of MongoDB 4.4.
                }

                await client.WriteAsync(message.Bytes, shut);
            }
        });
        using var host = Build(Through(door.Port));

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => host.StartAsync(Cancel));

        Assert.Contains("5.0", Assert.Single(refusal.Message.Split('\n')), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _mongo.DisposeAsync();
        _folder.Dispose();
    }

    private Dictionary<string, string?> OnMongo => new() { ["ConnectionStrings:ems"] = _mongo.ConnectionString };

    private Dictionary<string, string?> Through(int port) => new()
    {
        ["ConnectionStrings:ems"] = TestMongo.Through(port, _mongo.ConnectionString),
    };

    private static BsonDocument? Refused(MongoMessage message, string command, int code, string why) =>
        message.Command?.GetElement(0).Name == command ? new BsonDocument { ["ok"] = 0, ["code"] = code, ["errmsg"] = why } : null;

    private IHost Build(Dictionary<string, string?> settings) => Build(settings, builder => builder.AddEmsStorage());

    private IHost Build(Dictionary<string, string?> settings, Action<IHostApplicationBuilder> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration.AddInMemoryCollection([new("Ems:DataDirectory", _folder.Path)]);
        add(builder);
        return builder.Build();
    }

    private async Task WriteAsync(Dictionary<string, string?> settings)
    {
        using var host = Build(settings);
        await host.Services.GetRequiredService<IReadingStore>().WriteAsync(
            new ReadingBatch(
                [
                    new Reading(
                        "meter", Instant.FromUtc(2024, 1, 1, 0, 0), Duration.FromMinutes(15), [new MetricValue("energy", QuantityKind.Interval, "kWh", 1, 1, "kWh")]),
                ],
                "test"),
            Cancel);
    }
}

public sealed class GridFsFilesTests : IAsyncDisposable
{
    private readonly TestMongo _mongo = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_one_process_has_kept_is_fetched_by_another_until_it_is_deleted()
    {
        var content = new byte[3_000_000];
        Random.Shared.NextBytes(content);
        await new GridFsFiles(_mongo.Open(), ISharedFiles.Uploads).KeepAsync("upload", new MemoryStream(content), Cancel);

        var other = new GridFsFiles(_mongo.Open(), ISharedFiles.Uploads);
        using var fetched = new MemoryStream();
        Assert.True(await other.FetchAsync("upload", fetched, Cancel));
        Assert.Equal(content, fetched.ToArray());
        await other.PruneAsync(DateTimeOffset.UnixEpoch, [], Cancel);
        Assert.True(await other.FetchAsync("upload", Stream.Null, Cancel));

        await other.DeleteAsync("upload", Cancel);
        await other.DeleteAsync("upload", Cancel);
        Assert.False(await other.FetchAsync("upload", Stream.Null, Cancel));
    }

    [Fact]
    public async Task Files_whose_imports_are_gone_are_forgotten()
    {
        var uploads = new GridFsFiles(_mongo.Open(), ISharedFiles.Uploads);
        await uploads.KeepAsync("upload", new MemoryStream([1, 2, 3]), Cancel);
        await uploads.KeepAsync("waiting", new MemoryStream([1, 2, 3]), Cancel);

        await uploads.PruneAsync(TimeProvider.System.GetUtcNow().AddMinutes(1), ["waiting"], Cancel);

        Assert.False(await uploads.FetchAsync("upload", Stream.Null, Cancel));
        Assert.True(await uploads.FetchAsync("waiting", Stream.Null, Cancel));
    }

    [Fact]
    public async Task Chunks_of_an_upload_that_was_killed_are_forgotten_when_they_are_old()
    {
        var now = TimeProvider.System.GetUtcNow();
        var uploads = new GridFsFiles(_mongo.Open(), ISharedFiles.Uploads);
        await uploads.KeepAsync("whole", new MemoryStream([1, 2, 3]), Cancel);
        var chunks = await _mongo.Open().OpenAsync("uploads.chunks", Cancel);
        foreach (var (name, number, hours) in (IEnumerable<(string, int, int)>)[("killed", 0, -3), ("killed", 1, -3), ("arriving", 0, 0)])
        {
            var id = ObjectId.Parse($"{now.AddHours(hours).ToUnixTimeSeconds():x8}{Random.Shared.NextInt64():x16}");
            await chunks.InsertOneAsync(new BsonDocument { ["_id"] = id, ["files_id"] = name, ["n"] = number, ["data"] = new byte[3] }, options: null, Cancel);
        }

        await uploads.PruneAsync(now.AddHours(-1), [], Cancel);

        var left = await (await chunks.DistinctAsync<string>("files_id", Where.Empty, options: null, Cancel)).ToListAsync(Cancel);
        Assert.Equal(["arriving", "whole"], left.Order());
    }

    [Fact]
    public async Task The_newest_files_are_kept_as_far_as_there_is_room_and_a_name_has_one_file()
    {
        var files = new GridFsFiles(_mongo.Open(), ISharedFiles.Rejected);
        foreach (var (name, size) in (IEnumerable<(string, int)>)[("old", 500), ("again", 900), ("again", 600), ("new", 600)])
        {
            await files.KeepAsync(name, new MemoryStream(new byte[size]), Cancel);
        }

        await files.PruneAsync(mostBytes: 1_300, Cancel);

        using var again = new MemoryStream();
        Assert.False(await files.FetchAsync("old", Stream.Null, Cancel));
        Assert.True(await files.FetchAsync("again", again, Cancel) && await files.FetchAsync("new", Stream.Null, Cancel));
        Assert.Equal(600, again.Length);
    }

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
