using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>Numbers of hours in a column, on the days on which the clocks change.</summary>
public sealed class CountedHourTests : IDisposable
{
    private const string Zone = "America/Los_Angeles";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("HE", 1, "2024-11-02 2024-11-03 2024-11-04", "24 25 24")]
    [InlineData("HE", 1, "2024-03-09 2024-03-10 2024-03-11", "24 23 24")]
    [InlineData("Hour", 0, "2024-11-02 2024-11-03 2024-11-04", "24 25 24")]
    [InlineData("Hour", 0, "2024-03-09 2024-03-10 2024-03-11", "24 23 24")]
    public void A_day_that_numbers_all_its_hours_counts_them_through_the_change(string header, int first, string days, string counts)
    {
        var rows = days.Split(' ').Zip(counts.Split(' '), (day, count) => Enumerable.Range(first, int.Parse(count, CultureInfo.InvariantCulture)).Select(hour => $"{day},{hour}"))
            .SelectMany(hours => hours).Select((row, i) => $"{row},{Value(i)}\n").ToList();
        _bench.RunText($"Date,{header},kWh\n{string.Concat(rows)}", new ImportForm { TimeZone = Zone });

        var start = _bench.Readings[0].Start;
        Assert.Equal(Enumerable.Range(0, rows.Count).Select(i => (start + Duration.FromHours(i), (double)Value(i))), _bench.Values("meter", "energy"));
        Assert.All(_bench.Readings, reading => Assert.Equal(Duration.FromHours(1), reading.Length));
        Assert.Equal("00:00", start.InZone(DateTimeZoneProviders.Tzdb[Zone]).ToString("HH:mm", CultureInfo.InvariantCulture));
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal("", _bench.Assumed("repeated_hour"));

        static int Value(int i) => i * 37 % 101;
    }

    [Theory]
    [InlineData("Hour", 1, 24, 60, 5)]
    [InlineData("Hour", 1, 24, 60, 30)]
    [InlineData("HE", 1, 24, 60, 5)]
    [InlineData("Hour", 0, 24, 60, 60)]
    [InlineData("Settlement Period", 1, 48, 30, 3)]
    [InlineData("Settlement Period", 1, 48, 30, 4)]
    [InlineData("Settlement Period", 1, 48, 30, 15)]
    [InlineData("Interval", 1, 96, 15, 2)]
    [InlineData("Interval", 1, 96, 15, 9)]
    [InlineData("Interval", 1, 96, 15, 600)]
    [InlineData("Interval", 1, 144, 10, 1)]
    [InlineData("Interval", 1, 144, 10, 7)]
    [InlineData("Interval", 1, 288, 5, 1)]
    [InlineData("Interval", 1, 1440, 1, 1)]
    [InlineData("Interval", 0, 1440, 1, 1)]
    [InlineData("Interval", 0, 1440, 1, 3)]
    [InlineData("Interval", 0, 144, 10, 2)]
    public void The_whole_file_says_what_numbers_count(string header, int first, int count, int minutes, int meters)
    {
        var rows = from day in Enumerable.Range(1, 2)
                   from number in Enumerable.Range(0, count)
                   from meter in Enumerable.Range(1, meters)
                   select $"M{meter},2024-06-0{day},{number + first},{(day * 1000) + (number * 37 % 101)}\n";
        _bench.RunText($"MPAN,Date,{header},kWh\n{string.Concat(rows)}");

        var start = Instant.FromUtc(2024, 6, 1, 0, 0);
        var expected = Enumerable.Range(0, 2 * count).Select(i => (start + Duration.FromMinutes(i * minutes), (double)(((1 + (i / count)) * 1000) + (i % count * 37 % 101)))).ToList();
        Assert.Equal(expected, _bench.Values("M1", "energy"));
        Assert.Equal(expected, _bench.Values($"M{meters}", "energy"));
        Assert.All(_bench.Readings, reading => Assert.Equal(Duration.FromMinutes(minutes), reading.Length));
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void Numbers_that_no_day_has_are_asked_about()
    {
        var rows = Enumerable.Range(0, 600).Select(i => $"2024-06-0{1 + (i / 60 / 5)},{1 + (i % 60)},{i * 37 % 101}\n");
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Date,Interval,kWh\n{string.Concat(rows)}")).Fault;

        Assert.Equal(("AMBIGUOUS_MAPPING", "Interval"), (fault.Code, fault.Column));
    }

    [Theory]
    [InlineData("Interval", 2000)]
    [InlineData("Hours", 700)]
    public void Numbers_that_go_beyond_a_day_are_no_hours_and_minutes(string header, int count)
    {
        var rows = Enumerable.Range(0, count).Select(i => $"2024-06-{1 + (i / 200):00},{1 + i},{i * 37 % 101}\n");
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Date,{header},kWh\n{string.Concat(rows)}")).Fault;

        Assert.Equal(("AMBIGUOUS_MAPPING", header), (fault.Code, fault.Column));
    }

    /// <summary>Of a few days each number comes as seldom as a mistake.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Hours_and_minutes_of_a_few_days_stay_what_they_are_beside_a_mistake(int days)
    {
        var times = Enumerable.Range(0, days * 96).Select(i => new DateTime(2024, 6, 1).AddMinutes(i * 15)).ToList();
        _bench.RunText($"Date,Time,kWh\n{string.Concat(times.Select((time, i) => $"{time:yyyy-MM-dd},{(i == 39 ? "0975" : $"{time:HHmm}")},{i * 37 % 101}\n"))}");

        Assert.Equal(times.Where((_, i) => i != 39), _bench.Values("meter", "energy").Select(value => value.Start.ToDateTimeUtc()));
        Assert.Equal([ImportFault.InvalidTimestamp], _bench.FaultCodes);
    }

    [Fact]
    public void Hours_and_minutes_stay_what_they_are_beside_a_mistake()
    {
        var times = Enumerable.Range(0, 5 * 96).Select(i => new DateTime(2024, 6, 1).AddMinutes(i * 15)).ToList();
        _bench.RunText($"Date,Time,kWh\n{string.Concat(times.Select((time, i) => $"{time:yyyy-MM-dd},{time:HHmm},{i * 37 % 101}\n"))}2024-06-06,0975,7\n");

        Assert.Equal(times, _bench.Values("meter", "energy").Select(value => value.Start.ToDateTimeUtc()));
        Assert.Equal([ImportFault.InvalidTimestamp], _bench.FaultCodes);
    }

    [Theory]
    [InlineData("Period", 52, 1)]
    [InlineData("Interval", 52, 1)]
    [InlineData("Period", 52, 3)]
    [InlineData("Period", 46, 1)]
    [InlineData("Period", 48, 3)]
    [InlineData("Period", 50, 1)]
    [InlineData("Month", 12, 1)]
    [InlineData("Period", 12, 2)]
    [InlineData("Period", 24, 1)]
    [InlineData("Hours", 60, 5)]
    public void Numbers_that_are_no_times_leave_it_to_the_dates(string header, int last, int meters)
    {
        var rows = from week in Enumerable.Range(0, 2 * last)
                   from meter in Enumerable.Range(1, meters)
                   select $"M{meter},{new DateTime(2022, 1, 3).AddDays(7 * week):yyyy-MM-dd},{1 + (week % last)},{week * 37 % 101}\n";
        _bench.RunText($"Meter,Date,{header},kWh\n{string.Concat(rows)}");

        var expected = Enumerable.Range(0, 2 * last).Select(week => (new DateTime(2022, 1, 3).AddDays(7 * week), week * 37d % 101)).ToList();
        Assert.Equal(expected, _bench.Values($"M{meters}", "energy").Select(value => (value.Start.ToDateTimeUtc(), value.Value)));
        Assert.Equal(meters * expected.Count, _bench.Readings.Count);
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void Each_meter_counts_for_itself()
    {
        var all = Enumerable.Range(1, 25).Select(hour => $"A,2024-11-03,{hour},{hour * 7 % 29}\n");
        var byTheClock = Enumerable.Range(1, 24).Select(hour => $"B,2024-11-03,{hour},{hour * 7 % 29}\n");
        _bench.RunText($"Meter,Date,HE,kWh\n{string.Concat(all)}{string.Concat(byTheClock)}", new ImportForm { TimeZone = Zone });

        Assert.Equal("2024-11-03 12:00", At("A", 6));
        Assert.Equal("2024-11-04 07:00", At("A", 25));
        Assert.Equal("2024-11-03 13:00", At("B", 6));
        Assert.Empty(_bench.FaultCodes);

        string At(string meter, int hour) =>
            _bench.Values(meter, "energy").Single(entry => entry.Value == hour * 7 % 29).Start.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("HE", 1, 24, 25)]
    [InlineData("HE", 1, 24, 30)]
    [InlineData("Hour", 0, 23, 24)]
    [InlineData("Hour", 0, 23, 40)]
    public void An_hour_that_the_day_does_not_have_is_no_time(string header, int first, int last, int other)
    {
        string Day(int day) => string.Concat(Enumerable.Range(first, last - first + 1).Select(hour => $"2024-06-{day:00},{hour},{hour}\n"));
        _bench.RunText($"Date,{header},kWh\n{string.Concat(Enumerable.Range(1, 5).Select(Day))}2024-06-05,{other},99\n", new ImportForm { TimeZone = Zone });

        Assert.Equal(5 * 24, _bench.Told.Count);
        Assert.Equal([ImportFault.InvalidTimestamp], _bench.FaultCodes);
    }

    [Theory]
    [InlineData("2024-10-26 2024-10-27 2024-10-28", "48 50 48", 30)]
    [InlineData("2024-03-30 2024-03-31 2024-04-01", "48 46 48", 30)]
    [InlineData("2024-10-26 2024-10-27 2024-10-28", "96 100 96", 15)]
    [InlineData("2024-03-30 2024-03-31 2024-04-01", "96 92 96", 15)]
    [InlineData("2024-10-27", "50", 30)]
    [InlineData("2024-10-27", "100", 15)]
    public void Numbered_intervals_go_on_through_the_change(string days, string counts, int minutes)
    {
        var rows = days.Split(' ').Zip(counts.Split(' '), (day, count) => Enumerable.Range(1, int.Parse(count, CultureInfo.InvariantCulture)).Select(period => $"{day},{period}"))
            .SelectMany(periods => periods).Select((row, i) => $"{row},{i * 37 % 101}\n").ToList();
        _bench.RunText($"Date,Settlement Period,kWh\n{string.Concat(rows)}", new ImportForm { TimeZone = "Europe/London" });

        var start = _bench.Readings[0].Start;
        Assert.Equal(Enumerable.Range(0, rows.Count).Select(i => (start + Duration.FromMinutes(i * minutes), i * 37d % 101)), _bench.Values("meter", "energy"));
        Assert.All(_bench.Readings, reading => Assert.Equal(Duration.FromMinutes(minutes), reading.Length));
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData(48, 51, "INVALID_TIMESTAMP")]
    [InlineData(48, 49, "NONEXISTENT_LOCAL_TIME")]
    [InlineData(96, 101, "INVALID_TIMESTAMP")]
    [InlineData(96, 100, "NONEXISTENT_LOCAL_TIME")]
    public void An_interval_that_the_day_does_not_have_is_no_time(int last, int other, string fault)
    {
        string Day(int day) => string.Concat(Enumerable.Range(1, last).Select(period => $"2024-06-{day:00},{period},{period}\n"));
        _bench.RunText($"Date,Settlement Period,kWh\n{string.Concat(Enumerable.Range(1, 5).Select(Day))}2024-06-05,{other},99\n", new ImportForm { TimeZone = "Europe/London" });

        Assert.Equal(5 * last, _bench.Told.Count);
        Assert.Equal([fault], _bench.FaultCodes);
    }

    [Theory]
    [InlineData("HE", 1, 25, "2024-11-03", "25", "13:00")]
    [InlineData("Hour", 0, 25, "2024-11-03", "25", "13:00")]
    [InlineData("HE", 1, 25, "2024-11-03", "10", "12:00")]
    [InlineData("HE", 1, 24, "2024-03-10", "24", "13:00")]
    [InlineData("Hour", 0, 24, "2024-03-10", "24", "13:00")]
    [InlineData("HE", 1, 25, "2024-03-10", "24 25", "13:00")]
    [InlineData("HE", 1, 25, "2024-03-10", "3 25", "12:00")]
    [InlineData("HE", 1, 25, "2024-03-10", "3 24 25", "12:00")]
    public void A_row_without_a_value_does_not_say_how_long_the_day_is(string header, int first, int rows, string changing, string blank, string sixth)
    {
        var day = DateOnly.ParseExact(changing, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var blanks = blank.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToList();
        string Row(int of, int number) => string.Create(
            CultureInfo.InvariantCulture,
            $"{day.AddDays(of):yyyy-MM-dd},{number - 1 + first},{((of == 0 ? blanks.Contains(number) : number > 24) ? "" : number * 7 % 29)}\n");
        _bench.RunText(
            $"Date,{header},kWh\n{string.Concat(Enumerable.Range(-1, 3).SelectMany(of => Enumerable.Range(1, rows).Select(number => Row(of, number))))}",
            new ImportForm { TimeZone = Zone });

        Assert.Equal($"{changing} {sixth}", _bench.Told.Where(told => told.EndsWith(" 13", StringComparison.Ordinal)).ElementAt(1)[13..29]);
        Assert.Equal(48 + rows - blanks.Count, _bench.Told.Count);
        Assert.Empty(_bench.FaultCodes);
    }
}
