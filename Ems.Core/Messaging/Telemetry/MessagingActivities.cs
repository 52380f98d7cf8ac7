using System.Diagnostics;

namespace Ems.Core.Messaging.Telemetry;

/// <summary>Spans of events on their way, children of what caused the event.</summary>
internal static class MessagingActivities
{
    private static readonly ActivitySource Source = new("Ems.Messaging");

    public static Activity? StartHandling(string subscription, Event fact) => Start(subscription, ActivityKind.Consumer, fact);

    public static Activity? StartPublishing(string exchange, Event fact) => Start("publish " + exchange, ActivityKind.Producer, fact);

    private static Activity? Start(string name, ActivityKind kind, Event fact)
    {
        ActivityContext.TryParse(fact.TraceParent, null, isRemote: true, out var parent);
        var activity = Source.StartActivity(name, kind, parent);
        activity?.SetTag("messaging.message.id", fact.Id);
        activity?.SetTag("messaging.destination.name", fact.Name);
        return activity;
    }
}
