using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>What is a row of headers that have a part of the time, and what only looks like one.</summary>
public sealed class MatrixHeadersTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Year,Month,Usage (kWh)", "2023,Jan,1850 2023,Feb,2022 2023,Mar,1700 2023,Apr,1650")]
    [InlineData("Month,Year,Usage (kWh)", "January,2023,1850 February,2023,2022 March,2023,1700 April,2023,1650")]
    public void A_value_that_looks_like_a_year_makes_no_header(string headers, string rows)
    {
        _bench.RunText($"{headers}\n{rows.Replace(' ', '\n')}\n");

        Assert.Equal(
            [
                "meter energy 2023-01-01 00:00 31d 1850", "meter energy 2023-02-01 00:00 28d 2022", "meter energy 2023-03-01 00:00 31d 1700",
                "meter energy 2023-04-01 00:00 30d 1650",
            ],
            _bench.Told);
    }

    [Fact]
    public void A_value_that_looks_like_a_year_makes_no_header_beside_numbers_of_months()
    {
        var rows = Enumerable.Range(0, 24).Select(month => $"{2023 + (month / 12)},{(month % 12) + 1},{(month == 1 ? 2022 : 1500 + month)}\n");
        _bench.RunText($"Year,Month,Usage (kWh)\n{string.Concat(rows)}");

        Assert.Equal(24, _bench.Told.Count);
        Assert.Equal(["meter energy 2023-01-01 00:00 31d 1500", "meter energy 2023-02-01 00:00 28d 2022"], _bench.Told.Take(2));
    }

    [Fact]
    public void Values_that_look_like_hours_make_no_header_beside_a_date()
    {
        var names = string.Join(',', Enumerable.Range(0, 24).Select(i => $"Hall {(char)('A' + i)} kWh"));
        _bench.RunText($"Date,{names}\n2024-01-01,{string.Join(',', Enumerable.Range(1, 24))}\n2024-01-02,{string.Join(',', Enumerable.Range(1, 24).Select(i => i * 3 % 7))}\n2024-01-03,{string.Join(',', Enumerable.Range(1, 24).Select(i => i * 5 % 9))}\n");

        Assert.Equal(24 * 3, _bench.Readings.Count);
        Assert.Equal("Hall A energy 2024-01-01 00:00 1d 1", _bench.Told[0]);
    }

    [Theory]
    [InlineData("h:mm")]
    [InlineData("[h]:mm")]
    public void The_24_o_clock_of_a_workbook_ends_the_day(string format)
    {
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Main");
            sheet.Cell("A1").Value = "kWh";
            sheet.Cell("A2").Value = "Date";
            for (var quarter = 1; quarter <= 96; quarter++)
            {
                sheet.Cell(2, quarter + 1).Value = quarter / 96.0;
                sheet.Cell(2, quarter + 1).Style.NumberFormat.Format = format;
                sheet.Cell(3, quarter + 1).Value = quarter * 37 % 97;
                sheet.Cell(4, quarter + 1).Value = 100 + (quarter * 37 % 97);
            }

            sheet.Cell("A3").Value = new DateTime(2024, 1, 1);
            sheet.Cell("A4").Value = new DateTime(2024, 1, 2);
        });

        Assert.Equal("end", _bench.Assumed("timestamp_label"));
        Assert.Equal(192, _bench.Told.Count);
        Assert.Equal("Main energy 2024-01-01 00:00 15m 37", _bench.Told[0]);
        Assert.Equal("Main energy 2024-01-01 23:45 15m 60", _bench.Told[95]);
        Assert.Equal("Main energy 2024-01-02 23:45 15m 160", _bench.Told[^1]);
    }

    [Theory]
    [InlineData("h:mm")]
    [InlineData("[h]:mm")]
    public void The_24_o_clock_of_a_column_ends_the_day(string format)
    {
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Main");
            string[] headers = ["Date", "Time", "kWh"];
            for (var i = 0; i < headers.Length; i++)
            {
                sheet.Cell(1, i + 1).Value = headers[i];
            }

            for (var hour = 1; hour <= 24; hour++)
            {
                sheet.Cell(hour + 1, 1).Value = new DateTime(2024, 1, 1);
                sheet.Cell(hour + 1, 2).Value = hour / 24.0;
                sheet.Cell(hour + 1, 2).Style.NumberFormat.Format = format;
                sheet.Cell(hour + 1, 3).Value = hour;
            }
        });

        Assert.Equal(24, _bench.Told.Count);
        Assert.Equal(["Main energy 2024-01-01 00:00 1h 1", "Main energy 2024-01-01 23:00 1h 24"], [_bench.Told[0], _bench.Told[^1]]);
    }

    [Theory]
    [InlineData("Meter", 24)]
    [InlineData("Apartment", 24)]
    [InlineData("Zähler_", 48)]
    [InlineData("Building-", 96)]
    public void Numbered_meters_are_no_hours(string word, int count)
    {
        var (headers, values) = (string.Join(',', Enumerable.Range(1, count).Select(i => $"{word} {i}")), string.Join(',', Enumerable.Range(1, count).Select(i => 5 + (i * 37 % 101))));
        _bench.RunText($"Date,{headers}\n2024-01-01,{values}\n2024-01-02,{values}\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(count, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
        Assert.All(_bench.Readings, reading => Assert.Equal(1, reading.Length.TotalDays));
    }

    [Theory]
    [InlineData("Hour ")]
    [InlineData("H")]
    [InlineData("Int")]
    [InlineData("kWh_")]
    [InlineData("Value ")]
    [InlineData("")]
    public void Numbered_intervals_are_hours(string word)
    {
        var (headers, values) = (string.Join(',', Enumerable.Range(1, 24).Select(i => $"{word}{i}")), string.Join(',', Enumerable.Range(1, 24)));
        _bench.RunText($"Date,{headers}\n2024-01-01,{values}\n2024-01-02,{values}\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(48, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.Equal(("meter", 1), (reading.EquipmentId, reading.Length.TotalHours)));
    }

    [Theory]
    [InlineData(",Cost,kWh,Cost,kWh,Cost,kWh", "Cost of each time", "energy")]
    [InlineData(",Reading,Consumption (kWh),Reading,Consumption (kWh),Reading,Consumption (kWh)", "Reading of each time", "energy")]
    [InlineData(",m3,kWh,m3,kWh,m3,kWh", "m3 of each time", "energy")]
    [InlineData(",€,MWh,€,MWh,€,MWh", "€ of each time", "energy", 1000)]
    public void Below_each_month_the_column_of_amounts_is_taken(string below, string leftOut, string metric, double one = 1)
    {
        foreach (var months in (string[])["Meter,Jan-24,,Feb-24,,Mar-24,", "Meter,Jan-24,Jan-24,Feb-24,Feb-24,Mar-24,Mar-24", ",Jan-24,,Feb-24,,Mar-24,"])
        {
            using var bench = new ImportBench();
            bench.RunText($"{months}\n{(months[0] == ',' ? "Meter" : "")}{below}\nMJ1,1000,100,1110,110,1230,105\nMJ2,2000,200,2310,210,2630,205\n");

            Assert.Equal(
                [
                    $"MJ1 {metric} 2024-01-01 00:00 31d {100 * one}", $"MJ1 {metric} 2024-02-01 00:00 29d {110 * one}", $"MJ1 {metric} 2024-03-01 00:00 31d {105 * one}",
                    $"MJ2 {metric} 2024-01-01 00:00 31d {200 * one}", $"MJ2 {metric} 2024-02-01 00:00 29d {210 * one}", $"MJ2 {metric} 2024-03-01 00:00 31d {205 * one}",
                ],
                bench.Told);
            Assert.Empty(bench.FaultCodes);
            Assert.Equal(leftOut, bench.Assumed("left_out"));
        }
    }

    [Fact]
    public void Two_months_with_two_columns_each_are_a_matrix()
    {
        _bench.RunText("Meter,Jan-24,,Feb-24,\n,Cost,kWh,Cost,kWh\nMJ1,12.5,100,13.5,110\nMJ2,22.5,200,23.5,210\n");

        Assert.Equal(["MJ1 energy 2024-01-01 00:00 31d 100", "MJ1 energy 2024-02-01 00:00 29d 110", "MJ2 energy 2024-01-01 00:00 31d 200", "MJ2 energy 2024-02-01 00:00 29d 210"], _bench.Told);
    }

    [Fact]
    public void The_request_says_which_quantity_below_the_months_is_wanted()
    {
        _bench.RunText("Meter,Jan-24,,Feb-24,,Mar-24,\n,kWh,m3,kWh,m3,kWh,m3\nMJ1,100,9,110,8,105,7\n", new ImportForm { Metric = "gas_volume" });

        Assert.Equal([9.0, 8, 7], _bench.Values("MJ1", "gas_volume").Select(value => value.Value));
        Assert.Equal("kWh of each time", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("kW,m3", "active_power", "gas_volume", "water_volume")]
    [InlineData("Gas m3,Water m3")]
    [InlineData("Power,Usage")]
    public void What_is_asked_about_columns_below_the_months_can_be_answered(string below, params string[] metrics)
    {
        var text = $"Meter,Jan-24,,Feb-24,,Mar-24,\n,{below},{below},{below}\nMJ1,100,9,110,8,105,7\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal(metrics.Length > 0 ? ImportFault.AmbiguousMapping : ImportFault.DataValidationFailed, fault.Code);
        Assert.Equal(metrics, fault.Alternatives ?? []);
        foreach (var metric in metrics)
        {
            using var bench = new ImportBench();
            bench.RunText(text, new ImportForm { Metric = metric });
            Assert.Equal(3, bench.Values("MJ1", metric).Count());
        }
    }

    [Fact]
    public void Registers_below_the_months_are_registers_where_nothing_was_counted_from_them()
    {
        _bench.RunText("Meter readings in kWh,,,,,,\nMeter,Jan-24,,Feb-24,,Mar-24,\n,Meter reading,Cost,Meter reading,Cost,Meter reading,Cost\nMJ1,1000,9,1110,8,1205,7\n");

        Assert.Equal([1000.0, 1110, 1205], _bench.Values("MJ1", "energy_import_register").Select(value => value.Value));
    }

    /// <summary>Their texts come again too, but each of the times stands above one column alone.</summary>
    [Theory]
    [InlineData("Mo,Di,Mi,Do,Fr,Sa,So,Mo,Di,Mi,Do,Fr,Sa,So")]
    [InlineData("Actual,Actual,Actual,Actual,Actual,Actual,Actual,Forecast,Forecast,Forecast,Forecast,Forecast,Forecast,Forecast")]
    public void Texts_below_times_of_their_own_are_no_headers(string below)
    {
        var dates = string.Join(',', Enumerable.Range(1, 14).Select(day => $"2024-01-{day:00}"));
        _bench.RunText($"Meter,{dates}\n,{below}\nMJ1,{string.Join(',', Enumerable.Range(1, 14))}\nMJ2,{string.Join(',', Enumerable.Range(1, 14))}\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], _bench.Values("MJ1", "energy").Select(value => value.Value));
        Assert.Equal(14, _bench.Values("MJ2", "energy").Count());
    }

    [Fact]
    public void Several_columns_of_amounts_below_each_month_are_asked_about()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("kWh,,,,,,\nMeter,Jan-24,,Feb-24,,Mar-24,\n,Day,Night,Day,Night,Day,Night\nMJ1,100,9,110,8,105,7\n")).Fault;

        Assert.Equal(("DATA_VALIDATION_FAILED", 3), (fault.Code, fault.Row));
        Assert.Contains("Day, Night", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_row_of_texts_is_one_of_values()
    {
        _bench.RunText("kWh,,,,\nMeter,Jan-24,Feb-24,Mar-24,Apr-24\nMJ1,open,closed,open,closed\nMJ2,1,2,3,4\nMJ3,1,2,3,4\n");

        Assert.Equal([1.0, 2, 3, 4], _bench.Values("MJ2", "energy").Select(value => value.Value));
    }
}
