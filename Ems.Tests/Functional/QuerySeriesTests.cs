using System.Text.Json;
using ClosedXML.Excel;
using Ems.Core.Metering;
using NodaTime;

namespace Ems.Tests.Functional;

public sealed class QuerySeriesTests
{
    [Fact]
    public async Task Days_are_those_of_the_site_also_when_the_clocks_change()
    {
        await using var host = await QueryHost.StartAsync();
        await host.AddSiteAsync("berlin", "Europe/Berlin");
        await host.AddEquipmentAsync("M", "berlin");
        await host.WriteHoursAsync("M", Instant.FromUtc(2024, 10, 25, 22, 0), [.. Enumerable.Repeat(1.0, 73)]);

        var points = await PointsAsync(host, "/series?equipment_id=M&from=2024-10-26&to=2024-10-29&bucket=day");

        Assert.Equal([24.0, 25.0, 24.0], points.Select(p => p.GetProperty("value").GetDouble()));
        Assert.Equal("2024-10-27T00:00:00+02:00", points[1].GetProperty("start").GetString());
        Assert.Equal("2024-10-28T00:00:00+01:00", points[2].GetProperty("start").GetString());
    }

    [Fact]
    public async Task What_a_register_counted_is_an_estimate_across_a_gap_and_not_at_an_edge()
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2025, 6, 11, 0, 0);
        await host.WriteAsync("M", "energy_import_register", QuantityKind.Register, "kWh", Duration.Zero,
            ((int[])[0, 1, 2, 3, 4, 12, 13, 14]).Select(h => (start + Duration.FromHours(h), 100.0 + h)));

        var quarters = await PointsAsync(host, "/series?equipment_id=M&from=2025-06-11T01:00Z&to=2025-06-11T02:00Z&bucket=15m");
        var hours = await PointsAsync(host, "/series?equipment_id=M&from=2025-06-11T03:00Z&to=2025-06-11T13:00Z&bucket=hour");

        Assert.All(quarters, quarter => Assert.Equal((0.25, 0.0), (quarter.GetProperty("value").GetDouble(), quarter.GetProperty("estimated_fraction").GetDouble())));
        Assert.Equal([0.0, 1, 1, 1, 1, 1, 1, 1, 1, 0], hours.Select(hour => hour.GetProperty("estimated_fraction").GetDouble()));
    }

    [Theory]
    [InlineData("max", 4.0)]
    [InlineData("mean", 4.0)]
    public async Task An_hour_of_a_counter_is_not_told_as_a_quarter(string aggregate, double expected)
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2025, 6, 11, 0, 0);
        await host.WriteAsync("M", "energy_import_register", QuantityKind.Register, "kWh", Duration.Zero,
            Enumerable.Range(0, 5).Select(h => (start + Duration.FromHours(h), 100 + (4.0 * h))));

        var series = (await host.GetAsync($"/series?equipment_id=M&bucket=15m&aggregate={aggregate}")).GetProperty("series")[0];
        var rows = await host.AskAsync($$"""{"metric":"energy","equipment":"M","bucket":"15m","aggregate":"{{aggregate}}"}""");

        Assert.Equal("hour", series.GetProperty("bucket").GetString());
        Assert.Equal(Enumerable.Repeat(expected, 4), series.GetProperty("points").EnumerateArray().Select(p => p.GetProperty("value").GetDouble()));
        Assert.Equal(Enumerable.Repeat(expected, 4), rows.GetProperty("rows").EnumerateArray().Select(p => p.GetProperty("value").GetDouble()));
    }

    [Fact]
    public async Task Readings_as_they_are_of_a_water_counter_are_what_it_showed()
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2025, 6, 9, 0, 0);
        await host.WriteAsync("W", "water_volume", QuantityKind.Register, "m3", Duration.Zero, Enumerable.Range(0, 3).Select(day => (start + Duration.FromDays(day), 500 + (24.0 * day))));

        var raw = await PointsAsync(host, "/series?equipment_id=W&metric=water_volume&bucket=raw");
        var days = await PointsAsync(host, "/series?equipment_id=W&metric=water_volume&bucket=day");

        Assert.Equal([500.0, 524, 548], raw.Select(p => p.GetProperty("value").GetDouble()));
        Assert.Equal([24.0, 24], days.Select(p => p.GetProperty("value").GetDouble()));
    }

    [Fact]
    public async Task A_meter_that_has_fallen_silent_takes_no_answer_from_the_others()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("Old", Instant.FromUtc(2025, 6, 1, 0, 0), 1, 1);
        await host.WriteHoursAsync("Live", Instant.FromUtc(2025, 6, 11, 0, 0), 5, 6);

        var since = await host.GetAsync("/series?equipment_id=Old&equipment_id=Live&from=2025-06-11&bucket=hour");
        var until = await host.GetAsync("/series?equipment_id=Live&to=2025-06-02&bucket=hour");

        var (old, live) = (Values(since, 0), Values(since, 1));
        Assert.Equal((12, 0), (old.Count, old.OfType<double>().Count()));
        Assert.Equal([5.0, 6.0], live.OfType<double>());
        Assert.Empty(Values(until, 0).OfType<double>());

        static List<double?> Values(JsonElement answer, int series) => [.. answer.GetProperty("series")[series].GetProperty("points").EnumerateArray()
            .Select(point => point.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : (double?)null)];
    }

    [Fact]
    public async Task Too_many_readings_are_refused_before_they_are_read()
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2025, 6, 1, 0, 0);
        await host.WriteAsync("M", "active_power", QuantityKind.Level, "kW", Duration.Zero, Enumerable.Range(0, 100_001).Select(second => (start + Duration.FromSeconds(second), 1.0)));

        var problem = await host.GetAsync("/series?equipment_id=M&metric=active_power&bucket=raw", 400);

        Assert.Contains("100001 points", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Net_energy_speaks_only_for_the_time_in_which_import_and_export_do()
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2025, 6, 9, 0, 0);
        await host.WriteAsync("M", "energy_import_register", QuantityKind.Register, "kWh", Duration.Zero,
            Enumerable.Range(0, 49).Select(h => (start + Duration.FromHours(h), 100.0 + h)));
        await host.WriteAsync("M", "energy_export_register", QuantityKind.Register, "kWh", Duration.Zero,
            Enumerable.Range(0, 25).Select(h => (start + Duration.FromHours(h), 50.0 + (0.5 * h))));

        var days = await PointsAsync(host, "/series?equipment_id=M&from=2025-06-09&to=2025-06-11&bucket=day");
        var both = await host.AskAsync("""{"metric":"energy","equipment":"M","from":"2025-06-09","to":"2025-06-11"}""");

        Assert.Equal([1.0, 0], days.Select(day => day.GetProperty("coverage").GetDouble()));
        Assert.Equal(12, days[0].GetProperty("value").GetDouble());
        Assert.Equal(0.5, both.GetProperty("coverage").GetDouble());
    }

    [Fact]
    public async Task Bills_of_all_lengths_are_one_meter_and_none_hides_another()
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2016, 1, 5, 0, 0);
        // A reader was ill once, and a bill was corrected between two readings.
        foreach (var days in (int[])[34, 29, 31, 33, 61, 28, 35, 17, 30, 32])
        {
            await host.WriteAsync("M", "energy", QuantityKind.Interval, "kWh", Duration.FromDays(days), [(start, days * 10.0)]);
            start += Duration.FromDays(days);
        }

        // What a report adds up is in the bills already.
        await host.WriteAsync("M", "energy", QuantityKind.Interval, "kWh", Duration.FromDays(91), [(Instant.FromUtc(2016, 4, 1, 0, 0), 5_000)]);

        var months = await PointsAsync(host, "/series?equipment_id=M&metric=energy&from=2016-02-01&to=2016-11-01&bucket=month");
        var raw = await PointsAsync(host, "/series?equipment_id=M&metric=energy&bucket=raw");
        var total = await host.AskAsync("""{"metric":"energy","equipment":"M"}""");

        Assert.Equal([290.0, 310, 300, 310, 300, 310, 310, 300, 310], months.Select(month => month.GetProperty("value").GetDouble()));
        Assert.All(months, month => Assert.Equal(1, month.GetProperty("coverage").GetDouble()));
        Assert.Equal([340.0, 290, 310, 330, 610, 280, 350, 170, 300, 320], raw.Select(bill => bill.GetProperty("value").GetDouble()));
        Assert.Equal((3_300.0, 1.0), (total.GetProperty("rows")[0].GetProperty("value").GetDouble(), total.GetProperty("coverage").GetDouble()));
    }

    [Fact]
    public async Task Months_between_readings_are_one_series_whose_missing_bill_is_a_gap()
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2016, 1, 5, 0, 0);
        foreach (var (days, isThere) in (IEnumerable<(int, bool)>)[(34, true), (26, true), (36, false), (28, true), (35, true)])
        {
            await host.WriteAsync("M", "energy", QuantityKind.Interval, "kWh", Duration.FromDays(days), isThere ? [(start, days * 10.0)] : []);
            start += Duration.FromDays(days);
        }

        var months = await PointsAsync(host, "/series?equipment_id=M&metric=energy&from=2016-02-01&to=2016-06-01&bucket=month");

        Assert.Equal([290.0, 40, 210, 310], months.Select(month => month.GetProperty("value").GetDouble()));
        double[] covered = [1, 4.0 / 31, 21.0 / 30, 1];
        Assert.All(months.Zip(covered), month => Assert.Equal(month.Second, month.First.GetProperty("coverage").GetDouble(), 1e-4));
    }

    [Theory]
    [InlineData(28, 32)]
    [InlineData(32, 28)]
    public async Task A_final_bill_adds_to_the_preliminary_one_only_its_own_days(params int[] arrivals)
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2025, 1, 1, 0, 0);
        foreach (var days in arrivals)
        {
            await host.WriteAsync("M", "energy", QuantityKind.Interval, "kWh", Duration.FromDays(days), [(start, days * 10.0)]);
        }

        var months = await PointsAsync(host, "/series?equipment_id=M&metric=energy&from=2025-01-01&to=2025-03-01&bucket=month");
        var raw = await PointsAsync(host, "/series?equipment_id=M&metric=energy&bucket=raw");
        var total = await host.AskAsync("""{"metric":"energy","equipment":"M"}""");

        Assert.Equal([310.0, 10], months.Select(month => month.GetProperty("value").GetDouble()));
        Assert.Equal([280.0, 320], raw.Select(bill => bill.GetProperty("value").GetDouble()));
        Assert.Equal((320.0, 1.0), (total.GetProperty("rows")[0].GetProperty("value").GetDouble(), total.GetProperty("coverage").GetDouble()));
    }

    [Fact]
    public async Task A_register_with_a_single_value_takes_nothing_from_the_energies()
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2025, 6, 11, 0, 0);
        await host.WriteHoursAsync("M", start, 1, 2, 3);
        await host.WriteAsync("M", "energy_import_register", QuantityKind.Register, "kWh", Duration.Zero, [(start + Duration.FromHours(1), 4711.0)]);

        var total = await host.AskAsync("""{"metric":"energy","equipment":"M"}""");

        Assert.Equal(6, total.GetProperty("rows")[0].GetProperty("value").GetDouble());
        Assert.Equal("energy", total.GetProperty("derived_from").GetString());
    }

    [Fact]
    public async Task The_day_on_which_the_clocks_go_forward_has_23_hours()
    {
        await using var host = await QueryHost.StartAsync();
        await host.AddSiteAsync("chicago", "America/Chicago");
        await host.AddEquipmentAsync("M", "chicago");
        await host.WriteHoursAsync("M", Instant.FromUtc(2018, 3, 10, 6, 0), [.. Enumerable.Repeat(1.0, 24 + 23 + 24)]);

        var days = await PointsAsync(host, "/series?equipment_id=M&from=2018-03-10&to=2018-03-13&bucket=day");
        var hours = await PointsAsync(host, "/series?equipment_id=M&from=2018-03-11&to=2018-03-12&bucket=hour");
        var day = await host.AskAsync("""{"metric":"energy","equipment":"M","from":"2018-03-11","to":"2018-03-12"}""");

        Assert.Equal([24.0, 23, 24], days.Select(p => p.GetProperty("value").GetDouble()));
        Assert.All(days, p => Assert.Equal(1, p.GetProperty("coverage").GetDouble()));
        Assert.Equal(23, hours.Count);
        Assert.Equal("2018-03-11T01:00:00-06:00", hours[1].GetProperty("start").GetString());
        Assert.Equal("2018-03-11T03:00:00-05:00", hours[2].GetProperty("start").GetString());
        Assert.Equal(23, day.GetProperty("rows")[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task A_meter_that_is_silent_in_the_range_makes_no_bucket_coarser()
    {
        await using var host = await QueryHost.StartAsync();
        var now = Instant.FromUtc(2025, 6, 11, 8, 0);
        await host.WriteAsync("old", "active_power", QuantityKind.Level, "kW", Duration.FromHours(1), [(now - Duration.FromDays(900), 5)]);
        await host.WriteAsync(
            "new", "active_power", QuantityKind.Level, "kW", Duration.FromMinutes(15),
            new[] { 1.0, 2, 3, 4 }.Select((kw, i) => (now + Duration.FromMinutes(15 * i), kw)));

        var answer = await host.AskAsync(
            """{"metric":"active_power","equipment":["old","new"],"from":"2025-06-11T08:00:00Z","to":"2025-06-11T09:00:00Z","bucket":"15m"}""");

        Assert.Equal("15m", answer.GetProperty("bucket").GetString());
    }

    [Fact]
    public async Task Months_of_every_length_keep_their_whole_value()
    {
        await using var host = await QueryHost.StartAsync();
        await host.AddSiteAsync("berlin", "Europe/Berlin");
        await host.AddEquipmentAsync("M", "berlin");
        var berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
        for (var month = new LocalDate(2024, 12, 1); month < new LocalDate(2025, 4, 1); month = month.PlusMonths(1))
        {
            var (start, end) = (berlin.AtStartOfDay(month).ToInstant(), berlin.AtStartOfDay(month.PlusMonths(1)).ToInstant());
            await host.WriteAsync("M", "energy", QuantityKind.Interval, "kWh", end - start, [(start, 100.0 * month.Month)]);
        }

        var points = await PointsAsync(host, "/series?equipment_id=M&bucket=day");
        var total = await host.AskAsync("""{"metric":"energy","equipment":"M"}""");

        Assert.Equal([1200.0, 100, 200, 300], points.Select(p => p.GetProperty("value").GetDouble()));
        Assert.All(points, p => Assert.Equal((1.0, 0.0), (p.GetProperty("coverage").GetDouble(), p.GetProperty("estimated_fraction").GetDouble())));
        Assert.Equal(1800, total.GetProperty("rows")[0].GetProperty("value").GetDouble());
        Assert.Equal((1.0, 0.0), (total.GetProperty("coverage").GetDouble(), total.GetProperty("estimated_fraction").GetDouble()));
    }

    [Theory]
    [InlineData("Asia/Kolkata", "2024-03-01T00:00:00+05:30")]
    [InlineData("Asia/Kathmandu", "2024-03-01T00:00:00+05:45")]
    public async Task Days_of_zones_with_odd_offsets_start_at_their_midnight(string zone, string start)
    {
        await using var host = await QueryHost.StartAsync();
        var quarters = Enumerable.Range(0, 96 * 3).Select(i => (Instant.FromUtc(2024, 2, 29, 0, 0) + Duration.FromMinutes(15 * i), 0.25));
        await host.WriteAsync("M", "energy", QuantityKind.Interval, "kWh", Duration.FromMinutes(15), quarters);

        var points = await PointsAsync(host, $"/series?equipment_id=M&from=2024-03-01&to=2024-03-02&bucket=day&time_zone={zone}");

        Assert.Equal(start, Assert.Single(points).GetProperty("start").GetString());
        Assert.Equal(24, points[0].GetProperty("value").GetDouble(), 1e-9);
        Assert.Equal(0, points[0].GetProperty("estimated_fraction").GetDouble());
    }

    [Fact]
    public async Task An_empty_bucket_has_no_value_and_readings_are_not_spread()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("M", Instant.FromUtc(2024, 3, 1, 0, 0), 1, 2);
        await host.WriteHoursAsync("M", Instant.FromUtc(2024, 3, 1, 3, 0), 4);

        var answer = await host.GetAsync("/series?equipment_id=M&bucket=15m");
        var series = answer.GetProperty("series")[0];
        var points = series.GetProperty("points").EnumerateArray().ToList();

        Assert.Equal("hour", series.GetProperty("bucket").GetString());
        Assert.Equal(4, points.Count);
        Assert.Equal(JsonValueKind.Null, points[2].GetProperty("value").ValueKind);
        Assert.Equal(0, points[2].GetProperty("coverage").GetDouble());
        Assert.Equal(4, points[3].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task Energy_prefers_the_counter_and_takes_intervals_outside_of_it()
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2024, 3, 1, 0, 0);
        await host.WriteHoursAsync("M", start, 5, 5, 5, 5);
        await host.WriteAsync("M", "energy_import_register", QuantityKind.Register, "kWh", Duration.Zero,
            [(start + Duration.FromHours(2), 100), (start + Duration.FromHours(3), 107), (start + Duration.FromHours(4), 115)]);

        var answer = await host.GetAsync("/series?equipment_id=M&bucket=hour&from=2024-03-01T00:00:00Z&to=2024-03-01T04:00:00Z");
        var series = answer.GetProperty("series")[0];

        Assert.Equal([5.0, 5.0, 7.0, 8.0], series.GetProperty("points").EnumerateArray().Select(p => p.GetProperty("value").GetDouble()));
        Assert.Equal("energy, energy_import_register", series.GetProperty("derived_from").GetString());
    }

    [Fact]
    public async Task A_counter_ends_with_its_last_reading_and_a_lone_instant_is_no_energy()
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2024, 3, 1, 0, 0);
        await host.WriteAsync("M", "energy_import_register", QuantityKind.Register, "kWh", Duration.Zero,
            [(start, 100), (start + Duration.FromHours(1), 107), (start + Duration.FromHours(2), 115)]);
        await host.WriteAsync("L", "active_power", QuantityKind.Level, "kW", Duration.Zero, [(start, 4)]);

        var counter = await PointsAsync(host, "/series?equipment_id=M&bucket=hour");
        var lone = await PointsAsync(host, "/series?equipment_id=L&bucket=hour&from=2024-03-01T00:00:00Z&to=2024-03-01T01:00:00Z");

        Assert.Equal([7.0, 8.0], counter.Select(p => p.GetProperty("value").GetDouble()));
        Assert.Equal(JsonValueKind.Null, Assert.Single(lone).GetProperty("value").ValueKind);
    }

    [Theory]
    [InlineData("2024-03-01T02:00:00Z")]
    [InlineData("2024-03-01T02:00:00.000Z")]
    [InlineData("2024-03-01T02:00Z")]
    [InlineData("2024-03-01 02:00Z")]
    [InlineData("2024-03-01T03:00%2B01:00")]
    [InlineData("2024-03-01T02:00")]
    [InlineData("2024-03-01 02:00:00")]
    public async Task A_time_may_be_written_with_and_without_seconds_and_offset(string from)
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("M", Instant.FromUtc(2024, 3, 1, 0, 0), [1, 2, 3, 4]);

        var points = await PointsAsync(host, $"/series?equipment_id=M&bucket=hour&from={from}&to=2024-03-01T04:00Z");

        Assert.Equal([3.0, 4.0], points.Select(p => p.GetProperty("value").GetDouble()));
    }

    [Theory]
    [InlineData("/series", 400, "DATA_VALIDATION_FAILED")]
    [InlineData("/series?equipment_id=M&bucket=decade", 400, "DATA_VALIDATION_FAILED")]
    [InlineData("/series?equipment_id=M&metric=voltage", 400, "DATA_VALIDATION_FAILED")]
    [InlineData("/series?equipment_id=M&form=csv", 400, "DATA_VALIDATION_FAILED")]
    [InlineData("/series?equipment_id=M&time_zone=CET%2B1", 400, "DATA_VALIDATION_FAILED")]
    [InlineData("/series?equipment_id=M&from=2024-03-02&to=2024-03-01", 400, "INVALID_TIME_RANGE")]
    [InlineData("/series?equipment_id=M&from=yesterday", 400, "INVALID_TIME_RANGE")]
    [InlineData("/series?equipment_id=M&from=2000-01-01&to=2024-01-01&bucket=hour", 400, "INVALID_TIME_RANGE")]
    [InlineData("/series?equipment_id=M&from=2024-10-27T02:30&time_zone=Europe/Berlin", 400, "AMBIGUOUS_LOCAL_TIME")]
    [InlineData("/series?equipment_id=ghost", 404, "EQUIPMENT_NOT_FOUND")]
    public async Task A_wrong_request_is_told_what_is_wrong(string route, int status, string code)
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("M", Instant.FromUtc(2024, 3, 1, 0, 0), 1, 2);

        var problem = await host.GetAsync(route, status);

        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.NotEmpty(problem.GetProperty("errors").EnumerateArray());
    }

    [Fact]
    public async Task Files_carry_both_times_and_no_formula()
    {
        await using var host = await QueryHost.StartAsync();
        await host.AddSiteAsync("ny", "America/New_York");
        await host.AddEquipmentAsync("=1+1", "ny");
        await host.WriteHoursAsync("=1+1", Instant.FromUtc(2024, 3, 1, 5, 0), -1.5);

        var csv = await host.Client.GetStringAsync("/series?equipment_id=%3D1%2B1&format=csv", TestContext.Current.CancellationToken);
        var bytes = await host.Client.GetByteArrayAsync("/series?equipment_id=%3D1%2B1&format=xlsx", TestContext.Current.CancellationToken);

        Assert.Contains("'=1+1,energy,kWh,energy,America/New_York,2024-03-01T00:00:00,2024-03-01T05:00:00", csv, StringComparison.Ordinal);
        Assert.Contains(",-1.5,1,0", csv, StringComparison.Ordinal);
        using var workbook = new XLWorkbook(new MemoryStream(bytes));
        var sheet = workbook.Worksheet(1);
        Assert.False(sheet.Cell(2, 1).HasFormula);
        Assert.EndsWith("=1+1", sheet.Cell(2, 1).GetString(), StringComparison.Ordinal);
        Assert.Equal(new DateTime(2024, 3, 1, 0, 0, 0), sheet.Cell(2, 6).GetDateTime());
        Assert.Equal(-1.5, sheet.Cell(2, 10).GetDouble());
    }

    private static async Task<List<JsonElement>> PointsAsync(QueryHost host, string route) =>
        [.. (await host.GetAsync(route)).GetProperty("series")[0].GetProperty("points").EnumerateArray()];
}
