using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Messaging;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ems.Tests.EndToEnd;

/// <summary>
/// A consumer of <c>readings.stored.v1</c> in the process of the test: writes one row for each effect that it is made to have.
/// </summary>
internal sealed class EffectRecorder : IAsyncDisposable
{
    public const string Subscription = $"{Module}.effects";
    private const string Module = "recorder";
    private static readonly TimeSpan ArrivalLimit = TimeSpan.FromMinutes(3);
    private static readonly SchemaStep[] Migrations =
    [
        SqliteInbox.Schema + "CREATE TABLE effect(equipment TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, readings INTEGER NOT NULL) STRICT;",
    ];

    private readonly IHost _host;
    private readonly SqliteDatabase _database;

    private EffectRecorder(IHost host)
    {
        _host = host;
        _database = host.Services.GetRequiredKeyedService<SqliteDatabase>(Module);
    }

    /// <param name="settings">Of a broker, where the system has one.</param>
    public static async Task<EffectRecorder> StartAsync(string dataDirectory, params IEnumerable<(string Name, string Value)> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Ems:DataDirectory", dataDirectory)]);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => new KeyValuePair<string, string?>(setting.Name.Replace("__", ":", StringComparison.Ordinal), setting.Value)));
        builder.AddEmsMessaging(Module, Migrations);
        builder.AddConsumer<Consumer>(new Core.Messaging.Subscription(Subscription, "ingestion", [ReadingsStored.EventName]));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new EffectRecorder(host);
    }

    /// <summary>Each reading of the equipment had its effect, and none had it twice.</summary>
    public async Task CheckOnceAsync(string equipmentId, int readings)
    {
        List<(long Start, long Stop, long Readings)> effects = [];
        await Eventually.HoldsAsync(
            async () => (effects = await ReadAsync(equipmentId)).Sum(effect => effect.Readings) >= readings,
            ArrivalLimit,
            () => $"{effects.Sum(effect => effect.Readings)} of {readings} readings of {equipmentId} had an effect.");
        Assert.Equal(readings, effects.Sum(effect => effect.Readings));
        Assert.All(effects.Zip(effects.Skip(1)), pair => Assert.True(pair.First.Stop <= pair.Second.Start));
    }

    /// <summary>Effects so far.</summary>
    public Task<long> CountAsync() => _database.ReadAsync(connection => connection.ReadLong("SELECT count(*) FROM effect"), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private Task<List<(long Start, long Stop, long Readings)>> ReadAsync(string equipmentId) => _database.ReadAsync(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT start, stop, readings FROM effect WHERE equipment = $equipment ORDER BY start, stop";
            command.Parameters.AddWithValue("$equipment", equipmentId);
            using var reader = command.ExecuteReader();
            var rows = new List<(long, long, long)>();
            while (reader.Read())
            {
                rows.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)));
            }

            return rows;
        },
        TestContext.Current.CancellationToken);

    private sealed class Consumer : IEventConsumer
    {
        public Task<Action<IUnitOfWork>> HandleAsync(Event fact, CancellationToken cancellationToken)
        {
            var stored = JsonSerializer.Deserialize<ReadingsStored>(fact.Body, EmsJson.Options)!;
            return Task.FromResult<Action<IUnitOfWork>>(work => SqliteUnitOfWork.Of(work).Connection.Execute(
                "INSERT INTO effect(equipment, start, stop, readings) VALUES ($equipment, $start, $stop, $readings)",
                ("$equipment", stored.EquipmentId), ("$start", stored.From.ToUnixTimeMilliseconds()),
                ("$stop", stored.To.ToUnixTimeMilliseconds()), ("$readings", stored.Count)));
        }
    }
}
