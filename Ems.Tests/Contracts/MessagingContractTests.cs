using System.Collections.Concurrent;
using System.Diagnostics;
using Ems.Core.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;

namespace Ems.Tests.Contracts;

/// <summary>What modules may rely on, whatever carries the messages.</summary>
public abstract class MessagingContractTests : IAsyncLifetime
{
    protected const string Publisher = "ingestion";
    protected const string Module = "checks";
    protected const string EventName = "checks.happened.v1";

    private readonly List<IHost> _hosts = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Publishes in a process of its own, as far as the subscribers can tell.</summary>
    protected abstract Task PublishAsync(params Event[] facts);

    protected abstract void AddMessaging(IHostApplicationBuilder builder);

    protected abstract void SaveEffect(IUnitOfWork work, string effect);

    protected abstract Task<IReadOnlyList<string>> ReadEffectsAsync();

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Events_published_before_and_after_the_start_have_their_effect()
    {
        await PublishAsync(Fact("a"));
        await StartAsync(fact => SaveAsync(fact));
        await PublishAsync(Fact("b"), Fact("c"));

        await EffectsBecomeAsync("a", "b", "c");
    }

    [Fact]
    public async Task An_event_that_is_published_again_has_its_effect_once()
    {
        await StartAsync(fact => SaveAsync(fact));
        await PublishAsync(Fact("a"), Fact("b"));
        await EffectsBecomeAsync("a", "b");

        await PublishAsync(Fact("a"), Fact("c"));

        await EffectsBecomeAsync("a", "b", "c");
    }

    [Fact]
    public async Task Events_of_other_names_are_not_delivered()
    {
        await StartAsync(fact => SaveAsync(fact));

        await PublishAsync(Fact("a") with { Name = "checks.happened.v2" }, Fact("b"));

        await EffectsBecomeAsync("b");
    }

    [Fact]
    public async Task An_effect_that_fails_half_way_leaves_nothing_behind_and_is_tried_again()
    {
        var failures = 2;
        await StartAsync(fact => Task.FromResult<Action<IUnitOfWork>>(work =>
        {
            SaveEffect(work, fact.Id);
            if (Interlocked.Decrement(ref failures) >= 0)
            {
                throw new InvalidOperationException("between effect and mark");
            }
        }));

        await PublishAsync(Fact("a"));

        await EffectsBecomeAsync("a");
        Assert.True(failures < 0);
    }

    [Fact]
    public async Task A_consumer_that_hangs_loses_its_message_to_another_and_its_late_effect_does_not_count()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        await StartAsync(async fact =>
        {
            entered.TrySetResult();
            await release.Task;
            left.TrySetResult();
            return work => SaveEffect(work, "late " + fact.Id);
        });
        await PublishAsync(Fact("a"));
        await entered.Task.WaitAsync(Cancellation);

        await StartAsync(fact => SaveAsync(fact));
        await EffectsBecomeAsync("a");
        release.SetResult();
        await left.Task.WaitAsync(Cancellation);
        await StopAllAsync();

        Assert.Equal(["a"], await ReadEffectsAsync());
    }

    [Fact]
    public async Task A_message_that_keeps_failing_is_parked_and_blocks_no_other()
    {
        var attempts = 0;
        var host = await StartAsync(fact => fact.Id == "poison" ? throw new FormatException($"cannot read it, attempt {++attempts}") : SaveAsync(fact));

        await PublishAsync(Fact("poison"), Fact("a"), Fact("b"));

        await EffectsBecomeAsync("a", "b");
        var parked = Assert.Single(await ParkedBecomeAsync(host, 1));
        Assert.Equal((Module + ".check", EventName, "poison", 3), (parked.Subscription, parked.EventName, parked.EventId, parked.Attempts));
        Assert.Equal("FormatException: cannot read it, attempt 3", parked.Error);
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task A_parked_message_that_is_sent_again_has_its_effect()
    {
        var repaired = false;
        var host = await StartAsync(fact => Volatile.Read(ref repaired) ? SaveAsync(fact) : throw new FormatException("not yet"));
        await PublishAsync(Fact("a"));
        var parked = Assert.Single(await ParkedBecomeAsync(host, 1));
        var messages = host.Services.GetRequiredService<IParkedMessages>();

        Volatile.Write(ref repaired, true);
        Assert.True(await messages.RetryAsync(parked.Id, Cancellation));

        await EffectsBecomeAsync("a");
        Assert.Empty(await messages.ListAsync(10, null, Cancellation));
        Assert.False(await messages.RetryAsync(parked.Id, Cancellation));
        Assert.False(await messages.RetryAsync("unknown", Cancellation));
    }

    [Fact]
    public async Task Two_consumers_share_the_work_and_no_event_has_two_effects()
    {
        var handled = new ConcurrentDictionary<string, int>();
        var bothWork = new TaskCompletionSource();
        Func<Event, Task<Action<IUnitOfWork>>> By(string name) => async fact =>
        {
            handled.AddOrUpdate(name, 1, (_, count) => count + 1);
            if (handled.Count == 2)
            {
                bothWork.TrySetResult();
            }

            await bothWork.Task;
            return work => SaveEffect(work, fact.Id);
        };
        await StartAsync(By("one"));
        await StartAsync(By("other"));

        var ids = Enumerable.Range(0, 200).Select(number => $"{number:000}").ToArray();
        foreach (var chunk in ids.Chunk(25))
        {
            await PublishAsync([.. chunk.Select(Fact)]);
        }

        await EffectsBecomeAsync(ids);
        Assert.Equal(["one", "other"], handled.Keys.Order());
    }

    [Fact]
    public async Task The_trace_of_the_cause_goes_on_in_the_consumer()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Ems.Messaging",
            Sample = (ref _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        await StartAsync(_ => Task.FromResult<Action<IUnitOfWork>>(
            Activity.Current is { } now ? work => SaveEffect(work, now.TraceId.ToString()) : throw new InvalidOperationException("no activity")));

        await PublishAsync(Fact("a") with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });

        await EffectsBecomeAsync("0af7651916cd43dd8448eb211c80319c");
    }

    protected static Event Fact(string id) => new(id, EventName, Instant.FromUtc(2026, 1, 1, 0, 0), null, """{"n":1}""");

    protected static async Task BecomesTrueAsync(Func<Task<bool>> condition, Func<Task<string>> whatIsThere)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), await whatIsThere());
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }
    }

    protected Task EffectsBecomeAsync(params string[] expected) => BecomesTrueAsync(
        async () => (await ReadEffectsAsync()).Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)),
        async () => "effects: " + string.Join(' ', await ReadEffectsAsync()));

    protected Task<Action<IUnitOfWork>> SaveAsync(Event fact) => Task.FromResult<Action<IUnitOfWork>>(work => SaveEffect(work, fact.Id));

    protected Task<IHost> StartAsync(Func<Event, Task<Action<IUnitOfWork>>> handle) =>
        StartAsync((fact, _) => handle(fact), TimeSpan.FromSeconds(1));

    protected async Task<IHost> StartAsync(Func<Event, CancellationToken, Task<Action<IUnitOfWork>>> handle, TimeSpan lease)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        AddMessaging(builder);
        AddMessaging(builder);
        builder.Services.AddSingleton(handle);
        var subscription = new Subscription(Module + ".check", Publisher, [EventName]);
        builder.AddConsumer<ScriptedConsumer>(subscription).AddConsumer<ScriptedConsumer>(subscription);
        builder.Services.PostConfigure<MessagingOptions>(options =>
        {
            options.MaxAttempts = 3;
            options.FirstRetryDelay = TimeSpan.FromMilliseconds(5);
            options.Lease = lease;
        });
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(Cancellation);
        return host;
    }

    private async Task StopAllAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(Cancellation);
        }
    }

    protected static async Task<IReadOnlyList<ParkedMessage>> ParkedBecomeAsync(IHost host, int count)
    {
        var messages = host.Services.GetRequiredService<IParkedMessages>();
        await BecomesTrueAsync(
            async () => (await messages.ListAsync(100, null, Cancellation)).Count == count,
            () => Task.FromResult("not the expected number of parked messages"));
        return await messages.ListAsync(10, null, Cancellation);
    }

    private sealed class ScriptedConsumer(Func<Event, CancellationToken, Task<Action<IUnitOfWork>>> handle) : IEventConsumer
    {
        public Task<Action<IUnitOfWork>> HandleAsync(Event fact, CancellationToken cancellationToken) => handle(fact, cancellationToken);
    }
}
