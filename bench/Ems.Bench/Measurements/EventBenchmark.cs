using System.Globalization;
using Ems.Core.Messaging;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ems.Bench.Measurements;

/// <summary>
/// Events through outbox, RabbitMQ (the one that the variable of the tests names) and inbox against the same bodies published with
/// confirms to a quorum queue and consumed.
/// </summary>
internal static class EventBenchmark
{
    private const int Events = 20_000;
    private const int Window = 500;
    private const ushort Prefetch = 100;
    private const string Bare = "bare confirmed publish and consume";
    private const string Ems = "outbox, RabbitMQ, inbox and effect";
    private const string Module = "bench";
    private const string Publisher = "sender";
    private const string EventName = "bench.happened.v1";

    private static readonly SchemaStep[] Inbox = [SqliteInbox.Schema + "CREATE TABLE effect(id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"];

    public static async Task RunAsync(int rounds)
    {
        var address = Machine.ServerOf("EMS_TEST_RABBITMQ");
        var results = new Results($"{Events:N0} events through RabbitMQ");
        await using var connection = await new ConnectionFactory { Uri = new Uri(address) }.CreateConnectionAsync();
        var prefix = $"bench-{Guid.NewGuid():N}";
        for (var round = -1; round < rounds; round++)
        {
            var bare = await RunBareAsync(connection, prefix);
            var ems = await RunEmsAsync(address, prefix);
            if (round >= 0)
            {
                results.Add(Bare, Events / bare.TotalSeconds);
                results.Add(Ems, Events / ems.TotalSeconds);
            }
        }

        await DeleteAsync(connection, prefix);
        results.Print("events/s");
        results.PrintRatio(Ems, Bare, "at least 0.5");
    }

    /// <returns>Time from the first publish until the last message was acknowledged.</returns>
    private static async Task<TimeSpan> RunBareAsync(IConnection connection, string prefix)
    {
        var queue = $"{prefix}.bare";
        await using var publishing = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, null));
        await using var consuming = await connection.CreateChannelAsync();
        await publishing.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await consuming.BasicQosAsync(0, Prefetch, global: false);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumed = 0;
        var consumer = new AsyncEventingBasicConsumer(consuming);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            await consuming.BasicAckAsync(delivery.DeliveryTag, multiple: false);
            if (++consumed == Events)
            {
                all.SetResult();
            }
        };
        await consuming.BasicConsumeAsync(queue, autoAck: false, consumer);

        var startedAt = TimeProvider.System.GetTimestamp();
        var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent, ContentType = "application/json" };
        for (var first = 0; first < Events; first += Window)
        {
            await Task.WhenAll(Enumerable.Range(first, Window).Select(
                number => publishing.BasicPublishAsync("", queue, mandatory: true, properties, System.Text.Encoding.UTF8.GetBytes(BodyOf(number))).AsTask()));
        }

        await all.Task;
        return TimeProvider.System.GetElapsedTime(startedAt);
    }

    /// <returns>Time from the first write to the outbox until the last effect was saved.</returns>
    private static async Task<TimeSpan> RunEmsAsync(string address, string prefix)
    {
        var folder = Directory.CreateTempSubdirectory("ems-bench-").FullName;
        using var outbox = new SqliteDatabase(Path.Combine(folder, $"{Publisher}.db"), [SqliteOutbox.Schema, SqliteOutbox.Leases]);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:rabbitmq", address), new("Ems:RabbitMq:Prefix", prefix), new("Ems:DataDirectory", folder)]);
        builder.Services.AddKeyedSingleton(Publisher, outbox);
        builder.AddEmsPublisher(Publisher);
        builder.AddEmsMessaging(Module, Inbox);
        builder.AddConsumer<Consumer>(new Subscription($"{Module}.count", Publisher, [EventName]));
        using var host = builder.Build();
        await host.StartAsync();
        var inbox = host.Services.GetRequiredKeyedService<SqliteDatabase>(Module);
        await AppendAsync(outbox, 0, 1);
        await UntilAsync(inbox, 1);

        var startedAt = TimeProvider.System.GetTimestamp();
        for (var first = 1; first <= Events; first += Window)
        {
            await AppendAsync(outbox, first, Math.Min(Window, Events + 1 - first));
        }

        await UntilAsync(inbox, Events + 1);
        var took = TimeProvider.System.GetElapsedTime(startedAt);
        await host.StopAsync();
        Directory.Delete(folder, recursive: true);
        return took;
    }

    private static async Task AppendAsync(SqliteDatabase outbox, int first, int count)
    {
        await outbox.WriteAsync(
            connection =>
            {
                for (var number = first; number < first + count; number++)
                {
                    SqliteOutbox.Append(connection, new Event(
                        Guid.CreateVersion7().ToString("N"), EventName, Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()), null, BodyOf(number)));
                }

                return count;
            },
            CancellationToken.None);
        FileSignal.Raise(outbox.FilePath);
    }

    /// <summary>Counts the effects only when about as many events have been handled, which is one page however many they are.</summary>
    private static async Task UntilAsync(SqliteDatabase inbox, int effects)
    {
        while (await ReadAsync("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'inbox'") < effects
            || await ReadAsync("SELECT count(*) FROM effect") < effects)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Task<long> ReadAsync(string sql) => inbox.ReadAsync(connection => connection.ReadLong(sql), CancellationToken.None);
    }

    private static string BodyOf(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"equipment_id":"meter-{{number % 100}}","site":null,"metrics":["energy"],"from":"2024-01-01T00:00:00Z","to":"2024-01-01T00:15:00Z","count":{{number}},"actor":"bench"}""");

    private static async Task DeleteAsync(IConnection connection, string prefix)
    {
        await using var channel = await connection.CreateChannelAsync();
        var delays = Enumerable.Range(0, 7).Select(doubled => $"retry.{1000 << doubled}").ToList();
        foreach (var queue in (string[])["bare", $"{Module}.count", $"{Module}.count.parked", .. delays])
        {
            await channel.QueueDeleteAsync($"{prefix}.{queue}");
        }

        foreach (var exchange in (string[])["events", .. delays])
        {
            await channel.ExchangeDeleteAsync($"{prefix}.{exchange}");
        }
    }

    private sealed class Consumer : IEventConsumer
    {
        public Task<Action<IUnitOfWork>> HandleAsync(Event fact, CancellationToken cancellationToken) => Task.FromResult<Action<IUnitOfWork>>(
            work => SqliteUnitOfWork.Of(work).Connection.Execute("INSERT INTO effect(id) VALUES ($id)", ("$id", fact.Id)));
    }
}
