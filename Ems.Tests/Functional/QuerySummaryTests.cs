using System.Text.Json;
using Ems.Core.Metering;
using NodaTime;

namespace Ems.Tests.Functional;

public sealed class QuerySummaryTests
{
    private static readonly Instant June11 = Instant.FromUtc(2025, 6, 11, 0, 0);

    [Fact]
    public async Task The_summary_shows_today_and_the_peak_of_main_meters()
    {
        await using var host = await QueryHost.StartAsync();
        await host.AddSiteAsync("s", "UTC");
        await host.AddEquipmentAsync("A", "s");
        await host.AddEquipmentAsync("B", "s");
        await host.AddEquipmentAsync("Sub", "s", parent: "A");
        await host.AddEquipmentAsync("G", "s", "gas");
        await host.WriteHoursAsync("A", June11, 5, 5, 11);
        await host.WriteHoursAsync("B", June11, 7, 4, 2);
        await host.WriteHoursAsync("Sub", June11, 1, 1, 1);
        await host.WriteHoursAsync("G", June11, 100, 100, 100);

        var summary = await host.GetAsync("/energy-summary");

        Assert.Equal("electricity", summary.GetProperty("carrier").GetString());
        Assert.Equal((34.0, null, 34.0), Amounts(summary));
        Assert.Equal(34, summary.GetProperty("by_carrier").GetProperty("electricity").GetProperty("month_kwh").GetDouble());
        Assert.Equal((13.0, "2025-06-11T02:00:00Z"), Peak(summary));
        Assert.Equal(300, summary.GetProperty("by_carrier").GetProperty("gas").GetProperty("today_kwh").GetDouble());
    }

    [Fact]
    public async Task What_comes_in_later_is_in_the_next_summary()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("A", June11, 5, 5);
        Assert.Equal((10.0, null, 10.0), Amounts(await host.GetAsync("/energy-summary")));

        await host.WriteHoursAsync("A", June11 - Duration.FromHours(1), 3, 7);
        var summary = await host.GetAsync("/energy-summary");

        Assert.Equal((12.0, 3.0, 15.0), Amounts(summary));
        Assert.Equal((7.0, "2025-06-11T00:00:00Z"), Peak(summary));
    }

    /// <summary>At 02:00 UTC it is 11 o'clock of the 11th in Tokyo and 22 o'clock of the 10th in New York.</summary>
    [Fact]
    public async Task Every_meter_has_the_today_of_its_own_site()
    {
        await using var host = await QueryHost.StartAsync(new DateTimeOffset(2025, 6, 11, 2, 0, 0, TimeSpan.Zero));
        await TokyoAndNewYorkAsync(host, Instant.FromUtc(2025, 6, 9, 0, 0), 50);

        var summary = await host.GetAsync("/energy-summary");
        var tokyo = await host.GetAsync("/energy-summary?site=tokyo");
        var again = await host.GetAsync("/energy-summary");

        Assert.Equal(((11 * 1) + (22 * 10.0), (24 * 1) + (24 * 10.0), (50 * 1) + (50 * 10.0)), Amounts(summary));
        Assert.Equal(11, summary.GetProperty("peak_kw").GetDouble());
        Assert.Equal("2025-06-11T01:00:00Z", summary.GetProperty("as_of").GetString());
        Assert.Equal((11.0, 24.0, 50.0), Amounts(tokyo));
        Assert.Equal("2025-06-11T10:00:00+09:00", tokyo.GetProperty("as_of").GetString());
        Assert.Equal(summary.GetRawText(), again.GetRawText());
    }

    /// <summary>At 02:00 UTC of July 1 it is July in Tokyo, since 11 hours, and June in New York.</summary>
    [Fact]
    public async Task Every_meter_has_the_month_of_its_own_site()
    {
        await using var host = await QueryHost.StartAsync(new DateTimeOffset(2025, 7, 1, 2, 0, 0, TimeSpan.Zero));
        await TokyoAndNewYorkAsync(host, Instant.FromUtc(2025, 6, 1, 4, 0), (30 * 24) - 2);

        var summary = await host.GetAsync("/energy-summary");

        Assert.Equal((11 + (22 * 10.0), 24 + (24 * 10.0), 11 + (((30 * 24) - 2) * 10.0)), Amounts(summary));
        Assert.Equal((11.0, "2025-06-30T15:00:00Z"), Peak(summary));
    }

    [Fact]
    public async Task Export_is_taken_off_import()
    {
        await using var host = await QueryHost.StartAsync();
        await WriteRegisterAsync(host, "M", "energy_import_register", 1000, 1010, 1030);
        await WriteRegisterAsync(host, "M", "energy_export_register", 500, 502, 507);
        await WriteRegisterAsync(host, "PV", "energy_export_register", 40, 41, 43);

        var summary = await host.GetAsync("/energy-summary");
        var hours = await host.GetAsync("/series?equipment_id=M&metric=energy&bucket=hour");
        var pv = await host.AskAsync("""{"metric":"energy","equipment":"PV"}""");

        Assert.Equal(((30 - 7) - 3.0, null, (30 - 7) - 3.0), Amounts(summary));
        Assert.Equal(15 - 2, summary.GetProperty("peak_kw").GetDouble());
        Assert.Equal([8.0, 15], hours.GetProperty("series")[0].GetProperty("points").EnumerateArray().Select(p => p.GetProperty("value").GetDouble()));
        Assert.Equal(-3, pv.GetProperty("rows")[0].GetProperty("value").GetDouble());
        Assert.Equal("energy_export_register", pv.GetProperty("derived_from").GetString());
    }

    [Fact]
    public async Task What_a_bill_says_of_a_month_is_not_spread_over_its_days()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteAsync("M", "energy", QuantityKind.Interval, "kWh", Duration.FromDays(30), [(Instant.FromUtc(2025, 6, 1, 0, 0), 3000)]);

        var summary = await host.GetAsync("/energy-summary");

        Assert.Equal((null, null, 3000.0), Amounts(summary));
        Assert.Equal((null, null), Peak(summary));
    }

    [Fact]
    public async Task What_a_bill_says_of_a_year_is_not_spread_over_its_months()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteAsync("M", "energy", QuantityKind.Interval, "kWh", Duration.FromDays(365), [(Instant.FromUtc(2025, 1, 1, 0, 0), 36500)]);

        Assert.Equal((null, null, null), Amounts(await host.GetAsync("/energy-summary")));
    }

    [Fact]
    public async Task A_counter_that_is_read_once_a_day_tells_no_peak()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteAsync(
            "M", "energy_import_register", QuantityKind.Register, "kWh", Duration.Zero, Enumerable.Range(-3, 5).Select(day => (June11 + Duration.FromDays(day), 10_000 + (240.0 * day))));

        var summary = await host.GetAsync("/energy-summary");

        Assert.Equal((240.0, 240.0, 960.0), Amounts(summary));
        Assert.Equal((null, null), Peak(summary));
    }

    private static async Task TokyoAndNewYorkAsync(QueryHost host, Instant start, int hours)
    {
        await host.AddSiteAsync("tokyo", "Asia/Tokyo");
        await host.AddSiteAsync("york", "America/New_York");
        await host.AddEquipmentAsync("T", "tokyo");
        await host.AddEquipmentAsync("N", "york");
        await host.WriteHoursAsync("T", start, [.. Enumerable.Repeat(1.0, hours)]);
        await host.WriteHoursAsync("N", start, [.. Enumerable.Repeat(10.0, hours)]);
    }

    private static Task WriteRegisterAsync(QueryHost host, string equipment, string metric, params double[] values) => host.WriteAsync(
        equipment, metric, QuantityKind.Register, "kWh", Duration.Zero, values.Select((value, i) => (June11 + Duration.FromHours(i), value)));

    private static (double? Today, double? Yesterday, double? Month) Amounts(JsonElement summary) =>
        (Number(summary, "today_kwh"), Number(summary, "yesterday_kwh"), Number(summary, "month_kwh"));

    private static (double? Kw, string? At) Peak(JsonElement summary) => (Number(summary, "peak_kw"), summary.GetProperty("peak_at").GetString());

    private static double? Number(JsonElement summary, string name) =>
        summary.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
