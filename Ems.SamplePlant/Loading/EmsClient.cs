using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ems.Core.Json;

namespace Ems.SamplePlant.Loading;

/// <summary>The public door of Ems, as any client uses it.</summary>
internal sealed class EmsClient : IDisposable
{
    private const int Attempts = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public EmsClient(Uri address, string key, TimeProvider time, HttpMessageHandler? handler = null)
    {
        // Our own machine: whatever proxy is set is not for it.
        _http = new HttpClient(handler ?? new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(address, "/api/v1/"),
            Timeout = TimeSpan.FromMinutes(5),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _time = time;
    }

    /// <summary>Creates what is not there; what is there is left as it is.</summary>
    public async Task CreateAsync(string route, object body, CancellationToken cancellationToken)
    {
        using var found = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, route), cancellationToken);
        if (found.StatusCode == HttpStatusCode.NotFound)
        {
            using var created = await SendAsync(
                () => new HttpRequestMessage(HttpMethod.Put, route) { Content = JsonContent.Create(body, options: EmsJson.Options) },
                cancellationToken);
            await CheckAsync(created, route, cancellationToken);
            return;
        }

        await CheckAsync(found, route, cancellationToken);
    }

    /// <summary>The newest reading of each length that an equipment has delivered.</summary>
    public async Task<IReadOnlyList<DeliveredMetric>> FindDeliveredAsync(string equipmentId, CancellationToken cancellationToken) =>
        (await GetAsync<DeliveredEquipment>($"data/equipment/{equipmentId}", cancellationToken)).Metrics;

    public async Task<ImportState> UploadAsync(SampleFile file, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        file.Write(content);
        using var answer = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, "data/ingest/excel")
            {
                Content = new MultipartFormDataContent
                {
                    { new StringContent(file.Site), "site" },
                    { new StringContent("start"), "timestamp_label" },
                    { new ByteArrayContent(content.GetBuffer(), 0, (int)content.Length), "file", file.Name },
                },
            },
            cancellationToken);
        return await ReadAsync<ImportState>(answer, file.Name, cancellationToken);
    }

    public Task<ImportState> FindJobAsync(string id, CancellationToken cancellationToken) =>
        GetAsync<ImportState>($"data/jobs/{id}", cancellationToken);

    public async Task<LiveReceipt> SubmitAsync(IReadOnlyList<LiveReading> readings, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, "data/ingest/realtime")
            {
                Content = JsonContent.Create(readings, options: EmsJson.Options),
            },
            cancellationToken);
        return await ReadAsync<LiveReceipt>(answer, "the live readings", cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string route, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, route), cancellationToken);
        return await ReadAsync<T>(answer, route, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, string what, CancellationToken cancellationToken)
    {
        await CheckAsync(answer, what, cancellationToken);
        return (await answer.Content.ReadFromJsonAsync<T>(EmsJson.Options, cancellationToken))!;
    }

    private static async Task CheckAsync(HttpResponseMessage answer, string what, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var problem = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new SamplePlantException($"{what} was refused with {(int)answer.StatusCode}: {problem}");
        }
    }

    /// <summary>All that is sent here may be sent again; a server that is starting or busy is asked again.</summary>
    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = make();
            try
            {
                var answer = await _http.SendAsync(request, cancellationToken);
                if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests) || attempt == Attempts)
                {
                    return answer;
                }

                var wait = answer.Headers.RetryAfter?.Delta ?? Pause;
                answer.Dispose();
                await Task.Delay(wait, _time, cancellationToken);
            }
            catch (HttpRequestException) when (attempt < Attempts)
            {
                await Task.Delay(Pause, _time, cancellationToken);
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new SamplePlantException($"Ems did not answer {request.Method} {request.RequestUri} within {_http.Timeout.TotalMinutes:0} minutes");
            }
        }
    }
}

/// <summary>Ems did not take what the sample plant sent.</summary>
internal sealed class SamplePlantException(string message) : Exception(message);

internal sealed record ImportState(
    string Id, string State, double Percentage, long RowsStored, long RowsDuplicate, long RowsChanged, long RowsRejected,
    IReadOnlyList<JsonElement> Errors)
{
    [JsonIgnore]
    public bool HasEnded => State is not ("queued" or "running");
}

internal sealed record DeliveredEquipment(IReadOnlyList<DeliveredMetric> Metrics);

internal sealed record DeliveredMetric(string Metric, double DurationSeconds, DateTimeOffset LastAt);

/// <param name="DurationSeconds">0: momentary values and registers.</param>
internal sealed record LiveReading(string EquipmentId, DateTimeOffset Timestamp, double DurationSeconds, IReadOnlyDictionary<string, double> Values);

internal sealed record LiveReceipt(int Accepted, int Duplicate, int Changed, IReadOnlyList<JsonElement> Rejected);
