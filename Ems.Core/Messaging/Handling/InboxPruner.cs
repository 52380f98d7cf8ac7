using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.Core.Messaging.Handling;

/// <summary>Forgets events that were handled long ago.</summary>
internal sealed partial class InboxPruner(
    IServiceProvider services, IEnumerable<InboxRegistration> inboxes, IOptions<MessagingOptions> options, TimeProvider clock, ILogger<InboxPruner> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PruneInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var inbox in inboxes)
                {
                    await PruneAsync(inbox.Module, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private async Task PruneAsync(string module, CancellationToken stoppingToken)
    {
        try
        {
            var inbox = services.GetRequiredKeyedService<IInbox>(module);
            var before = clock.GetUtcNow() - options.Value.KeepHandled;
            int forgotten;
            do
            {
                forgotten = await inbox.PruneAsync(before, stoppingToken);
            }
            while (forgotten > 0);
        }
#pragma warning disable CA1031 // The store may be away; the next round finds the same events.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, module);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Handled events of {Module} could not be deleted; the next attempt comes later.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string module);
}
