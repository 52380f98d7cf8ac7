namespace Ems.Tests.Unit.Imports;

/// <summary>Matrices with a row per hour and a column per date.</summary>
public sealed class HoursDownTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Hour", "00:00", "2024-03-05 00:00")]
    [InlineData("", "00:00", "2024-03-05 00:00")]
    [InlineData("", "00:00 - 01:00", "2024-03-05 00:00")]
    [InlineData("Time", "01:00", "2024-03-05 00:00")]
    [InlineData("", "1", "2024-03-05 00:00")]
    [InlineData("Hour", "1", "2024-03-05 00:00")]
    public void Each_cell_is_of_an_hour_of_its_date(string corner, string first, string start)
    {
        _bench.RunText($"Hourly kWh\n{Matrix(corner, first)}");

        Assert.Equal(72, _bench.Told.Count);
        Assert.Equal([$"meter energy {start} 1h 1", "meter energy 2024-03-05 01:00 1h 2"], _bench.Told.Where(line => line.Contains("-05 00:", StringComparison.Ordinal) || line.Contains("-05 01:", StringComparison.Ordinal)));
        Assert.Contains("meter energy 2024-03-07 23:00 1h 24", _bench.Told);
    }

    [Fact]
    public void Rows_of_sums_and_texts_do_not_make_meters_of_hours()
    {
        _bench.RunText($"Hourly kWh\n{Matrix("Hour", "00:00 - 01:00")}Total,300,300,300\nPeak hour,23:00,23:00,23:00\n");

        Assert.Equal(72, _bench.Told.Count);
        Assert.All(_bench.Told, line => Assert.Contains(" 1h ", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("KW,Strom (kWh)", "Numbered energy")]
    [InlineData("kW,Strom (kWh)", "Numbered active_power|Numbered energy")]
    [InlineData("KW,Strom (kWh)", "Numbered active_power|Numbered energy", 7)]
    public void Weeks_are_no_power(string headers, string series, int step = 1)
    {
        _bench.RunText($"Datum,{headers}\n{string.Concat(Enumerable.Range(0, 6).Select(week => $"{new DateTime(2024, 12, 2).AddDays(7 * week):dd.MM.yyyy},{((48 + (step * week)) % 52) + 1},{900 + week}\n"))}", fileName: "Numbered.csv");

        Assert.Equal(series.Split('|'), _bench.Told.Select(line => string.Join(' ', line.Split(' ')[..2])).Distinct().Order());
    }

    /// <summary>Of three days; each cell has the number of its hour from 1.</summary>
    private static string Matrix(string corner, string first)
    {
        string LabelOf(int hour) => first switch
        {
            "1" => $"{hour + 1}",
            "01:00" => $"{hour + 1:00}:00",
            "00:00" => $"{hour:00}:00",
            _ => $"{hour:00}:00 - {hour + 1:00}:00",
        };
        return $"{corner},2024-03-05,2024-03-06,2024-03-07\n{string.Concat(Enumerable.Range(0, 24).Select(hour => $"{LabelOf(hour)},{hour + 1},{hour + 1},{hour + 1}\n"))}";
    }
}
