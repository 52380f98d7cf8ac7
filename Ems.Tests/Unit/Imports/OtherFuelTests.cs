using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Fuels that are delivered in litres: no metric has them, and they are no gas.</summary>
public sealed class OtherFuelTests : IDisposable
{
    private const string Deliveries = "Delivery date,Litres,Cost\n2024-01-12,2500,1800\n2024-03-12,1800,1300\n2024-06-12,2200,1500\n2024-10-12,1500,1100\n";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Oil.csv", "oil_litres")]
    [InlineData("Heating oil.csv", "heating_oil_litres")]
    [InlineData("LPG tank.csv", "lpg_litres")]
    public void Litres_in_a_file_of_a_fuel_are_kept_under_its_name_when_the_advice_is_followed(string file, string metric)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(Deliveries, fileName: file)).Fault;
        Assert.DoesNotContain("gas_volume", fault.Message, StringComparison.Ordinal);

        _bench.RunText(Deliveries, new ImportForm { Mapping = fault.Guess }, file);

        Assert.Equal([2500.0, 1800, 2200, 1500], _bench.Readings.SelectMany(reading => reading.Values).Where(value => value.Metric == metric).Select(value => value.Value));
        Assert.Equal(4, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Gas oil (litres)")]
    [InlineData("Gasoil (l)")]
    [InlineData("LPG (litres)")]
    [InlineData("Gas LPG (litres)")]
    [InlineData("Heating oil (L)")]
    public void No_fuel_in_litres_becomes_a_volume_of_gas(string header)
    {
        _bench.RunText($"Month,Electricity (kWh),{header}\n2024-01,54196,1794\n2024-02,53216,1868\n2024-03,31170,1241\n");

        Assert.DoesNotContain(_bench.Readings, reading => reading.Values.Any(value => value.Metric == "gas_volume"));
        Assert.Contains(header, _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gas (m3)", "Boilers.csv")]
    [InlineData("Gas (m3)", "Oil mill.csv")]
    public void Gas_stays_gas(string header, string file)
    {
        _bench.RunText($"Month,{header}\n2024-01,1794\n2024-02,1868\n2024-03,1241\n", fileName: file);

        Assert.Equal(3, _bench.Readings.Count(reading => reading.Values.Any(value => value.Metric == "gas_volume")));
    }
}
