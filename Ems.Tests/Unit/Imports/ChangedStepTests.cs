using Ems.Core.Metering;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Files whose rows come more often in one part than in another.</summary>
public sealed class ChangedStepTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData(LabelMeaning.End, false)]
    public void The_job_says_how_long_all_amounts_are_taken_to_be(LabelMeaning? label, bool isNewestFirst)
    {
        var times = Times(40, 15).Concat(Times(40, 60).Select(time => time.AddMinutes(40 * 15))).ToList();
        if (isNewestFirst)
        {
            times.Reverse();
        }

        _bench.RunText($"Time,kWh\n{Rows(times)}", new ImportForm { TimestampLabel = label });

        var told = Assert.Single(_bench.Facts.Assumptions, assumption => assumption.What == "interval");
        Assert.Equal("meter", told.Value);
        Assert.Contains("as far as 2024-01-01 10:00", told.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Gaps_and_days_without_work_are_no_such_change()
    {
        var days = Enumerable.Range(0, 100).Select(day => new DateTime(2024, 1, 1).AddDays(day)).Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
        _bench.RunText($"Time,kWh\n{Rows(days)}");

        Assert.Equal("", _bench.Assumed("interval"));
    }

    [Fact]
    public void What_a_register_shows_has_no_length()
    {
        var times = Times(40, 15).Concat(Times(40, 60).Select(time => time.AddMinutes(40 * 15)));
        _bench.RunText($"Time,Meter reading (kWh)\n{Rows(times)}", new ImportForm { Metric = "energy_import_register" });

        Assert.Equal("", _bench.Assumed("interval"));
    }

    private static IEnumerable<DateTime> Times(int count, int minutes) => Enumerable.Range(0, count).Select(i => new DateTime(2024, 1, 1).AddMinutes(i * minutes));

    private static string Rows(IEnumerable<DateTime> times) => string.Concat(times.Select((time, i) => $"{time:yyyy-MM-dd HH:mm},{5 + (i * 7 % 4)}\n"));
}
