using System.Net.Sockets;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Ems.Tests.EndToEnd;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Tests.Contracts;

/// <summary>A caller leaves when the server has done what it was told, and before its answer comes: nothing of it may stay behind.</summary>
public sealed class MongoLostAnswerTests : IAsyncDisposable
{
    private readonly TestMongo _mongo = new();
    private readonly CancellationTokenSource _caller = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_claim_is_given_back()
    {
        await using var door = await LeaveAfterInsertIntoAsync(CoreCollections.Claims);
        var claims = new WriteClaims(_mongo.OpenThrough(door.Port));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claims.WriteAsync(["a", "b"], (_, _, _) => Task.FromResult(true), _caller.Token));

        Assert.Equal(0, await CountAsync(CoreCollections.Claims));
    }

    [Fact]
    public async Task A_job_whose_adding_failed_is_not_run()
    {
        await using var door = await LeaveAfterInsertIntoAsync(CoreCollections.Jobs);
        var jobs = new MongoJobStore(_mongo.OpenThrough(door.Port), TimeProvider.System);
        var job = new StoredJob("a", JobState.Queued, "ann", "{}", Instant.FromUnixTimeTicks(0));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => jobs.AddAsync(job, 5, _caller.Token));

        Assert.Equal(0, await CountAsync(CoreCollections.Jobs));
    }

    public async ValueTask DisposeAsync()
    {
        await _mongo.DisposeAsync();
        _caller.Dispose();
    }

    /// <summary>A way to the server on which the answer to the insert goes to nobody, and its caller leaves.</summary>
    private async Task<ShuttableDoor> LeaveAfterInsertIntoAsync(string collection)
    {
        await _mongo.Open().OpenAsync(Cancel);
        var server = new MongoUrl(_mongo.ConnectionString).Server;
        return new ShuttableDoor(server.Host, server.Port, async (client, far, shut) =>
        {
            while (await MongoMessage.ReadAsync(client, shut) is { } message)
            {
                if (message.Is("insert", collection))
                {
                    using var other = new TcpClient(server.Host, server.Port);
                    await other.GetStream().WriteAsync(message.Bytes, shut);
                    await MongoMessage.ReadAsync(other.GetStream(), shut);
                    await _caller.CancelAsync();
                }
                else
                {
                    await far.WriteAsync(message.Bytes, shut);
                }
            }
        });
    }

    private async Task<long> CountAsync(string collection) =>
        await (await _mongo.Open().OpenAsync(collection, Cancel)).CountDocumentsAsync(Where.Empty, options: null, Cancel);
}
