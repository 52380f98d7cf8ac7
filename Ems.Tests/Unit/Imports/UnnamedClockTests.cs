using System.Globalization;

namespace Ems.Tests.Unit.Imports;

/// <summary>Times of day in a column whose header is no known word for them, beside one of dates.</summary>
public sealed class UnnamedClockTests : IDisposable
{
    private static readonly DateTime Start = new(2024, 5, 10, 0, 0, 0, DateTimeKind.Unspecified);

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Dato", "Klokkeslæt")]
    [InlineData("Datum", "Klockslag")]
    [InlineData("Päivä", "Aika")]
    [InlineData("Datum", "Uur")]
    [InlineData("Tarih", "Saat")]
    [InlineData("Дата", "Время")]
    [InlineData("日期", "时间")]
    [InlineData("תאריך", "שעה")]
    [InlineData("Date", "Slot")]
    [InlineData("Date", "HH")]
    [InlineData("Date", "Read")]
    public void They_are_those_of_the_rows_where_the_rows_of_a_date_go_on_by_them(string date, string clock)
    {
        _bench.RunText($"{date},{clock},kWh\n{Rows(288, 15, (at, i) => $"{at:yyyy-MM-dd},{at:HH:mm},{3 + (i % 7)}")}");

        Assert.Equal(288, _bench.Told.Count);
        Assert.Equal(["meter energy 2024-05-10 00:00 15m 3", "meter energy 2024-05-12 23:45 15m 3"], [_bench.Told[0], _bench.Told[^1]]);
        Assert.Equal(clock, _bench.Assumed("time"));
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void Equal_values_are_one_each_time_and_not_one_a_day()
    {
        _bench.RunText($"Tarih,Saat,kWh\n{Rows(240, 60, (at, _) => $"{at:yyyy-MM-dd},{at:HH:mm},2.5")}");

        Assert.Equal((240, 600), (_bench.Told.Count, _bench.Sum("meter", "energy")));
    }

    [Fact]
    public void Several_meters_have_them_each()
    {
        _bench.RunText($"Tarih,Saat,Meter,kWh\n{Rows(192, 60, (at, i) => $"{at:yyyy-MM-dd},{at:HH:mm},{101 + (i % 2)},{3 + (i % 5)}", perTime: 2)}");

        Assert.Equal((96, 96), (_bench.Values("101", "energy").Count(), _bench.Values("102", "energy").Count()));
    }

    [Fact]
    public void Times_of_a_workbook_are_read()
    {
        _bench.RunWorkbook(book =>
        {
            var sheet = book.AddWorksheet("Data");
            (sheet.Cell(1, 1).Value, sheet.Cell(1, 2).Value, sheet.Cell(1, 3).Value) = ("Datum", "Klockslag", "Energi (kWh)");
            for (var i = 0; i < 96; i++)
            {
                sheet.Cell(i + 2, 1).Value = Start.AddDays(i / 24);
                sheet.Cell(i + 2, 2).Value = TimeSpan.FromHours(i % 24);
                sheet.Cell(i + 2, 2).Style.NumberFormat.Format = "h:mm";
                sheet.Cell(i + 2, 3).Value = 3 + (i % 5);
            }
        });

        Assert.Equal(96, _bench.Told.Count);
        Assert.Contains("2024-05-13 23:00 1h", _bench.Told[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Date,Spitze,kWh", "{0:yyyy-MM-dd},{1},{2}", 1)]
    [InlineData("Date,Spitze,Meter,kWh", "{0:yyyy-MM-dd},{1},M{3},{2}", 3)]
    public void Those_of_the_peaks_of_days_are_not(string header, string form, int meters)
    {
        string[] peaks = ["11:15", "07:30", "18:00", "12:45", "06:15"];

        _bench.RunText($"{header}\n{Rows(60 * meters, 1440, (at, i) => string.Format(CultureInfo.InvariantCulture, form, at, peaks[i % 5], 30 + (i % 7), i % meters), perTime: meters)}");

        Assert.Equal(60 * meters, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.Equal(TimeSpan.Zero, reading.Start.ToDateTimeUtc().TimeOfDay));
        Assert.Equal("", _bench.Assumed("time"));
    }

    [Theory]
    [InlineData("Date,Customer,kWh,Read at", "{0:yyyy-MM-dd},{1},{2},09:{1:00}")]
    [InlineData("Date,Customer,kWh,Runtime", "{0:yyyy-MM-dd},{1},{2},00:{1:00}")]
    public void Those_of_lists_of_who_was_read_when_are_not(string header, string form)
    {
        _bench.RunText($"{header}\n{Rows(80, 1440, (at, i) => string.Format(CultureInfo.InvariantCulture, form, at, 1 + (i % 8), 30 + (i % 7)), perTime: 8)}");

        Assert.Equal("", _bench.Assumed("time"));
        Assert.All(_bench.Readings, reading => Assert.Equal(TimeSpan.Zero, reading.Start.ToDateTimeUtc().TimeOfDay));
    }

    [Fact]
    public void Two_columns_of_them_are_left_as_they_were()
    {
        _bench.RunText($"Päivä,Uusi,Muu,kWh\n{Rows(96, 60, (at, i) => $"{at:yyyy-MM-dd},{at:HH:mm},{at.AddHours(1):HH:mm},{3 + (i % 7)}")}");

        Assert.Equal("", _bench.Assumed("time"));
    }

    private static string Rows(int count, int minutes, Func<DateTime, int, string> row, int perTime = 1) =>
        string.Concat(Enumerable.Range(0, count).Select(i => row(Start.AddMinutes(minutes * (i / perTime)), i) + "\n"));
}
