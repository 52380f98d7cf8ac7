using System.Net;
using System.Net.Http.Json;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

/// <summary>Clients that send live readings one batch after the other and remember what was acknowledged.</summary>
internal sealed class LiveTraffic
{
    private const int BatchSize = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly DateTimeOffset Start = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly HttpClient _api;
    private readonly int[] _acknowledged;
    private readonly List<Task> _senders;
    private readonly string _prefix;
    private volatile OnFailure _onFailure;
    private volatile bool _isOver;
    private int _refusals;

    /// <param name="prefix">Of the equipment's ids.</param>
    public LiveTraffic(HttpClient api, int senders, string prefix = "live")
    {
        (_api, _prefix) = (api, prefix);
        _acknowledged = new int[senders];
        _senders = [.. Enumerable.Range(0, senders).Select(sender => Task.Run(() => SendAsync(sender)))];
    }

    public IReadOnlyList<string> EquipmentIds => [.. Enumerable.Range(0, _acknowledged.Length).Select(IdOf)];

    private enum OnFailure
    {
        Fail,
        End,
        Repeat,
    }

    public int Acknowledged => _acknowledged.Sum();

    /// <summary>Answers of 503, each of which said when to try again.</summary>
    public int Refusals => _refusals;

    /// <summary>From now on the first refusal or failure ends a sender.</summary>
    public void AllowFailures() => _onFailure = OnFailure.End;

    /// <summary>From now on a batch that was refused, or whose answer was lost, is sent again until it is acknowledged.</summary>
    public void RepeatFailures() => _onFailure = OnFailure.Repeat;

    /// <summary>Waits until every sender has met its first failure.</summary>
    public Task EndAsync() => Task.WhenAll(_senders);

    /// <summary>Ends every sender after the batch that it is sending.</summary>
    public Task StopAsync()
    {
        _isOver = true;
        return EndAsync();
    }

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

    private string IdOf(int sender) => $"{_prefix}-{sender}";

    private static double ValueAt(int reading) => (reading * 3 % 101) / 4.0;

    private async Task SendAsync(int sender)
    {
        while (!_isOver)
        {
            var first = _acknowledged[sender];
            var batch = Enumerable.Range(first, BatchSize).Select(reading => new
            {
                equipment_id = IdOf(sender),
                timestamp = Start.AddSeconds(10 * reading),
                values = new { active_power = ValueAt(reading) },
            });
            while (!await IsAcknowledgedAsync(batch))
            {
                if (_onFailure == OnFailure.End)
                {
                    return;
                }

                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }

            _acknowledged[sender] += BatchSize;
        }
    }

    /// <summary>False when it was refused or the answer was lost: then it may be stored or not.</summary>
    private async Task<bool> IsAcknowledgedAsync(IEnumerable<object> batch)
    {
        try
        {
            using var answer = await _api.PostAsJsonAsync(new Uri("/api/v1/data/ingest/realtime", UriKind.Relative), batch, CancellationToken.None);
            if (_onFailure == OnFailure.Repeat && answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                Assert.NotNull(answer.Headers.RetryAfter);
                Interlocked.Increment(ref _refusals);
                return false;
            }

            if (_onFailure == OnFailure.End && !answer.IsSuccessStatusCode)
            {
                return false;
            }

            var receipt = await answer.JsonAsync();
            Assert.Equal(BatchSize, receipt.Count("accepted") + (_onFailure == OnFailure.Repeat ? receipt.Count("duplicate") : 0));
            return true;
        }
        catch (HttpRequestException) when (_onFailure != OnFailure.Fail)
        {
            return false;
        }
    }
}
