using System.Globalization;
using Ems.Core.Metering;
using NodaTime;
using NodaTime.Text;

namespace Ems.Tests.Unit;

public sealed class LocalLabelsTests
{
    private static readonly Duration Hour = Duration.FromHours(1);
    private static readonly Duration Quarter = Duration.FromMinutes(15);

    [Theory]
    [InlineData("2018-11-04", "01:00 02:00 02:00+ 03:00", "05 06 07 08")]
    [InlineData("2016-11-06", "01:00 02:00 02:00 03:00", "05 06 07 08")]
    [InlineData("2018-03-11", "01:00 02:00 04:00", "06 07 08")]
    [InlineData("2016-03-13", "01:00 03:00 04:00", "06 07 08")]
    public void Hours_labelled_at_their_end_on_days_of_clock_changes(string day, string labels, string startHours)
    {
        var resolver = new LocalLabels(Zone("America/Chicago"), LabelMeaning.End, Hour, LabelOrder.Ascending);

        var resolved = labels.Split(' ').Select(text => resolver.Resolve(Local($"{day} {text.TrimEnd('+')}"), text.EndsWith('+'))).ToList();

        Assert.All(resolved, label => Assert.Equal((null, Hour), (label.Fault, label.Length)));
        Assert.Equal(startHours, string.Join(' ', resolved.Select(label => label.Start.InUtc().Hour.ToString("00", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData(LabelOrder.Ascending)]
    [InlineData(LabelOrder.Descending)]
    public void A_repeated_hour_in_autumn_stays_two_hours(LabelOrder order)
    {
        var zone = Zone("America/Los_Angeles");
        var starts = Enumerable.Range(0, 16).Select(i => Instant.FromUtc(2018, 11, 4, 7, 0) + (Quarter * i)).ToList();
        if (order == LabelOrder.Descending)
        {
            starts.Reverse();
        }

        var resolver = new LocalLabels(zone, LabelMeaning.Start, Quarter, order);
        var resolved = starts.Select(start => resolver.Resolve(start.InZone(zone).LocalDateTime)).ToList();

        Assert.Equal(starts, resolved.Select(label => label.Start));
    }

    [Theory]
    [InlineData("America/Chicago", "2025-11-02", LabelOrder.Ascending, 15)]
    [InlineData("America/Chicago", "2025-11-02", LabelOrder.Descending, 60)]
    [InlineData("Europe/Berlin", "2025-10-26", LabelOrder.Ascending, 60)]
    [InlineData("Europe/Berlin", "2025-10-26", LabelOrder.Descending, 15)]
    [InlineData("Australia/Lord_Howe", "2025-04-06", LabelOrder.Ascending, 15)]
    public void The_clock_at_the_end_keeps_both_of_two_equal_hours(string zoneId, string day, LabelOrder order, int minutes)
    {
        var (zone, step) = (Zone(zoneId), Duration.FromMinutes(minutes));
        var midnight = Local($"{day} 00:00").InZoneLeniently(zone).ToInstant();
        var starts = Enumerable.Range(0, 25 * 60 / minutes).Select(i => midnight + (step * i)).ToList();
        if (order == LabelOrder.Descending)
        {
            starts.Reverse();
        }

        var resolver = new LocalLabels(zone, LabelMeaning.End, step, order, repeatsEnds: true);
        var resolved = starts.Select(start => resolver.Resolve((start + step).InZone(zone).LocalDateTime)).ToList();

        Assert.Equal(starts, resolved.Select(label => label.Start));
        Assert.All(resolved, label => Assert.Equal(step, label.Length));
    }

    [Theory]
    [InlineData("01:45 03:00 03:15", "00:30 00:45 01:00")]
    [InlineData("01:45 02:00 03:15", "00:30 00:45 01:00")]
    public void Ends_by_the_clock_stay_whole_across_the_jump(string labels, string starts)
    {
        var resolver = new LocalLabels(Zone("Europe/Berlin"), LabelMeaning.End, Quarter, LabelOrder.Ascending, repeatsEnds: true);

        var resolved = labels.Split(' ').Select(text => resolver.Resolve(Local($"2024-03-31 {text}")).Start);

        Assert.Equal(starts, string.Join(' ', resolved.Select(start => start.ToString("HH:mm", CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void A_repeated_hour_that_nothing_tells_apart_is_a_fault()
    {
        var resolver = new LocalLabels(Zone("Europe/Berlin"), LabelMeaning.Start, Hour);

        Assert.Equal(LocalLabels.AmbiguousLocalTime, resolver.Resolve(Local("2024-10-27 02:30")).Fault);
        Assert.Equal(Instant.FromUtc(2024, 10, 27, 1, 30), resolver.Resolve(Local("2024-10-27 02:30"), Offset.FromHours(1)).Start);
    }

    [Fact]
    public void A_repeated_hour_after_both_have_passed_is_a_fault()
    {
        var resolver = new LocalLabels(Zone("Europe/Berlin"), LabelMeaning.Start, Hour, LabelOrder.Ascending);
        resolver.Resolve(Local("2024-10-27 05:00"));

        Assert.Equal(LocalLabels.AmbiguousLocalTime, resolver.Resolve(Local("2024-10-27 02:30")).Fault);
    }

    [Theory]
    [InlineData(LabelMeaning.Start)]
    [InlineData(LabelMeaning.Instant)]
    public void An_hour_that_the_clocks_skip_is_a_fault(LabelMeaning label)
    {
        var resolver = new LocalLabels(Zone("Europe/Berlin"), label, Hour, LabelOrder.Ascending);

        Assert.Equal(LocalLabels.NonexistentLocalTime, resolver.Resolve(Local("2024-03-31 02:30")).Fault);
    }

    [Theory]
    [InlineData("02:00", null)]
    [InlineData("02:15", LocalLabels.NonexistentLocalTime)]
    [InlineData("02:30", LocalLabels.NonexistentLocalTime)]
    [InlineData("03:00", null)]
    public void An_end_within_the_hour_that_the_clocks_skip_is_a_fault(string label, string? fault)
    {
        var resolved = new LocalLabels(Zone("Europe/Berlin"), LabelMeaning.End, Hour, LabelOrder.Ascending).Resolve(Local($"2024-03-31 {label}"));

        Assert.Equal(fault, resolved.Fault);
        Assert.Equal(fault is null ? Instant.FromUtc(2024, 3, 31, 1, 0) : default, resolved.End);
    }

    [Fact]
    public void Quarters_labelled_at_their_end_stay_whole_across_the_jump()
    {
        var resolver = new LocalLabels(Zone("Europe/Berlin"), LabelMeaning.End, Quarter, LabelOrder.Ascending);

        var starts = "01:45 03:00 03:15".Split(' ').Select(text => resolver.Resolve(Local($"2024-03-31 {text}")).Start);

        Assert.Equal([Instant.FromUtc(2024, 3, 31, 0, 30), Instant.FromUtc(2024, 3, 31, 0, 45), Instant.FromUtc(2024, 3, 31, 1, 0)], starts);
    }

    [Theory]
    [InlineData("America/Sao_Paulo", "2018-11-04 00:00", 3, 23)]
    [InlineData("America/Havana", "2024-11-03 00:00", 4, 25)]
    public void A_day_whose_midnight_is_skipped_or_comes_twice_is_still_a_day(string zone, string text, int utcHour, int hours)
    {
        var resolved = new LocalLabels(Zone(zone), LabelMeaning.Start, Duration.FromDays(1)).Resolve(Local(text));

        Assert.Equal((null, utcHour, Duration.FromHours(hours)), (resolved.Fault, resolved.Start.InUtc().Hour, resolved.Length));
    }

    [Theory]
    [InlineData(LabelMeaning.Start, "2024-03-31 00:00", 1, 23)]
    [InlineData(LabelMeaning.Start, "2024-10-27 00:00", 1, 25)]
    [InlineData(LabelMeaning.End, "2024-10-28 00:00", 1, 25)]
    [InlineData(LabelMeaning.Start, "2024-03-01 00:00", 31, (31 * 24) - 1)]
    [InlineData(LabelMeaning.End, "2024-03-01 00:00", 30, 29 * 24)]
    [InlineData(LabelMeaning.Start, "2024-02-01 00:00", 30, 29 * 24)]
    public void Days_and_months_are_those_of_the_local_calendar(LabelMeaning label, string text, int stepDays, int hours)
    {
        var resolved = new LocalLabels(Zone("Europe/Berlin"), label, Duration.FromDays(stepDays)).Resolve(Local(text));

        Assert.Equal((null, Duration.FromHours(hours)), (resolved.Fault, resolved.Length));
    }

    [Theory]
    [InlineData("2016-01-01 01:00:00.003", 60, "2016-01-01 01:00:00")]
    [InlineData("2016-01-01 16:59:59.997", 60, "2016-01-01 17:00:00")]
    [InlineData("2015-12-31 23:59:59.5", 60, "2016-01-01 00:00:00")]
    [InlineData("2016-01-01 01:00:01.5", 60, "2016-01-01 01:00:01.5")]
    [InlineData("2025-06-11 05:46:22.41", 0.5, "2025-06-11 05:46:22.41")]
    public void A_label_within_a_second_of_the_grid_snaps_to_it(string written, double stepMinutes, string meant)
    {
        var resolver = new LocalLabels(DateTimeZone.Utc, LabelMeaning.Start, Duration.FromMinutes(stepMinutes));

        Assert.Equal(Local(meant).InUtc().ToInstant(), resolver.Resolve(Local(written)).Start);
    }

    [Fact]
    public void An_instant_has_no_length_and_neither_has_an_interval_of_unknown_step()
    {
        Assert.Equal(Duration.Zero, new LocalLabels(DateTimeZone.Utc, LabelMeaning.Instant, Hour).Resolve(Local("2024-01-01 00:00")).Length);
        Assert.Equal(Duration.Zero, new LocalLabels(DateTimeZone.Utc, LabelMeaning.End, Duration.Zero).Resolve(Local("2024-01-01 00:00")).Length);
    }

    [Fact]
    public void Midnight_may_be_written_as_24_00()
    {
        var day = new LocalDate(2018, 12, 31);

        Assert.Equal(new LocalDateTime(2019, 1, 1, 0, 0), LocalLabels.At(day, 24, 0));
        Assert.Equal(new LocalDateTime(2018, 12, 31, 23, 59, 59), LocalLabels.At(day, 23, 59, 59));
        Assert.Null(LocalLabels.At(day, 24, 1));
        Assert.Null(LocalLabels.At(day, 25, 0));
        Assert.Null(LocalLabels.At(day, 12, 60));
    }

    private static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb[id];

    private static LocalDateTime Local(string text) =>
        LocalDateTimePattern.CreateWithInvariantCulture(text.Length <= 16 ? "uuuu-MM-dd HH:mm" : "uuuu-MM-dd HH:mm:ss.FFF").Parse(text).Value;
}
