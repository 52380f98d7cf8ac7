using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Dates of three numbers of two digits, of which the first may be the year.</summary>
public sealed class YearFirstTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("yy-MM-dd", "2024-01-01", 31, 24)]
    [InlineData("yy/MM/dd", "2023-12-20", 31, 24)]
    [InlineData("yy-MM-dd HH:mm", "2024-01-01", 60, 1)]
    [InlineData("yy-MM-dd HH:mm:ss", "2024-01-31", 60, 1)]
    [InlineData("yy.MM.dd HH:mm", "2023-12-31", 60, 1)]
    [InlineData("yy-MM-dd", "1999-12-01", 62, 24)]
    [InlineData("yy-MM-dd", "1999-12-01", 3, 24)]
    public void The_number_that_changes_least_is_the_year(string form, string first, int count, int hours)
    {
        var start = DateTime.Parse(first, CultureInfo.InvariantCulture);
        var times = Enumerable.Range(0, count).Select(i => start.AddHours(i * hours)).ToList();
        _bench.RunText($"Time,kWh\n{string.Concat(times.Select((time, i) => $"{time.ToString(form, CultureInfo.InvariantCulture)},{i * 37 % 101}\n"))}");

        Assert.Equal(times.Select((time, i) => (time, i * 37d % 101)), _bench.Values("meter", "energy").Select(value => (value.Start.ToDateTimeUtc(), value.Value)));
        Assert.Equal("ymd", _bench.Assumed("date_order"));
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("dd-MM-yy", "2024-01-01", 31, 24)]
    [InlineData("dd/MM/yy HH:mm", "2024-01-31", 60, 1)]
    [InlineData("dd/MM/yy HH:mm", "2023-12-15", 60, 12)]
    [InlineData("dd.MM.yy HH:mm", "2023-01-15", 24, 730)]
    [InlineData("dd-MM-yy", "2020-12-31", 60, 720)]
    public void The_number_that_changes_most_is_the_day(string form, string first, int count, int hours)
    {
        var start = DateTime.Parse(first, CultureInfo.InvariantCulture);
        var times = Enumerable.Range(0, count).Select(i => start.AddHours(i * hours)).ToList();
        _bench.RunText($"Time,kWh\n{string.Concat(times.Select((time, i) => $"{time.ToString(form, CultureInfo.InvariantCulture)},{i * 37 % 101}\n"))}");

        Assert.Equal("dmy", _bench.Assumed("date_order"));
        Assert.Equal(times[^1].Date, _bench.Readings[^1].Start.ToDateTimeUtc().Date);
    }

    [Theory]
    [InlineData("31.12", 2008, 15, 1)]
    [InlineData("15.12", 2008, 15, 1)]
    [InlineData("15.12", 2022, 3, 4)]
    [InlineData("01/01", 2023, 2, 24)]
    public void One_day_of_each_year_has_the_day_first(string day, int first, int years, int hours)
    {
        var separator = day[2];
        var rows = from year in Enumerable.Range(first, years)
                   from hour in Enumerable.Range(0, hours)
                   select $"{day}{separator}{year % 100:00} {hour:00}:00,{((year * 37) + (hour * 53)) % 101}\n";
        _bench.RunText($"Time,kWh\n{string.Concat(rows)}");

        Assert.Equal("dmy", _bench.Assumed("date_order"));
        Assert.Equal(first + years - 1, _bench.Readings[^1].Start.ToDateTimeUtc().AddHours(12).Year);
    }

    [Fact]
    public void One_day_of_each_month_has_the_day_first()
    {
        _bench.RunText("Time,kWh\n15/11/23 08:00,1\n15/12/23 08:00,2\n15/01/24 08:00,3\n15/02/24 08:00,4\n");

        Assert.Equal("dmy", _bench.Assumed("date_order"));
        Assert.Equal(new DateTime(2024, 2, 15, 8, 0, 0), _bench.Readings[^1].Start.ToDateTimeUtc());
    }

    [Theory]
    [InlineData("31/12/22 08:00|31/12/22 08:10|31/12/23 08:05|31/12/23 08:15", "dmy ymd")]
    [InlineData("24/01/22 00:00|24/01/22 12:00|24/01/23 00:00|24/01/23 12:00", "dmy ymd")]
    [InlineData("01/02/22 08:00|01/02/22 09:00|01/02/23 08:00|01/02/23 09:00|01/02/24 08:00|01/02/24 09:00", "dmy mdy ymd")]
    [InlineData("31-12-20|31-12-21|31-12-22", "dmy ymd")]
    [InlineData("05-01-02|05-01-03|05-02-04", "dmy mdy ymd")]
    public void Few_dates_that_may_begin_with_the_year_are_asked_about(string dates, string orders)
    {
        var text = $"Date,kWh\n{string.Concat(dates.Split('|').Select((date, i) => $"{date},{i + 1}\n"))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal(("AMBIGUOUS_MAPPING", orders), (fault.Code, string.Join(' ', fault.Alternatives!)));
        Assert.Contains("""mapping={"date_order":"ymd"} (year first)""", fault.Message, StringComparison.Ordinal);

        _bench.RunText(text, new ImportForm { Mapping = new() { DateOrder = "ymd" } });
        Assert.Equal(int.Parse($"20{dates[..2]}", CultureInfo.InvariantCulture), _bench.Readings[0].Start.ToDateTimeUtc().Year);
    }
}
