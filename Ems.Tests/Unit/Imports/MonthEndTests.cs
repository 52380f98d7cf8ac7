using Ems.Core.Metering;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Months, and labels at their ends.</summary>
public sealed class MonthEndTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Read Date", "2024-02-15|2024-03-15|2024-04-15", "end")]
    [InlineData("Bill Date", "2024-02-01|2024-03-01|2024-04-01", "end")]
    [InlineData("Ablesedatum", "2024-02-14|2024-03-15|2024-04-16", "end")]
    [InlineData("Billing Month", "2024-02-01|2024-03-01|2024-04-01", "instant for levels, start for intervals")]
    [InlineData("Bill Start Date", "2024-02-15|2024-03-15|2024-04-15", "start")]
    [InlineData("Read Date", "2024-02-15|2024-02-16|2024-02-17", "instant for levels, start for intervals")]
    [InlineData("Date", "2024-02-15|2024-03-15|2024-04-15", "instant for levels, start for intervals")]
    public void What_was_used_lies_before_the_day_on_which_a_meter_was_read(string header, string days, string label)
    {
        int[] amounts = [900, 850, 870];
        _bench.RunText($"Meter,{header},Usage (kWh)\n{string.Concat(days.Split('|').Zip(amounts, (day, amount) => $"M,{day},{amount}\n"))}");

        Assert.Equal(label, _bench.Assumed("timestamp_label"));
        if (label == "end")
        {
            Assert.Equal(1, _bench.Readings[0].Start.InUtc().Month);
            Assert.Equal(days.Split('|')[^1], (_bench.Readings[^1].Start + _bench.Readings[^1].Length).ToString("uuuu-MM-dd", null));
        }
    }

    [Theory]
    [InlineData("Bill Date,Days", false)]
    [InlineData("Read Date,Days", true)]
    [InlineData("Read Date,Comment", false)]
    public void What_was_used_before_a_meter_was_read_was_used_since_it_was_read_before(string header, bool isNewestFirst)
    {
        (string Date, int Days)[] bills = [("15/01/2016", 31), ("14/02/2016", 30), ("16/03/2016", 31), ("15/04/2016", 30), ("17/05/2016", 32), ("17/08/2016", 31)];
        var rows = bills.Select(bill => $"M,{bill.Date},{(header.EndsWith("Days", StringComparison.Ordinal) ? bill.Days : "")},{bill.Days * 10}\n");
        _bench.RunText($"Meter,{header},kWh\n{string.Concat(isNewestFirst ? rows.Reverse() : rows)}");

        Assert.Equal(
            [
                "M energy 2015-12-15 00:00 31d 310", "M energy 2016-01-15 00:00 30d 300", "M energy 2016-02-14 00:00 31d 310", "M energy 2016-03-16 00:00 30d 300",
                "M energy 2016-04-15 00:00 32d 320", "M energy 2016-07-17 00:00 31d 310",
            ],
            _bench.Told);
    }

    [Fact]
    public void What_a_register_shows_is_of_the_day_on_which_it_was_read()
    {
        _bench.RunText("Meter,Read Date,Meter Reading (kWh)\nM,2024-02-15,900\nM,2024-03-15,1850\nM,2024-04-15,2700\n");

        Assert.Equal(["M energy_import_register 2024-02-15 00:00 900", "M energy_import_register 2024-03-15 00:00 1850", "M energy_import_register 2024-04-15 00:00 2700"], _bench.Told);
    }

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
