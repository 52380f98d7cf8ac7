using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Short ways to run a statement. What is run again on the same connection is not prepared again.</summary>
public static class SqliteCommands
{
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, SqliteCommand>> Prepared = [];

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
    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.Take(sql, parameters);
        var changed = command.ExecuteNonQuery();
        connection.PutBack(command);
        return changed;
    }

    public static long ReadLong(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        connection.FindLong(sql, parameters) ?? throw new InvalidOperationException("The statement returned nothing.");

    public static long? FindLong(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.Take(sql, parameters);
        var value = command.ExecuteScalar() as long?;
        connection.PutBack(command);
        return value;
    }

    public static List<T> ReadAll<T>(
        this SqliteConnection connection, Func<SqliteDataReader, T> row, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.Take(sql, parameters);
        var rows = command.ReadRows(row);
        connection.PutBack(command);
        return rows;
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

    public static Instant? FindInstant(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInstant(column);

    public static Duration GetLength(this SqliteDataReader reader, int column) => Duration.FromMilliseconds(reader.GetInt64(column));

    /// <summary>Nobody else has the command until it is put back; one that failed never is.</summary>
    private static SqliteCommand Take(this SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        if (!Prepared.GetOrCreateValue(connection).Remove(sql, out var known))
        {
#pragma warning disable CA2100 // The statements are constants; values come as parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            }

            return command;
        }

        known.Transaction = command.Transaction;
        command.Dispose();
        foreach (var (name, value) in parameters)
        {
            known.Parameters[name].Value = value ?? DBNull.Value;
        }

        return known;
    }

    private static void PutBack(this SqliteConnection connection, SqliteCommand command)
    {
        if (!Prepared.GetOrCreateValue(connection).TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }
}
