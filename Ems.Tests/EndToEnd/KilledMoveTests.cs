using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Ems.Tests.Contracts;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Ems.Tests.EndToEnd;

/// <summary>The command that moves a store, killed on its way there and back.</summary>
[Collection("Processes and servers")]
public sealed partial class KilledMoveTests : IAsyncDisposable
{
    private const int Kills = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly MongoBehindDoor _mongo = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_command_goes_on_everything_arrives_once_and_the_source_is_as_it_was()
    {
        var meters = new GeneratedMeters("moved", Rows: 8_000);
        await using var first = new MonolithSystem();
        await UseAsync(first, async api =>
        {
            using var answer = await api.UploadAsync("moved.csv", meters.ToCsv(), wait: true, ("timestamp_label", "start"));
            Assert.True(answer.IsSuccessStatusCode);
        });
        var files = Files(first.DataDirectory);

        var there = await MoveAsync(first.DataDirectory, _mongo.ConnectionString);

        Assert.Equal(files, Files(first.DataDirectory));
        Assert.Contains($"{meters.Readings:N0} values", there);
        var documents = await DocumentsAsync();
        await using var last = new MonolithSystem();

        var back = await MoveAsync(_mongo.ConnectionString, last.DataDirectory);

        Assert.Equal(there, back);
        Assert.Equal(documents, await DocumentsAsync());
        await using var onMongo = new MonolithSystem(("ConnectionStrings__ems", _mongo.ConnectionString));
        await UseAsync(onMongo, meters.CheckStoredAsync);
        await UseAsync(last, meters.CheckStoredAsync);
    }

    [Fact]
    public async Task What_MongoDB_refuses_ends_the_command_with_one_line()
    {
        var meters = new GeneratedMeters("refused", Rows: 10);
        await using var first = new MonolithSystem();
        await UseAsync(first, async api =>
        {
            using var answer = await api.UploadAsync("refused.csv", meters.ToCsv(), wait: true, ("timestamp_label", "start"));
            Assert.True(answer.IsSuccessStatusCode);
        });
        await _mongo.Database().GetCollection<BsonDocument>("readings").Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(new BsonDocument("nominal_ms", 1), new CreateIndexOptions { Unique = true }), options: null, Cancel);

        using var move = ProgramProcess.Start("Ems.Monolith", ["move", "--from", first.DataDirectory, "--to", _mongo.ConnectionString]);

        Assert.Equal(1, await move.WaitForExitAsync(Limit));
        Assert.Equal(2, move.Lines().Count);
        Assert.Contains(move.Lines(), line => line.StartsWith("MongoDB refuses it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_of_MongoDB_hold_for_the_command_too()
    {
        using var folder = new TemporaryFolder();

        using var move = ProgramProcess.Start(
            "Ems.Monolith", ["move", "--from", folder.Path, "--to", _mongo.ConnectionString], [("Ems__Mongo__BulkSize", "0")]);

        Assert.Equal(1, await move.WaitForExitAsync(Limit));
        Assert.Contains("Ems__Mongo__BulkSize", move.Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Which_server_does_not_answer_is_said_in_a_line()
    {
        using var folder = new TemporaryFolder();
        var address = $"127.0.0.1:{ServerPrograms.FreePort()}";

        using var move = ProgramProcess.Start(
            "Ems.Monolith", ["move", "--from", $"mongodb://{address}/ems", "--to", folder.Path], [("Ems__Mongo__ServerSelectionTimeout", "00:00:01")]);

        Assert.Equal(1, await move.WaitForExitAsync(Limit));
        Assert.StartsWith($"The store is away; the same command goes on when it is back: {address}: ", move.Lines()[^1], StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();

    private static async Task UseAsync(MonolithSystem system, Func<HttpClient, Task> use)
    {
        await system.StartAsync();
        await use(system.Api);
        Assert.Equal(0, await system.StopAsync(Limit));
    }

    /// <summary>Kills the command wherever it is, then lets it end; returns what it says was moved.</summary>
    private async Task<IReadOnlyList<string>> MoveAsync(string from, string to)
    {
        var moved = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var killed = ProgramProcess.Start("Ems.Monolith", ["move", "--from", from, "--to", to]);
            await Eventually.HoldsAsync(() => Moved(killed) > moved || killed.HasExited, Limit, () => killed.Output);
            await _mongo.InterruptAsync(() =>
            {
                killed.Kill();
                return Task.CompletedTask;
            });
            Assert.Equal(128 + 9, await killed.WaitForExitAsync(Limit));
            moved = Moved(killed);
        }

        using var ended = ProgramProcess.Start("Ems.Monolith", ["move", "--from", from, "--to", to]);
        Assert.True(await ended.WaitForExitAsync(Limit) == 0, ended.Output);
        Assert.Equal("Counts and sums are the same in both; the store it came from is as it was.", ended.Lines()[^1]);
        return [.. ended.Lines().Where(line => CountPattern().IsMatch(line)).Select(line => line.Trim())];
    }

    /// <summary>The values that it has moved, by its own account.</summary>
    private static long Moved(ProgramProcess move) => move.Lines().Select(line => ProgressPattern().Match(line)).Where(match => match.Success)
        .Select(match => long.Parse(match.Value.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture)).LastOrDefault();

    /// <summary>All files of a store but those that only say who uses them.</summary>
    private static Dictionary<string, string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path))
        .Where(path => !path.StartsWith("in-use", StringComparison.Ordinal) && !path.EndsWith("-wal", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal))
        .ToDictionary(path => path, path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, path)))));

    /// <summary>The documents of each collection.</summary>
    private async Task<SortedDictionary<string, string>> DocumentsAsync()
    {
        var database = _mongo.Database();
        SortedDictionary<string, string> all = new(StringComparer.Ordinal);
        foreach (var name in await (await database.ListCollectionNamesAsync(cancellationToken: Cancel)).ToListAsync(Cancel))
        {
            var documents = await database.GetCollection<BsonDocument>(name).Find(FilterDefinition<BsonDocument>.Empty).ToListAsync(Cancel);
            all[name] = Convert.ToHexString(SHA256.HashData(documents.Select(document => document.ToBson()).SelectMany(bytes => bytes).ToArray()));
        }

        return all;
    }

    [GeneratedRegex("^[0-9,]+(?= of [0-9,]+ values moved$)")]
    private static partial Regex ProgressPattern();

    [GeneratedRegex("^ *[0-9,]+ [a-z_ ]+$")]
    private static partial Regex CountPattern();
}
