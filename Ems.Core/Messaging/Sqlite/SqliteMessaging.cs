using Ems.Core.Messaging.Queue;
using Ems.Core.Messaging.Telemetry;
using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>Registers outboxes, inboxes and queues in files.</summary>
internal static class SqliteMessaging
{
    public static void AddSqliteOutbox(this IServiceCollection services, string module)
    {
        services.TryAddSingleton<SignalWatcher>();
        services.TryAddKeyedSingleton<IOutbox>(module, (provider, _) => new SqliteOutbox(
            provider.GetRequiredKeyedService<SqliteDatabase>(module),
            provider.GetRequiredService<SignalWatcher>(),
            provider.GetRequiredService<TimeProvider>()));
    }

    public static void AddSqliteInbox(this IServiceCollection services, string module, IReadOnlyList<SchemaStep> migrations)
    {
        MachineMarker.Add(services);
        services.TryAddKeyedSingleton(
            module,
            (provider, _) => new SqliteDatabase(provider.GetRequiredService<IOptions<StoreOptions>>().Value.PathOf(module + ".db"), migrations));
        services.TryAddKeyedSingleton<IInbox>(module, (provider, _) => new SqliteInbox(
            provider.GetRequiredKeyedService<SqliteDatabase>(module), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Events go from outboxes to inboxes through the files themselves, or did so before there was a broker.</summary>
    public static void AddSqliteQueues(this IServiceCollection services, bool hasBroker)
    {
        services.TryAddSingleton<SignalWatcher>();
        services.TryAddSingleton<SqliteQueues>();
        services.TryAddSingleton<IMessageQueues>(provider => provider.GetRequiredService<SqliteQueues>());
        services.TryAddKeyedSingleton<IQueueDepths>(QueuePump.Store, (provider, _) => provider.GetRequiredService<SqliteQueues>());
        services.TryAddKeyedSingleton<IParkedMessages, SqliteParkedMessages>(QueuePump.Store);
        if (!hasBroker)
        {
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OutboxPruner>());
        }
    }
}
