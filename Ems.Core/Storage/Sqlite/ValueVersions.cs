using Ems.Core.Metering;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>The versions of values that are not the current ones, older or undone.</summary>
internal static class ValueVersions
{
    /// <summary>Of value_version, in the order that <see cref="Read"/> knows.</summary>
    public const string Columns = "start, length, value, version, flags, source_value, source_unit";

    public static StoredValue Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetDouble(2), row.GetInt64(3), (ReadingFlags)row.GetInt32(4),
        row.IsDBNull(5) ? null : row.GetDouble(5), row.FindText(6));

    public static void Keep(SqliteConnection connection, long series, in StoredValue value) => connection.Execute(
        $"INSERT OR REPLACE INTO value_version(series, {Columns}) VALUES ($series, $start, $length, $value, $version, $flags, $source, $unit)",
        ("$series", series), ("$start", value.Start), ("$length", value.Length), ("$value", value.Value), ("$version", value.Version),
        ("$flags", (int)value.Flags), ("$source", value.SourceValue), ("$unit", value.SourceUnit));

    /// <summary>The newest one that counts; null when there is none.</summary>
    public static StoredValue? Find(SqliteConnection connection, long series, in StoredValue current, Func<long, bool> counts)
    {
        foreach (var version in connection.ReadAll(
            Read,
            $"SELECT {Columns} FROM value_version WHERE series = $series AND start = $start AND length = $length ORDER BY version DESC",
            ("$series", series), ("$start", current.Start), ("$length", current.Length)))
        {
            if (counts(version.Version))
            {
                return version;
            }
        }

        return null;
    }

    public static void Forget(SqliteConnection connection, long series, in StoredValue version) => connection.Execute(
        "DELETE FROM value_version WHERE series = $series AND start = $start AND length = $length AND version = $version",
        ("$series", series), ("$start", version.Start), ("$length", version.Length), ("$version", version.Version));
}
