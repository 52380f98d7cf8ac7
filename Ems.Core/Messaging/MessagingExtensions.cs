using Ems.Core.Messaging.Handling;
using Ems.Core.Messaging.Mongo;
using Ems.Core.Messaging.Queue;
using Ems.Core.Messaging.RabbitMq;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Messaging.Telemetry;
using Ems.Core.Settings;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ems.Core.Messaging;

/// <summary>Registers the messages. All of it may be called more than once.</summary>
public static class MessagingExtensions
{
    /// <summary>
    /// The module publishes: what its outbox, a keyed <see cref="IOutbox"/> of the module's name, holds is brought to all subscribers
    /// and deleted then.
    /// </summary>
    public static IHostApplicationBuilder AddEmsPublisher(this IHostApplicationBuilder builder, string module)
    {
        builder.AddShared();
        builder.Services.AddOnce(new OutboxRegistration(module));
        if (builder.UsesMongo())
        {
            builder.AddMongoOutbox(module);
        }
        else
        {
            builder.Services.AddSqliteOutbox(module);
        }

        return builder;
    }

    /// <summary>
    /// The module consumes. Its file, a keyed <see cref="SqliteDatabase"/> of the module's name, or the <see cref="MongoStore"/> holds its
    /// inbox and what its consumers save.
    /// </summary>
    /// <param name="migrations">Of the file; one of them contains <see cref="SqliteInbox.Schema"/>.</param>
    /// <param name="collections">What the module's consumers save on MongoDB.</param>
    public static IHostApplicationBuilder AddEmsMessaging(
        this IHostApplicationBuilder builder, string module, IReadOnlyList<SchemaStep> migrations, params IReadOnlyList<MongoCollection> collections)
    {
        builder.AddShared();
        builder.Services.AddOnce(new InboxRegistration(module));
        if (builder.UsesMongo())
        {
            builder.AddMongoInbox(module, collections);
        }
        else
        {
            builder.Services.AddSqliteInbox(module, migrations);
        }

        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, InboxPruner>());
        return builder;
    }

    /// <summary>Hands the events of the subscription to the consumer, which is made anew for each event.</summary>
    public static IHostApplicationBuilder AddConsumer<TConsumer>(this IHostApplicationBuilder builder, Subscription subscription)
        where TConsumer : class, IEventConsumer
    {
        builder.Services.TryAddScoped<TConsumer>();
        if (!Registered<ConsumerRegistration>(builder.Services).Any(known => known.Subscription.Name == subscription.Name))
        {
            builder.Services.AddSingleton(new ConsumerRegistration(subscription, typeof(TConsumer)));
        }

        return builder;
    }

    /// <summary>Whether <c>ConnectionStrings:rabbitmq</c> names a broker.</summary>
    public static bool UsesBroker(this IHostApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(RabbitMqMessaging.ConnectionName));

    private static void AddShared(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StoreOptions>().BindConfiguration(StoreOptions.Section);
        builder.Services.AddCheckedOptions<MessagingOptions>(MessagingOptions.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        if (builder.UsesMongo())
        {
            // Before all that reads it: what looks at MongoDB first comes first.
            builder.AddMongoCollections(MessageDocuments.Collections);
        }

        builder.Services.AddMetrics();
        builder.Services.TryAddSingleton<MessagingMeter>();
        builder.Services.TryAddSingleton<EventHandling>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MessagingStatusReader>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, QueuePump>());
        builder.Services.TryAddSingleton<IParkedMessages, EveryParkedMessage>();
        builder.Services.TryAddSingleton<EveryQueueDepth>();
        var hasBroker = builder.AddRabbitMq();
        if (builder.UsesMongo())
        {
            builder.AddMongoQueues();
        }
        else
        {
            builder.Services.AddSqliteQueues(hasBroker);
        }
    }

    private static void AddOnce<T>(this IServiceCollection services, T registration)
        where T : class
    {
        if (!Registered<T>(services).Contains(registration))
        {
            services.AddSingleton(registration);
        }
    }

    private static IEnumerable<T> Registered<T>(IServiceCollection services) =>
        services.Where(service => !service.IsKeyedService).Select(service => service.ImplementationInstance).OfType<T>();
}
