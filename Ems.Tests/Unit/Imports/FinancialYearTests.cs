using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Months without a year in tables of years that do not begin with January.</summary>
public sealed class FinancialYearTests : IDisposable
{
    private const string AprilOn = "Month,Main kWh\nApr,1\nMay,2\nJun,3\nJul,4\nAug,5\nSep,6\nOct,7\nNov,8\nDec,9\nJan,10\nFeb,11\nMar,12\n";
    private static readonly ImportForm Energy = new() { Metric = "energy", Unit = "kWh" };

    private readonly ImportBench _bench = new();

    private string Starts => string.Join(' ', _bench.Readings.OrderBy(reading => reading.Start).Select(reading =>
        string.Create(CultureInfo.InvariantCulture, $"{reading.Start.ToDateTimeUtc():yyyy-MM}={reading.Values[0].Value}")));

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("FY 2025-26,\n" + AprilOn, "x.csv", "a title")]
    [InlineData("Energy 2025/26,\n" + AprilOn, "x.csv", "a title")]
    [InlineData("April 2025 to March 2026,\n" + AprilOn, "x.csv", "a title")]
    [InlineData("avril 2025 à mars 2026,\n" + AprilOn, "x.csv", "a title")]
    [InlineData(AprilOn, "Hartwell 2025-2026.csv", "the file's name")]
    [InlineData("FY2026,\n" + AprilOn, "Hartwell 2025-26.csv", "the file's name")]
    [InlineData("Year 2025-26,\nMonth,Main kWh\nMar,12\nFeb,11\nJan,10\nDec,9\nNov,8\nOct,7\nSep,6\nAug,5\nJul,4\nJun,3\nMay,2\nApr,1\n", "x.csv", "a title")]
    public void Months_after_december_are_of_the_second_year(string text, string fileName, string where)
    {
        _bench.RunText(text, Energy, fileName);

        Assert.Equal("2025-04=1 2025-05=2 2025-06=3 2025-07=4 2025-08=5 2025-09=6 2025-10=7 2025-11=8 2025-12=9 2026-01=10 2026-02=11 2026-03=12", Starts);
        Assert.Equal("2025-04 to 2026-03", _bench.Assumed("year"));
        Assert.StartsWith(where, Assert.Single(_bench.Facts.Assumptions, one => one.What == "year").Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Months_across_go_on_into_the_second_year()
    {
        _bench.RunText("Electricity (kWh) 2025-26,,,,\nMeter,Oct,Nov,Dec,Jan,Feb,Mar\nE1,1,2,3,4,5,6\n", Energy);

        Assert.Equal("2025-10=1 2025-11=2 2025-12=3 2026-01=4 2026-02=5 2026-03=6", Starts);
    }

    [Fact]
    public void Meters_below_each_other_begin_where_they_do()
    {
        _bench.RunText("Electricity (kWh) 2025,,\nMeter,Month,kWh\nA,Oct,1\nA,Nov,2\nA,Dec,3\nB,Jan,4\nB,Feb,5\nB,Mar,6\n", new ImportForm());

        Assert.Equal("2025-01=4 2025-02=5 2025-03=6 2025-10=1 2025-11=2 2025-12=3", Starts);
    }

    [Theory]
    [InlineData("Year,Month,Meter,kWh\n2025,5,4711,1\n2025,6,4711,2\n2025,7,4711,3\n2025,1,4712,4\n2025,2,4712,5\n2025,5,4712,6\n", "2025-01=4 2025-02=5 2025-05=1 2025-05=6 2025-06=2 2025-07=3")]
    [InlineData("FY 2023-24,,\nMonth,Invoice,kWh\nMar,I12,12\nFeb,I11,11\nJan,I10,10\nDec,I9,9\nNov,I8,8\n", "2023-11=8 2023-12=9 2024-01=10 2024-02=11 2024-03=12")]
    [InlineData("Apr 2023 to Mar 2024,\nMonth,Main kWh\nFeb,10\nMar,11\n", "2024-02=10 2024-03=11")]
    public void Meters_by_number_invoices_and_parts_of_a_year_have_theirs(string text, string starts)
    {
        _bench.RunText(text, Energy);

        Assert.Equal(starts, Starts);
    }

    [Theory]
    [InlineData("Electricity 2025,\n" + AprilOn, "(Apr 2025 to Mar 2026)")]
    [InlineData("FY2025,\nMonth,Main kWh\nApr,1\nMay,2\nJun,3\nJul,4\n", "(Apr 2025 to Mar 2026)")]
    [InlineData("Electricity 2025-26,\nMonth,Main kWh\nJan,1\nFeb,2\nMar,3\nApr,4\n", "(2025 or 2026)")]
    [InlineData("Electricity 2025-26,\nMonth,Main kWh\nApr,1\nMay,2\nJun,3\n", "(2025 or 2026)")]
    [InlineData("Year,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Jan,Feb,Mar\n2025,1,2,3,4,5,6,7,8,9,10,11,12\n", "Write the calendar year")]
    [InlineData("Year,Month,kWh\n2025,Oct,1\n2025,Nov,2\n2025,Dec,3\n2025,Jan,4\n2025,Feb,5\n2026,Oct,6\n", "Write the calendar year")]
    public void Which_year_is_meant_is_asked_where_nothing_says_it(string text, string advice)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, Energy)).Fault;

        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
        Assert.Contains(advice, fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, fault.Alternatives!.Count);
    }

    [Theory]
    [InlineData("Year,Oct,Nov,Dec,Jan,Feb,Mar\n2025,1,2,3,4,5,6\n", "Oct,Nov,Dec,Jan,Feb,Mar\n1,2,3,4,5,6\n")]
    [InlineData("Year,Month,kWh\n2025,Oct,1\n2025,Nov,2\n2025,Dec,3\n2025,Jan,4\n2025,Feb,5\n2025,Mar,6\n", "Month,kWh\nOct,1\nNov,2\nDec,3\nJan,4\nFeb,5\nMar,6\n")]
    public void What_a_year_of_months_that_go_on_may_be_is_said_and_taken_as_a_title(string text, string without)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, Energy)).Fault;
        Assert.Equal(["Oct 2025 to Sep 2026", "Oct 2024 to Sep 2025"], fault.Alternatives);

        _bench.RunText($"{fault.Alternatives![1]}\n{without}", Energy);

        Assert.Equal("2024-10=1 2024-11=2 2024-12=3 2025-01=4 2025-02=5 2025-03=6", Starts);
    }

    [Theory]
    [InlineData("2021/22,2022/23,2023/24")]
    [InlineData("2021-22,2022-23,2023-24")]
    [InlineData("2021/2022,2022/2023,2023/2024")]
    [InlineData("FY21/22,FY22/23,FY23/24")]
    [InlineData("21/22,22/23,23/24")]
    [InlineData("FY 2021-22,FY 2022-23,FY 2023-24")]
    public void Years_of_two_in_headers_begin_with_the_month_that_the_rows_begin_with(string years)
    {
        _bench.RunText($"Gas consumption (kWh),,,\nMonth,{years}\nOct,1,11,21\nNov,2,12,22\nDec,3,13,23\nJan,4,14,24\nFeb,5,15,25\nTotal,15,65,115\n", new ImportForm());

        Assert.Equal("2021-10=1 2021-11=2 2021-12=3 2022-01=4 2022-02=5 2022-10=11 2022-11=12 2022-12=13 2023-01=14 2023-02=15 2023-10=21 2023-11=22 2023-12=23 2024-01=24 2024-02=25", Starts);
    }

    [Fact]
    public void Years_of_two_in_rows_begin_with_the_first_month_in_the_headers()
    {
        _bench.RunText("Gas consumption (kWh),,,,,\nYear,Oct,Nov,Dec,Jan,Feb\n2021/22,1,2,3,4,5\n2022/23,11,12,13,14,15\n", new ImportForm());

        Assert.Equal("2021-10=1 2021-11=2 2021-12=3 2022-01=4 2022-02=5 2022-10=11 2022-11=12 2022-12=13 2023-01=14 2023-02=15", Starts);
    }

    [Fact]
    public void Months_from_January_on_are_of_neither_of_two_years()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Month,2021/22,2022/23\nJan,1,2\nFeb,3,4\nMar,5,6\n", Energy)).Fault;

        Assert.Contains("one year into each header", fault.Message, StringComparison.Ordinal);
    }
}
