using Ems.SamplePlant.Readings;
using NodaTime;

namespace Ems.SamplePlant.Sites;

/// <summary>Weather that a place could have: a year, a day, and fronts that pass.</summary>
/// <param name="MeanC">Of the year.</param>
/// <param name="SeasonC">How much the warmest day of the year is above the mean.</param>
/// <param name="WarmestDay">Day of the year.</param>
/// <param name="DailyC">How much the warmest hour of the day is above the day's mean.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
internal sealed record Climate(double MeanC, double SeasonC, int WarmestDay, double DailyC, double Latitude, double Longitude)
{
    private const double WarmestHour = 15;
    private const double FrontsC = 4;
    private const double GustsC = 0.8;

    public double OutdoorC(Instant at, LocalDateTime local, Noise noise)
    {
        var days = at.ToUnixTimeSeconds() / 86_400.0;
        var hour = local.TimeOfDay.TickOfDay / (double)NodaConstants.TicksPerHour;
        return MeanC
            + (SeasonC * Math.Cos(Turn(local.DayOfYear - WarmestDay, 365.25)))
            + (DailyC * Math.Cos(Turn(hour - WarmestHour, 24)))
            + (FrontsC * noise.Smooth(days / 2))
            + (GustsC * noise.Smooth(days * 4));
    }

    /// <summary>Sine of the height of the sun above the horizon; negative at night.</summary>
    public double SunHeight(Instant at)
    {
        var utc = at.InUtc();
        var declination = double.DegreesToRadians(23.44) * Math.Sin(Turn(utc.DayOfYear - 81, 365.25));
        var hours = (utc.TimeOfDay.TickOfDay / (double)NodaConstants.TicksPerHour) + (Longitude / 15) - 12;
        var latitude = double.DegreesToRadians(Latitude);
        return (Math.Sin(latitude) * Math.Sin(declination)) + (Math.Cos(latitude) * Math.Cos(declination) * Math.Cos(Turn(hours, 24)));
    }

    private static double Turn(double part, double whole) => 2 * Math.PI * part / whole;
}
