using System.Net.Http.Json;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

/// <summary>Clients that send live readings one batch after the other and remember what was acknowledged.</summary>
internal sealed class LiveTraffic
{
    private const int BatchSize = 10;
    private static readonly DateTimeOffset Start = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly HttpClient _api;
    private readonly int[] _acknowledged;
    private readonly List<Task> _senders;
    private volatile bool _mayFail;

    public LiveTraffic(HttpClient api, int senders)
    {
        _api = api;
        _acknowledged = new int[senders];
        _senders = [.. Enumerable.Range(0, senders).Select(sender => Task.Run(() => SendAsync(sender)))];
    }

    public IReadOnlyList<string> EquipmentIds => [.. Enumerable.Range(0, _acknowledged.Length).Select(IdOf)];

    public int Acknowledged => _acknowledged.Sum();

    /// <summary>From now on the first refusal or failure ends a sender.</summary>
    public void AllowFailures() => _mayFail = true;

    /// <summary>Waits until every sender has met its first failure.</summary>
    public Task EndAsync() => Task.WhenAll(_senders);

    /// <summary>Everything that was acknowledged is there; returns how many readings of each sender are stored.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CheckStoredAsync(HttpClient api)
    {
        var stored = new Dictionary<string, int>();
        for (var sender = 0; sender < _acknowledged.Length; sender++)
        {
            var id = IdOf(sender);
            var values = (await api.ValuesAsync($"equipment_id={id}&metric=active_power&bucket=raw"))[id].Values.ToList();
            Assert.InRange(values.Count, _acknowledged[sender], _acknowledged[sender] + BatchSize);
            Assert.Equal(Enumerable.Range(0, values.Count).Select(ValueAt), values);
            stored[id] = values.Count;
        }

        return stored;
    }

    private static string IdOf(int sender) => $"live-{sender}";

    private static double ValueAt(int reading) => (reading * 3 % 101) / 4.0;

    private async Task SendAsync(int sender)
    {
        while (true)
        {
            var first = _acknowledged[sender];
            var batch = Enumerable.Range(first, BatchSize).Select(reading => new
            {
                equipment_id = IdOf(sender),
                timestamp = Start.AddSeconds(10 * reading),
                values = new { active_power = ValueAt(reading) },
            });
            try
            {
                using var answer = await _api.PostAsJsonAsync(new Uri("/api/v1/data/ingest/realtime", UriKind.Relative), batch, CancellationToken.None);
                if (_mayFail && !answer.IsSuccessStatusCode)
                {
                    return;
                }

                var receipt = await answer.JsonAsync();
                Assert.Equal(BatchSize, receipt.Count("accepted"));
                _acknowledged[sender] += BatchSize;
            }
            catch (HttpRequestException) when (_mayFail)
            {
                return;
            }
        }
    }
}
