using Ems.Core.Messaging.Queue;
using Ems.Core.Messaging.Relay;
using Ems.Core.Messaging.Telemetry;
using Ems.Core.Storage.Mongo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ems.Core.Messaging.Mongo;

/// <summary>Registers outboxes, inboxes and queues in MongoDB.</summary>
internal static class MongoMessaging
{
    public static void AddMongoOutbox(this IHostApplicationBuilder builder, string module)
    {
        builder.AddMongoCollections(MessageDocuments.Collections);
        builder.Services.TryAddKeyedSingleton<IOutbox>(module, (provider, _) => new MongoOutbox(
            provider.GetRequiredService<MongoStore>(), module, provider.GetRequiredService<TimeProvider>()));
    }

    public static void AddMongoInbox(this IHostApplicationBuilder builder, string module, IReadOnlyList<MongoCollection> collections)
    {
        builder.AddMongoCollections([.. MessageDocuments.Collections, .. collections]);
        builder.Services.TryAddKeyedSingleton<IInbox>(module, (provider, _) => new MongoInbox(
            provider.GetRequiredService<MongoStore>(), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Events go from outboxes to inboxes within this process, unless there is a broker already.</summary>
    public static void AddMongoQueues(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<MongoQueues>();
        builder.Services.TryAddSingleton<IEventBroker>(provider => provider.GetRequiredService<MongoQueues>());
        builder.Services.TryAddSingleton<IMessageQueues>(provider => provider.GetRequiredService<MongoQueues>());
        builder.Services.TryAddKeyedSingleton<IQueueDepths>(QueuePump.Store, (provider, _) => provider.GetRequiredService<MongoQueues>());
        builder.Services.TryAddKeyedSingleton<IParkedMessages, MongoParkedMessages>(QueuePump.Store);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OutboxRelay>());
    }
}
