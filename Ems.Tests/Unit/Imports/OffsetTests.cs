using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>Offsets from UTC, in headers and in cells.</summary>
public sealed class OffsetTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Timestamp (UTC)", 0)]
    [InlineData("timestamp_utc", 0)]
    [InlineData("TimeUTC", 0)]
    [InlineData("Timestamp (UTC+01:00)", 60)]
    [InlineData("Time (GMT-5)", -300)]
    [InlineData("Time GMT −3:30", -210)]
    [InlineData("Date/Time [UTC + 0545]", 345)]
    [InlineData("Time UTC - 15 min", 0)]
    [InlineData("Time UTC-2024", 0)]
    [InlineData("Time (UTC+1/UTC+2)", null)]
    [InlineData("Timestamp (local)", null)]
    [InlineData("Time (GMT2)", null)]
    public void A_header_says_how_far_its_times_are_from_utc(string header, int? minutes) =>
        Assert.Equal((short?)minutes, new HeaderWords(header).OffsetMinutes);

    [Theory]
    [InlineData("Timestamp (UTC+01:00),kWh\n2024-01-01 01:00,1\n2024-01-01 02:00,2\n", "2024-01-01 00:00|2024-01-01 01:00", "+01")]
    [InlineData("Time (GMT-5),kWh\n2024-07-01 01:00,1\n2024-07-01 02:00,2\n", "2024-07-01 06:00|2024-07-01 07:00", "-05")]
    [InlineData("Date,Hour (UTC+05:45),kWh\n2024-01-01,06:00,1\n2024-01-01,07:00,2\n", "2024-01-01 00:15|2024-01-01 01:15", "+05:45")]
    [InlineData("Time (UTC),kWh\n2024-01-01 00:00,1\n2024-01-01 02:00+01:00,2\n2024-01-01 01:00-01:00,3\n", "2024-01-01 00:00|2024-01-01 01:00|2024-01-01 02:00", "+00")]
    [InlineData("Start (UTC+1),End (UTC+1),kWh\n2024-01-01 01:00,2024-01-01 02:00,1\n2024-01-01 02:00,2024-01-01 03:00,2\n", "2024-01-01 00:00|2024-01-01 01:00", "+01")]
    public void The_offset_of_a_header_holds_where_a_cell_has_none_and_is_said(string text, string starts, string offset)
    {
        _bench.RunText(text, new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Equal(starts.Split('|').Select(start => DateTime.Parse(start, null)), _bench.Readings.Select(reading => reading.Start.ToDateTimeUtc()).Order());
        Assert.Equal(offset, _bench.Assumed("utc_offset"));
    }

    [Theory]
    [InlineData("Time", "2024-01-01 00:00")]
    [InlineData("Time (UTC+01:00)", "2023-12-31 23:00")]
    public void Ranges_of_many_meters_are_known_by_the_whole_file(string header, string first)
    {
        var rows = from hour in Enumerable.Range(0, 12)
                   from meter in Enumerable.Range(1, 150)
                   select $"M{meter},2024-01-01 {hour:00}:00-{hour + 1:00}:00,{hour * 5 % 12}\n";
        _bench.RunText($"Meter,{header},kWh\n{string.Concat(rows)}");

        var start = DateTime.Parse(first, CultureInfo.InvariantCulture);
        Assert.Equal(
            Enumerable.Range(0, 12).Select(hour => (start.AddHours(hour), hour * 5d % 12)), _bench.Values("M150", "energy").Select(value => (value.Start.ToDateTimeUtc(), value.Value)));
        Assert.Equal("start", _bench.Assumed("timestamp_label"));
    }

    [Theory]
    [InlineData("2024-01-01 00:00:00 -05:00|2024-01-01 01:00:00 -05:00")]
    [InlineData("2024-01-01 00:00:00 -0500|2024-01-01 01:00:00 -0500")]
    public void An_offset_behind_a_blank_is_no_end_of_a_range(string labels)
    {
        var text = $"time,kWh\n{string.Concat(labels.Split('|').Select(label => $"{label},1\n"))}";
        _bench.RunText(text);
        Assert.Equal(["meter energy 2024-01-01 05:00 1h 1", "meter energy 2024-01-01 06:00 1h 1"], _bench.Told);

        using var ends = new ImportBench();
        ends.RunText(text, new ImportForm { TimestampLabel = LabelMeaning.End });
        Assert.Equal(["meter energy 2024-01-01 04:00 1h 1", "meter energy 2024-01-01 05:00 1h 1"], ends.Told);
    }

    [Theory]
    [InlineData(15, 96, "00")]
    [InlineData(30, 48, "00")]
    [InlineData(60, 24, "00")]
    [InlineData(60, 3, "00")]
    [InlineData(15, 96, "0")]
    [InlineData(60, 24, "0")]
    [InlineData(60, 3, "0")]
    public void What_goes_on_with_the_row_is_the_end_of_its_interval_and_no_offset(int minutes, int count, string hours)
    {
        string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{(minute / 60 % 24).ToString(hours, CultureInfo.InvariantCulture)}:{minute % 60:00}");
        var rows = Enumerable.Range(0, count).Select(i => $"01.02.2024 {Clock(i * minutes)}-{Clock((i + 1) * minutes)};{i * 37 % 101}\n");
        _bench.RunText($"Zeit;kWh\n{string.Concat(rows)}");

        Assert.Equal(
            Enumerable.Range(0, count).Select(i => (Instant.FromUtc(2024, 2, 1, 0, 0) + Duration.FromMinutes(i * minutes), i * 37d % 101)), _bench.Values("meter", "energy"));
        Assert.All(_bench.Readings, reading => Assert.Equal(Duration.FromMinutes(minutes), reading.Length));
        Assert.Equal("start", _bench.Assumed("timestamp_label"));
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("2024-11-03 00:00-05:00,2024-11-03 01:00-05:00,2024-11-03 01:00-06:00", "05:00 06:00 07:00")]
    [InlineData("2024-11-02 00:00-05:00,2024-11-03 00:00-05:00,2024-11-04 00:00-06:00", "05:00 05:00 06:00")]
    [InlineData("2024-11-03 0:00-5:00,2024-11-03 1:00-5:00,2024-11-03 1:00-6:00", "05:00 06:00 07:00")]
    [InlineData("2024-11-03 00:00-5:00,2024-11-03 01:00-5:00,2024-11-03 02:00-5:00", "05:00 06:00 07:00")]
    [InlineData("2024-11-03 00:00-00:00,2024-11-03 01:00-00:00,2024-11-03 02:00-00:00", "00:00 01:00 02:00")]
    public void What_stays_or_changes_with_the_clocks_is_an_offset(string times, string starts)
    {
        _bench.RunText($"time,kWh\n{string.Concat(times.Split(',').Select(time => $"{time},1\n"))}");

        Assert.Equal(starts, string.Join(' ', _bench.Readings.Select(reading => reading.Start.ToString("HH:mm", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("UTC Offset (minutes),Local Time Stamp", "60", "120")]
    [InlineData("UTC Offset,Local Time", "+01:00", "+02:00")]
    [InlineData("UTC Offset,Timestamp", "1", "2")]
    [InlineData("Time offset,Timestamp", "UTC+1", "UTC+02")]
    [InlineData("Offset,Timestamp", "+01:00", "+02:00")]
    [InlineData("GMT offset (hours),Timestamp", "1", "2")]
    [InlineData("tz_offset,Timestamp", "3600", "7200")]
    public void A_column_may_say_how_far_the_times_of_its_rows_are_from_UTC(string headers, string winter, string summer)
    {
        _bench.RunText($"{headers},Power (kW)\n{winter},2024-03-31 01:30:00,1\n{summer},2024-03-31 03:00:00,2\n{summer},2024-03-31 03:30:00,3\n", new ImportForm { TimeZone = "UTC" });

        Assert.Equal(
            ["meter active_power 2024-03-31 00:30 1", "meter active_power 2024-03-31 01:00 2", "meter active_power 2024-03-31 01:30 3"], _bench.Told);
    }

    [Theory]
    [InlineData("Timestamp (UTC)", "2024-06-13 10:00")]
    [InlineData("Timestamp", "2024-06-13T10:00Z")]
    public void Times_that_say_it_themselves_are_as_they_say(string header, string time)
    {
        _bench.RunText($"{header},UTC Offset,Power (kW)\n{time},+02:00,1\n{time.Replace("10", "11", StringComparison.Ordinal)},+02:00,2\n");

        Assert.Equal(["meter active_power 2024-06-13 10:00 1", "meter active_power 2024-06-13 11:00 2"], _bench.Told);
    }

    [Theory]
    [InlineData("Offset", "120")]
    [InlineData("Clock offset", "60")]
    [InlineData("Time offset", "0")]
    public void An_offset_of_anything_else_is_none_of_times(string header, string offset)
    {
        _bench.RunText($"Timestamp,{header},Power (kW)\n2024-06-13 10:00,{offset},1\n2024-06-13 11:00,{offset},2\n", new ImportForm { TimeZone = "Etc/GMT-3" });

        Assert.Equal(7, _bench.Readings.Min(reading => reading.Start).InUtc().Hour);
    }

    [Fact]
    public void Numbers_of_an_offset_are_hours_or_minutes_by_their_size()
    {
        _bench.RunText("Timestamp,UTC offset,Power (kW)\n2024-03-30 01:00,0,1\n2024-04-01 01:00,60,2\n2024-04-02 01:00,1,3\n", new ImportForm { TimeZone = "UTC" });

        Assert.Equal(
            ["meter active_power 2024-03-30 01:00 1", "meter active_power 2024-04-01 00:00 2", "meter active_power 2024-04-02 00:00 3"], _bench.Told);
    }

    [Fact]
    public void Ends_and_months_are_of_the_zone_whatever_the_offset_at_their_starts()
    {
        _bench.RunText("UTC offset,Start,End,kWh\n+01:00,2024-03-31 00:00,2024-03-31 01:00,4\n+01:00,2024-03-31 01:00,2024-03-31 03:00,5\n+02:00,2024-03-31 03:00,2024-03-31 04:00,6\n", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Equal(["meter energy 2024-03-30 23:00 1h 4", "meter energy 2024-03-31 00:00 1h 5", "meter energy 2024-03-31 01:00 1h 6"], _bench.Told);
    }

    [Theory]
    [InlineData(false, 8)]
    [InlineData(true, 10)]
    public void A_mapping_says_whether_a_column_of_offsets_counts(bool isIgnored, int hour)
    {
        var mapping = new ImportMapping { Columns = [new MappedColumn("UTC offset") { Role = isIgnored ? ColumnRole.Ignored : ColumnRole.TimeZone }] };

        _bench.RunText("Timestamp,UTC offset,Power (kW)\n2024-06-13 10:00,+02:00,1\n2024-06-13 11:00,+02:00,2\n", new ImportForm { Mapping = mapping });

        Assert.Equal(hour, _bench.Readings.Min(reading => reading.Start).InUtc().Hour);
    }

    [Theory]
    [InlineData("Time zone: UTC+01:00", "Etc/GMT-1")]
    [InlineData("All times are in GMT+1", "Etc/GMT-1")]
    [InlineData("\"Alle Zeiten in MEZ (UTC+1), keine Sommerzeit\"", "Etc/GMT-1")]
    [InlineData("Time Zone:,UTC-05:00", "Etc/GMT+5")]
    [InlineData("\"Time Zone:\",\"(UTC+01:00) Amsterdam, Berlin, Bern, Rome\"", "Europe/Amsterdam")]
    [InlineData("\"Time Zone:\",\"(UTC+10:00) Canberra, Melbourne, Sydney\"", "Australia/Canberra")]
    [InlineData("Time zone: Etc/GMT-1", "Etc/GMT-1")]
    [InlineData("Time zone: UTC+01:00 with summer time", null)]
    [InlineData("\"Time Zone: (UTC+01:00) Nowhere, Elsewhere\"", null)]
    [InlineData("All times in UTC+1/UTC+2", null)]
    [InlineData("Created at 10:30 GMT+2", null)]
    [InlineData("Report time: 2024-07-01 10:00 (UTC+2)", null)]
    public void A_line_above_the_table_says_it_of_all_times(string line, string? zone)
    {
        _bench.RunText($"{line}\n\nTimestamp,kWh\n2024-07-13 00:00,6.91\n2024-07-13 00:30,2.29\n");

        var layout = _bench.Facts.Sheets.Single().Layout;
        Assert.Equal(zone, layout.Zone ?? layout.OffsetZone);
    }

    [Theory]
    [InlineData("Time zone: UTC+01:00 with summer time")]
    [InlineData("\"Time Zone: (UTC+01:00) Nowhere, Elsewhere\"")]
    public void An_offset_that_may_be_that_of_winter_alone_is_said_to_be_unused(string line)
    {
        _bench.RunText($"{line}\n\nTimestamp,kWh\n2024-07-13 00:00,6.91\n2024-07-13 00:30,2.29\n");

        Assert.Equal("UTC+01:00", _bench.Facts.Sheets.Single().Layout.SharedZone?.Name);
    }
}
