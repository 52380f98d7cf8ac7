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

    [Theory]
    [InlineData(LabelMeaning.Start, false, 15, 60)]
    [InlineData(LabelMeaning.Start, true, 15, 60)]
    [InlineData(LabelMeaning.End, false, 15, 60)]
    [InlineData(LabelMeaning.End, true, 60, 15)]
    [InlineData(LabelMeaning.Start, false, 60, 30)]
    [InlineData(LabelMeaning.End, false, 1440, 60)]
    public void Each_amount_is_as_long_as_the_rows_of_its_part_are_apart(LabelMeaning label, bool isNewestFirst, int first, int second)
    {
        var starts = Times(40, first).Concat(Times(40, second).Select(time => time.AddMinutes(40 * first))).ToList();
        var times = starts.Select((time, i) => label == LabelMeaning.End ? time.AddMinutes(i < 40 ? first : second) : time).ToList();
        if (isNewestFirst)
        {
            times.Reverse();
        }

        _bench.RunText($"Time,kWh\n{Rows(times)}", new ImportForm { TimestampLabel = label });

        var read = _bench.Readings.OrderBy(reading => reading.Start).ToList();
        Assert.Equal(starts, read.Select(reading => reading.Start.ToDateTimeUtc()));
        Assert.Equal(Enumerable.Range(0, 80).Select(i => i < 40 ? (double)first : second), read.Select(reading => reading.Length.TotalMinutes));
        Assert.Contains("each amount", Assert.Single(_bench.Facts.Assumptions, assumption => assumption.What == "interval").Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Amounts_whose_lengths_change_again_are_taken_to_be_of_one()
    {
        var times = Times(40, 15).Concat(Times(20, 60).Select(time => time.AddHours(10))).Concat(Times(40, 15).Select(time => time.AddHours(30)));
        _bench.RunText($"Time,kWh\n{Rows(times)}");

        Assert.All(_bench.Readings, reading => Assert.Equal(15, reading.Length.TotalMinutes));
        Assert.Contains("all amounts", Assert.Single(_bench.Facts.Assumptions, assumption => assumption.What == "interval").Why, StringComparison.Ordinal);
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
