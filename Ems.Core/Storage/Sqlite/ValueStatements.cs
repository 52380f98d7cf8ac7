using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

internal readonly record struct CurrentValue(double Value, long Version);

/// <summary>The prepared statements that change values.</summary>
internal sealed class ValueStatements : IDisposable
{
    private readonly SqliteCommand _current;
    private readonly SqliteCommand _keep;
    private readonly SqliteCommand _put;

    public ValueStatements(SqliteConnection connection)
    {
        _current = connection.Prepare(
            "SELECT start, length, value, version FROM value WHERE series = $series AND start BETWEEN $first AND $last",
            ("$series", 0L), ("$first", 0L), ("$last", 0L));
        _keep = connection.Prepare(
            "INSERT INTO value_version SELECT * FROM value WHERE series = $series AND start = $start AND length = $length",
            ("$series", 0L), ("$start", 0L), ("$length", 0L));
        _put = connection.Prepare(
            "INSERT OR REPLACE INTO value VALUES ($series, $start, $length, $version, $value, $flags, $source_value, $source_unit)",
            ("$series", 0L), ("$start", 0L), ("$length", 0L), ("$version", 0L), ("$value", 0d), ("$flags", 0), ("$source_value", null),
            ("$source_unit", null));
    }

    public Dictionary<(long Start, long Length), CurrentValue> ReadCurrent(long series, long first, long last)
    {
        var current = new Dictionary<(long, long), CurrentValue>();
        using var reader = _current.SetAll(series, first, last).ExecuteReader();
        while (reader.Read())
        {
            current.Add((reader.GetInt64(0), reader.GetInt64(1)), new CurrentValue(reader.GetDouble(2), reader.GetInt64(3)));
        }

        return current;
    }

    /// <summary>Copies the current value to the versions.</summary>
    public void KeepVersion(long series, long start, long length) => _keep.Run(series, start, length);

    public void Put(long series, in PendingValue value, long version)
    {
        var metric = value.Value;
        _put.Run(
            series, value.Start, value.Length, version, metric.Value, (int)value.Flags,
            metric.SourceValue == metric.Value ? null : metric.SourceValue,
            metric.SourceUnit == metric.Unit ? null : metric.SourceUnit);
    }

    public void Dispose()
    {
        _current.Dispose();
        _keep.Dispose();
        _put.Dispose();
    }
}
