using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>Finds the nominal step of one equipment's labels and whether the file has them in order.</summary>
internal sealed class StepFinder
{
    /// <summary>More different steps than this are no grid; the ones found by then decide.</summary>
    private const int MaxSteps = 4096;

    private readonly Dictionary<long, long> _counts = [];
    private DateTime? _last;

    public long Ups { get; private set; }

    public long Downs { get; private set; }

    public void Note(DateTime local)
    {
        if (_last is { } last && local != last)
        {
            Ups += local > last ? 1 : 0;
            Downs += local < last ? 1 : 0;
            var seconds = (long)Math.Round(Math.Abs((local - last).TotalSeconds));
            if (_counts.Count < MaxSteps || _counts.ContainsKey(seconds))
            {
                _counts[seconds] = _counts.GetValueOrDefault(seconds) + 1;
            }
        }

        _last = local;
    }

    /// <summary>The median distance of neighbouring labels as a nominal length; zero when there are no two.</summary>
    public Duration Step()
    {
        var seen = 0L;
        var half = (_counts.Values.Sum() + 1) / 2;
        foreach (var (seconds, count) in _counts.OrderBy(entry => entry.Key))
        {
            seen += count;
            if (seen >= half)
            {
                return Ems.Core.Metering.NominalLength.Of(Duration.FromSeconds(seconds));
            }
        }

        return Duration.Zero;
    }
}
