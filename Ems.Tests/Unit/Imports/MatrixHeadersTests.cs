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
}
