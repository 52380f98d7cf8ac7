using Ems.SamplePlant.Sites;
using NodaTime;

namespace Ems.SamplePlant.Loading;

/// <summary>Puts the plant into Ems by the public door: sites and meters that are missing, then the files.</summary>
internal sealed class PlantLoader(EmsClient ems, LoadConsole console, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    public async Task CreateSitesAsync(Instant now, CancellationToken cancellationToken)
    {
        foreach (var site in SampleSites.All)
        {
            await ems.CreateAsync($"data/sites/{site.Id}", BodyOf(site, now.InUtc().Year), cancellationToken);
            foreach (var meter in site.Meters)
            {
                await ems.CreateAsync($"data/equipment/{meter.Id}", BodyOf(meter, site), cancellationToken);
            }
        }
    }

    /// <exception cref="SamplePlantException">A file was not taken whole.</exception>
    public async Task<LoadTotals> LoadAsync(IReadOnlyList<SampleFile> files, CancellationToken cancellationToken)
    {
        var totals = default(LoadTotals);
        await console.RunAsync(
            files,
            async (file, report) =>
            {
                var ended = await LoadAsync(file, report, cancellationToken);
                totals = totals.With(ended);
                return ended;
            });
        return totals;
    }

    private async Task<ImportState> LoadAsync(SampleFile file, Action<double> report, CancellationToken cancellationToken)
    {
        var job = await ems.UploadAsync(file, cancellationToken);
        while (!job.HasEnded)
        {
            await Task.Delay(Poll, time, cancellationToken);
            job = await ems.FindJobAsync(job.Id, cancellationToken);
            report(job.Percentage);
        }

        return job.State == "completed" && job.RowsRejected == 0
            ? job
            : throw new SamplePlantException(
                $"{file.Name} {job.State} with {job.RowsRejected} readings rejected: {string.Join(", ", job.Errors.Take(1))}");
    }

    private static object BodyOf(PlantSite site, int year) => new
    {
        site.Name,
        site.TimeZone,
        site.Country,
        site.Locale,
        Holidays = Enumerable.Range(year - 1, 4).SelectMany(site.Holidays).Distinct().Order(),
        site.DemandIntervalMinutes,
        FloorAreaM2 = site.FloorAreaM2,
        TemperatureSeries = $"{site.Id}-weather/temperature",
    };

    private static object BodyOf(PlantMeter meter, PlantSite site) => new
    {
        meter.Name,
        meter.Type,
        Site = site.Id,
        meter.Parent,
        Tags = new[] { "sample" },
        meter.Carrier,
        Export = meter.Exports,
    };
}

/// <summary>Readings of all files.</summary>
internal readonly record struct LoadTotals(long Stored, long Duplicate, long Changed)
{
    public LoadTotals With(ImportState job) => new(Stored + job.RowsStored, Duplicate + job.RowsDuplicate, Changed + job.RowsChanged);
}
