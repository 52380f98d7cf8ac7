using Ems.Core.Metering;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>A value as it stands in the file.</summary>
internal readonly record struct StoredValue(long Start, long Length, double Value, long Version, ReadingFlags Flags)
{
    public (long Start, long Length) Key => (Start, Length);
}

/// <summary>The prepared statements that change values.</summary>
internal sealed class ValueStatements(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement _current = new(
        connection, "SELECT start, length, value, version, flags FROM value WHERE series = ? AND start BETWEEN ? AND ? ORDER BY start, length");

    private readonly SqliteStatement _insert = new(connection, "INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    private readonly SqliteStatement _replace = new(connection, "INSERT OR REPLACE INTO value VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    private readonly SqliteStatement _keep = new(
        connection, "INSERT INTO value_version SELECT * FROM value WHERE series = ? AND start = ? AND length = ?");

    private readonly SqliteStatement _versions = new(
        connection,
        "SELECT version, value, flags FROM value_version WHERE series = ? AND start = ? AND length = ? ORDER BY version DESC");

    private readonly SqliteStatement _putBack = new(
        connection,
        "INSERT OR REPLACE INTO value SELECT * FROM value_version WHERE series = ? AND start = ? AND length = ? AND version = ?");

    private readonly SqliteStatement _forget = new(
        connection, "DELETE FROM value_version WHERE series = ? AND start = ? AND length = ? AND version = ?");

    private readonly SqliteStatement _remove = new(connection, "DELETE FROM value WHERE series = ? AND start = ? AND length = ?");

    /// <summary>The values that start within [first, last], in order of start and length.</summary>
    public List<StoredValue> ReadCurrent(long series, long first, long last)
    {
        var values = new List<StoredValue>();
        _current.Bind(1, series).Bind(2, first).Bind(3, last);
        while (_current.Step())
        {
            values.Add(new StoredValue(
                _current.Long(0), _current.Long(1), _current.Double(2), _current.Long(3), (ReadingFlags)_current.Long(4)));
        }

        return values;
    }

    /// <summary>Copies the current value to the versions.</summary>
    public void KeepVersion(long series, long start, long length) => _keep.Bind(1, series).Bind(2, start).Bind(3, length).Run();

    /// <summary>Puts a value where there is none, or in the place of the one that is there.</summary>
    public void Put(long series, in PendingValue value, ReadingFlags flags, long version, bool replaces)
    {
        var metric = value.Value;
        var put = replaces ? _replace : _insert;
        put.Bind(1, series).Bind(2, value.Start).Bind(3, value.Length).Bind(4, version).Bind(5, metric.Value).Bind(6, (long)flags);
        _ = metric.SourceValue == metric.Value ? put.BindNull(7) : put.Bind(7, metric.SourceValue);
        _ = metric.SourceUnit == metric.Unit ? put.BindNull(8) : put.Bind(8, metric.SourceUnit);
        put.Run();
    }

    /// <summary>The newest kept version that counts; null when there is none.</summary>
    public StoredValue? FindVersion(long series, in StoredValue current, Func<long, bool> counts)
    {
        _versions.Bind(1, series).Bind(2, current.Start).Bind(3, current.Length);
        StoredValue? found = null;
        while (_versions.Step())
        {
            var version = _versions.Long(0);
            if (found is null && counts(version))
            {
                found = new StoredValue(current.Start, current.Length, _versions.Double(1), version, (ReadingFlags)_versions.Long(2));
            }
        }

        return found;
    }

    /// <summary>Makes a kept version the current value again.</summary>
    public void PutBack(long series, in StoredValue version)
    {
        _putBack.Bind(1, series).Bind(2, version.Start).Bind(3, version.Length).Bind(4, version.Version).Run();
        _forget.Bind(1, series).Bind(2, version.Start).Bind(3, version.Length).Bind(4, version.Version).Run();
    }

    public void Remove(long series, in StoredValue value) => _remove.Bind(1, series).Bind(2, value.Start).Bind(3, value.Length).Run();

    public void Dispose()
    {
        _current.Dispose();
        _insert.Dispose();
        _replace.Dispose();
        _keep.Dispose();
        _versions.Dispose();
        _putBack.Dispose();
        _forget.Dispose();
        _remove.Dispose();
    }
}
