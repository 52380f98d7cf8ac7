using Ems.Core.Metering;
using FsCheck.Xunit;
using NodaTime;

namespace Ems.Tests.Unit;

/// <summary>Totals are those of a computation that knows nothing but single minutes.</summary>
public sealed class SeriesArithmeticBruteForceTests
{
    private static readonly Duration Minute = Duration.FromMinutes(1);

    [Property(MaxTest = 200, Arbitrary = [typeof(SeriesArithmeticProperties.SeriesArbitrary)])]
    public bool Totals_are_those_of_single_minutes(SeriesArithmeticProperties.Series series)
    {
        var minutes = new Minutes(series.Kind, series.Samples);
        var totals = SeriesArithmetic.Totals(series.Kind, series.Samples, series.Edges);
        return Enumerable.Range(0, totals.Length).All(i => minutes.Agrees(totals[i], series.Edges[i], series.Edges[i + 1]));
    }

    /// <summary>What flows in each minute, whether it is covered, and whether it is an estimate.</summary>
    private sealed class Minutes
    {
        private readonly Sample[] _samples;
        private readonly Dictionary<Instant, (double Quantity, double Absolute, double Estimated)> _flows = [];
        private readonly HashSet<Instant> _covered = [];
        private readonly List<Instant> _resets = [];

        public Minutes(QuantityKind kind, Sample[] samples)
        {
            _samples = samples;
            for (var i = 0; i < samples.Length; i++)
            {
                if (kind != QuantityKind.Register && samples[i].Length > Duration.Zero)
                {
                    Spread(samples[i], kind == QuantityKind.Level ? samples[i].Value * samples[i].Length.TotalMinutes / 60 : samples[i].Value);
                }
                else if (kind == QuantityKind.Interval)
                {
                    Book(samples[i].Start, samples[i].Value, samples[i].Flags != 0);
                    var end = samples[i].Start + Step(i - 7, i + 6, -1);
                    Cover(samples[i].Start, i + 1 < samples.Length ? Instant.Min(end, samples[i + 1].Start) : end);
                }
                else if (i + 1 < samples.Length)
                {
                    Join(kind, i);
                }
            }
        }

        public bool Agrees(BucketTotal total, Instant from, Instant to)
        {
            var values = _samples.Where(sample => sample.Start >= from && sample.Start < to).ToList();
            var flows = _flows.Where(flow => flow.Key >= from && flow.Key < to).Select(flow => flow.Value).ToList();
            return IsClose(total.Quantity, flows.Sum(flow => flow.Quantity))
                && IsClose(total.AbsoluteQuantity, flows.Sum(flow => flow.Absolute))
                && IsClose(total.EstimatedQuantity, flows.Sum(flow => flow.Estimated))
                && total.Covered == Minute * _covered.Count(minute => minute >= from && minute < to)
                && total.Resets == _resets.Count(at => at >= from && at < to)
                && total.Count == values.Count
                && IsClose(total.Sum, values.Sum(value => value.Value))
                && total.Min == (values.Count == 0 ? null : values.Min(value => value.Value))
                && total.Max == (values.Count == 0 ? null : values.Max(value => value.Value))
                && total.First == (values.Count == 0 ? null : values[0].Value)
                && total.Last == (values.Count == 0 ? null : values[^1].Value);
        }

        private void Spread(Sample sample, double quantity)
        {
            var count = (int)sample.Length.TotalMinutes;
            var isBill = sample.Length > Duration.FromDays(7);
            for (var i = 0; i < count; i++)
            {
                if (isBill && _covered.Contains(sample.Start + (Minute * i)))
                {
                    continue;
                }

                Book(sample.Start + (Minute * i), quantity / count, sample.Flags != 0);
            }

            Cover(sample.Start, sample.End);
        }

        private void Join(QuantityKind kind, int i)
        {
            var (from, to) = (_samples[i], _samples[i + 1]);
            var count = (int)(to.Start - from.Start).TotalMinutes;
            var isGap = to.Start - from.Start > GapLimit(i);
            if (kind == QuantityKind.Level && (to.Length > Duration.Zero || isGap))
            {
                return;
            }

            var difference = kind == QuantityKind.Register ? RegisterDifference.Between(_samples, i) : default;
            var estimated = from.Flags != 0 || to.Flags != 0 || isGap || difference.Estimated;
            for (var m = 0; m < count; m++)
            {
                // A level goes straight from one value to the next: within a minute, from a to b.
                var (a, b) = (from.Value + ((to.Value - from.Value) * m / count), from.Value + ((to.Value - from.Value) * (m + 1) / count));
                if (kind == QuantityKind.Register)
                {
                    Book(from.Start + (Minute * m), difference.Quantity / count, estimated);
                }
                else
                {
                    var absolute = a * b >= 0 ? Math.Abs(a + b) / 2 : ((a * a) + (b * b)) / (2 * Math.Abs(a - b));
                    Book(from.Start + (Minute * m), (a + b) / 2 / 60, estimated, absolute / 60);
                }
            }

            Cover(from.Start, to.Start);
            if (difference.Restarted)
            {
                _resets.Add(to.Start);
            }
        }

        private Duration GapLimit(int i)
        {
            var others = Step(i - 7, i + 7, i);
            var step = others > Duration.Zero ? others : _samples[i + 1].Start - _samples[i].Start;
            return Duration.Max(Duration.Min(step * 3, Duration.FromHours(2)), step * 1.5);
        }

        /// <summary>The lower median of the distances from each of the values to the next one.</summary>
        private Duration Step(int first, int last, int without)
        {
            var steps = Enumerable.Range(first, last - first + 1)
                .Where(i => i >= 0 && i + 1 < _samples.Length && i != without)
                .Select(i => _samples[i + 1].Start - _samples[i].Start).Where(step => step > Duration.Zero).Order().ToList();
            return steps.Count == 0 ? Duration.Zero : steps[(steps.Count - 1) / 2];
        }

        private void Book(Instant minute, double quantity, bool estimated, double? absolute = null)
        {
            var (known, all, guessed) = _flows.GetValueOrDefault(minute);
            var size = absolute ?? Math.Abs(quantity);
            _flows[minute] = (known + quantity, all + size, guessed + (estimated ? size : 0));
        }

        private void Cover(Instant from, Instant to)
        {
            for (var minute = from; minute < to; minute += Minute)
            {
                _covered.Add(minute);
            }
        }

        private static bool IsClose(double a, double b) => Math.Abs(a - b) <= 1e-8 * Math.Max(1, Math.Abs(a) + Math.Abs(b));
    }
}
