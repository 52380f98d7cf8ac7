using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Subjects;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns of what the readings beside them are multiplied by.</summary>
public sealed class MultiplierColumnTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Meter No,Date,Previous Reading,Current Reading,Multiplier,Units", "EM-61,2024-01-01,1000,1100,40,kWh", "EM-61,2024-02-01,1100,1200,40,kWh", "EM-61")]
    [InlineData("Date,Zählerstand (kWh),Wandlerfaktor", "2024-01-01,1000,40", "2024-02-01,1100,40", "meter")]
    [InlineData("Meter,Date,Reading (kWh),CT Ratio", "A,2024-01-01,1000,200/5", "A,2024-02-01,1100,200/5", "A")]
    [InlineData("Meter,Date,Reading (kWh),MF", "A,2024-01-01,1000,40", "A,2024-02-01,1100,40", "A")]
    [InlineData("Meter,Date,Reading (kWh),Factor", "A,2024-01-01,1000,40", "A,2024-02-01,1100,40", "A")]
    public void Readings_of_a_register_have_the_multiplier_beside_them(string headers, string first, string second, string meter)
    {
        _bench.RunText($"{headers}\n{first}\n{second}\n");

        Assert.Equal([(meter, 40.0)], _bench.Facts.Meters.Select(found => (found.EquipmentId, found.Multiplier ?? 0)));
        Assert.Equal(2, _bench.Values(meter, "energy_import_register").Count());
        Assert.DoesNotContain(_bench.Facts.Assumptions, assumption => assumption.Why.Contains("map it to keep it", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_meter_has_its_own()
    {
        _bench.RunText("Meter,Date,Reading (kWh),Multiplier\nA,2024-01-01,1000,40\nB,2024-01-01,500,1\nA,2024-02-01,1100,40\nB,2024-02-01,520,1\n");

        Assert.Equal([("A", 40.0), ("B", 1)], _bench.Facts.Meters.Select(found => (found.EquipmentId, found.Multiplier ?? 0)).Order());
    }

    [Theory]
    [InlineData("Meter,Date,Previous Reading,Current Reading,MF,Consumption kWh", "A,2024-01-01,1000,1100,40,4000", "A,2024-02-01,1100,1190,40,3600")]
    [InlineData("Meter,Date,Usage (kWh),Multiplier", "A,2024-01-01,50,40", "A,2024-02-01,45,40")]
    [InlineData("Meter,Date,Reading (kWh),Multiplier", "A,2024-01-01,1000,40", "A,2024-02-01,1100,60")]
    public void Amounts_are_not_multiplied_and_what_changes_is_left_to_the_sender(string headers, string first, string second)
    {
        _bench.RunText($"{headers}\n{first}\n{second}\n");

        Assert.All(_bench.Facts.Meters, meter => Assert.Null(meter.Multiplier));
        var left = Assert.Single(_bench.Facts.Assumptions, assumption => assumption is { What: "left_out", Value: "MF" or "Multiplier" });
        Assert.Contains("set multiplier of the meter", left.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Zähler,H1 Haupt,H2 Pumpen\nNummer,1EMH001,1EMH002\nFaktor,60,1\nEinheit,kWh,kWh\n", "H1 Haupt 1EMH001", "H2 Pumpen 1EMH002", "energy_import_register")]
    [InlineData("Zähler,H1 Haupt,H2 Pumpen\nMesswandlerfaktor,60,1\nDatum,Zählerstand kWh,Zählerstand kWh\n", "H1 Haupt", "H2 Pumpen", null)]
    [InlineData("Meter,H1,H2\nDate,Meter reading kWh,Meter reading kWh\nCT ratio,300/5,1\n", "H1", "H2", null)]
    public void A_row_of_headers_has_the_multiplier_of_each_meter(string headers, string one, string other, string? metric)
    {
        _bench.RunText($"{headers}2025-01-31,1000,70000\n2025-02-28,1051,70333\n2025-03-31,1104,70670\n2025-04-30,1150,71010\n", new ImportForm { Metric = metric, Unit = metric is null ? null : "kWh" });

        Assert.Equal([(one, 60.0), (other, 1)], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Multiplier ?? 0)));
        Assert.Equal([1000.0, 1051, 1104, 1150], _bench.Values(one, "energy_import_register").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Meter,H1,H2\nMultiplier,40,1\nDate,kWh,kWh\n", "Multiplier")]
    [InlineData("Meter,H1,H2\nFactor,40\nDate,Meter reading kWh,Meter reading kWh\n", "Factor")]
    [InlineData("Site: Works,,\nMultiplier: 40,,\nDate,Meter reading kWh,Voltage (V)\n", "Multiplier")]
    public void One_that_is_not_taken_is_told_and_is_part_of_no_name(string headers, string told)
    {
        _bench.RunText($"{headers}2025-01-31,100,70\n2025-02-28,105,75\n2025-03-31,103,72\n2025-04-30,110,76\n");

        Assert.All(_bench.Facts.Meters, meter => Assert.Null(meter.Multiplier));
        Assert.All(_bench.Readings, reading => Assert.Contains(reading.EquipmentId, (string[])["H1", "H2", "meter"]));
        Assert.Contains("set multiplier of the meter", Assert.Single(_bench.Facts.Assumptions, assumption => assumption.What == "left_out" && assumption.Value == told).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Power Factor")]
    [InlineData("Load Factor")]
    [InlineData("Emission Factor")]
    [InlineData("Ratio")]
    public void Other_factors_multiply_nothing(string header)
    {
        Assert.False(Multipliers.AreNamedBy(new HeaderWords(header)));
    }

    [Fact]
    public void A_factor_of_each_row_is_none_of_a_meter()
    {
        _bench.RunText($"Time,Reading (kWh),Factor\n{string.Concat(Enumerable.Range(0, 20).Select(i => $"2024-01-01 {i:00}:00,{1000 + (i * 3)},{0.3 + (i / 100.0)}\n"))}");

        Assert.Null(Assert.Single(_bench.Facts.Meters).Multiplier);
        Assert.Equal("Factor", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("40", 40.0)]
    [InlineData("200/5", 40.0)]
    [InlineData("200:5", 40.0)]
    [InlineData("200/0", null)]
    [InlineData("0", null)]
    [InlineData("n/a", null)]
    public void A_multiplier_may_be_written_as_both_sides_of_a_transformer(string text, double? expected)
    {
        Assert.Equal(expected, Multipliers.ValueOf(Cell.Of(text)));
    }
}
