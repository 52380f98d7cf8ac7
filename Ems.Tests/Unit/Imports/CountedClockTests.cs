using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>Times of day in rows that go on through a clock change, and hours whose marks tell the two of it apart.</summary>
public sealed class CountedClockTests : IDisposable
{
    private const string Berlin = "Europe/Berlin";
    private const string NewYork = "America/New_York";

    private static readonly string[] Zones = [Berlin, NewYork];

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    public static TheoryData<string, bool, bool, int> Days => [.. from zone in Zones from isAutumn in (bool[])[true, false] from isEnd in (bool[])[true, false] from minutes in (int[])[60, 30, 15] select (zone, isAutumn, isEnd, minutes)];

    [Theory]
    [MemberData(nameof(Days))]
    public void Times_that_go_on_to_25_00_or_24_00_count_the_hours_of_their_day(string zone, bool isAutumn, bool isEnd, int minutes)
    {
        Check(zone, isAutumn, minutes, "Time", (date, _, place) => $"{date} {At((place + (isEnd ? 1 : 0)) * minutes)}");
        Check(zone, isAutumn, minutes, "Date,Time", (date, _, place) => $"{date},{At((place + (isEnd ? 1 : 0)) * minutes)}");
    }

    [Theory]
    [InlineData(Berlin)]
    [InlineData(NewYork)]
    public void Ranges_that_go_on_to_25_00_do_so_too(string zone) =>
        Check(zone, isAutumn: true, 60, "Date,Period", (date, _, place) => $"{date},{At(place * 60)}-{At((place + 1) * 60)}");

    [Theory]
    [InlineData(Berlin, true, "{0}A", "{0}B")]
    [InlineData(NewYork, true, "{0}A", "{0}B")]
    [InlineData(Berlin, true, "{0}", "{0}B")]
    [InlineData(NewYork, true, "HE{0:00}", "HE{0:00}*")]
    [InlineData(NewYork, true, "{0:00}", "{0:00}X")]
    [InlineData(Berlin, false, "{0}A", "{0}B")]
    [InlineData(NewYork, false, "HE{0:00}", "HE{0:00}*")]
    public void Hours_with_marks_are_those_of_the_clock(string zone, bool isAutumn, string first, string second) =>
        Check(zone, isAutumn, 60, "Date,Hour", (date, local, _) =>
        {
            var isTwice = DateTimeZoneProviders.Tzdb[zone].MapLocal(local.LocalDateTime).Count == 2;
            var isSecond = isTwice && local.ToInstant() == DateTimeZoneProviders.Tzdb[zone].MapLocal(local.LocalDateTime).Last().ToInstant();
            return $"{date},{string.Format(CultureInfo.InvariantCulture, isSecond ? second : isTwice ? first : first.TrimEnd('A'), local.Hour + 1)}";
        });

    [Theory]
    [InlineData("2024-06-02 25:00", ImportFault.InvalidTimestamp)]
    [InlineData("2024-10-27 25:00", ImportFault.InvalidTimestamp)]
    public void An_hour_that_its_day_does_not_have_is_rejected(string time, string code)
    {
        var day = DateTime.Parse(time[..10], CultureInfo.InvariantCulture);
        _bench.RunText($"Time,kWh\n{string.Concat(Enumerable.Range(0, 20).Select(hour => $"{day.AddHours(hour + 1):yyyy-MM-dd HH:mm},{10 + (hour * 7 % 5)}\n"))}{time},3\n", new ImportForm { TimeZone = Berlin });

        Assert.Equal([code], _bench.FaultCodes);
        Assert.DoesNotContain(_bench.Values("meter", "energy"), value => value.Value == 3);
    }

    [Fact]
    public void Days_that_all_have_both_midnights_end_at_the_second()
    {
        var rows = Enumerable.Range(26, 3).SelectMany(day => Enumerable.Range(0, 25).Select(hour => $"2024-10-{day} {hour:00}:00,{1000 + (day * 24) + hour}\n"));
        _bench.RunText($"Time,Meter reading (kWh)\n{string.Concat(rows)}", new ImportForm { TimeZone = Berlin, Metric = "energy_import_register" });

        Assert.Equal("2024-10-27T23:00:00Z", _bench.Values("meter", "energy_import_register").Last(value => value.Value == 1000 + (28 * 24)).Start.ToString()[..20]);
    }

    [Fact]
    public void A_logger_on_winter_time_is_read_as_before()
    {
        var start = new DateTime(2024, 3, 30);
        _bench.RunText($"Time,kWh\n{string.Concat(Enumerable.Range(0, 72).Select(hour => $"{start.AddHours(hour):yyyy-MM-dd HH:mm},{10 + (hour % 5)}\n"))}", new ImportForm { TimeZone = Berlin });

        Assert.Equal(["NONEXISTENT_LOCAL_TIME"], _bench.FaultCodes);
    }

    /// <summary>Three days around a change of the clocks, whose values must be at the instants that they are of.</summary>
    /// <param name="label">Of the date, the local start of an interval and its place in the day.</param>
    private static void Check(string zoneId, bool isAutumn, int minutes, string headers, Func<string, ZonedDateTime, int, string> label)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var change = (zoneId, isAutumn) switch
        {
            (Berlin, true) => new LocalDate(2024, 10, 27),
            (Berlin, false) => new LocalDate(2024, 3, 31),
            (_, true) => new LocalDate(2024, 11, 3),
            _ => new LocalDate(2024, 3, 10),
        };
        var expected = new List<(Instant Start, double Value)>();
        var rows = new List<string>();
        for (var date = change.PlusDays(-1); date <= change.PlusDays(1); date = date.PlusDays(1))
        {
            var (at, end, place) = (zone.AtStartOfDay(date).ToInstant(), zone.AtStartOfDay(date.PlusDays(1)).ToInstant(), 0);
            for (; at < end; at += Duration.FromMinutes(minutes), place++)
            {
                expected.Add((at, 100 + (expected.Count * 37 % 101)));
                rows.Add($"{label(date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture), at.InZone(zone), place)},{expected[^1].Value}\n");
            }
        }

        using var bench = new ImportBench();
        bench.RunText($"{headers},kWh\n{string.Concat(rows)}", new ImportForm { TimeZone = zoneId });

        Assert.Empty(bench.FaultCodes);
        Assert.Equal(expected, bench.Values("meter", "energy"));
        Assert.All(bench.Readings, reading => Assert.Equal(Duration.FromMinutes(minutes), reading.Length));
    }

    private static string At(int minutes) => $"{minutes / 60:00}:{minutes % 60:00}";
}
