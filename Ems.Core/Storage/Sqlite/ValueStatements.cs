using System.Globalization;
using System.Runtime.InteropServices;
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
    private const int RowsAtOnce = 50;
    private const string InsertRow = "INSERT INTO value VALUES (?1, ?6, ?2, ?3, ?7, ?4, ?8, ?5)";

    private readonly SqliteStatement _current = new(
        connection, "SELECT start, length, value, version, flags FROM value WHERE series = ? AND start BETWEEN ? AND ? ORDER BY start, length");

    // New values wait here for others that differ from them in time and number alone.
    private readonly List<(long Start, double Value, double? Source)> _waiting = new(RowsAtOnce);
    private readonly SqliteStatement _insert = new(connection, InsertRow);
    private readonly SqliteStatement _replace = new(connection, InsertRow.Replace("INSERT", "INSERT OR REPLACE", StringComparison.Ordinal));
    private SqliteStatement? _insertMany;
    private CommonFields _common;

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

    /// <summary>Puts a value where there is none; it may be written later, at the latest with <see cref="Flush"/>.</summary>
    public void Insert(long series, in PendingValue value, ReadingFlags flags, long version)
    {
        var common = CommonFields.Of(series, value, flags, version);
        if (common != _common)
        {
            Flush();
            _common = common;
        }

        _waiting.Add((value.Start, value.Value.Value, SourceOf(value.Value)));
        if (_waiting.Count == RowsAtOnce)
        {
            Put(_insertMany ??= new SqliteStatement(connection, InsertRows()), CollectionsMarshal.AsSpan(_waiting));
            _waiting.Clear();
        }
    }

    /// <summary>Writes what waits.</summary>
    public void Flush()
    {
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(_waiting))
        {
            Put(_insert, new(in row));
        }

        _waiting.Clear();
    }

    /// <summary>Puts a value in the place of the one that is there.</summary>
    public void Replace(long series, in PendingValue value, ReadingFlags flags, long version)
    {
        Flush();
        _common = CommonFields.Of(series, value, flags, version);
        Put(_replace, [(value.Start, value.Value.Value, SourceOf(value.Value))]);
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
        _insertMany?.Dispose();
        _replace.Dispose();
        _keep.Dispose();
        _versions.Dispose();
        _putBack.Dispose();
        _forget.Dispose();
        _remove.Dispose();
    }

    private static double? SourceOf(in MetricValue value) => value.SourceValue == value.Value ? null : value.SourceValue;

    private static string InsertRows() => InsertRow + string.Concat(Enumerable.Range(1, RowsAtOnce - 1).Select(
        row => string.Create(CultureInfo.InvariantCulture, $", (?1, ?{6 + (3 * row)}, ?2, ?3, ?{7 + (3 * row)}, ?4, ?{8 + (3 * row)}, ?5)")));

    private void Put(SqliteStatement statement, ReadOnlySpan<(long Start, double Value, double? Source)> rows)
    {
        statement.Bind(1, _common.Series).Bind(2, _common.Length).Bind(3, _common.Version).Bind(4, (long)_common.Flags);
        _ = _common.SourceUnit is { } unit ? statement.Bind(5, unit) : statement.BindNull(5);
        var parameter = 6;
        foreach (ref readonly var row in rows)
        {
            statement.Bind(parameter++, row.Start).Bind(parameter++, row.Value);
            _ = row.Source is { } source ? statement.Bind(parameter++, source) : statement.BindNull(parameter++);
        }

        statement.Run();
    }

    private readonly record struct CommonFields(long Series, long Length, long Version, ReadingFlags Flags, string? SourceUnit)
    {
        public static CommonFields Of(long series, in PendingValue value, ReadingFlags flags, long version) =>
            new(series, value.Length, version, flags, value.Value.SourceUnit == value.Value.Unit ? null : value.Value.SourceUnit);
    }
}
