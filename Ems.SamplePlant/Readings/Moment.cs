using NodaTime;

namespace Ems.SamplePlant.Readings;

/// <summary>A quarter of an hour at a site.</summary>
/// <param name="Index">Quarters since 1970-01-01 (UTC).</param>
/// <param name="OutdoorC">Temperature in the middle of the quarter.</param>
internal readonly record struct Moment(long Index, LocalDateTime Local, bool IsHoliday, double OutdoorC)
{
    public static readonly Duration Quarter = Duration.FromMinutes(15);

    public const double Hours = 0.25;

    public Instant Start => StartOf(Index);

    public static Instant StartOf(long index) => Instant.FromUnixTimeSeconds(index * 900);

    /// <summary>The quarter that an instant lies in.</summary>
    public static long IndexOf(Instant instant) => (long)Math.Floor(instant.ToUnixTimeTicks() / (900.0 * NodaConstants.TicksPerSecond));
}
