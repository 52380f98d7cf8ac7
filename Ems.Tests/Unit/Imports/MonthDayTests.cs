using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Sheets of days and months, whichever of them stand in the headers, and sheets of one month each.</summary>
public sealed class MonthDayTests : IDisposable
{
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Month", "{0:00}/{1:00}")]
    [InlineData("Billing period", "{0}-{1:00}")]
    [InlineData("Rechnungsmonat", "{0:00}/{1:00}", true)]
    public void Short_months_that_go_on_across_the_turn_of_a_year_are_months(string header, string form, bool isNewestFirst = false)
    {
        var rows = Enumerable.Range(10, 6).Select(month => $"{Short(form, month)},{100 + (month % 4)}\n");
        _bench.RunText($"{header},kWh\n{string.Concat(isNewestFirst ? rows.Reverse() : rows)}");

        Assert.Equal(
            [
                "meter energy 2023-10-01 00:00 31d 102", "meter energy 2023-11-01 00:00 30d 103", "meter energy 2023-12-01 00:00 31d 100",
                "meter energy 2024-01-01 00:00 31d 101", "meter energy 2024-02-01 00:00 29d 102", "meter energy 2024-03-01 00:00 31d 103",
            ],
            _bench.Told);
    }

    [Theory]
    [InlineData("Month", "{0:00}/{1:00}", 1, 12)]
    [InlineData("Date", "{0:00}/{1:00}", 10, 6)]
    public void Short_months_that_may_be_days_are_asked_for_with_their_years(string header, string form, int first, int count)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{header},kWh\n{string.Concat(Enumerable.Range(first, count).Select(month => $"{Short(form, month)},{100 + (month % 4)}\n"))}")).Fault;

        Assert.Contains("write all digits of its year", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Months_below_rows_of_their_years_are_asked_for_with_years_and_without_those_rows()
    {
        string Rows(bool hasYears) => "Year,Month,kWh\n" + string.Concat(Enumerable.Range(2023, 2).Select(year =>
            (hasYears ? $"{year},,\n" : "") + string.Concat(Months.Select((month, i) => $",{month}{(hasYears ? "" : $"-{year % 100}")},{100 + (i * 7 % 13)}\n"))));

        Assert.Contains("(Jan-24) and delete the rows that have a year alone", Assert.Throws<ImportFaultException>(() => _bench.RunText(Rows(true))).Fault.Message, StringComparison.Ordinal);
        _bench.RunText(Rows(false));
        Assert.Equal(24, _bench.Readings.Count);
    }

    /// <param name="month">From January 2023 on.</param>
    private static string Short(string form, int month) => string.Format(System.Globalization.CultureInfo.InvariantCulture, form, ((month - 1) % 12) + 1, 23 + ((month - 1) / 12));

    [Theory]
    [InlineData("Day", "", "daily kWh 2024.csv", "")]
    [InlineData("Tag", "", "daily kWh 2024.csv", "-")]
    [InlineData("Date", "", "daily kWh 2024.csv", "")]
    [InlineData("2024", "", "daily kWh.csv", "")]
    [InlineData("", "", "daily kWh 2024.csv", "")]
    [InlineData("Day", "-24", "daily kWh.csv", "")]
    public void Days_in_the_rows_and_months_in_the_headers_are_the_days_of_a_year(string header, string year, string fileName, string none)
    {
        _bench.RunText($"{header},{string.Join(',', Months.Select(month => month + year))}\n{string.Concat(Enumerable.Range(1, 31).Select(day => $"{day},{string.Join(',', Enumerable.Range(1, 12).Select(month => ValueOf(month, day, none)))}\n"))}", fileName: fileName);

        CheckYear(1);
    }

    [Theory]
    [InlineData("Month", "{0}", "daily kWh 2024.csv")]
    [InlineData("Month", "{0}-24", "daily kWh.csv")]
    [InlineData("Month", "2024-{1:00}", "daily kWh.csv")]
    [InlineData("2024", "{0}", "daily kWh.csv")]
    public void Months_in_the_rows_and_days_in_the_headers_are_the_days_of_a_year(string header, string month, string fileName)
    {
        _bench.RunText(Turned(header, month, ""), fileName: fileName);

        CheckYear(1);
    }

    [Fact]
    public void Two_months_are_enough()
    {
        _bench.RunText($"Day,Jan,Feb\n{string.Concat(Enumerable.Range(1, 31).Select(day => $"{day},{ValueOf(1, day, "")},{ValueOf(2, day, "")}\n"))}", fileName: "daily kWh 2024.csv");

        Assert.Equal(60, _bench.Told.Count);
        Assert.Contains("daily kWh energy 2024-02-29 00:00 1d", string.Join('\n', _bench.Told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Jan-24,Feb-24,Mar-24", "Main,1,2,3\nKitchen,5,4,3\n", "Kitchen energy 2024-01-01 00:00 31d 5")]
    [InlineData("Jan,Feb,Mar", "2023,1,2,3\n2024,5,4,3\n", "kWh energy 2024-02-01 00:00 29d 4")]
    public void Nothing_need_head_the_rows_of_a_matrix(string headers, string rows, string told)
    {
        _bench.RunText($",{headers}\n{rows}", fileName: "kWh.csv");

        Assert.Empty(_bench.FaultCodes);
        Assert.Contains(told, _bench.Told);
    }

    [Fact]
    public void Rows_may_name_meters_beside_the_days()
    {
        var rows = from meter in (string[])["A", "B"] from day in Enumerable.Range(1, 31) select $"{meter},{day},{string.Join(',', Enumerable.Range(1, 12).Select(month => ValueOf(month, day, "")))}\n";
        _bench.RunText($"Meter,Day,{string.Join(',', Months)}\n{string.Concat(rows)}", fileName: "daily kWh 2024.csv");

        CheckYear(2);
    }

    [Fact]
    public void A_value_of_a_day_that_its_month_does_not_have_is_rejected()
    {
        _bench.RunText($"Day,{string.Join(',', Months)}\n{string.Concat(Enumerable.Range(1, 31).Select(day => $"{day},{string.Join(',', Enumerable.Range(1, 12).Select(month => ValueOf(month, day, "5")))}\n"))}", fileName: "daily kWh 2024.csv");

        Assert.Equal((6, 366), (_bench.FaultCodes.Count(code => code == ImportFault.InvalidTimestamp), _bench.Told.Count));
    }

    [Theory]
    [InlineData("Day")]
    [InlineData("")]
    public void A_zero_of_a_day_that_its_month_does_not_have_is_nothing(string header)
    {
        _bench.RunText($"{header},{string.Join(',', Months)}\n{string.Concat(Enumerable.Range(1, 31).Select(day => $"{day},{string.Join(',', Enumerable.Range(1, 12).Select(month => ValueOf(month, day, "0")))}\n"))}", fileName: "daily kWh 2024.csv");

        Assert.Empty(_bench.FaultCodes);
        CheckYear(1);
    }

    [Fact]
    public void Columns_1_to_31_are_days_where_those_that_months_lack_are_zero()
    {
        _bench.RunText(Turned("Month", "2024-{1:00}", "0"), new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Empty(_bench.FaultCodes);
        CheckYear(1);
    }

    [Fact]
    public void Columns_1_to_31_of_which_the_last_stand_still_may_be_meters() =>
        Assert.Contains("meters", Assert.Throws<ImportFaultException>(() => _bench.RunText(
            $"Month,{string.Join(',', Enumerable.Range(1, 31))}\n{string.Concat(Enumerable.Range(1, 12).Select(month => $"2024-{month:00},{string.Join(',', Enumerable.Range(1, 31).Select(meter => meter > 28 ? 0 : meter + month))}\n"))}",
            new ImportForm { Metric = "energy", Unit = "kWh" })).Fault.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("energy")]
    public void Columns_1_to_31_with_values_for_each_month_are_asked_about(string? metric)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(Turned("Month", "2024-{1:00}", "5"), new ImportForm { Metric = metric, Unit = metric is null ? null : "kWh" })).Fault;

        Assert.Contains("the days of months", fault.Message, StringComparison.Ordinal);
        Assert.Contains("meters", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Januar", "Februar")]
    [InlineData("01 January", "02 February")]
    public void Sheets_of_months_may_have_their_year_in_the_name_of_the_file(string first, string second)
    {
        _bench.RunWorkbook(
            workbook =>
            {
                foreach (var (name, days) in new[] { (first, 31), (second, 29) })
                {
                    var sheet = workbook.AddWorksheet(name);
                    (sheet.Cell(1, 1).Value, sheet.Cell(1, 2).Value) = ("Tag", "Strom kWh");
                    for (var day = 1; day <= days; day++)
                    {
                        (sheet.Cell(day + 1, 1).Value, sheet.Cell(day + 1, 2).Value) = (day, 100 + (day % 7));
                    }
                }
            },
            fileName: "Tageswerte 2024.xlsx");

        Assert.Equal(60, _bench.Told.Count);
        Assert.Equal("2024-01; 2024-02", _bench.Assumed("month"));
        Assert.Contains("Tageswerte energy 2024-02-29 00:00 1d 101", _bench.Told);
    }

    [Theory]
    [InlineData("Meter", "Billing Day", "15")]
    [InlineData("Meter", "Day", "1")]
    public void A_day_on_which_meters_are_read_is_no_day_of_the_values(string meter, string header, string day)
    {
        _bench.RunText($"{meter},{header},{string.Join(',', Months.Select(month => $"{month}-24"))}\n{string.Concat(Enumerable.Range(1, 31).Select(id => $"M{id},{(id == 30 ? "28" : day)},{string.Join(',', Enumerable.Range(1, 12).Select(month => ValueOf(month, 1, "")))}\n"))}", fileName: "kWh.csv");

        Assert.Contains("M30 energy 2024-02-01 00:00 29d", string.Join('\n', _bench.Told), StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_of_31_things_are_no_days()
    {
        _bench.RunText($"Tag,Location,{string.Join(',', Months.Select(month => $"{month}-24"))}\n{string.Concat(Enumerable.Range(1, 31).Select(id => $"{id},Hall {id},{string.Join(',', Enumerable.Range(1, 12).Select(month => ValueOf(month, 1, "")))}\n"))}", fileName: "kWh.csv");

        Assert.Contains("energy 2024-02-01 00:00 29d", string.Join('\n', _bench.Told), StringComparison.Ordinal);
        Assert.DoesNotContain(" 1d ", string.Join('\n', _bench.Told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Day", 7)]
    [InlineData("Period", 48)]
    public void Days_of_a_week_and_periods_of_a_day_are_no_days_of_months(string header, int count) =>
        Assert.Throws<ImportFaultException>(() => _bench.RunText(
            $"{header},{string.Join(',', Months)}\n{string.Concat(Enumerable.Range(1, count).Select(day => $"{day},{string.Join(',', Enumerable.Range(1, 12).Select(month => ValueOf(month, 1, "")))}\n"))}", fileName: "daily kWh 2024.csv"));

    private void CheckYear(int meters)
    {
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(366 * meters, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading =>
        {
            var day = reading.Start.InUtc();
            Assert.Equal((1, double.Parse(ValueOf(day.Month, day.Day, ""), System.Globalization.CultureInfo.InvariantCulture)), (reading.Length.TotalDays, reading.Values[0].Value));
        });
    }

    private static string Turned(string header, string name, string none) => $"{header},{string.Join(',', Enumerable.Range(1, 31))}\n"
        + string.Concat(Enumerable.Range(1, 12).Select(month => $"{string.Format(System.Globalization.CultureInfo.InvariantCulture, name, Months[month - 1], month)},{string.Join(',', Enumerable.Range(1, 31).Select(day => ValueOf(month, day, none)))}\n"));

    private static string ValueOf(int month, int day, string none) => day > DateTime.DaysInMonth(2024, month) ? none : $"{1 + (((month * 31) + day) * 7 % 97)}";
}
