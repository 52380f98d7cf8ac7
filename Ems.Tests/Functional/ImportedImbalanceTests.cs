using System.Globalization;
using System.Text;
using System.Text.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Imports;
using Ems.Tests.Contracts;
using Ems.Tests.EndToEnd;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>What the jobs of imports count: a main meter of 10 an hour, and those below it that count more than it on some days.</summary>
public sealed class ImportedImbalanceTests : IAsyncLifetime
{
    private static readonly Instant Start = Instant.FromUtc(2024, 3, 1, 0, 0);
    private readonly TemporaryFolder _folder = new();
    private ImportHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ImportHost.StartAsync(_folder.Path);
        foreach (var (id, parent) in new[] { ("main", null), ("sub-1", "main"), ("elsewhere", (string?)null) })
        {
            await _host.Catalogue.SaveEquipmentAsync(new Equipment { Id = id, Name = id, Parent = parent }, Cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(10, 24)]
    [InlineData(20, 0)]
    public async Task An_import_that_is_gone_on_with_after_its_check_counts_what_is_out_of_balance_then(double mainMeanwhile, int expected)
    {
        await ImportAsync(("main", Days(5, _ => 10)));
        (string, double[]) file = ("sub-1", Days(5, day => day == 3 ? 15 : 5));
        var job = await ImportAsync(file);
        Assert.Equal(24, Imbalance(job));
        await ImportAsync(("main", Days(5, day => day == 3 ? mainMeanwhile : 10)));

        Assert.Equal(expected, Imbalance(await GoOnAsync(job.Text("id"), file)));
    }

    [Fact]
    public async Task Meters_that_an_import_has_nothing_new_of_count_nothing_beside_those_that_it_has()
    {
        (string, double[]) sub = ("sub-1", Days(5, day => day == 3 ? 15 : 5));
        Assert.Equal(24, Imbalance(await ImportAsync(("main", Days(5, _ => 10)), sub)));

        Assert.Equal(0, Imbalance(await ImportAsync(sub, ("elsewhere", Days(5, _ => 1)))));
    }

    [Fact]
    public async Task Temperatures_of_a_meter_count_no_imbalance_of_its_energy()
    {
        await ImportAsync(("main", Days(5, _ => 10)));
        Assert.Equal(24, Imbalance(await ImportAsync(("sub-1", Days(5, day => day == 3 ? 15 : 5)))));

        Assert.Equal(0, Imbalance(await ImportAsync("temperature °C", ("sub-1", Days(5, day => 15 + day)))));
    }

    [Theory]
    [InlineData("main", "main", 0)]
    [InlineData("sub-1", "sub-1", 0)]
    [InlineData("main", "both", 0)]
    [InlineData("main", "changed main", 24)]
    public async Task A_file_that_comes_again_counts_the_imbalance_of_its_meters_only_where_it_changes_something(string last, string again, int expected)
    {
        (string, double[]) main = ("main", Days(6, _ => 10));
        (string, double[]) sub = ("sub-1", Days(6, day => day is 3 or 4 ? 15 : 5));
        await ImportAsync(last == "main" ? sub : main);
        Assert.Equal(48, Imbalance(await ImportAsync(last == "main" ? main : sub)));

        (string, double[])[] file = again switch
        {
            "main" => [main],
            "sub-1" => [sub],
            "both" => [main, sub],
            _ => [("main", Days(6, day => day == 3 ? 11 : 10))],
        };

        Assert.Equal(expected, Imbalance(await ImportAsync(file)));
    }

    /// <param name="changedHours">Of the main meter, that come with other values too.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    public async Task A_meter_in_the_file_itself_is_counted_once_on_days_on_which_one_below_it_changed(int changedHours)
    {
        var main = Days(5, _ => 10);
        Assert.Equal(0, Imbalance(await ImportAsync(("main", main), ("sub-1", Days(5, _ => 5)))));
        main.AsSpan(48, changedHours).Fill(9);

        Assert.Equal(24, Imbalance(await ImportAsync(("main", main), ("sub-1", Days(5, day => day == 3 ? 15 : 5)))));
    }

    [Fact]
    public async Task A_meter_in_the_file_that_has_all_of_its_values_already_is_counted_too()
    {
        await _host.Store.WriteAsync(
            new ReadingBatch([.. Days(5, _ => 10).Select((value, hour) => new Reading(
                "main", Start + Duration.FromHours(hour), Duration.FromHours(1), [new MetricValue("energy", QuantityKind.Interval, "kWh", value, value, "kWh")]))], "ann"),
            Cancel);

        Assert.Equal(24, Imbalance(await ImportAsync(("main", Days(5, _ => 10)), ("sub-1", Days(5, day => day == 3 ? 15 : 5)))));
    }

    [Fact]
    public async Task What_comes_for_a_meter_that_was_merged_counts_the_imbalance_above_the_other()
    {
        await ImportAsync(("main", Days(5, _ => 10)), ("sub-1", Days(2, _ => 5)), ("elsewhere", Days(1, _ => 5)));
        await _host.Store.MergeAsync("elsewhere", "sub-1", "merge", "ann", Cancel);

        Assert.Equal(24, Imbalance(await ImportAsync(("elsewhere", Days(5, day => day == 3 ? 15 : 5)))));
    }

    /// <summary>As a process does that takes a job whose last one was killed after the check, and before the end was saved.</summary>
    private async Task<JsonElement> GoOnAsync(string id, (string, double[]) file)
    {
        var spool = ImportJob.From((await _host.Jobs.FindAsync(id, Cancel))!.Body).Spool;
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "spool", $"{spool}.upload"), Content("kWh", file), Cancel);
        Assert.True(await _host.Jobs.UpdateAsync(id, [JobState.Completed], JobState.Queued, body: null, owner: null, Cancel));
        var stored = await _host.Jobs.FindAsync(id, Cancel);
        await Eventually.HoldsAsync(
            () => (stored = _host.Jobs.FindAsync(id, Cancel).GetAwaiter().GetResult()) is { State: JobState.Completed or JobState.Failed },
            TimeSpan.FromMinutes(1), () => stored!.State.ToString());
        Assert.Equal(JobState.Completed, stored!.State);
        return await _host.GetAsync($"/jobs/{id}");
    }

    private Task<JsonElement> ImportAsync(params (string, double[])[] meters) => ImportAsync("kWh", meters);

    private async Task<JsonElement> ImportAsync(string column, params (string, double[])[] meters)
    {
        var (status, job) = await _host.ImportAsync("meters.csv", Content(column, meters), wait: true, ("timestamp_label", "start"), ("time_zone", "UTC"));
        Assert.True(status == 200 && job.Text("state") == "completed", job.GetRawText());
        return job;
    }

    private static byte[] Content(string column, params (string Id, double[] Hours)[] meters)
    {
        var rows = meters.SelectMany(meter => meter.Hours.Select(
            (value, hour) => string.Create(CultureInfo.InvariantCulture, $"{Start + Duration.FromHours(hour)},{meter.Id},{value}\n")));
        return Encoding.UTF8.GetBytes($"Time,Meter ID,{column}\n{string.Concat(rows)}");
    }

    /// <param name="hourly">By day, from 1 on.</param>
    private static double[] Days(int days, Func<int, double> hourly) => [.. Enumerable.Range(0, 24 * days).Select(hour => hourly((hour / 24) + 1))];

    private static int Imbalance(JsonElement job) => job.GetProperty("flags").TryGetProperty("imbalance", out var values) ? values.GetInt32() : 0;
}
