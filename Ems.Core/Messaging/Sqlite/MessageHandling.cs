using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>Gives leased messages to their consumer and writes down how it went.</summary>
internal sealed partial class MessageHandling(
    ConsumerRegistration consumer, SqliteInbox inbox, IServiceScopeFactory scopes, MessagingOptions options, ILogger<MessageHandling> logger)
{
    private static readonly ActivitySource Activities = new("Ems.Messaging");

    public async Task HandleAsync(IReadOnlyList<LeasedMessage> messages, CancellationToken cancellationToken)
    {
        var done = 0;
        try
        {
            // What is left of half a lease has to do for the message in hand; the rest is better taken again.
            var began = Stopwatch.GetTimestamp();
            while (done < messages.Count && (done == 0 || Stopwatch.GetElapsedTime(began) < options.Lease / 2))
            {
                await HandleAsync(messages[done], cancellationToken);
                done++;
            }
        }
        finally
        {
            if (done < messages.Count)
            {
                await inbox.ReleaseAsync([.. messages.Skip(done)], CancellationToken.None);
            }
        }
    }

    private async Task HandleAsync(LeasedMessage message, CancellationToken cancellationToken)
    {
        var name = consumer.Subscription.Name;
        if (message.Attempts > options.MaxAttempts)
        {
            await ParkAsync(message, "The process ended each time while it was handled.", null);
            return;
        }

        ActivityContext.TryParse(message.Fact.TraceParent, null, isRemote: true, out var parent);
        using var activity = Activities.StartActivity(name, ActivityKind.Consumer, parent);
        activity?.SetTag("messaging.message.id", message.Fact.Id);
        activity?.SetTag("messaging.destination.name", message.Fact.Name);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var handler = (IEventConsumer)scope.ServiceProvider.GetRequiredService(consumer.ConsumerType);
            var effect = await handler.HandleAsync(message.Fact, cancellationToken);
            if (!await inbox.CompleteAsync(message, effect, CancellationToken.None))
            {
                LogLeaseLost(logger, name, message.Fact.Id);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever a consumer throws puts its message off, and blocks no other.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            await FailAsync(message, exception);
        }
    }

    private async Task FailAsync(LeasedMessage message, Exception exception)
    {
        var error = $"{exception.GetType().Name}: {exception.Message}";
        if (message.Attempts >= options.MaxAttempts)
        {
            await ParkAsync(message, error, exception);
            return;
        }

        var doubled = options.FirstRetryDelay * Math.Pow(2, Math.Min(message.Attempts - 1, 30));
        var delay = doubled < options.LongestRetryDelay ? doubled : options.LongestRetryDelay;
        LogPutOff(logger, exception, consumer.Subscription.Name, message.Fact.Id, message.Attempts, delay);
        await inbox.FailAsync(message, error, delay, CancellationToken.None);
    }

    private async Task ParkAsync(LeasedMessage message, string error, Exception? exception)
    {
        if (await inbox.FailAsync(message, error, delay: null, CancellationToken.None))
        {
            LogParked(logger, exception, consumer.Subscription.Name, message.Fact.Id, message.Attempts);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Subscription}: attempt {Attempt} at {EventId} failed, next in {Delay}.")]
    private static partial void LogPutOff(ILogger logger, Exception exception, string subscription, string eventId, int attempt, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Subscription}: {EventId} is parked after {Attempts} attempts.")]
    private static partial void LogParked(ILogger logger, Exception? exception, string subscription, string eventId, int attempts);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Subscription}: {EventId} took longer than its lease and was left to another consumer.")]
    private static partial void LogLeaseLost(ILogger logger, string subscription, string eventId);
}
