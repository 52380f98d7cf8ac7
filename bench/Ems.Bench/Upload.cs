using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Ems.Bench;

/// <summary>Imports by the public route.</summary>
internal static class Upload
{
    private static int _imports;

    /// <returns>Time until the job had ended with every row stored.</returns>
    public static async Task<TimeSpan> ImportAsync(HttpClient http, SampleWorkbook file)
    {
        var meter = string.Create(CultureInfo.InvariantCulture, $"meter-{Interlocked.Increment(ref _imports)}");
        var startedAt = TimeProvider.System.GetTimestamp();
        await using var stream = File.OpenRead(file.Path);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(meter), "equipment_id" },
            { new StringContent("instant"), "timestamp_label" },
            { new StreamContent(stream), "file", Path.GetFileName(file.Path) },
        };
        using var answer = await http.PostAsync(new Uri("/api/v1/data/ingest/excel?wait=true", UriKind.Relative), form);
        var text = await answer.Content.ReadAsStringAsync();
        var elapsed = TimeProvider.System.GetElapsedTime(startedAt);
        if (!answer.IsSuccessStatusCode || JsonDocument.Parse(text).RootElement.GetProperty("rows_stored").GetInt64() != file.RowCount)
        {
            throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
        }

        return elapsed;
    }

    /// <returns>Time until nothing is left to roll up and nothing to announce.</returns>
    public static async Task<TimeSpan> SettleAsync(string folder)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (Count(folder, "ingestion.db", "SELECT count(*) FROM rollup_missing") > 0
            || Count(folder, "ingestion.db", "SELECT coalesce(max(seq), 0) FROM outbox")
                > Count(folder, "analytics.db", "SELECT coalesce(max(seq), 0) FROM inbox_cursor WHERE subscription = 'analytics.detect'"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        return TimeProvider.System.GetElapsedTime(startedAt);
    }

    private static long Count(string folder, string file, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, file),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
