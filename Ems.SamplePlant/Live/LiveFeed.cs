using Ems.SamplePlant.Loading;
using Ems.SamplePlant.Readings;
using Ems.SamplePlant.Sites;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ems.SamplePlant.Live;

/// <summary>
/// Live readings of every meter: registers and power at each step, and what a meter tells of a quarter of an hour once it is
/// over. It begins where the first of the meters stopped, so nothing is missing after a pause, however it began.
/// </summary>
internal sealed partial class LiveFeed(Plant plant, EmsClient ems, SamplePlantOptions options, TimeProvider time, ILogger<LiveFeed> logger)
{
    private const int ReadingsPerRequest = 500;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Instant? quarter = null;
        using var timer = new PeriodicTimer(options.LiveInterval, time);
        do
        {
            try
            {
                quarter = await SendAsync(quarter ?? await FindNextQuarterAsync(cancellationToken), OnGrid(Now()), cancellationToken);
            }
            catch (Exception fault) when (fault is SamplePlantException or HttpRequestException)
            {
                // The next step sends again what a quarter of an hour came to.
                LogFailed(fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <returns>The first quarter of an hour that is not over.</returns>
    private async Task<Instant> SendAsync(Instant quarter, Instant at, CancellationToken cancellationToken)
    {
        List<LiveReading> due = [];
        for (; quarter + Moment.Quarter <= at; quarter += Moment.Quarter)
        {
            due.AddRange(OfQuarter(quarter));
        }

        due.AddRange(OfInstant(at));
        foreach (var part in due.Chunk(ReadingsPerRequest))
        {
            var receipt = await ems.SubmitAsync(part, cancellationToken);
            if (receipt.Rejected.Count > 0)
            {
                LogRejected(receipt.Rejected.Count, receipt.Rejected[0].ToString());
            }
        }

        return quarter;
    }

    /// <summary>The readings of a quarter that is over, and the registers at its start.</summary>
    private IEnumerable<LiveReading> OfQuarter(Instant start) =>
        from site in plant.Sites
        from meter in site.Site.Meters
        let reading = site.At(meter, start)
        where reading is not null
        select new LiveReading(
            meter.Id, start.ToDateTimeOffset(), meter.Kind == MeterKind.Registers ? 0 : Moment.Quarter.TotalSeconds,
            meter.Channels.Zip(reading.Value.Values).ToDictionary(
                pair => pair.First.Metric, pair => CanonicalUnits.Convert(pair.First, pair.Second)));

    private IEnumerable<LiveReading> OfInstant(Instant at) =>
        from site in plant.Sites
        from meter in site.Site.Meters
        let values = site.Now(meter, at)
        where values is not null
        select new LiveReading(meter.Id, at.ToDateTimeOffset(), 0, values);

    /// <summary>A meter that has never told of a quarter has none that is missing.</summary>
    private async Task<Instant> FindNextQuarterAsync(CancellationToken cancellationToken)
    {
        var now = Now();
        var next = Plant.EndOf(now);
        foreach (var meter in plant.Sites.SelectMany(site => site.Site.Meters))
        {
            var ends = (await ems.FindDeliveredAsync(meter.Id, cancellationToken))
                .Where(metric => metric.DurationSeconds == Moment.Quarter.TotalSeconds)
                .Select(metric => Instant.FromDateTimeOffset(metric.LastAt) + Moment.Quarter)
                .ToList();
            next = ends.Count == 0 ? next : Instant.Min(next, ends.Max());
        }

        return Instant.Max(next, Plant.EndOf(now - Duration.FromDays(options.Days)));
    }

    /// <summary>Whole steps, so that a second feed repeats readings instead of adding others.</summary>
    private Instant OnGrid(Instant now)
    {
        var step = (long)options.LiveInterval.TotalSeconds;
        return Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / step * step);
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} live readings of the sample plant were refused, the first one because: {Reason}")]
    private partial void LogRejected(int count, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Live readings of the sample plant could not be sent: {Reason}")]
    private partial void LogFailed(string reason);
}
