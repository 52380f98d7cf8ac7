using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Short ways to run a statement.</summary>
internal static class SqliteCommands
{
    public static SqliteCommand Prepare(this SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are constants; values come as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    /// <summary>Runs the statement; returns the number of rows it changed.</summary>
    public static int Execute(this SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = connection.Prepare(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public static long ReadLong(this SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters) =>
        connection.FindLong(sql, parameters) ?? throw new InvalidOperationException("The statement returned nothing.");

    public static long? FindLong(this SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = connection.Prepare(sql, parameters);
        return command.ExecuteScalar() as long?;
    }

    public static List<T> ReadAll<T>(
        this SqliteConnection connection, Func<SqliteDataReader, T> row, string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = connection.Prepare(sql, parameters);
        return command.ReadRows(row);
    }

    public static List<T> ReadRows<T>(this SqliteCommand command, Func<SqliteDataReader, T> row)
    {
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>Runs a prepared statement again with other values, in the order in which its parameters were given.</summary>
    public static int Run(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        command.SetAll(values);
        return command.ExecuteNonQuery();
    }

    public static SqliteCommand SetAll(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    public static string? FindText(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? FindLong(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public static Instant GetInstant(this SqliteDataReader reader, int column) => Instant.FromUnixTimeMilliseconds(reader.GetInt64(column));

    public static Duration GetLength(this SqliteDataReader reader, int column) => Duration.FromMilliseconds(reader.GetInt64(column));
}
