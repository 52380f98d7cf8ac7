using Ems.Core.Health;
using Ems.Core.Messaging.Handling;
using Ems.Core.Messaging.Relay;
using Ems.Core.Messaging.Telemetry;
using Ems.Core.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>Registers RabbitMQ.</summary>
internal static class RabbitMqMessaging
{
    public const string ConnectionName = "rabbitmq";

    /// <summary>Takes events to RabbitMQ if <c>ConnectionStrings:rabbitmq</c> is set; false if it is not.</summary>
    public static bool AddRabbitMq(this IHostApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<RabbitMqOptions>(RabbitMqOptions.Section);
        var configured = builder.Configuration.GetConnectionString(ConnectionName);
        if (string.IsNullOrWhiteSpace(configured))
        {
            return false;
        }

        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(BrokerAddress)))
        {
            return true;
        }

        services.AddSingleton(BrokerAddress.Parse(configured));
        services.AddSingleton<RabbitMqConnection>();
        services.AddSingleton<RabbitMqTopology>();
        services.AddSingleton<RabbitMqPublisher>();
        services.AddSingleton<IEventBroker>(provider => provider.GetRequiredService<RabbitMqPublisher>());
        services.AddKeyedSingleton<IParkedMessages, RabbitMqParkedMessages>(EveryParkedMessage.Broker);
        services.AddKeyedSingleton<IQueueDepths, RabbitMqDepths>(EveryParkedMessage.Broker);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RabbitMqConnecting>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RabbitMqConsumers>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OutboxRelay>());
        // Degraded, for the outbox holds what the broker cannot take.
        services.AddServerCheck("RabbitMQ.Client", HealthStatus.Degraded, patience: null, (provider, _) =>
            Task.FromResult(provider.GetRequiredService<RabbitMqConnection>().IsOpen));
        return true;
    }
}
