using System.ComponentModel.DataAnnotations;

namespace Ems.Core.Messaging;

/// <summary>How events travel between modules.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Ems:Messaging";

    /// <summary>Attempts after which a message is parked.</summary>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>Pause after the first failed attempt; it doubles with each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between two attempts.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan LongestRetryDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a consumer keeps a message to itself; another one takes it over after that.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a consumer looks for events when no signal has come.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a handled event is remembered, so that it is recognised when it comes again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan KeepHandled { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long events wait for a first subscriber.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan KeepUnclaimed { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How soon an event that had no subscriber at a broker is offered again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan UnclaimedRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many events are on their way to a broker at once, not yet confirmed.</summary>
    [Range(1, 10_000)]
    public int PublishWindow { get; set; } = 500;

    /// <summary>How often handled and passed events are deleted.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan PruneInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Pause after the given failed attempt, the first of which is 1.</summary>
    internal TimeSpan DelayAfter(int attempt)
    {
        var doubled = FirstRetryDelay * Math.Pow(2, Math.Min(attempt - 1, 30));
        return doubled < LongestRetryDelay ? doubled : LongestRetryDelay;
    }
}
