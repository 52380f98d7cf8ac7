using Ems.Core.Metering;
using NodaTime;

namespace Ems.Core.Storage.Mongo;

/// <summary>Values that were written behind all others of their series.</summary>
/// <param name="Before">The series as it was before; null when it is new.</param>
/// <param name="Revision">That of the series from then on.</param>
/// <param name="Samples">In order of start and length.</param>
internal sealed record NewestSamples(SeriesKey Key, SeriesDocument? Before, long Revision, List<Sample> Samples);

/// <summary>The newest values of some series.</summary>
/// <param name="Since">All values of each that start then or later are here, as far as they were asked for.</param>
/// <param name="Samples">In order of start and length.</param>
internal sealed record KnownSamples(Instant Since, IReadOnlyDictionary<SeriesKey, List<Sample>> Samples)
{
    /// <summary>Those that start in [from, to).</summary>
    public IEnumerable<Sample> Between(SeriesKey key, Instant from, Instant to) => Samples[key].Where(sample => sample.Start >= from && sample.Start < to);

    /// <summary>Up to <paramref name="count"/> that start before a time, the earliest first; null when there may be nearer ones than are known.</summary>
    public IReadOnlyList<Sample>? Before(SeriesKey key, Instant at, int count)
    {
        var samples = Samples[key];
        var end = samples.CountBefore(at);
        return end >= count || Since == Instant.MinValue ? samples[Math.Max(0, end - count)..end] : null;
    }
}

/// <summary>
/// The newest values of series, as this process wrote them: what looks at them next (the check, the roll-ups, the next write) does not read
/// them back, and reads only what lies before them. They hold as long as nobody has changed anything of their series since, which its revisions tell.
/// </summary>
/// <param name="most">How many values are kept; those of series that were not asked for longest go first.</param>
internal sealed class RecentSamples(int most = 400_000)
{
    // What a series costs beside its values.
    private const int Overhead = 8;

    private readonly int _mostOfOne = most / 8;
    private readonly Lock _lock = new();
    private readonly Dictionary<SeriesKey, Newest> _series = [];
    private long _turn;
    private int _kept;

    public void Add(IEnumerable<NewestSamples> written)
    {
        lock (_lock)
        {
            foreach (var one in written)
            {
                Add(one);
            }

            if (_kept > most)
            {
                ForgetOldest();
            }
        }
    }

    /// <summary>What was found about values is something else now.</summary>
    /// <param name="before">The series as it was before.</param>
    /// <param name="foundRevision">That of the series from then on.</param>
    public void SetFound(SeriesDocument before, long foundRevision, IEnumerable<(Instant Start, Duration Length, ReadingFlags Found)> found)
    {
        lock (_lock)
        {
            if (_series.TryGetValue(before.Key, out var newest) && newest.IsOf(before))
            {
                newest.FoundRevision = foundRevision;
                foreach (var (start, length, flags) in found)
                {
                    newest.SetFound(start, length, flags);
                }
            }
        }
    }

    /// <summary>The values of a series that start in [from, to]; null when they are not all known here.</summary>
    public IEnumerable<Sample>? FindBetween(SeriesDocument series, Instant from, Instant to) =>
        Find([series], from, to + Duration.FromMilliseconds(1), 0) is { } known && known.Since <= from
            ? known.Between(series.Key, from, to + Duration.FromMilliseconds(1))
            : null;

    /// <summary>
    /// What is known here of the values of each series that start in [from, to), with up to <paramref name="neighbours"/> on either side;
    /// null when nothing that starts before <paramref name="to"/> is.
    /// </summary>
    /// <param name="series">Of one equipment and length, as they are in the store now.</param>
    public KnownSamples? Find(IReadOnlyList<SeriesDocument> series, Instant from, Instant to, int neighbours)
    {
        lock (_lock)
        {
            var since = Instant.MinValue;
            foreach (var one in series)
            {
                if (!_series.TryGetValue(one.Key, out var newest) || !newest.IsOf(one) || newest.Since >= to)
                {
                    return null;
                }

                newest.UsedAt = ++_turn;
                since = Instant.Max(since, newest.Since);
            }

            return new KnownSamples(since, series.ToDictionary(one => one.Key, one => _series[one.Key].Copy(from, to, neighbours)));
        }
    }

    private void Add(NewestSamples written)
    {
        var (key, before, revision, samples) = written;
        var goesOn = before is not null && _series.TryGetValue(key, out var known) && known.IsOf(before);
        if (!goesOn)
        {
            Forget(key);
            _series.Add(key, new Newest(before is { HasValues: true } ? samples[0].Start : Instant.MinValue));
            _kept += Overhead;
        }

        var newest = _series[key];
        (newest.Revision, newest.FoundRevision, newest.UsedAt) = (revision, before?.FoundRevision ?? 0, ++_turn);
        newest.Samples.AddRange(samples);
        _kept += samples.Count - newest.Shorten(_mostOfOne);
    }

    private void Forget(SeriesKey key)
    {
        if (_series.Remove(key, out var newest))
        {
            _kept -= newest.Samples.Count + Overhead;
        }
    }

    /// <summary>Half of all, so that not each write looks for the oldest.</summary>
    private void ForgetOldest()
    {
        foreach (var (key, _) in _series.OrderBy(one => one.Value.UsedAt).ToList())
        {
            if (_kept <= most / 2)
            {
                return;
            }

            Forget(key);
        }
    }

    /// <param name="since">All values of the series that start then or later are here.</param>
    private sealed class Newest(Instant since)
    {
        public Instant Since { get; private set; } = since;

        public List<Sample> Samples { get; } = [];

        public long Revision { get; set; }

        public long FoundRevision { get; set; }

        public long UsedAt { get; set; }

        public bool IsOf(SeriesDocument series) => (series.Revision, series.FoundRevision) == (Revision, FoundRevision);

        public List<Sample> Copy(Instant from, Instant to, int neighbours)
        {
            var first = Math.Max(Samples.CountBefore(Since), Samples.CountBefore(from) - neighbours);
            var end = Math.Min(Samples.Count, Samples.CountBefore(to) + neighbours);
            return Samples.GetRange(first, Math.Max(0, end - first));
        }

        public void SetFound(Instant start, Duration length, ReadingFlags found)
        {
            for (var i = Samples.CountBefore(start); i < Samples.Count && Samples[i].Start == start; i++)
            {
                if (Samples[i].Length == length)
                {
                    Samples[i] = Samples[i] with { Flags = (Samples[i].Flags & ~ReadingFlagSets.Found) | found };
                }
            }
        }

        /// <summary>Takes the older half out where there are too many; returns how many went.</summary>
        public int Shorten(int most)
        {
            if (Samples.Count <= most)
            {
                return 0;
            }

            var gone = Samples.Count - (most / 2);
            Since = Samples[gone - 1].Start + Duration.Epsilon;
            Samples.RemoveRange(0, gone);
            Samples.TrimExcess();
            return gone;
        }
    }
}
