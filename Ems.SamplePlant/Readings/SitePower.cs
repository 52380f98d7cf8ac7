using Ems.SamplePlant.Faults;
using Ems.SamplePlant.Sites;
using NodaTime;

namespace Ems.SamplePlant.Readings;

/// <summary>What really happens at a site: mean power of each meter in each quarter of an hour, whatever the meters tell of it.</summary>
internal sealed class SitePower
{
    private readonly PlantSite _site;
    private readonly FaultPlan _faults;
    private readonly DateTimeZone _zone;
    private readonly Noise _weather;
    private readonly Noise[] _noises;
    private readonly int[] _parents;
    private readonly HashSet<LocalDate> _holidays = [];
    private readonly HashSet<int> _years = [];
    private double[] _last = [];
    private Moment _lastMoment;

    public SitePower(PlantSite site, FaultPlan faults, ulong seed)
    {
        (_site, _faults) = (site, faults);
        _zone = DateTimeZoneProviders.Tzdb[site.TimeZone];
        _weather = new Noise(seed, $"weather {site.Id}");
        _noises = [.. site.Meters.Select(meter => new Noise(seed, meter.Id))];
        _parents = [.. site.Meters.Select(meter => meter.Parent is null ? -1 : IndexOf(meter.Parent))];
    }

    public int IndexOf(string meterId) => _site.Meters.Index().First(entry => entry.Item.Id == meterId).Index;

    public Moment MomentOf(long quarter)
    {
        if (_last.Length == 0 || _lastMoment.Index != quarter)
        {
            var start = Moment.StartOf(quarter);
            var local = start.InZone(_zone).LocalDateTime;
            _lastMoment = new Moment(quarter, local, IsHoliday(local.Date), OutdoorC(start + (Moment.Quarter / 2)));
            _last = PowerOf(_lastMoment);
        }

        return _lastMoment;
    }

    /// <summary>Means of the quarter in kW, in the order of the site's meters.</summary>
    public ReadOnlySpan<double> MeanKw(long quarter)
    {
        MomentOf(quarter);
        return _last;
    }

    public double OutdoorC(Instant at) => _site.Climate.OutdoorC(at, at.InZone(_zone).LocalDateTime, _weather);

    private double[] PowerOf(Moment moment)
    {
        var power = new double[_site.Meters.Count];
        for (var i = power.Length - 1; i >= 0; i--)
        {
            var meter = _site.Meters[i];
            power[i] += meter.Source?.MeanKw(moment, _site.Climate, _noises[i], _faults.TroubleOf(meter.Id, moment.Start)) ?? 0;
            if (_parents[i] >= 0)
            {
                power[_parents[i]] += power[i];
            }
        }

        return power;
    }

    private bool IsHoliday(LocalDate date)
    {
        if (_years.Add(date.Year))
        {
            _holidays.UnionWith(_site.Holidays(date.Year));
        }

        return _holidays.Contains(date);
    }
}
