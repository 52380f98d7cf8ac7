using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>When the greatest demand of a month was, which is no time of its row.</summary>
public sealed class PeakTimeTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Month,Consumption kWh,Max demand kW,Date of peak,Load factor %", "{0},{1},412,14/{2:00}/2024,48.2")]
    [InlineData("Month,kWh,Peak kW,Peak date,Peak time", "{0},{1},412,14/{2:00}/2024,11:30")]
    [InlineData("Monat,Verbrauch kWh,Lastspitze kW,Datum Lastspitze", "{0},{1},412,14.{2:00}.2024 11:30")]
    public void The_rows_are_of_their_months(string headers, string row)
    {
        _bench.RunText($"{headers}\n{string.Concat(Enumerable.Range(1, 12).Select(month => string.Format(System.Globalization.CultureInfo.InvariantCulture, row, $"2024-{month:00}", 41_000 + (month * 731 % 5_000), month) + "\n"))}");

        Assert.Equal(Enumerable.Range(1, 12).Select(month => Instant.FromUtc(2024, month, 1, 0, 0)), _bench.Readings.Where(reading => reading.Values.Any(value => value.Metric == "energy")).Select(reading => reading.Start));
        Assert.Equal(Enumerable.Range(1, 12).Sum(month => 41_000 + (month * 731 % 5_000)), _bench.Sum("meter", "energy"));
    }
}
