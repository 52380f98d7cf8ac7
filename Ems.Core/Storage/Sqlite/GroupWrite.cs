using System.Runtime.InteropServices;
using Ems.Core.Metering;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Writes the readings of one equipment and length within a transaction.</summary>
internal sealed class GroupWrite
{
    private readonly SqliteConnection _connection;
    private readonly BatchWrite _batch;
    private readonly PendingGroup _group;
    private readonly StoredExtent _extent;
    private readonly FlagTally _tally = new();

    // All series of the equipment and length: first those of the batch, then the others, whose values belong to the same readings.
    private readonly List<SeriesWrite> _series = [];

    /// <param name="extent">Grows by what is new or different.</param>
    public GroupWrite(SqliteConnection connection, BatchWrite batch, PendingGroup group, StoredExtent extent)
    {
        (_connection, _batch, _group, _extent) = (connection, batch, group, extent);
        var known = SeriesTable.ListGroup(connection, group.EquipmentId, group.Length);
        foreach (var pending in group.Series)
        {
            var example = pending.Values[0].Value;
            var row = known.Find(one => one.Key.Metric == pending.Metric) is { } found
                ? SeriesTable.Renew(connection, found, example.Kind, example.Unit)
                : SeriesTable.Add(connection, new SeriesKey(group.EquipmentId, pending.Metric, group.Length), example.Kind, example.Unit);
            _series.Add(new SeriesWrite(row, pending.Values, JobRanges.FindKnown(connection, batch.Stamp.JobId, row)));
        }

        _series.AddRange(known
            .Where(one => !group.Series.Exists(pending => pending.Metric == one.Key.Metric))
            .Select(one => new SeriesWrite(one, [], default)));
    }

    /// <summary>Returns by how much the number of readings of each combination of flags grows.</summary>
    public FlagTally Run()
    {
        foreach (var (first, count) in _group.Runs())
        {
            WriteRun(_group.Starts[first], _group.Starts[first + count - 1], count);
        }

        _series.ForEach(Finish);
        return _tally;
    }

    private void WriteRun(long first, long last, int count)
    {
        foreach (var series in _series)
        {
            series.Current = series.Row.LastAt >= first ? Blocks(series).Read(first, last) : [];
            series.Existing = series.Current.Count;
            series.Current.EnsureCapacity(series.Existing + Math.Min(count, series.Values.Count - series.Next));
            series.IsDifferent = false;
        }

        FlagTally.Readings? before = null;
        foreach (var series in _series)
        {
            for (var at = 0; series.Next < series.Values.Count && series.Values[series.Next].Start <= last; series.Next++)
            {
                ref readonly var value = ref CollectionsMarshal.AsSpan(series.Values)[series.Next];
                while (at < series.Existing && series.Current[at].Key.CompareTo((value.Start, value.Length)) < 0)
                {
                    at++;
                }

                var existing = at < series.Existing && series.Current[at].Key == (value.Start, value.Length) ? at : -1;
                if (!IsThere(series, value, existing, out var same))
                {
                    before ??= Snapshot();
                    Write(series, value, existing, same);
                }
            }
        }

        if (before is not null)
        {
            _tally.Replace(before, Snapshot());
        }

        foreach (var series in _series.Where(series => series.IsDifferent))
        {
            if (series.Existing > 0 && series.Existing < series.Current.Count)
            {
                series.Current.Sort(StoredValue.ByKey);
            }

            Blocks(series).Replace(first, last, series.Current);
        }
    }

    private ValueBlocks Blocks(SeriesWrite series) => new(_connection, series.Row.Id);

    private FlagTally.Readings Snapshot()
    {
        var readings = new FlagTally.Readings();
        _series.ForEach(series => readings.Add(series.Current));
        return readings;
    }

    /// <summary>Whether nothing is to be written.</summary>
    /// <param name="existing">Where the value that is there stands among the current ones; negative when there is none.</param>
    /// <param name="same">Whether a value like this is there, be it from a source that may be undone.</param>
    private bool IsThere(SeriesWrite series, in PendingValue value, int existing, out bool same)
    {
        same = existing >= 0 && SameValue.Is((series.Current[existing].Value, series.Current[existing].Flags), (value.Value.Value, value.Flags));
        return same && !_batch.MustConfirm(series.Current[existing].Version);
    }

    private void Write(SeriesWrite series, in PendingValue value, int existing, bool same)
    {
        var (number, flags) = (value.Value.Value, value.Flags);
        if (existing >= 0)
        {
            ValueVersions.Keep(_connection, series.Row.Id, series.Current[existing]);
            if (same)
            {
                // What only confirms a value changes nothing of it.
                number = series.Current[existing].Value;
                flags |= series.Current[existing].Flags & ReadingFlagSets.Found;
            }
        }
        else if (series.Known.Holds(value.Start))
        {
            flags |= ReadingFlags.Late;
        }

        var (source, unit) = (value.Value.SourceValue, value.Value.SourceUnit);
        var stored = new StoredValue(
            value.Start, value.Length, number, _batch.Version, flags, source == number ? null : source, unit == value.Value.Unit ? null : unit);
        if (existing >= 0)
        {
            series.Current[existing] = stored;
        }
        else
        {
            series.Current.Add(stored);
            series.Added++;
        }

        series.IsDifferent = true;
        series.Touched.Add(value.Start, value.End);
        if (!same)
        {
            series.Changed.Add(value.Start, value.End);
            _batch.Note(value, isNew: existing < 0);
        }
    }

    private void Finish(SeriesWrite series)
    {
        if (series.Touched.IsEmpty)
        {
            return;
        }

        SeriesTable.Grow(_connection, series.Row, series.Added, series.Touched);
        RollUps.Invalidate(_connection, series.Row, series.Touched);
        UncheckedRanges.Add(_connection, series.Row.Id, series.Touched);
        if (_batch.Stamp.JobId is { } job)
        {
            JobRanges.Add(_connection, job, series.Row, series.Touched, series.Known);
        }

        if (!series.Changed.IsEmpty)
        {
            _extent.Add(series.Row.Key.Metric, series.Changed);
        }
    }

    /// <param name="known">The extent that the series had before.</param>
    private sealed class SeriesWrite(SeriesRow row, List<PendingValue> values, KnownExtent known)
    {
        public SeriesRow Row { get; } = row;

        public List<PendingValue> Values { get; } = values;

        public KnownExtent Known { get; } = known;

        /// <summary>Index of the first value that is not written yet.</summary>
        public int Next { get; set; }

        /// <summary>What the file holds in the time that is being written: what was there in order of time, then what is new.</summary>
        public List<StoredValue> Current { get; set; } = [];

        /// <summary>How many of the current values were there.</summary>
        public int Existing { get; set; }

        /// <summary>Whether they are to be written.</summary>
        public bool IsDifferent { get; set; }

        public long Added { get; set; }

        public TouchedRanges Touched { get; } = new();

        public TouchedRanges Changed { get; } = new();
    }
}
