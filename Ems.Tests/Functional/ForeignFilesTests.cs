using System.Text;
using System.Text.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Tests.Unit.Imports;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>Real exports of other systems, as they are, through the import job.</summary>
public sealed class ForeignFilesTests : IDisposable
{
    private const double KwhPerKbtu = 0.29307107;

    // As far as a number of six digits in front of them has them for sure.
    private const int Decimals = 8;
    private const double KwhPerTherm = 29.307107;

    private readonly string _folder = Directory.CreateTempSubdirectory("ems-foreign-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Monthly_bills_become_four_meters_electricity_and_gas_apart()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var job = await ImportAsync(host, "xlsx/example-pm-monthly-meter-usage.xlsx");

        Assert.Equal(("completed", 8, 0), Outcome(job));
        Assert.Equal([(1, 31, Kwh(597_478.9)), (2, 29, Kwh(548_603.7))], await MonthsAsync(host, "5766973-0"));
        Assert.Equal([(1, 31, Kwh(576_000.2)), (2, 29, Kwh(488_000.1))], await MonthsAsync(host, "5766973-1"));
        Assert.Equal([(1, 31, Kwh(154_572.2)), (2, 29, Kwh(141_437.5))], await MonthsAsync(host, "5766975-0"));
        Assert.Equal([(1, 31, Kwh(299_915)), (2, 29, Kwh(496_310.9))], await MonthsAsync(host, "5766975-1"));
        Assert.Equal(
            [("5766973-0", "electricity", "5766973"), ("5766973-1", "gas", "5766973"), ("5766975-0", "electricity", "5766975"), ("5766975-1", "gas", "5766975")],
            (await host.Catalogue.ListEquipmentAsync(Cancellation)).Select(meter => (meter.Id, meter.Carrier, meter.Site!)).Order());
        Assert.Contains("exclusive", Assumptions(job));
    }

    [Fact]
    public async Task Bills_that_contradict_each_other_are_rejected_and_the_others_stored()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var job = await ImportAsync(host, "xlsx/example-pm-monthly-meter-usage-1-dup.xlsx");

        Assert.Equal(("completed", 8, 4), Outcome(job));
        var errors = job.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("message").GetString()!).ToList();
        Assert.Equal(2, errors.Count);
        Assert.Contains("15 and 16", errors[0], StringComparison.Ordinal);
        Assert.Contains("17 and 18", errors[1], StringComparison.Ordinal);
        Assert.Equal(2, (await MonthsAsync(host, "5766975-0")).Count);
    }

    [Fact]
    public async Task A_report_with_months_as_texts_gives_what_it_has_and_lists_its_gaps()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var job = await ImportAsync(host, "xlsx/example-pm-data-request-with-meters.xlsx");

        Assert.Equal(("completed", 2, 0), Outcome(job));
        Assert.Equal([(1, 31, Kwh(85_887.1)), (2, 29, Kwh(175_697.3))], await MonthsAsync(host, "4544232"));
        Assert.Equal(2, job.GetProperty("gaps").GetProperty("Not Available").GetInt32());
        Assert.Equal("Office", (await host.Catalogue.FindEquipmentAsync("4544232", Cancellation))!.Name);
    }

    [Theory]
    [InlineData("Date,Energy (kWh)\n2024-01-01 00:00,n/a\n2024-01-01 01:00,n/a\n2024-01-01 02:00,-\n")]
    [InlineData("Date,Energy (kWh)\n2024-01-01 00:00,-9999\n2024-01-01 01:00,-9999\n2024-01-01 02:00,-9999\n")]
    public async Task A_job_without_any_value_says_so_and_lists_its_gaps(string text)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, job) = await host.ImportAsync("main.csv", Encoding.UTF8.GetBytes(text), wait: true);

        Assert.Equal(("failed", 0, 0), Outcome(job));
        Assert.Equal("DATA_VALIDATION_FAILED", Assert.Single(job.GetProperty("errors").EnumerateArray()).GetProperty("code").GetString());
        Assert.Equal(3, job.GetProperty("gaps").EnumerateObject().Sum(gap => gap.Value.GetInt32()));
        Assert.Empty(await host.Catalogue.ListEquipmentAsync(Cancellation));
    }

    [Fact]
    public async Task Eighty_eight_bills_in_three_units_are_converted()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var job = await ImportAsync(host, "xlsx/PM Meter Data.xlsx");

        Assert.Equal(("completed", 88, 0), Outcome(job));
        Assert.Equal(88, job.GetProperty("rows_read").GetInt32());
        var meters = await host.Catalogue.ListEquipmentAsync(Cancellation);
        Assert.Equal(6, meters.Count);
        Assert.Equal(["5766973", "5766975", "5766981"], meters.Select(meter => meter.Site).Distinct().Order());
        Assert.Equal(6826, (await MonthsAsync(host, "5766981-0"))[0].Kwh);
        Assert.Equal(508 * KwhPerTherm, (await MonthsAsync(host, "5766981-1"))[0].Kwh, 1e-9);
        Assert.Equal("gas", meters.Single(meter => meter.Id == "5766981-1").Carrier);
        Assert.Equal(["kBtu", "kWh", "therm"], job.GetProperty("mapping").EnumerateArray().Select(column => column.GetProperty("unit").GetString()!).Order());
    }

    [Fact]
    public async Task A_green_button_feed_gives_its_intervals()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var job = await ImportAsync(host, "other/example-GreenButton-data.xml");

        Assert.Equal(("completed", 2, 0), Outcome(job));
        var series = Assert.Single(await host.Store.ListSeriesAsync(null, null, Cancellation));
        Assert.Equal(("energy", Duration.FromMinutes(15)), (series.Key.Metric, series.Key.Length));
        var samples = await host.Store.ReadAsync(series.Key, Instant.MinValue, Instant.MaxValue, 0, Cancellation);
        Assert.Equal([(Instant.FromUtc(2011, 3, 6, 5, 0), 1.790), (Instant.FromUtc(2011, 3, 6, 5, 15), 1.791)], samples.Select(sample => (sample.Start, Math.Round(sample.Value, 9))));
    }

    [Fact]
    public async Task Bills_of_the_last_months_that_come_again_in_the_next_download_are_duplicates()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var first = await BillsAsync(host, "15/01/2016,310", "14/02/2016,300", "16/03/2016,310", "15/04/2016,300");
        var next = await BillsAsync(host, "14/02/2016,300", "16/03/2016,310", "15/04/2016,300", "17/05/2016,320");

        Assert.Equal((4, 0), (first.GetProperty("rows_stored").GetInt32(), first.GetProperty("rows_duplicate").GetInt32()));
        Assert.Equal((1, 3, 0), (next.GetProperty("rows_stored").GetInt32(), next.GetProperty("rows_duplicate").GetInt32(), next.GetProperty("rows_changed").GetInt32()));
    }

    private static async Task<JsonElement> BillsAsync(ImportHost host, params string[] bills)
    {
        var (status, job) = await host.ImportAsync(
            "bills.csv", System.Text.Encoding.UTF8.GetBytes($"Meter,Bill Date,kWh\n{string.Concat(bills.Select(bill => $"M,{bill}\n"))}"), true);
        Assert.Equal(200, status);
        return job;
    }

    [Theory]
    [InlineData("xlsx/portfolio-manager-sample.xls")]
    [InlineData("xlsx/example-data-properties-unicode.xlsx")]
    public async Task A_list_of_properties_is_refused_with_what_was_found(string file)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var problem = await ImportAsync(host, file, expected: 400);

        Assert.Equal("MISSING_REQUIRED_COLUMNS", problem.GetProperty("code").GetString());
        Assert.Contains("Property Name", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ImportAsync(ImportHost host, string file, int expected = 200)
    {
        var path = ImportBench.RealFile(file);
        var (status, body) = await host.ImportAsync(Path.GetFileName(path), await File.ReadAllBytesAsync(path, Cancellation), wait: true);
        Assert.True(status == expected, body.ToString());
        return body;
    }

    private static (string State, int Stored, int Rejected) Outcome(JsonElement job) => (
        job.GetProperty("state").GetString()!, job.GetProperty("rows_stored").GetInt32(), job.GetProperty("rows_rejected").GetInt32());

    private static List<string> Assumptions(JsonElement job) =>
        [.. job.GetProperty("assumptions").EnumerateArray().Select(assumption => assumption.GetProperty("value").GetString()!)];

    private static async Task<List<(int Month, int Days, double Kwh)>> MonthsAsync(ImportHost host, string meter)
    {
        var key = new SeriesKey(meter, "energy", NominalLength.Month);
        var samples = await host.Store.ReadAsync(key, Instant.FromUtc(2000, 1, 1, 0, 0), Instant.FromUtc(2100, 1, 1, 0, 0), 0, Cancellation);
        return [.. samples.Select(sample => (sample.Start.InUtc().Month, (int)sample.Length.TotalDays, Math.Round(sample.Value, Decimals)))];
    }

    private static double Kwh(double kbtu) => Math.Round(kbtu * KwhPerKbtu, Decimals);
}
