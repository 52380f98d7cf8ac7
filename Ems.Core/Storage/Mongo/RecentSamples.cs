using Ems.Core.Metering;
using NodaTime;

namespace Ems.Core.Storage.Mongo;

/// <summary>Values that were written behind all others of their series.</summary>
/// <param name="Before">The series as it was before; null when it is new.</param>
/// <param name="Revision">That of the series from then on.</param>
/// <param name="Samples">In order of start and length.</param>
internal sealed record NewestSamples(SeriesKey Key, SeriesDocument? Before, long Revision, List<Sample> Samples);

/// <summary>
/// The newest values of series, as this process wrote them: what looks at them next (the check, the roll-ups, the next write) does not read
/// them back. They hold as long as nobody has changed anything of their series since, which its revisions tell.
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

    /// <summary>The values of a series that start in [from, to]; null when they are not known here.</summary>
    public IEnumerable<Sample>? FindBetween(SeriesDocument series, Instant from, Instant to) => to < from
        ? []
        : Find([series], from, to + Duration.FromMilliseconds(1), 0)?[series.Key].Where(sample => sample.Start >= from);

    /// <summary>
    /// The values of each series in [from, to) or reaching into it, with up to <paramref name="neighbours"/> on either side, in order of
    /// start; null when any of them is not known here.
    /// </summary>
    /// <param name="series">Of one equipment and length, as they are in the store now.</param>
    public Dictionary<SeriesKey, List<Sample>>? Find(IReadOnlyList<SeriesDocument> series, Instant from, Instant to, int neighbours)
    {
        lock (_lock)
        {
            var found = new Dictionary<SeriesKey, List<Sample>>(series.Count);
            foreach (var one in series)
            {
                if (!_series.TryGetValue(one.Key, out var newest) || !newest.IsOf(one) || newest.Find(from, to, neighbours) is not { } samples)
                {
                    return null;
                }

                newest.UsedAt = ++_turn;
                found.Add(one.Key, samples);
            }

            return found;
        }
    }

    private void Add(NewestSamples written)
    {
        var (key, before, revision, samples) = written;
        var goesOn = before is not null && _series.TryGetValue(key, out var known) && known.IsOf(before);
        if (!goesOn)
        {
            Forget(key);
            _series.Add(key, new Newest(key.Length, before is { HasValues: true } ? samples[0].Start : Instant.MinValue));
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

    /// <param name="length">Of the series.</param>
    /// <param name="since">All values of the series that start then or later are here.</param>
    private sealed class Newest(Duration length, Instant since)
    {
        private readonly Duration _reach = length == Duration.Zero ? Duration.Zero : NominalLength.Longest(length);
        private Instant _since = since;

        public List<Sample> Samples { get; } = [];

        public long Revision { get; set; }

        public long FoundRevision { get; set; }

        public long UsedAt { get; set; }

        public bool IsOf(SeriesDocument series) => (series.Revision, series.FoundRevision) == (Revision, FoundRevision);

        public List<Sample>? Find(Instant from, Instant to, int neighbours)
        {
            var (first, end) = (Samples.CountBefore(from - _reach), Samples.CountBefore(to));
            while (first < end && Samples[first].Start < from && Samples[first].End <= from)
            {
                first++;
            }

            var before = Samples.CountBefore(first < end && Samples[first].Start < from ? Samples[first].Start : from);
            var isKnown = _since == Instant.MinValue || (from - _reach >= _since && (neighbours == 0 || before >= neighbours));
            return isKnown
                ?
                [
                    .. Samples[Math.Max(0, before - neighbours)..before], .. Samples[first..end],
                    .. Samples[end..Math.Min(Samples.Count, end + neighbours)],
                ]
                : null;
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
            _since = Samples[gone - 1].Start + Duration.Epsilon;
            Samples.RemoveRange(0, gone);
            return gone;
        }
    }
}
