using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns that say the time of their row once more.</summary>
public sealed class TimesAgainInRowsTests : IDisposable
{
    private static readonly DateTime First = new(2024, 2, 5);

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Date,Excel Time", false)]
    [InlineData("Excel Time,Date", true)]
    public void A_serial_number_of_the_time_in_words_is_no_other_end(string headers, bool isNumberFirst)
    {
        var rows = Enumerable.Range(0, 600).Select(i => First.AddMinutes(15 * i)).Select(at => (Text: at.ToString("M/d/yyyy HH:mm", CultureInfo.InvariantCulture), Number: at.ToOADate().ToString("0.00000", CultureInfo.InvariantCulture)));

        _bench.RunText($"{headers},Main Meter kW\n" + string.Concat(rows.Select(row => isNumberFirst ? $"{row.Number},{row.Text},80\n" : $"{row.Text},{row.Number},80\n")));

        Assert.Equal(600, _bench.Readings.Count);
        Assert.Equal("Excel Time", _bench.Assumed("left_out"));
        Assert.Equal("active_power", Assert.Single(_bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct()));
    }

    [Fact]
    public void Numbers_beside_dates_long_before_workbooks_are_none_of_their_times()
    {
        var fault = Record.Exception(() => _bench.RunText($"Date,Flow,Main\n{string.Concat(Enumerable.Range(1, 12).Select(day => $"0045-03-{day:00},{100 + day},{200 + (day * 7 % 5)}\n"))}", new ImportForm { Metric = "energy", Unit = "kWh" }));

        Assert.True(fault is null or ImportFaultException, $"{fault}");
    }

    [Fact]
    public void The_date_of_a_statement_says_nothing_beside_its_whole_period()
    {
        var rows = Enumerable.Range(1, 6).Select(month => $"{month:00}/20/2024,\"{new DateTime(2024, month, 3).AddMonths(-1).ToString("MMM dd, yyyy", CultureInfo.InvariantCulture)} - {new DateTime(2024, month, 2).ToString("MMM dd, yyyy", CultureInfo.InvariantCulture)}\",{100 * month}\n");

        _bench.RunText($"Statement date,Billing period,Usage (kWh)\n{string.Concat(rows)}");

        Assert.Equal(["2023-12-03 31d 100", "2024-01-03 31d 200", "2024-02-03 29d 300", "2024-03-03 31d 400", "2024-04-03 30d 500", "2024-05-03 31d 600"], _bench.Told.Select(told => string.Join(' ', told.Split(' ')[2], told.Split(' ')[4], told.Split(' ')[5])));
        Assert.Equal("Statement date", _bench.Assumed("left_out"));
    }
}
