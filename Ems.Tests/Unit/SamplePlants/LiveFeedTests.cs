using System.Net.Http.Json;
using Ems.Core.Json;
using Ems.SamplePlant;
using Ems.SamplePlant.Live;
using Ems.SamplePlant.Loading;
using Ems.SamplePlant.Readings;
using Ems.SamplePlant.Sites;
using Ems.Tests.EndToEnd;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Ems.Tests.Unit.SamplePlants;

public sealed class LiveFeedTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly Instant LastQuarter = Instant.FromUtc(2026, 11, 3, 6, 0);

    private static readonly Instant Now = LastQuarter + Duration.FromHours(40);

    /// <summary>The reading that a feed sends last when it begins.</summary>
    private static readonly (string, Instant) Last = ("adelaide-weather", Now);

    private readonly SamplePlantOptions _options = new();
    private readonly Plant _plant = new(seed: 1);
    private readonly FakeTimeProvider _time = new(Now.ToDateTimeOffset());
    private readonly Door _door;

    public LiveFeedTests() => _door = new Door(_plant);

    [Fact]
    public async Task What_an_interruption_left_out_is_sent_by_the_next_feed()
    {
        using var interruption = new CancellationTokenSource();
        _door.AfterNext = interruption.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(interruption.Token));
        Assert.InRange(_door.Readings.Count, 1, Expected().Count - 1);

        using var end = new CancellationTokenSource();
        var feed = RunAsync(end.Token);
        await Eventually.HoldsAsync(() => _door.Readings.Contains(Last), Limit, () => $"{_door.Readings.Count} readings");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => feed);

        Assert.Superset(Expected(), _door.Readings);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_ends_no_feed()
    {
        _door.AfterNext = () => throw new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout.");
        using var end = new CancellationTokenSource();
        var feed = RunAsync(end.Token);

        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(_options.LiveInterval);
                return feed.IsCompleted || Expected().IsSubsetOf(_door.Readings);
            },
            Limit, () => $"{_door.Readings.Count} readings");

        Assert.False(feed.IsCompleted, $"{feed.Exception}");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => feed);
    }

    public void Dispose() => _door.Dispose();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ems = new EmsClient(new Uri("http://localhost"), "key", _time, _door);
        await new LiveFeed(_plant, ems, _options, _time, NullLogger<LiveFeed>.Instance).RunAsync(cancellationToken);
    }

    /// <summary>Every quarter after the last one there was, but for planted gaps.</summary>
    private HashSet<(string Meter, Instant Start)> Expected() =>
    [
        .. from quarter in Enumerable.Range(1, (40 * 4) - 1)
           let start = LastQuarter + (Moment.Quarter * quarter)
           from site in _plant.Sites
           from meter in site.Site.Meters
           where site.At(meter, start) is not null
           select (meter.Id, start),
    ];

    /// <summary>The routes that a feed uses; each meter has a reading of the last quarter, and what is sent.</summary>
    private sealed class Door(Plant plant) : HttpMessageHandler
    {
        private readonly Lock _writing = new();
        private readonly HashSet<(string Meter, Instant Start)> _readings = [];

        /// <summary>Registers tell of no quarters.</summary>
        private readonly Dictionary<string, Instant> _lastQuarters = plant.Sites.SelectMany(site => site.Site.Meters)
            .Where(meter => meter.Kind != MeterKind.Registers)
            .ToDictionary(meter => meter.Id, _ => LastQuarter);

        public HashSet<(string Meter, Instant Start)> Readings
        {
            get
            {
                lock (_writing)
                {
                    return [.. _readings];
                }
            }
        }

        /// <summary>Once: when readings have been taken, and before it is answered.</summary>
        public Action? AfterNext { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (request.Method == HttpMethod.Get)
            {
                return Answer(new DeliveredEquipment(_lastQuarters.TryGetValue(request.RequestUri!.Segments[^1], out var last)
                    ? [new("energy", Moment.Quarter.TotalSeconds, last.ToDateTimeOffset())]
                    : [new("energy_import_register", 0, LastQuarter.ToDateTimeOffset())]));
            }

            var readings = (await request.Content!.ReadFromJsonAsync<List<LiveReading>>(EmsJson.Options, cancellationToken))!;
            readings.ForEach(Take);
            var after = AfterNext;
            AfterNext = null;
            after?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            return Answer(new LiveReceipt(readings.Count, 0, 0, []));
        }

        private void Take(LiveReading reading)
        {
            var start = Instant.FromDateTimeOffset(reading.Timestamp);
            lock (_writing)
            {
                _readings.Add((reading.EquipmentId, start));
            }

            if (reading.DurationSeconds > 0)
            {
                _lastQuarters[reading.EquipmentId] = start;
            }
        }

        private static HttpResponseMessage Answer<T>(T body) => new() { Content = JsonContent.Create(body, options: EmsJson.Options) };
    }
}
