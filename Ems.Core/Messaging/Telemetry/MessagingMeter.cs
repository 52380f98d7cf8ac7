using System.Diagnostics.Metrics;

namespace Ems.Core.Messaging.Telemetry;

/// <summary>Figures of the messages. Labels are subscriptions and modules, which are few.</summary>
internal sealed class MessagingMeter
{
    public const string Name = "Ems.Messaging";

    private readonly Counter<long> _handled;
    private readonly Histogram<double> _duration;
    private volatile MessagingStatus _status = MessagingStatus.Unknown;

    public MessagingMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _handled = meter.CreateCounter<long>(
            "ems.messaging.handled", "{event}", "Events by subscription and what became of them: handled, repeated, put_off, parked.");
        _duration = meter.CreateHistogram<double>("ems.messaging.handling.duration", "ms", "Time that consumers took for an event.");
        meter.CreateObservableGauge(
            "ems.messaging.outbox.waiting", () => Measure(_status.Outboxes, one => one.Count), "{event}", "Events that wait to be published.");
        meter.CreateObservableGauge(
            "ems.messaging.outbox.age", () => Measure(_status.Outboxes, one => one.AgeSeconds), "s", "Age of the oldest event that waits to be published.");
        meter.CreateObservableGauge(
            "ems.messaging.queue.waiting", () => Measure(_status.Queues, one => one.Count), "{event}", "Events that wait for a consumer.");
        meter.CreateObservableGauge(
            "ems.messaging.queue.age", () => Measure(_status.Queues, one => one.AgeSeconds), "s", "Age of the oldest event that waits for a consumer.");
        meter.CreateObservableGauge(
            "ems.messaging.parked", () => Measure(_status.Parked, one => one.Count), "{event}", "Events that could not be handled and wait to be sent again.");
    }

    /// <summary>Read now and then by <see cref="MessagingStatusReader"/>: what a scrape shows must cost it nothing.</summary>
    public MessagingStatus Status
    {
        get => _status;
        set => _status = value;
    }

    public void Handled(string subscription, string outcome, TimeSpan took)
    {
        _handled.Add(1, new("subscription", subscription), new("outcome", outcome));
        _duration.Record(took.TotalMilliseconds, new KeyValuePair<string, object?>("subscription", subscription));
    }

    public void Parked(string subscription) => _handled.Add(1, new("subscription", subscription), new("outcome", "parked"));

    private static IEnumerable<Measurement<double>> Measure(IReadOnlyList<WaitingEvents> all, Func<WaitingEvents, double?> figure) =>
        all.Where(one => figure(one) is not null).Select(one => new Measurement<double>(figure(one)!.Value, new KeyValuePair<string, object?>(one.Label, one.Name)));
}

/// <summary>Events that wait at one place.</summary>
/// <param name="Label">What the place is: a module or a subscription.</param>
/// <param name="AgeSeconds">Of the oldest; null where it is not known.</param>
internal sealed record WaitingEvents(string Label, string Name, double Count, double? AgeSeconds);

/// <summary>Where events wait.</summary>
internal sealed record MessagingStatus(
    IReadOnlyList<WaitingEvents> Outboxes, IReadOnlyList<WaitingEvents> Queues, IReadOnlyList<WaitingEvents> Parked)
{
    public static readonly MessagingStatus Unknown = new([], [], []);
}
