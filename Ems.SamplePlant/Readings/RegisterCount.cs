using Ems.SamplePlant.Faults;
using NodaTime;

namespace Ems.SamplePlant.Readings;

/// <summary>The two counters of a main meter, kWh since it was put in.</summary>
internal sealed class RegisterCount(SitePower power, FaultPlan faults, string meterId)
{
    private readonly int _meter = power.IndexOf(meterId);
    private Instant _startedAt;
    private long _quarter;
    private double _import;
    private double _export;

    /// <summary>Quickest when it is asked in the order of time.</summary>
    public (double ImportKwh, double ExportKwh) At(Instant at)
    {
        var startedAt = faults.RegisterStart(meterId, at);
        if (startedAt != _startedAt || Moment.IndexOf(at) < _quarter)
        {
            (_startedAt, _quarter, _import, _export) = (startedAt, Moment.IndexOf(startedAt), 0, 0);
        }

        for (; _quarter < Moment.IndexOf(at); _quarter++)
        {
            Count(Moment.Hours, ref _import, ref _export);
        }

        var (import, export) = (_import, _export);
        if (at > Moment.StartOf(_quarter))
        {
            Count(Ripple.HoursOfEnergy(at - Moment.StartOf(_quarter)), ref import, ref export);
        }

        return (import, export);
    }

    private void Count(double hours, ref double import, ref double export)
    {
        var mean = power.MeanKw(_quarter)[_meter];
        import += Math.Max(mean, 0) * hours;
        export += Math.Max(-mean, 0) * hours;
    }
}

/// <summary>How power moves within a quarter of an hour around its mean.</summary>
internal static class Ripple
{
    private const double Depth = 0.08;
    private const int Waves = 3;

    /// <summary>Power at this time of the quarter, over the quarter's mean.</summary>
    public static double Factor(Duration sinceStart) => 1 + (Depth * Math.Sin(Angle(sinceStart)));

    /// <summary>Energy up to this time of the quarter, over the quarter's mean power.</summary>
    public static double HoursOfEnergy(Duration sinceStart) =>
        sinceStart.TotalHours + (Depth * (1 - Math.Cos(Angle(sinceStart))) * Moment.Hours / (2 * Math.PI * Waves));

    private static double Angle(Duration sinceStart) => 2 * Math.PI * Waves * (sinceStart / Moment.Quarter);
}
