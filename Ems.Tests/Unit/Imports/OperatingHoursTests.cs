using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>Hours that something ran, beside days and weeks, which are no times of day.</summary>
public sealed class OperatingHoursTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Operating hours", "22:30|24:00|23:15|9:45")]
    [InlineData("Run hours", "22:00|24:00|25:00|21:30")]
    [InlineData("Hours", "22|24|8|17")]
    [InlineData("Hours run", "22|24|8|17")]
    [InlineData("Machine hours", "22|24|8|17")]
    [InlineData("Production hours", "16|8|16|8")]
    public void Beside_days_they_say_how_long_something_ran(string header, string hours)
    {
        var written = hours.Split('|');
        _bench.RunText($"Date,{header},Energy (kWh)\n{string.Concat(Enumerable.Range(0, 28).Select(i => $"2024-02-{i + 1:00},{written[i * 7 % 4]},{640 + (i * 7 % 90)}\n"))}");

        Assert.Equal(header, _bench.Assumed("left_out"));
        Assert.All(_bench.Readings, reading => Assert.Equal((Duration.FromDays(1), 0), (reading.Length, reading.Start.InUtc().Hour)));
        Assert.Equal(28, _bench.Readings.Count);
    }

    [Fact]
    public void Beside_weeks_too()
    {
        _bench.RunText($"Week ending,kWh,Hours run\n{string.Concat(Enumerable.Range(0, 20).Select(i => $"{new LocalDate(2024, 1, 5).PlusWeeks(i):uuuu-MM-dd},{18_400 + (i * 731 % 900)},{96 + (i * 5 % 24)}\n"))}");

        Assert.Equal(Enumerable.Range(0, 20).Sum(i => 18_400 + (i * 731 % 900)), _bench.Sum("meter", "energy"));
        Assert.All(_bench.Readings, reading => Assert.Equal((Duration.FromDays(7), 0), (reading.Length, reading.Start.InUtc().Hour)));
    }

    [Theory]
    [InlineData("Hour")]
    [InlineData("Hours")]
    public void Hours_of_a_day_that_has_many_rows_are_times(string header)
    {
        _bench.RunText($"Date,{header},kWh\n{string.Concat(Enumerable.Range(0, 48).Select(i => $"2024-02-{(i / 24) + 1:00},{i % 24},{5 + (i % 3)}\n"))}");

        Assert.Equal(Enumerable.Range(0, 48).Select(i => (long)i), _bench.Readings.Select(reading => (long)(reading.Start - Instant.FromUtc(2024, 2, 1, 0, 0)).TotalHours));
    }

    [Theory]
    [InlineData("Date,Hour", "7")]
    [InlineData("Date,Hours", "7")]
    [InlineData("Run Date,Run Time", "07:15")]
    [InlineData("Date,Read on (time)", "07:00")]
    public void The_hour_at_which_a_day_was_read_is_one(string headers, string time)
    {
        _bench.RunText($"{headers},Meter reading (kWh)\n{string.Concat(Enumerable.Range(0, 20).Select(i => $"2024-02-{i + 1:00},{(i == 3 ? time.Replace('7', '8') : time)},{184_200 + (i * 640) + (i % 3)}\n"))}");

        Assert.All(_bench.Readings, reading => Assert.InRange(reading.Start.InUtc().Hour, 7, 8));
    }
}
