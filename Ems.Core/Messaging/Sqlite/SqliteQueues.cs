using System.Text.Json;
using Ems.Core.Messaging.Queue;
using Ems.Core.Messaging.Telemetry;
using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>The queues in the files of the data folder.</summary>
internal sealed class SqliteQueues(
    IServiceProvider services, IEnumerable<InboxRegistration> inboxes, SignalWatcher signals, IOptions<StoreOptions> store, TimeProvider clock)
    : IMessageQueues, IQueueDepths
{
    public async Task<IReadOnlyList<IMessageQueue>> OpenAsync(IReadOnlyList<Subscription> subscriptions, CancellationToken cancellationToken)
    {
        foreach (var inbox in inboxes)
        {
            await ForgetOthersAsync(Database(inbox.Module), [.. subscriptions.Select(one => one.Name)], cancellationToken);
        }

        return [.. subscriptions.Select(one => new SqliteQueue(Database(one.Module), one, OutboxOf(one), signals, clock))];
    }

    public async Task<Backlog> ReadWaitingAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        var cursor = await Database(subscription.Module).ReadAsync(
            connection => connection.FindLong(
                "SELECT seq FROM inbox_cursor WHERE subscription = $subscription AND publisher = $publisher",
                ("$subscription", subscription.Name), ("$publisher", subscription.Publisher)) ?? -1,
            cancellationToken);
        var ahead = await Task.Run(() => OutboxOf(subscription).ReadBacklog(cursor, subscription.EventNames), cancellationToken);
        var taken = await ReadBacklogAsync(subscription, state: 0, cancellationToken);
        return new Backlog(taken.Count + ahead.Count, taken.OldestAt is { } at && !(ahead.OldestAt < at) ? at : ahead.OldestAt);
    }

    public Task<Backlog> ReadParkedAsync(Subscription subscription, CancellationToken cancellationToken) =>
        ReadBacklogAsync(subscription, state: 2, cancellationToken);

    /// <summary>Forgets the cursors of subscriptions that the module no longer has: they would keep events from being deleted.</summary>
    private static Task<int> ForgetOthersAsync(SqliteDatabase database, IReadOnlyCollection<string> subscriptions, CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection => connection.Execute(
                "DELETE FROM inbox_cursor WHERE subscription NOT IN (SELECT value FROM json_each($known))",
                ("$known", JsonSerializer.Serialize(subscriptions))),
            cancellationToken);

    private Task<Backlog> ReadBacklogAsync(Subscription subscription, int state, CancellationToken cancellationToken) =>
        Database(subscription.Module).ReadAsync(
            connection => connection.ReadAll(
                ReadBacklog,
                "SELECT count(*), min(occurred_at) FROM inbox WHERE subscription = $subscription AND state = $state",
                ("$subscription", subscription.Name), ("$state", state))[0],
            cancellationToken);

    internal static Backlog ReadBacklog(SqliteDataReader row) =>
        new(row.GetInt64(0), row.IsDBNull(1) ? null : Instant.FromUnixTimeMilliseconds(row.GetInt64(1)));

    private OutboxReader OutboxOf(Subscription subscription) => new(store.Value.PathOf(subscription.Publisher + ".db"));

    private SqliteDatabase Database(string module) => services.GetRequiredKeyedService<SqliteDatabase>(module);
}
