using System.ComponentModel.DataAnnotations;

namespace Ems.Analytics;

/// <summary>Settings of analytics.</summary>
public sealed class AnalyticsOptions
{
    public const string Section = "Ems:Analytics";

    /// <summary>How far ahead a prediction reaches where the request does not say.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "31.00:00:00")]
    public TimeSpan PredictionWindow { get; set; } = TimeSpan.FromHours(24);
}
