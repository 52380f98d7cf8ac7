using System.ComponentModel.DataAnnotations;

namespace Ems.SamplePlant;

/// <summary>Which sample plant <c>--load-data</c> and <c>--simulate</c> make.</summary>
public sealed class SamplePlantOptions
{
    public const string Section = "Ems:SamplePlant";

    /// <summary>The same seed gives the same readings.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>How many days before today are loaded.</summary>
    [Range(1, 366)]
    public int Days { get; set; } = 61;

    /// <summary>Time between live readings.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LiveInterval { get; set; } = TimeSpan.FromSeconds(5);
}
