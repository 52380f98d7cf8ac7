using Ems.Core.Messaging.Handling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>Consumes the queue of one subscription, and begins again whenever the broker was away.</summary>
internal sealed partial class RabbitMqSubscription(
    ConsumerRegistration consumer,
    IServiceProvider services,
    RabbitMqConnection connection,
    RabbitMqTopology topology,
    RabbitMqPublisher publisher,
    EventHandling handling,
    ILogger logger)
{
    private readonly Subscription _subscription = consumer.Subscription;
    private readonly RabbitMqOptions _options = services.GetRequiredService<IOptions<RabbitMqOptions>>().Value;
    private readonly MessagingOptions _messaging = services.GetRequiredService<IOptions<MessagingOptions>>().Value;
    private readonly TimeProvider _clock = services.GetRequiredService<TimeProvider>();
    private readonly IInbox _inbox = services.GetRequiredKeyedService<IInbox>(consumer.Subscription.Module);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ConsumeAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The broker is away, or is not as it should be: tried again until it is.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(logger, _subscription.Name, exception.Message);
            }

            await Task.Delay(_options.ReconnectDelay, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when the channel or the queue is gone.</summary>
    private async Task ConsumeAsync(CancellationToken stoppingToken)
    {
        var broker = await connection.GetAsync(stoppingToken);
        await using var channel = await broker.CreateChannelAsync(
            new CreateChannelOptions(false, false, null, _options.Handlers), stoppingToken);
        await topology.DeclareAsync(channel, _subscription, stoppingToken);
        Consumption consumption = new(channel);
        channel.ChannelShutdownAsync += (_, _) =>
        {
            consumption.Gone.TrySetResult();
            return Task.CompletedTask;
        };

        // One at first: an event that ends the process does not count against those that would have come with it.
        var tag = await StartAsync(consumption, 1, stoppingToken);
        try
        {
            await Task.WhenAny(consumption.FirstDone.Task, consumption.Gone.Task).WaitAsync(stoppingToken);
            if (!consumption.Gone.Task.IsCompleted)
            {
                await channel.BasicCancelAsync(tag, cancellationToken: CancellationToken.None);
                tag = await StartAsync(consumption, _options.Prefetch, stoppingToken);
            }

            await consumption.Gone.Task.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is being saved is acknowledged; for how long that is waited for is up to the host.
            await channel.BasicCancelAsync(tag, cancellationToken: CancellationToken.None);
            await consumption.DrainedAsync();
            throw;
        }
    }

    private async Task<string> StartAsync(Consumption consumption, ushort prefetch, CancellationToken stoppingToken)
    {
        await consumption.Channel.BasicQosAsync(0, prefetch, global: false, CancellationToken.None);
        CancellableConsumer receiving = new(consumption);
        receiving.ReceivedAsync += async (_, delivery) =>
        {
            using var busy = consumption.Begin();
            await ReceiveAsync(consumption, delivery, stoppingToken);
        };
        return await consumption.Channel.BasicConsumeAsync(topology.QueueOf(_subscription), autoAck: false, receiving, CancellationToken.None);
    }

    private async Task ReceiveAsync(Consumption consumption, BasicDeliverEventArgs delivery, CancellationToken stoppingToken)
    {
        try
        {
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            var now = Instant.FromDateTimeOffset(_clock.GetUtcNow());
            if (RabbitMqMessage.Read(delivery.BasicProperties, delivery.Body, now) is not { } message)
            {
                LogNotOurs(logger, _subscription.Name, delivery.BasicProperties.MessageId);
                await consumption.RejectAsync(delivery.DeliveryTag, requeue: false);
                return;
            }

            RabbitMqDelivery received = new(message, _subscription, _inbox, publisher, topology, _messaging, _options, _clock, stoppingToken);
            var work = HandleAsync(received, delivery.Redelivered, stoppingToken);
            if (!await EndsInTimeAsync(work))
            {
                LogTooLong(logger, _subscription.Name, message.Fact.Id);
                if (!await received.EndLeaseAsync(work))
                {
                    await consumption.RejectAsync(delivery.DeliveryTag, requeue: true);
                    return;
                }
            }

            await consumption.Handled.AcknowledgeAsync(delivery.DeliveryTag);
            consumption.FirstDone.TrySetResult();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It goes back to the queue with the channel.
        }
#pragma warning disable CA1031 // What could neither be handled nor put off goes back to the queue, with the channel if the broker is gone.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogGivenBack(logger, _subscription.Name, exception.Message);
            consumption.Gone.TrySetResult();
        }
    }

    private async Task HandleAsync(RabbitMqDelivery received, bool mayBeHandled, CancellationToken stoppingToken)
    {
        if (!mayBeHandled || await received.MayBeginAsync())
        {
            await handling.HandleAsync(consumer, received, stoppingToken);
        }
    }

    /// <summary>False when the consumer holds the event for longer than it may: then another gets it as well, and the faster one counts.</summary>
    private async Task<bool> EndsInTimeAsync(Task work)
    {
        try
        {
            await work.WaitAsync(_messaging.Lease, _clock, CancellationToken.None);
            return true;
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            _ = work.ContinueWith(
                late => LogGivenBack(logger, _subscription.Name, late.Exception!.InnerException!.Message),
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return false;
        }
    }

    /// <summary>Hears that the broker has ended it because its queue is gone, which leaves the channel open.</summary>
    private sealed class CancellableConsumer(Consumption consumption) : AsyncEventingBasicConsumer(consumption.Channel)
    {
        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            consumption.Gone.TrySetResult();
            return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
        }
    }

    /// <summary>A channel that is consumed, and how many of its messages are being handled.</summary>
    private sealed class Consumption(IChannel channel)
    {
        private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _busy = 1;

        public IChannel Channel => channel;

        public RabbitMqAcknowledgements Handled { get; } = new(channel);

        public TaskCompletionSource FirstDone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The channel is closed, or has to be, or nothing comes through it any more.</summary>
        public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable Begin()
        {
            Interlocked.Increment(ref _busy);
            return new Busy(this);
        }

        public async Task RejectAsync(ulong tag, bool requeue)
        {
            await channel.BasicRejectAsync(tag, requeue, CancellationToken.None);
            Handled.End(tag);
        }

        /// <summary>Called once, when no more messages come.</summary>
        public Task DrainedAsync()
        {
            End();
            return _idle.Task;
        }

        private void End()
        {
            if (Interlocked.Decrement(ref _busy) == 0)
            {
                _idle.TrySetResult();
            }
        }

        private sealed class Busy(Consumption consumption) : IDisposable
        {
            public void Dispose() => consumption.End();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Subscription} cannot reach its queue at RabbitMQ and tries again: {Reason}")]
    private static partial void LogFailed(ILogger logger, string subscription, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Subscription}: {MessageId} is no event of Ems and was parked.")]
    private static partial void LogNotOurs(ILogger logger, string subscription, string? messageId);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Subscription}: {EventId} takes longer than its lease and is offered to another consumer.")]
    private static partial void LogTooLong(ILogger logger, string subscription, string eventId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Subscription}: an event went back to its queue: {Reason}")]
    private static partial void LogGivenBack(ILogger logger, string subscription, string reason);
}
