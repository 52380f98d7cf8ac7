using Ems.Core.Storage;
using NodaTime;

namespace Ems.Ingestion.Readings;

/// <summary>Makes one reading of those of a request that have the same equipment, start and length.</summary>
internal sealed class ReadingMerge
{
    private readonly Dictionary<(string EquipmentId, Instant Start, Duration Length), Merged> _merged = [];

    public void Add(ParsedReading reading, Instant start)
    {
        var identity = (reading.EquipmentId, start, reading.Length);
        if (_merged.TryGetValue(identity, out var merged))
        {
            merged.Add(reading);
        }
        else
        {
            _merged.Add(identity, new Merged(reading, start));
        }
    }

    /// <summary>The readings in the order in which they came first; those that contradict each other are among the rejected.</summary>
    public List<Merged> Take(List<Rejection> rejected)
    {
        var taken = new List<Merged>(_merged.Count);
        foreach (var merged in _merged.Values)
        {
            if (merged.Contradiction is { } contradiction)
            {
                rejected.AddRange(merged.Indexes.Select(index => new Rejection(index, IntakeCodes.Contradiction, contradiction)));
            }
            else
            {
                taken.Add(merged);
            }
        }

        return taken;
    }

    /// <summary>A reading made of one or several that were sent.</summary>
    internal sealed class Merged(ParsedReading first, Instant start)
    {
        private readonly List<MetricValue> _values = [.. first.Values.Select(value => value.Over(first.Length))];
        private List<int>? _more;

        public string EquipmentId => first.EquipmentId;

        public IEnumerable<int> Indexes => _more is null ? [first.Index] : [first.Index, .. _more];

        public IReadOnlyList<MetricValue> Values => _values;

        /// <summary>Readings that said nothing new.</summary>
        public int Repeated { get; private set; }

        /// <summary>All readings that were sent, less the repeated.</summary>
        public int Distinct => 1 + (_more?.Count ?? 0) - Repeated;

        public string? Contradiction { get; private set; }

        public void Add(ParsedReading reading)
        {
            (_more ??= []).Add(reading.Index);
            var known = _values.Count;
            foreach (var value in reading.Values)
            {
                var i = _values.FindIndex(0, known, other => other.Metric == value.Metric);
                if (i < 0)
                {
                    _values.Add(value.Over(reading.Length));
                }
                else if (_values[i].Value != value.Value)
                {
                    Contradiction ??= string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"{value.Metric} is {_values[i].Value} in reading {first.Index} or one like it and {value.Value} in reading {reading.Index}, for the same equipment, time and length.");
                }
            }

            Repeated += _values.Count == known ? 1 : 0;
        }

        public Reading ToReading(bool deliversTemperature, bool deliversAirflow) =>
            new(EquipmentId, start, first.Length, _values, ReadingChecks.FlagsOf(_values, deliversTemperature, deliversAirflow));
    }
}
