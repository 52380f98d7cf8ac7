using Ems.Core.Messaging.Handling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>Runs the subscriptions of this process on the queues of the broker.</summary>
internal sealed class RabbitMqConsumers(
    IServiceProvider services,
    IEnumerable<ConsumerRegistration> consumers,
    RabbitMqConnection connection,
    RabbitMqTopology topology,
    RabbitMqPublisher publisher,
    EventHandling handling,
    ILogger<RabbitMqConsumers> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(consumers.Select(one =>
        new RabbitMqSubscription(one, services, connection, topology, publisher, handling, logger).RunAsync(stoppingToken)));
}
