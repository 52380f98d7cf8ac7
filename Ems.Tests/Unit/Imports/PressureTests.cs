using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Compressed air and the pressures beside it.</summary>
public sealed class PressureTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Compressor pressure (bar)", "energy", "kWh")]
    [InlineData("Pressure", "gas_volume", "m³")]
    [InlineData("Netzdruck", "gas_volume", "m³")]
    [InlineData("Druck bar", "energy", "kWh")]
    [InlineData("p [mbar]", "water_volume", "m³")]
    [InlineData("Compressed air (m³)", "gas_volume", "m³")]
    [InlineData("Druckluft Nm³", "gas_volume", "m³")]
    public void A_pressure_and_compressed_air_are_not_what_the_request_says_of_others(string header, string metric, string unit)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(TextOf(header, ""), new ImportForm { Metric = metric, Unit = unit })).Fault;

        Assert.Contains(header.Contains('³', StringComparison.Ordinal) ? "neither gas nor water" : "names a pressure", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Compressed air m³", "Pressure bar")]
    [InlineData("Druckluft Nm³", "Druck bar")]
    public void Both_are_kept_under_their_own_names_as_the_question_says(string air, string pressure)
    {
        var text = TextOf(air, pressure);
        var asked = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        Assert.DoesNotContain("\"metric\":\"gas_volume\"", asked.Message, StringComparison.Ordinal);

        _bench.RunText(text, new ImportForm { Mapping = asked.Guess });

        Assert.Equal(48, _bench.Told.Count);
        Assert.DoesNotContain(_bench.Told, line => line.Contains("gas_volume", StringComparison.Ordinal) || line.Contains(" energy", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Restaurant,Bar")]
    [InlineData("Satz,Druck")]
    [InlineData("Pressure washer,High pressure pump")]
    [InlineData("P1,P2")]
    [InlineData("Pa,Pb")]
    [InlineData("Line 1 (PA),Hotel (Bar)")]
    public void Meters_that_are_called_like_them_stay_meters(string headers)
    {
        var names = headers.Split(',');

        _bench.RunText(TextOf(names[0], names[1]), new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(names.Order(), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    private static string TextOf(string one, string other) =>
        $"Time,{one}{(other.Length > 0 ? $",{other}" : "")}\n{string.Concat(Enumerable.Range(0, 24).Select(hour => $"2026-03-02 {hour:00}:00,{30 + (hour * 7 % 11)}{(other.Length > 0 ? $",{6.5 + (hour % 3)}" : "")}\n"))}";
}
