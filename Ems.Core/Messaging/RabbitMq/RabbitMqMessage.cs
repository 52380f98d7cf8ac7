using System.Globalization;
using System.Text;
using NodaTime;
using RabbitMQ.Client;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>An event as it travels: the body as it is, all else in properties and headers.</summary>
/// <param name="Attempts">That failed so far.</param>
/// <param name="Error">Of the last of them.</param>
/// <param name="ParkedAt">When Ems parked it; null also for one that the broker parked, because the process ended each time.</param>
internal sealed record RabbitMqMessage(Event Fact, int Attempts = 0, string? Error = null, Instant? ParkedAt = null)
{
    // A header is no place for a page of text, and a frame has to hold them all.
    private const int LongestError = 4_000;

    private const int MostAttempts = 1_000_000;

    private const string TraceParent = "traceparent";
    private const string OccurredAt = "ems-occurred-at";
    private const string AttemptsHeader = "ems-attempts";
    private const string ErrorHeader = "ems-error";
    private const string ParkedAtHeader = "ems-parked-at";

    public ReadOnlyMemory<byte> Body => Encoding.UTF8.GetBytes(Fact.Body);

    public BasicProperties Properties()
    {
        Dictionary<string, object?> headers = new()
        {
            [OccurredAt] = Fact.OccurredAt.ToUnixTimeMilliseconds(),
        };
        Set(headers, AttemptsHeader, Attempts > 0 ? Attempts : null);
        Set(headers, TraceParent, Fact.TraceParent);
        Set(headers, ErrorHeader, Error?[..Math.Min(Error.Length, LongestError)]);
        Set(headers, ParkedAtHeader, ParkedAt?.ToUnixTimeMilliseconds());
        return new BasicProperties
        {
            MessageId = Fact.Id,
            Type = Fact.Name,
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
            Timestamp = new AmqpTimestamp(Fact.OccurredAt.ToUnixTimeSeconds()),
            Headers = headers,
        };
    }

    /// <summary>Null for what is no event: it has no id or no name.</summary>
    /// <param name="cameAt">Stands for the time of one that does not say when it occurred.</param>
    public static RabbitMqMessage? Read(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, Instant cameAt)
    {
        var headers = properties.Headers;
        if (properties.MessageId is not { Length: > 0 } id || properties.Type is not { Length: > 0 } name)
        {
            return null;
        }

        Event fact = new(id, name, SaidAt(properties) ?? cameAt, Text(headers, TraceParent), Encoding.UTF8.GetString(body.Span));
        var attempts = (int)Math.Clamp(Number(headers, AttemptsHeader) ?? 0, 0, MostAttempts);
        return new RabbitMqMessage(fact, attempts, Text(headers, ErrorHeader), Time(Number(headers, ParkedAtHeader), perSecond: 1_000));
    }

    /// <summary>When it occurred: ours say so to the millisecond, others may in the timestamp of AMQP.</summary>
    public static Instant? SaidAt(IReadOnlyBasicProperties properties) =>
        Time(Number(properties.Headers, OccurredAt), perSecond: 1_000)
        ?? Time(properties.IsTimestampPresent() ? properties.Timestamp.UnixTime : null, perSecond: 1);

    /// <summary>When the broker last took it from one queue to another.</summary>
    public static Instant? HandedOnAt(IReadOnlyBasicProperties properties) =>
        properties.Headers is { } headers && headers.TryGetValue("x-death", out var deaths) && deaths is IList<object> { Count: > 0 } list
            && list[0] is IDictionary<string, object?> last && last.TryGetValue("time", out var time) && time is AmqpTimestamp at
            ? Time(at.UnixTime, perSecond: 1)
            : null;

    /// <summary>Null outside the years 1 to 9999: anybody may write anything.</summary>
    private static Instant? Time(long? count, int perSecond) =>
        count is { } said && said / perSecond is > -62_135_596_800 and < 253_402_300_799 ? Instant.FromUnixTimeMilliseconds(said * 1_000 / perSecond) : null;

    private static void Set(Dictionary<string, object?> headers, string name, object? value)
    {
        if (value is not null)
        {
            headers[name] = value;
        }
    }

    private static string? Text(IDictionary<string, object?>? headers, string name) => headers is null || !headers.TryGetValue(name, out var value) ? null : value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        string text => text,
        _ => null,
    };

    private static long? Number(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value) && value is long or int or short or byte
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
            : null;
}
