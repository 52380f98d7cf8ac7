using System.Text;
using System.Text.Json;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

/// <summary>Calls of the public routes, as any client makes them.</summary>
internal static class PublicApi
{
    private static readonly TimeSpan JobLimit = TimeSpan.FromMinutes(10);

    public static async Task<HttpResponseMessage> UploadAsync(
        this HttpClient api, string fileName, byte[] content, bool wait, params IEnumerable<(string Name, string Value)> fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent(content), "file", fileName);
        return await api.PostAsync(
            new Uri($"/api/v1/data/ingest/excel?wait={(wait ? "true" : "false")}", UriKind.Relative), form, TestContext.Current.CancellationToken);
    }

    /// <summary>The job of an import that ran to its end.</summary>
    public static async Task<JsonElement> ImportAsync(
        this HttpClient api, string path, params IEnumerable<(string Name, string Value)> fields)
    {
        var content = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        using var answer = await api.UploadAsync(Path.GetFileName(path), content, wait: true, fields);
        var job = await answer.JsonAsync();
        Assert.True(job.Text("state") == "completed", job.GetRawText());
        return job;
    }

    public static Task<JsonElement> JobAsync(this HttpClient api, string id) => api.JsonAsync($"/api/v1/data/jobs/{id}");

    public static async Task<JsonElement> EndedJobAsync(this HttpClient api, string id)
    {
        JsonElement job = default;
        await Eventually.HoldsAsync(
            async () => (job = await api.JobAsync(id)).Text("state") is not ("queued" or "running"), JobLimit, () => job.GetRawText());
        return job;
    }

    /// <param name="question">JSON of a general question.</param>
    public static async Task<JsonElement> AskAsync(this HttpClient api, string question)
    {
        using var content = new StringContent(question, Encoding.UTF8, "application/json");
        using var answer = await api.PostAsync(new Uri("/api/v1/data/aggregate", UriKind.Relative), content, TestContext.Current.CancellationToken);
        return await answer.JsonAsync();
    }

    public static Task<JsonElement> SeriesAsync(this HttpClient api, string query) => api.JsonAsync($"/api/v1/data/series?{query}");

    /// <summary>The points of each series that are no gaps, by start as it is written.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>> ValuesAsync(this HttpClient api, string query)
    {
        var answer = await api.SeriesAsync(query);
        return answer.GetProperty("series").EnumerateArray().ToDictionary(
            series => series.Text("equipment_id"),
            IReadOnlyDictionary<string, double> (series) => series.GetProperty("points").EnumerateArray()
                .Where(point => point.GetProperty("value").ValueKind == JsonValueKind.Number)
                .ToDictionary(point => point.Text("start"), point => point.GetProperty("value").GetDouble()));
    }

    public static int Count(this JsonElement element, string property) => element.GetProperty(property).GetInt32();
}
