using System.Text;
using Ems.Core.Messaging;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using RabbitMQ.Client;

namespace Ems.Tests.Contracts;

/// <summary>What others than Ems publish: the exchange is open to whoever may log in.</summary>
public sealed partial class RabbitMqMessagingTests
{
    private static Instant Now => Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());

    public static TheoryData<string, BasicProperties> NoEvents => new()
    {
        { "unknown-", new BasicProperties() },
        { "poison", new BasicProperties { MessageId = "poison" } },
        { "unknown-", new BasicProperties { MessageId = "a/b", Timestamp = new AmqpTimestamp(1_767_225_600_000) } },
    };

    public static TheoryData<BasicProperties, Instant?> Events => new()
    {
        { new BasicProperties(), null },
        { new BasicProperties { Timestamp = new AmqpTimestamp(1_767_225_600) }, Instant.FromUtc(2026, 1, 1, 0, 0) },
        { new BasicProperties { Timestamp = new AmqpTimestamp(1_767_225_600_000) }, null },
        { new BasicProperties { Headers = new Dictionary<string, object?> { ["ems-occurred-at"] = long.MaxValue, ["ems-attempts"] = -5L } }, null },
    };

    [Theory]
    [MemberData(nameof(NoEvents), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_event_comes_again_as_it_is_when_it_is_sent_again(string id, BasicProperties properties)
    {
        var host = await StartAsync(SaveAsync);
        await PublishAsync(Fact("first"));
        await EffectsBecomeAsync("first");
        await PublishAsOutsiderAsync(new BasicProperties(), "another");
        await PublishAsOutsiderAsync(properties, "who sent this?");
        var parked = await ParkedBecomeAsync(host, 2);
        var messages = host.Services.GetRequiredService<IParkedMessages>();
        Assert.Contains(parked, one => one.Id.StartsWith($"{Module}.check:{id}", StringComparison.Ordinal));
        Assert.DoesNotContain(parked, one => one.Id.Contains('/', StringComparison.Ordinal));

        foreach (var one in parked.Concat(parked))
        {
            Assert.True(await messages.RetryAsync(one.Id, Cancellation));
            Assert.Equal(parked.Select(message => message.Id), (await ParkedBecomeAsync(host, 2)).Select(message => message.Id));
        }

        Assert.False(await messages.RetryAsync($"{Module}.check:unknown-0", Cancellation));
    }

    [Theory]
    [MemberData(nameof(Events), DisableDiscoveryEnumeration = true)]
    public async Task An_event_that_does_not_say_as_ours_do_when_it_occurred_has_its_effect(BasicProperties properties, Instant? expected)
    {
        var occurredAt = new TaskCompletionSource<Instant>();
        await StartAsync(fact =>
        {
            if (fact.Id == "outsider")
            {
                occurredAt.TrySetResult(fact.OccurredAt);
            }

            return SaveAsync(fact);
        });
        await PublishAsync(Fact("first"));
        await EffectsBecomeAsync("first");
        var began = Now;

        await PublishAsOutsiderAsync(new BasicProperties(properties) { MessageId = "outsider", Type = EventName }, "{}");

        await EffectsBecomeAsync("first", "outsider");
        Assert.InRange(await occurredAt.Task, expected ?? began, expected ?? Now);
    }

    private async Task PublishAsOutsiderAsync(BasicProperties properties, string body)
    {
        await using var connection = await _broker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancellation);
        await channel.BasicPublishAsync($"{_broker.Prefix}.events", EventName, mandatory: true, properties, Encoding.UTF8.GetBytes(body), Cancellation);
    }
}
