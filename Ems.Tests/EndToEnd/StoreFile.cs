using Microsoft.Data.Sqlite;

namespace Ems.Tests.EndToEnd;

/// <summary>Looks into the embedded store from outside, whether or not a process has it open.</summary>
internal static class StoreFile
{
    public static string? JobState(string dataDirectory, string jobId) =>
        Read(dataDirectory, "SELECT state FROM job WHERE id = $value", jobId) as string;

    /// <summary>Days whose roll-ups are still to be made.</summary>
    public static long DaysWithoutRollUp(string dataDirectory) => (long)Read(dataDirectory, "SELECT count(*) FROM rollup_missing")!;

    /// <summary>Days of the equipment whose totals are answered from roll-ups.</summary>
    public static long RolledUpDays(string dataDirectory, string equipmentId) => (long)Read(
        dataDirectory, "SELECT count(*) FROM rollup_day WHERE series IN (SELECT id FROM series WHERE equipment = $value)", equipmentId)!;

    private static object? Read(string dataDirectory, string sql, string value = "")
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(dataDirectory, "ingestion.db"),
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 60,
        }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are those above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$value", value);
        return command.ExecuteScalar();
    }
}
