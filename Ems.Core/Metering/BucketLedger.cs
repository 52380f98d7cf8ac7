using NodaTime;

namespace Ems.Core.Metering;

/// <summary>Books values and stretches of time into buckets. Everything must come in order of start.</summary>
internal sealed class BucketLedger
{
    // Longer intervals are bills, which may overlap: a final one begins where the preliminary one did.
    private const long LongestShared = 7 * NodaConstants.TicksPerDay;

    // Whether the last day belongs to a bill is often written carelessly; the amounts are right.
    private const long SloppyOverlap = 25 * NodaConstants.TicksPerHour;

    private readonly long[] _edges;
    private readonly Entry[] _entries;
    private int _current;
    private long _coveredUntil = long.MinValue;
    private long _billedUntil = long.MinValue;

    public BucketLedger(IReadOnlyList<Instant> edges)
    {
        if (edges.Count < 2)
        {
            throw new ArgumentException("A bucket needs two edges.", nameof(edges));
        }

        _edges = [.. edges.Select(edge => edge.ToUnixTimeTicks())];
        for (var i = 1; i < _edges.Length; i++)
        {
            if (_edges[i] <= _edges[i - 1])
            {
                throw new ArgumentException($"Edge {i} is not after the one in front of it.", nameof(edges));
            }
        }

        _entries = new Entry[_edges.Length - 1];
    }

    /// <summary>Whether a stretch of time reaches into the buckets.</summary>
    public bool Touches(Instant from, Instant to) =>
        to.ToUnixTimeTicks() >= _edges[0] && from.ToUnixTimeTicks() < _edges[^1];

    public void AddValue(Sample sample)
    {
        if (BucketOf(sample.Start.ToUnixTimeTicks()) is { } bucket)
        {
            _entries[bucket].Add(sample);
        }
    }

    /// <summary>Books a quantity that flowed evenly, and the time as covered.</summary>
    public void AddEven(Instant from, Instant to, double quantity, bool estimated)
    {
        var (start, end) = (from.ToUnixTimeTicks(), to.ToUnixTimeTicks());
        if (start == end)
        {
            if (BucketOf(start) is { } bucket)
            {
                _entries[bucket].Book(quantity, Math.Abs(quantity), estimated);
            }

            return;
        }

        for (var i = FirstBucket(start); i < _entries.Length && _edges[i] < end; i++)
        {
            var share = Share(i, start, end) * quantity;
            _entries[i].Book(share, Math.Abs(share), estimated);
        }

        AddCover(from, to);
    }

    /// <summary>
    /// Books the quantity of an interval: whole where it fits into a bucket, else in parts. Of a bill only the time is booked that
    /// none before it speaks for, but for a day; what is left of it is a part that no bucket makes whole.
    /// </summary>
    public void AddWhole(Instant from, Instant to, double quantity, bool estimated)
    {
        var (start, end) = (from.ToUnixTimeTicks(), to.ToUnixTimeTicks());
        var begin = end - start > LongestShared && _billedUntil - start > SloppyOverlap ? Math.Max(start, _billedUntil) : start;
        _billedUntil = end - start > LongestShared ? Math.Max(end, _billedUntil) : _billedUntil;
        var first = FirstBucket(start);
        var isCut = begin > start || start < _edges[0] || (first < _entries.Length && end > _edges[first + 1]);
        for (var i = first; i < _entries.Length && _edges[i] < end; i++)
        {
            var within = TicksWithin(i, begin, end);
            if (within <= 0)
            {
                continue;
            }

            var share = (double)within / (end - start) * quantity;
            _entries[i].Book(share, Math.Abs(share), estimated);
            if (isCut && !estimated)
            {
                (_entries[i].Cuts ??= []).Add(new CutInterval(from, to, Duration.FromTicks(within), Math.Abs(share)));
            }
        }

        AddCover(from, to);
    }

    /// <summary>Books the integral over hours of a level that went straight from one value to the next.</summary>
    public void AddTrapezoid(Sample from, Sample to, bool estimated)
    {
        var (start, end) = (from.Start.ToUnixTimeTicks(), to.Start.ToUnixTimeTicks());
        for (var i = FirstBucket(start); i < _entries.Length && _edges[i] < end; i++)
        {
            var (left, right) = (Math.Max(start, _edges[i]), Math.Min(end, _edges[i + 1]));
            var (a, b) = (At(left), At(right));
            var hours = (double)(right - left) / NodaConstants.TicksPerHour;
            var area = (a + b) / 2 * hours;
            var absolute = a * b < 0 ? ((a * a) + (b * b)) / (2 * (Math.Abs(a) + Math.Abs(b))) * hours : Math.Abs(area);
            _entries[i].Book(area, absolute, estimated);
        }

        AddCover(from.Start, to.Start);

        double At(long ticks) =>
            ticks == end ? to.Value : from.Value + ((to.Value - from.Value) * (ticks - start) / (end - start));
    }

    public void AddReset(Instant at)
    {
        if (BucketOf(at.ToUnixTimeTicks()) is { } bucket)
        {
            _entries[bucket].Resets++;
        }
    }

    /// <summary>Books time as covered, once where stretches overlap.</summary>
    public void AddCover(Instant from, Instant to)
    {
        var (start, end) = (Math.Max(from.ToUnixTimeTicks(), _coveredUntil), to.ToUnixTimeTicks());
        for (var i = _current; i < _entries.Length && _edges[i] < end; i++)
        {
            _entries[i].CoveredTicks += Math.Max(0, Math.Min(end, _edges[i + 1]) - Math.Max(start, _edges[i]));
        }

        _coveredUntil = Math.Max(_coveredUntil, end);
    }

    public BucketTotal[] Totals() => Array.ConvertAll(_entries, entry => entry.ToTotal());

    private long TicksWithin(int bucket, long start, long end) => Math.Min(end, _edges[bucket + 1]) - Math.Max(start, _edges[bucket]);

    private double Share(int bucket, long start, long end) => (double)TicksWithin(bucket, start, end) / (end - start);

    private int? BucketOf(long ticks)
    {
        var bucket = FirstBucket(ticks);
        return bucket < _entries.Length && ticks >= _edges[bucket] ? bucket : null;
    }

    /// <summary>The first bucket that ends after the instant. Moves on, as starts only grow.</summary>
    private int FirstBucket(long ticks)
    {
        while (_current < _entries.Length && _edges[_current + 1] <= ticks)
        {
            _current++;
        }

        return _current;
    }

    private struct Entry
    {
        public int Resets;
        public long CoveredTicks;
        public List<CutInterval>? Cuts;
        private long _count;
        private double _sum;
        private double _quantity;
        private double _absolute;
        private double _estimated;
        private Sample _first;
        private Sample _last;
        private Sample _lowest;
        private Sample _highest;

        public void Add(Sample sample)
        {
            _first = _count == 0 ? sample : _first;
            _lowest = _count == 0 || sample.Value < _lowest.Value ? sample : _lowest;
            _highest = _count == 0 || sample.Value > _highest.Value ? sample : _highest;
            _last = sample;
            _count++;
            _sum += sample.Value;
        }

        public void Book(double quantity, double absolute, bool estimated)
        {
            _quantity += quantity;
            _absolute += absolute;
            _estimated += estimated ? absolute : 0;
        }

        public readonly BucketTotal ToTotal()
        {
            if (_count == 0 && CoveredTicks == 0 && _absolute == 0)
            {
                return BucketTotal.Empty;
            }

            var covered = BucketTotal.Empty with
            {
                Quantity = _quantity,
                AbsoluteQuantity = _absolute,
                EstimatedQuantity = _estimated,
                Cuts = CutIntervals.Of(Cuts),
                Covered = Duration.FromTicks(CoveredTicks),
                Resets = Resets,
            };
            return _count == 0 ? covered : covered with
            {
                Count = _count,
                Sum = _sum,
                Min = _lowest.Value,
                MinAt = _lowest.Start,
                Max = _highest.Value,
                MaxAt = _highest.Start,
                First = _first.Value,
                FirstAt = _first.Start,
                Last = _last.Value,
                LastAt = _last.Start,
            };
        }
    }
}
