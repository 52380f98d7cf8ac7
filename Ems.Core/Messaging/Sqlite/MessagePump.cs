using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>Runs the subscriptions of this process.</summary>
internal sealed partial class MessagePump(
    IServiceProvider services,
    IEnumerable<ConsumerRegistration> consumers,
    IEnumerable<InboxRegistration> inboxes,
    SignalWatcher signals,
    IOptions<MessagingOptions> options,
    ILogger<MessagePump> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var inbox in inboxes)
        {
            var names = consumers.Select(one => one.Subscription).Where(one => one.Module == inbox.Module).Select(one => one.Name).ToList();
            await SqliteInbox.ForgetOthersAsync(services.GetRequiredKeyedService<SqliteDatabase>(inbox.Module), names, stoppingToken);
        }

        signals.Start();
        await Task.WhenAll([.. consumers.Select(one => RunAsync(one, stoppingToken)), PruneAsync(stoppingToken)]);
    }

    private async Task RunAsync(ConsumerRegistration consumer, CancellationToken stoppingToken)
    {
        var subscription = consumer.Subscription;
        var clock = services.GetRequiredService<TimeProvider>();
        var database = services.GetRequiredKeyedService<SqliteDatabase>(subscription.Module);
        var publisherPath = services.GetRequiredService<IOptions<StoreOptions>>().Value.PathOf(subscription.Publisher + ".db");
        var inbox = new SqliteInbox(database, subscription.Name, clock);
        var loop = new SubscriptionLoop(
            subscription,
            new OutboxReader(publisherPath),
            inbox,
            new MessageHandling(consumer, inbox, services.GetRequiredService<IServiceScopeFactory>(), options.Value, services.GetRequiredService<ILogger<MessageHandling>>()),
            options.Value,
            clock,
            logger);

        string[] heard = [FileSignal.NameOf(publisherPath), FileSignal.NameOf(database.FilePath)];
        void Wake(string? name)
        {
            if (name is null || heard.Contains(name, StringComparer.Ordinal))
            {
                loop.Wake();
            }
        }

        signals.Raised += Wake;
        try
        {
            await loop.RunAsync(stoppingToken);
        }
        finally
        {
            signals.Raised -= Wake;
        }
    }

    private async Task PruneAsync(CancellationToken stoppingToken)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        using var timer = new PeriodicTimer(options.Value.PruneInterval, clock);
        while (await NextAsync(timer, stoppingToken))
        {
            foreach (var inbox in inboxes)
            {
                try
                {
                    var database = services.GetRequiredKeyedService<SqliteDatabase>(inbox.Module);
                    await SqliteInbox.PruneAsync(database, clock.GetUtcNow() - options.Value.KeepHandled, stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    LogPruneFailed(logger, exception, inbox.Module);
                }
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Handled messages of {Module} could not be deleted.")]
    private static partial void LogPruneFailed(ILogger logger, Exception exception, string module);
}
