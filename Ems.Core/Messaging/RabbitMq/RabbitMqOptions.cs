using System.ComponentModel.DataAnnotations;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>How events go through RabbitMQ, when <c>ConnectionStrings:rabbitmq</c> is set.</summary>
public sealed class RabbitMqOptions
{
    public const string Section = "Ems:RabbitMq";

    /// <summary>First part of the names of exchanges and queues; two systems on one virtual host take different ones.</summary>
    [Required]
    [RegularExpression("^[a-z][a-z0-9-]{0,60}$")]
    public string Prefix { get; set; } = "ems";

    /// <summary>How many events of a subscription a process holds that are not yet handled.</summary>
    [Range(1, 10_000)]
    public ushort Prefetch { get; set; } = 100;

    /// <summary>How many events of a subscription a process handles at the same time.</summary>
    [Range(1, 1_000)]
    public ushort Handlers { get; set; } = 32;

    /// <summary>How long the broker may take to confirm what was published, or to answer at all.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Pause between two attempts to reach a broker that is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a process holds an event while the store of its module is away, before the broker takes it back; well below the
    /// broker's consumer_timeout.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan StorePatience { get; set; } = TimeSpan.FromMinutes(2);
}
