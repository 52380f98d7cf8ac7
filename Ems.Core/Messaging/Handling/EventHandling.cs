using System.Diagnostics;
using Ems.Core.Messaging.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.Core.Messaging.Handling;

/// <summary>Gives events to their consumer, and decides what becomes of those that fail. The same for every transport.</summary>
internal sealed partial class EventHandling(
    IServiceScopeFactory scopes, IOptions<MessagingOptions> options, MessagingMeter meter, ILogger<EventHandling> logger)
{
    public const string EndedEachTime = "The process ended each time while it was handled.";

    /// <summary>Never fails because of the consumer; only what carries the event may throw.</summary>
    public async Task HandleAsync(ConsumerRegistration consumer, IReceivedEvent message, CancellationToken cancellationToken)
    {
        var name = consumer.Subscription.Name;
        if (message.Attempts > options.Value.MaxAttempts)
        {
            await ParkAsync(name, message, EndedEachTime, null);
            return;
        }

        var began = Stopwatch.GetTimestamp();
        using var activity = MessagingActivities.StartHandling(name, message.Fact);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var handler = (IEventConsumer)scope.ServiceProvider.GetRequiredService(consumer.ConsumerType);
            var effect = await handler.HandleAsync(message.Fact, cancellationToken);
            var applied = await message.CompleteAsync(effect);
            meter.Handled(name, applied ? "handled" : "repeated", Stopwatch.GetElapsedTime(began));
            if (!applied)
            {
                LogRepeated(logger, name, message.Fact.Id);
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
            await FailAsync(name, message, exception, Stopwatch.GetElapsedTime(began));
        }
    }

    private async Task FailAsync(string subscription, IReceivedEvent message, Exception exception, TimeSpan took)
    {
        var error = $"{exception.GetType().Name}: {exception.Message}";
        if (message.Attempts >= options.Value.MaxAttempts)
        {
            await ParkAsync(subscription, message, error, exception);
            return;
        }

        var delay = options.Value.DelayAfter(message.Attempts);
        LogPutOff(logger, exception, subscription, message.Fact.Id, message.Attempts, delay);
        if (await message.PutOffAsync(error, delay))
        {
            meter.Handled(subscription, "put_off", took);
        }
    }

    private async Task ParkAsync(string subscription, IReceivedEvent message, string error, Exception? exception)
    {
        if (await message.ParkAsync(error))
        {
            meter.Parked(subscription);
            LogParked(logger, exception, subscription, message.Fact.Id, message.Attempts);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Subscription}: attempt {Attempt} at {EventId} failed, next in {Delay}.")]
    private static partial void LogPutOff(ILogger logger, Exception exception, string subscription, string eventId, int attempt, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Subscription}: {EventId} is parked after {Attempts} attempts.")]
    private static partial void LogParked(ILogger logger, Exception? exception, string subscription, string eventId, int attempts);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Subscription}: {EventId} was handled before, or took longer than its lease and was left to another consumer.")]
    private static partial void LogRepeated(ILogger logger, string subscription, string eventId);
}
