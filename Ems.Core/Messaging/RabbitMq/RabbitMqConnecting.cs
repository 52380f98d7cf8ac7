using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>
/// Connects when the process starts and whenever the connection was lost, so that the health of the process tells of the broker also
/// where nothing is published or consumed.
/// </summary>
internal sealed class RabbitMqConnecting(RabbitMqConnection connection, IOptions<RabbitMqOptions> options, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await connection.GetAsync(stoppingToken);
            }
#pragma warning disable CA1031 // The broker is away, which health tells: tried again until it is back.
            catch (Exception)
#pragma warning restore CA1031
            {
                // Who has something for the broker meets the same fault, and says it.
            }

            await Task.Delay(options.Value.ReconnectDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
