using System.Globalization;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Rows of dates that go on past midnight, as those of gas days do.</summary>
public sealed class NextDayTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Date,Time,kWh", 60, 6, 3)]
    [InlineData("Date,Time,kWh", 60, 9, 1)]
    [InlineData("Date,Hour,kWh", 60, 6, 3)]
    [InlineData("Meter,Date,Time,kWh", 15, 6, 2)]
    [InlineData("Time,kWh", 60, 6, 2)]
    public void Dates_whose_rows_go_on_past_midnight_up_to_the_time_before_the_first_are_those_of_gas_days(string header, int minutes, int first, int days)
    {
        var perDay = 1440 / minutes;
        _bench.RunText($"{header}\n{string.Concat(Enumerable.Range(0, days * perDay).Select(i => GasRow(header, 13 + (i / perDay), ((first * 60) + (i % perDay * minutes)) % 1440, i % 7)))}");

        Assert.Equal($"days begin at {first:00}:00", _bench.Assumed("layout"));
        Assert.Equal(
            Enumerable.Range(0, days * perDay).Select(i => $"{new DateTime(2024, 1, 13, first, 0, 0).AddMinutes(i * minutes):yyyy-MM-dd HH:mm} {i % 7}"),
            _bench.Readings.Where(reading => reading.EquipmentId != "B").OrderBy(reading => reading.Start).Select(reading => $"{reading.Start.ToDateTimeUtc():yyyy-MM-dd HH:mm} {reading.Values[0].Value}"));
    }

    [Theory]
    // By their dates, backwards, in turns, for a part of the day, by a clock of twelve hours, in the evening, and one date whose times stand with it.
    [InlineData("Date,Time,kWh", "13:6-23|14:0-23|15:0-5")]
    [InlineData("Date,Time,kWh", "13:5-0|13:23-6|14:5-0|14:23-6")]
    [InlineData("Date,Time,kWh", "13:6-23|13:0-5|14:0-23")]
    [InlineData("Date,Time,kWh", "13:6-23|14:6-23")]
    [InlineData("Date,Time,kWh", "13:7-12|13:1-6|14:7-12|14:1-6")]
    [InlineData("Date,Time,kWh", "13:6-18|13:0-5|14:6-18|14:0-5")]
    [InlineData("Date,Time,kWh", "13:22-23|13:0-21|14:22-23|14:0-21")]
    [InlineData("Time,kWh", "13:6-23|13:0-5")]
    // One date begins at midnight, goes on to when another one begins, goes back twice, or not over midnight.
    [InlineData("Date,Time,kWh", "13:6-23|13:0-5|14:0-5")]
    [InlineData("Date,Time,kWh", "13:8-23|13:0-6|14:6-23")]
    [InlineData("Date,Time,kWh", "13:6-23|13:0-5|14:6-23|14:4-5|14:0-3")]
    [InlineData("Date,Time,kWh", "13:8-17|13:6-7|14:8-17")]
    [InlineData("Date,Time,kWh", "13:8-17|13:0-2|14:8-17")]
    public void Dates_whose_rows_come_in_another_order_are_taken_as_they_are_written(string header, string rows)
    {
        var hours = HoursOf(rows);

        _bench.RunText($"{header}\n{string.Concat(hours.Select((hour, i) => GasRow(header, hour.Day, hour.Hour * 60, i % 7)))}");

        Assert.Equal("", _bench.Assumed("layout"));
        Assert.Equal(hours.Order().Select(hour => $"2024-01-{hour.Day} {hour.Hour:00}:00"), _bench.Readings.Select(reading => $"{reading.Start.ToDateTimeUtc():yyyy-MM-dd HH:mm}").Order());
    }

    [Theory]
    [InlineData("Date,Time,kWh", "13:6-23|13:0-2")]
    [InlineData("Date,Hour,kWh", "13:6-23|13:0-1")]
    [InlineData("Date,Time,kWh", "13:6-23|13:0-4|14:7-23|14:0-5|15:6-22")]
    [InlineData("Date,Time,kWh", "13:6-12|14:6-23|14:0-5|15:6-22|15:1-5")]
    [InlineData("Time,kWh", "13:6-23|13:0-5|14:7-23|14:0-2")]
    public void Gas_days_that_are_cut_off_or_lack_hours_are_read_as_whole_ones(string header, string rows)
    {
        var hours = HoursOf(rows);

        _bench.RunText($"{header}\n{string.Concat(hours.Select((hour, i) => GasRow(header, hour.Day, hour.Hour * 60, i % 7)))}");

        Assert.Equal("days begin at 06:00", _bench.Assumed("layout"));
        Assert.Equal(
            hours.Select(hour => $"2024-01-{(hour.Hour < 6 ? hour.Day + 1 : hour.Day)} {hour.Hour:00}:00"),
            _bench.Readings.OrderBy(reading => reading.Start).Select(reading => $"{reading.Start.ToDateTimeUtc():yyyy-MM-dd HH:mm}"));
    }

    private static List<(int Day, int Hour)> HoursOf(string rows) =>
        [.. rows.Split('|').SelectMany(part => part.Split(':') is [var day, var range] && range.Split('-').Select(int.Parse).ToList() is [var from, var to]
            ? Enumerable.Range(0, Math.Abs(to - from) + 1).Select(i => (int.Parse(day, CultureInfo.InvariantCulture), from + (i * Math.Sign(to - from)))) : [])];

    [Theory]
    [InlineData(60)]
    [InlineData(15)]
    public void Times_of_gas_days_go_through_the_change_of_the_clock(int minutes)
    {
        var hours = Enumerable.Range(23, 3).SelectMany(day => Enumerable.Range(6, 18).Concat([0, 1, 2, .. day == 24 ? (int[])[2] : [], 3, 4, 5])
            .SelectMany(hour => Enumerable.Range(0, 60 / minutes).Select(part => $"2026-10-{day},{hour:00}:{part * minutes:00},{hour}\n")));

        _bench.RunText($"Date,Time,kWh\n{string.Concat(hours)}", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(Enumerable.Range(0, 73 * 60 / minutes).Select(i => $"{new DateTime(2026, 10, 23, 4, 0, 0).AddMinutes(i * minutes):yyyy-MM-dd HH:mm}"), _bench.Told.Select(line => line[13..29]));
    }

    private static string GasRow(string header, int day, int minute, int value)
    {
        var time = $"2024-01-{day}{(header.Contains("Date", StringComparison.Ordinal) ? "," : " ")}{(header.Contains("Hour", StringComparison.Ordinal) ? $"{minute / 60}" : $"{minute / 60:00}:{minute % 60:00}")}";
        return header.StartsWith("Meter", StringComparison.Ordinal) ? $"A,{time},{value}\nB,{time},{9 - value}\n" : $"{time},{value}\n";
    }
}
