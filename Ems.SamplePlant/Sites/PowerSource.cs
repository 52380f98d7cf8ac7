using Ems.SamplePlant.Readings;
using NodaTime;

namespace Ems.SamplePlant.Sites;

/// <summary>What is wrong with a machine for a while: it runs when it should not, or its base load has grown.</summary>
/// <param name="LeftOn">It runs as if people were there.</param>
/// <param name="BaseFactor">1 when all is well.</param>
internal readonly record struct Trouble(bool LeftOn, double BaseFactor)
{
    public static readonly Trouble None = new(false, 1);
}

/// <summary>What a meter measures; kW, positive for consumption, negative for generation.</summary>
internal abstract record PowerSource
{
    /// <summary>Mean of a quarter of an hour.</summary>
    public abstract double MeanKw(in Moment moment, Climate climate, Noise noise, Trouble trouble);
}

/// <summary>When a machine runs.</summary>
/// <param name="To">Before <paramref name="From"/> when it runs through the night.</param>
/// <param name="LastDay">Of the week, which begins on Monday.</param>
internal sealed record Schedule(LocalTime From, LocalTime To, IsoDayOfWeek LastDay, bool OnHolidays = false)
{
    private const double RampHours = 0.75;

    public static readonly Schedule Always = new(LocalTime.Midnight, LocalTime.Midnight, IsoDayOfWeek.Sunday, OnHolidays: true);

    /// <summary>How far it runs, 0 to 1: it comes up and goes down within <see cref="RampHours"/>.</summary>
    public double Share(in Moment moment)
    {
        if (From == To)
        {
            return 1;
        }

        if ((moment.IsHoliday && !OnHolidays) || moment.Local.DayOfWeek > LastDay)
        {
            return 0;
        }

        var sinceStart = HoursBetween(From, moment.Local.TimeOfDay);
        var length = HoursBetween(From, To);
        return sinceStart < length ? Math.Min(1, Math.Min(sinceStart + Moment.Hours, length - sinceStart) / RampHours) : 0;
    }

    private static double HoursBetween(LocalTime from, LocalTime to)
    {
        var hours = (to.TickOfDay - from.TickOfDay) / (double)NodaConstants.TicksPerHour;
        return hours < 0 ? hours + 24 : hours;
    }
}

/// <summary>A consumer: a base load that never rests, what runs by the clock, and what depends on the weather.</summary>
/// <param name="Jitter">Share by which a quarter differs from what is usual; days differ by half of it.</param>
internal sealed record Load(double BaseKw, double RunningKw, Schedule Schedule, double Jitter = 0.06) : PowerSource
{
    private const double CoolingFromC = 16;
    private const double HeatingBelowC = 15;

    /// <summary>Added while it runs, a third of it otherwise.</summary>
    public double CoolingKwPerDegree { get; init; }

    /// <summary>Added while it runs, a third of it otherwise.</summary>
    public double HeatingKwPerDegree { get; init; }

    public override double MeanKw(in Moment moment, Climate climate, Noise noise, Trouble trouble)
    {
        var share = trouble.LeftOn ? 1 : Schedule.Share(moment);
        var weather = (CoolingKwPerDegree * Math.Max(0, moment.OutdoorC - CoolingFromC))
            + (HeatingKwPerDegree * Math.Max(0, HeatingBelowC - moment.OutdoorC));
        var power = (BaseKw * trouble.BaseFactor) + (RunningKw * share) + (weather * ((1 + (2 * share)) / 3));
        var day = moment.Index / 96;
        return power * (1 + (Jitter * (noise.At(moment.Index) + (0.5 * noise.At(-day)))));
    }
}

/// <summary>Solar modules: the sun's height, less what passing clouds take.</summary>
internal sealed record Solar(double PeakKw) : PowerSource
{
    public override double MeanKw(in Moment moment, Climate climate, Noise noise, Trouble trouble)
    {
        var height = climate.SunHeight(moment.Start + (Moment.Quarter / 2));
        var clear = 0.62 + (0.3 * noise.Smooth(moment.Index / 48.0)) + (0.08 * noise.At(moment.Index));
        return height > 0 ? -PeakKw * Math.Pow(height, 1.15) * clear : 0;
    }
}
