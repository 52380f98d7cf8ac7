using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>Copies the events of one subscription into its inbox and has them handled, one after the other.</summary>
internal sealed partial class SubscriptionLoop(
    Subscription subscription, OutboxReader outbox, SqliteInbox inbox, MessageHandling handling, MessagingOptions options, TimeProvider clock, ILogger logger)
{
    private const int CopiedAtOnce = 500;

    private readonly Channel<bool> _wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => _wake.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = clock.CreateTimer(_ => Wake(), null, options.PollInterval, Timeout.InfiniteTimeSpan);
        Wake();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _wake.Reader.ReadAsync(stoppingToken);
                await CopyAsync(stoppingToken);
                await HandleAsync(stoppingToken);
                timer.Change(await FindPauseAsync(stoppingToken), Timeout.InfiniteTimeSpan);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Tried again at the next poll, whatever it was.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(logger, exception, subscription.Name);
                timer.Change(options.PollInterval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private async Task CopyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var cursor = await inbox.ReadCursorAsync(subscription.Publisher, cancellationToken);
            var (facts, next) = await Task.Run(() => outbox.Read(cursor, subscription.EventNames, CopiedAtOnce), cancellationToken);
            if (next == cursor)
            {
                return;
            }

            await inbox.AddAsync(subscription.Publisher, cursor, next, facts, cancellationToken);
        }
    }

    private async Task HandleAsync(CancellationToken cancellationToken)
    {
        while (await inbox.LeaseAsync(options.Lease, cancellationToken) is { Count: > 0 } messages)
        {
            await handling.HandleAsync(messages, cancellationToken);
        }
    }

    private async Task<TimeSpan> FindPauseAsync(CancellationToken cancellationToken)
    {
        var due = await inbox.FindNextDueAsync(cancellationToken) - clock.GetUtcNow() ?? options.PollInterval;
        return due < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : due < options.PollInterval ? due : options.PollInterval;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Subscription} cannot reach its messages; it tries again.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string subscription);
}
