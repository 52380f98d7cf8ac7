using System.Diagnostics;
using System.Threading.Channels;
using Ems.Core.Messaging.Handling;
using Microsoft.Extensions.Logging;

namespace Ems.Core.Messaging.Queue;

/// <summary>
/// Takes in the events of one subscription and has them handled. Several are under way at once, so that their effects share a
/// flush to disk; their handling begins in the order in which they came.
/// </summary>
/// <param name="receives">False where a broker brings new events, and only those are left that came before there was one.</param>
internal sealed partial class QueueLoop(
    ConsumerRegistration consumer, IMessageQueue queue, bool receives, EventHandling handling, MessagingOptions options, TimeProvider clock, ILogger logger)
{
    private const int AtOnce = 16;

    private readonly Channel<bool> _wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = clock.CreateTimer(_ => Wake(), null, options.PollInterval, Timeout.InfiniteTimeSpan);
        using var listening = queue.Listen(Wake);
        Wake();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _wake.Reader.ReadAsync(stoppingToken);
                if (receives)
                {
                    await queue.ReceiveAsync(stoppingToken);
                }

                while (await queue.LeaseAsync(options.Lease, stoppingToken) is { Count: > 0 } messages)
                {
                    await HandleAsync(messages, stoppingToken);
                }

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
                LogFailed(logger, exception, consumer.Subscription.Name);
                timer.Change(options.PollInterval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task HandleAsync(IReadOnlyList<IReceivedEvent> messages, CancellationToken cancellationToken)
    {
        var done = 0;
        try
        {
            // What is left of half a lease has to do for the messages in hand; the rest is better taken again.
            var began = Stopwatch.GetTimestamp();
            while (done < messages.Count && (done == 0 || Stopwatch.GetElapsedTime(began) < options.Lease / 2))
            {
                var inHand = messages.Skip(done).Take(AtOnce).ToList();
                await Task.WhenAll(inHand.Select(message => handling.HandleAsync(consumer, message, cancellationToken)));
                done += inHand.Count;
            }
        }
        finally
        {
            if (done < messages.Count)
            {
                await queue.ReleaseAsync([.. messages.Skip(done)], CancellationToken.None);
            }
        }
    }

    private async Task<TimeSpan> FindPauseAsync(CancellationToken cancellationToken)
    {
        var due = await queue.FindNextDueAsync(cancellationToken) - clock.GetUtcNow() ?? options.PollInterval;
        return due < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : due < options.PollInterval ? due : options.PollInterval;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Subscription} cannot reach its messages; it tries again.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string subscription);
}
