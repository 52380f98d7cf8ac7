using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Imports;
using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>The hour that comes twice in autumn, and the one that spring leaves out.</summary>
public sealed class ClockChangeTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Newest_first_is_told_from_the_rows_and_keeps_the_repeated_hour()
    {
        _bench.RunText(
            "time,kWh\n2020-10-25 03:00,5\n2020-10-25 02:00,4\n2020-10-25 02:00,3\n2020-10-25 01:00,2\n2020-10-25 00:00,1\n",
            new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Equal(
            [
                "meter energy 2020-10-24 22:00 1h 1", "meter energy 2020-10-24 23:00 1h 2", "meter energy 2020-10-25 00:00 1h 3",
                "meter energy 2020-10-25 01:00 1h 4", "meter energy 2020-10-25 02:00 1h 5",
            ],
            _bench.Told);
    }

    [Theory]
    [InlineData("America/Chicago", "2025-11-01", 15, false)]
    [InlineData("America/Chicago", "2025-11-01", 60, true)]
    [InlineData("Europe/Berlin", "2025-10-25", 15, true)]
    [InlineData("Europe/Berlin", "2025-10-25", 30, false)]
    [InlineData("America/Havana", "2025-11-01", 15, false)]
    public void Labels_that_are_the_clock_at_the_end_keep_both_of_two_equal_hours(string zoneId, string day, int minutes, bool isNewestFirst)
    {
        foreach (var header in new[] { "kWh", "kW", "energy_import_register (kWh)" })
        {
            using var bench = new ImportBench();
            var (ends, text) = TwoDays(zoneId, day, minutes, header, isNewestFirst, (end, zone) => end.InZone(zone).LocalDateTime);
            bench.RunText(text, new ImportForm { TimeZone = zoneId, TimestampLabel = LabelMeaning.End });

            Assert.Empty(bench.FaultCodes);
            Assert.Equal(ends, bench.Readings.Select(reading => (reading.Start + reading.Length, reading.Values[0].Value)).OrderBy(value => value));
            Assert.Equal("the clock at the end", bench.Assumed("repeated_hour"));
        }
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(60, true)]
    public void Labels_that_are_the_clock_at_the_start_and_a_step_keep_both_of_two_equal_hours(int minutes, bool isNewestFirst)
    {
        var step = Duration.FromMinutes(minutes);
        var (ends, text) = TwoDays(
            "America/Chicago", "2025-11-01", minutes, "kWh", isNewestFirst, (end, zone) => (end - step).InZone(zone).LocalDateTime.PlusMinutes(minutes));
        _bench.RunText(text, new ImportForm { TimeZone = "America/Chicago", TimestampLabel = LabelMeaning.End });

        Assert.Equal(ends, _bench.Readings.Select(reading => (reading.Start + reading.Length, reading.Values[0].Value)).OrderBy(value => value));
        Assert.Equal("the clock at the start, one interval on", _bench.Assumed("repeated_hour"));
        Assert.Contains("come twice are those of the starts", Assert.Single(_bench.Facts.Assumptions, a => a.What == "repeated_hour").Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_label_of_the_repeated_hour_comes_twice_it_is_said()
    {
        _bench.RunText(
            "time,kWh\n2025-11-02 00:00,1\n2025-11-02 01:00,2\n2025-11-02 02:00,3\n2025-11-02 03:00,4\n",
            new ImportForm { TimeZone = "America/Chicago", TimestampLabel = LabelMeaning.End });

        Assert.Equal(["04:00", "05:00", "06:00", "08:00"], _bench.Told.Select(told => told[24..29]));
        Assert.StartsWith("nothing", Assert.Single(_bench.Facts.Assumptions, a => a.What == "repeated_hour").Why, StringComparison.Ordinal);

        using var summer = new ImportBench();
        summer.RunText("time,kWh\n2025-07-02 01:00,2\n2025-07-02 02:00,3\n", new ImportForm { TimeZone = "America/Chicago", TimestampLabel = LabelMeaning.End });
        Assert.Equal("", summer.Assumed("repeated_hour"));
    }

    [Theory]
    [InlineData("kWh", false, "the first of the two", "00:00")]
    [InlineData("kW", false, "the first of the two", "00:00")]
    [InlineData("kWh", true, "the second of the two", "01:00")]
    public void A_day_of_autumn_with_24_rows_says_which_of_two_hours_the_one_is(string header, bool isNewestFirst, string which, string at)
    {
        var rows = Enumerable.Range(0, 24).Select(hour => $"27.10.2024 {hour:00}:00;{hour + 1}\n");
        _bench.RunText($"time;{header}\n{string.Concat(isNewestFirst ? rows.Reverse() : rows)}", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(at, _bench.Readings.Single(reading => reading.Values[0].Value == 3).Start.ToString("HH:mm", CultureInfo.InvariantCulture));
        Assert.Equal(which, _bench.Assumed("repeated_hour"));
        Assert.Contains("2024-10-27 02:00", Assert.Single(_bench.Facts.Assumptions, a => a.What == "repeated_hour").Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:00 01:00 02:00 02:00 03:00")]
    [InlineData("03:00 02:00 02:00 01:00 00:00")]
    [InlineData("02:00 02:15 02:30 02:45 02:00 02:15 02:45 03:00")]
    [InlineData("02:45 02:00 02:15 02:30 02:45 03:00")]
    [InlineData("00:00 01:00 03:00 04:00")]
    [InlineData("00:00+02:00 01:00+02:00 02:00+02:00 03:00+01:00")]
    public void A_repeated_hour_that_the_file_tells_or_lacks_takes_no_assumption(string clocks)
    {
        _bench.RunText(
            $"time,kWh\n{string.Concat(clocks.Split(' ').Select((clock, i) => $"2024-10-27 {clock},{i}\n"))}", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Equal("", _bench.Assumed("repeated_hour"));
    }

    [Theory]
    [InlineData(", repeats: ends", "04:45 07:45 08:00")]
    [InlineData("", "04:45 06:45 08:00")]
    public void Rows_taken_out_of_a_file_are_read_as_the_whole_file_was(string repeats, string starts)
    {
        _bench.RunText(
            $"time;kWh;Rejected because (labels: end, interval: 900 s{repeats})\n2025-11-02 00:00;3;\n2025-11-02 02:00;1;\n2025-11-02 02:15;2;\n",
            new ImportForm { TimeZone = "America/Chicago" });

        Assert.Equal(starts, string.Join(' ', _bench.Told.Select(told => told[24..29])));
    }

    /// <summary>Two days and the hour that comes twice, with a value of its own for every interval.</summary>
    private static (List<(Instant End, double Value)> Ends, string Text) TwoDays(
        string zoneId, string day, int minutes, string header, bool isNewestFirst, Func<Instant, DateTimeZone, LocalDateTime> label)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var midnight = zone.AtStartOfDay(NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value).ToInstant();
        var ends = Enumerable.Range(1, 49 * 60 / minutes).Select(i => (End: midnight + Duration.FromMinutes(minutes * i), Value: (double)(i * 37 % 1009))).ToList();
        var rows = ends.Select(end => string.Create(CultureInfo.InvariantCulture, $"{label(end.End, zone):uuuu-MM-dd HH:mm},{end.Value}\n")).ToList();
        if (isNewestFirst)
        {
            rows.Reverse();
        }

        return (ends, $"time,{header}\n{string.Concat(rows)}");
    }

    [Fact]
    public void A_repeated_hour_in_rows_without_order_is_refused_unless_an_offset_tells_it()
    {
        var zone = new ImportForm { TimeZone = "Europe/Berlin" };
        _bench.RunText("time,kWh\n2020-10-25 04:00,1\n2020-10-25 02:00,2\n2020-10-25 06:00,3\n2020-10-25 05:00,4\n2020-10-25 00:00,5\n", zone);
        Assert.Equal([LocalLabels.AmbiguousLocalTime], _bench.FaultCodes);

        using var told = new ImportBench();
        told.RunText("time,kWh\n2020-10-25 04:00+01:00,1\n2020-10-25 02:00+02:00,2\n2020-10-25 06:00+01:00,3\n2020-10-25 02:00+01:00,4\n", zone);
        Assert.Equal(["00:00", "01:00", "03:00", "05:00"], told.Told.Select(line => line[24..29]));
    }

    /// <summary>The order of the rows of one meter and one metric tells the two hours apart, however other metrics stand between them.</summary>
    [Theory]
    [InlineData("time metric", false)]
    [InlineData("metric time", false)]
    [InlineData("time metric", true)]
    [InlineData("metric time", true)]
    public void A_row_for_each_metric_keeps_the_repeated_hour_of_each(string order, bool isNewestFirst)
    {
        string[] labels = ["00:00", "01:00", "02:00", "02:00", "03:00", "04:00"];
        (string Name, string Unit, int Base)[] metrics = [("Energy", "kWh", 100), ("Voltage", "V", 200), ("Current", "A", 300)];
        var rows = labels.SelectMany((label, hour) => metrics.Select((metric, i) => (
            Hour: hour, Metric: i, Text: $"2020-10-25 {label};M1;{metric.Name};{metric.Base + hour};{metric.Unit}\n")));
        rows = isNewestFirst ? rows.OrderByDescending(row => row.Hour) : rows;
        rows = order == "metric time" ? rows.OrderBy(row => row.Metric) : rows;

        _bench.RunText($"time;meter;quantity;value;unit\n{string.Concat(rows.Select(row => row.Text))}", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Empty(_bench.FaultCodes);
        foreach (var (metric, first) in (IEnumerable<(string, int)>)[("energy", 100), ("voltage", 200), ("current", 300)])
        {
            Assert.Equal(
                Enumerable.Range(0, 6).Select(hour => (Instant.FromUtc(2020, 10, 24, 22, 0) + Duration.FromHours(hour), (double)(first + hour))),
                _bench.Values("M1", metric).Order());
        }
    }

    [Theory]
    [InlineData("2020-03-29 01:00|2020-03-29 02:00|2020-03-29 03:00", "Europe/Berlin", "time_zone=Etc/GMT-1.")]
    [InlineData("2020-03-08 01:00|2020-03-08 02:00|2020-03-08 03:00", "America/New_York", "time_zone=Etc/GMT+5.")]
    [InlineData("2020-10-04 01:00|2020-10-04 02:00|2020-10-04 03:00", "Australia/Adelaide", "the clocks went forward.")]
    public void A_skipped_hour_is_refused_with_the_zone_of_clocks_that_stay_on_winter_time(string labels, string zone, string end)
    {
        var rows = string.Concat(labels.Split('|').Select((label, i) => $"{label},{i}\n"));
        _bench.RunText($"time,kWh\n{rows}", new ImportForm { TimeZone = zone });

        Assert.Equal(2, _bench.Told.Count);
        Assert.Equal([LocalLabels.NonexistentLocalTime], _bench.FaultCodes);
        Assert.EndsWith(end, _bench.Items.SelectMany(item => item.Faults).Single().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2018-11-04 01:00 DST|2018-11-04 01:00|2018-11-04 02:00", "2018-11-04 00:00 DST")]
    [InlineData("2018-11-04 01:00|2018-11-04 01:00 DST|2018-11-04 02:00", "2018-11-04 00:00")]
    public void A_mark_says_which_of_two_equal_hours_it_is_whether_it_marks_the_summer_or_the_second(string labels, string first)
    {
        var rows = labels.Split('|').Prepend(first).Select((label, i) => $"{label},{i}\n");
        _bench.RunText($"time,kWh\n{string.Concat(rows)}", new ImportForm { TimeZone = "America/Chicago" });

        Assert.Equal(
            ["meter energy 2018-11-04 05:00 1h 0", "meter energy 2018-11-04 06:00 1h 1", "meter energy 2018-11-04 07:00 1h 2", "meter energy 2018-11-04 08:00 1h 3"],
            _bench.Told);
    }

    [Theory]
    [InlineData("01:00|02:00 DST|02:00|03:00", false)]
    [InlineData("01:00|02:00 (DST)|02:00|03:00", false)]
    [InlineData("01:00|02:00 DST|02:00 ST|03:00", false)]
    [InlineData("01:00|02:00|02:00 DST|03:00", false)]
    [InlineData("01:00 S|02:00 S|02:00 W|03:00 W", false)]
    [InlineData("01:00|02:00 SZ|02:00 WZ|03:00", false)]
    [InlineData("01:00|2A:00|2B:00|03:00", false)]
    [InlineData("01:00|02A:00|02B:00|03:00", false)]
    [InlineData("03:00|02:00|02:00 DST|01:00", true)]
    [InlineData("03:00|02:00 DST|02:00|01:00", true)]
    [InlineData("03:00|02B:00|02A:00|01:00", true)]
    public void The_order_of_the_rows_says_which_of_two_equal_hours_a_mark_is_on(string labels, bool isNewestFirst)
    {
        var hours = labels.Split('|').Select((label, i) => $"27.10.2024 {label};{(isNewestFirst ? 3 - i : i)}\n");
        _bench.RunText($"Zeit;kWh\n{string.Concat(hours)}", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Equal(
            ["meter energy 2024-10-26 23:00 1h 0", "meter energy 2024-10-27 00:00 1h 1", "meter energy 2024-10-27 01:00 1h 2", "meter energy 2024-10-27 02:00 1h 3"],
            _bench.Told);
    }
}
