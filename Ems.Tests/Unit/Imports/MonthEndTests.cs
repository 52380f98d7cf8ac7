using Ems.Core.Metering;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Months, and labels at their ends.</summary>
public sealed class MonthEndTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(null, "Date")]
    [InlineData(LabelMeaning.End, "Date")]
    [InlineData(null, "Period Ending")]
    public void Last_days_of_months_label_those_months(LabelMeaning? label, string header)
    {
        _bench.RunText($"{header},kWh\n2023-01-31,100\n2023-02-28,90\n2023-03-31,95\n2023-04-30,80\n", new ImportForm { TimestampLabel = label });

        Assert.Equal(
            ["meter energy 2023-01-01 00:00 31d 100", "meter energy 2023-02-01 00:00 28d 90", "meter energy 2023-03-01 00:00 31d 95", "meter energy 2023-04-01 00:00 30d 80"],
            _bench.Told);
        Assert.Equal("inclusive", _bench.Assumed("interval_end"));
        Assert.Equal(label is null ? "end" : "", _bench.Assumed("timestamp_label"));
    }

    [Theory]
    [InlineData("2023-03-31 2023-06-30 2023-09-30 2023-12-31", "2023-01-01 90d|2023-04-01 91d|2023-07-01 92d|2023-10-01 92d")]
    [InlineData("2021-12-31 2022-12-31 2023-12-31", "2021-01-01 365d|2022-01-01 365d|2023-01-01 365d")]
    public void Last_days_of_quarters_and_years_label_those(string labels, string intervals)
    {
        _bench.RunText($"Date,kWh\n{string.Concat(labels.Split(' ').Select(label => $"{label},1\n"))}");

        Assert.Equal(intervals.Split('|'), _bench.Told.Select(told => $"{told[13..23]}{told[29..^2]}"));
    }

    [Fact]
    public void Labels_that_are_said_to_be_starts_stay_starts_and_leave_no_gap()
    {
        _bench.RunText(
            "Date,kWh\n2023-01-31,100\n2023-02-28,90\n2023-03-31,95\n2023-04-30,80\n", new ImportForm { TimestampLabel = LabelMeaning.Start });

        Assert.Equal(
            ["meter energy 2023-01-31 00:00 28d 100", "meter energy 2023-02-28 00:00 31d 90", "meter energy 2023-03-31 00:00 30d 95", "meter energy 2023-04-30 00:00 31d 80"],
            _bench.Told);
        Assert.Equal("", _bench.Assumed("interval_end"));
    }

    [Fact]
    public void A_month_that_ends_on_a_day_goes_back_to_that_day_of_the_month_before()
    {
        _bench.RunText(
            "Date,kWh\n2023-01-30,100\n2023-02-28,90\n2023-03-30,95\n2023-04-30,80\n2023-05-30,70\n", new ImportForm { TimestampLabel = LabelMeaning.End });

        Assert.Equal(
            [
                "meter energy 2022-12-30 00:00 31d 100", "meter energy 2023-01-30 00:00 29d 90", "meter energy 2023-02-28 00:00 30d 95",
                "meter energy 2023-03-30 00:00 31d 80", "meter energy 2023-04-30 00:00 30d 70",
            ],
            _bench.Told);
    }

    [Fact]
    public void What_a_register_shows_on_the_last_day_of_a_month_stays_on_that_day()
    {
        _bench.RunText("Date,energy_import_register (kWh)\n2023-01-31,100\n2023-02-28,190\n2023-03-31,285\n");

        Assert.Equal(
            ["meter energy_import_register 2023-01-31 00:00 100", "meter energy_import_register 2023-02-28 00:00 190", "meter energy_import_register 2023-03-31 00:00 285"],
            _bench.Told);
    }

    [Fact]
    public void A_row_taken_out_of_such_a_file_is_of_its_month()
    {
        _bench.RunText("Date;kWh;Rejected because (labels: end, interval: 2629746 s, ends: +86400 s)\n2023-02-28;90;\n");

        Assert.Equal(["meter energy 2023-02-01 00:00 28d 90"], _bench.Told);
    }
}
