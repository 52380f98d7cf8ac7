using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Long numbers beside the values, which may be those of meters.</summary>
public sealed class ServicePointTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Mittauspisteen tunnus", "643006966012345671", "643006966012345688")]
    [InlineData("Käyttöpaikan tunnus", "1234567890123", "1234567890124")]
    [InlineData("Kohde", "643006966012345672", "643006966012345689")]
    public void They_are_meters_where_the_header_or_the_digits_say_so(string header, string one, string other)
    {
        _bench.RunText(Text(header, one, other));

        Assert.Equal([one, other], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("AT0010000000000000001000012345679 - Verbrauch [kWh]")]
    [InlineData("Verbrauch [kWh] - AT0010000000000000001000012345679")]
    [InlineData("AT0010000000000000001000012345679 (kWh)")]
    public void A_header_has_them_beside_what_is_measured(string header)
    {
        _bench.RunText($"Datum;Zeit von;Zeit bis;{header}\n01.03.2026;00:00;00:15;0,181\n01.03.2026;00:15;00:30;0,240\n31.03.2026;00:15;00:30;0,240\n", fileName: "VIERTELSTUNDENWERTE.csv");

        Assert.Equal("AT0010000000000000001000012345679", Assert.Single(_bench.Readings.Select(reading => reading.EquipmentId).Distinct()));
        Assert.Equal(3, _bench.Readings.Count);
    }

    [Theory]
    [InlineData("Zaehlpunkt")]
    [InlineData("ZAEHLPUNKTBEZEICHNUNG")]
    [InlineData("MeteringpointId")]
    [InlineData("Målepunktid")]
    [InlineData("MaLo-ID")]
    [InlineData("MeLo")]
    [InlineData("Messlokations-ID")]
    [InlineData("Point de livraison")]
    [InlineData("Punto di prelievo")]
    [InlineData("Anlaggnings ID")]
    [InlineData("Målernummer")]
    public void A_header_names_them_in_any_spelling(string header)
    {
        _bench.RunText($"{header};Start;End;kWh\nGR4711000001;2026-02-02 00:00;2026-02-02 01:00;2,5\nGR4711000001;2026-02-02 01:00;2026-02-02 02:00;3,5\n");

        Assert.Equal("GR4711000001", Assert.Single(_bench.Readings.Select(reading => reading.EquipmentId).Distinct()));
    }

    [Theory]
    [InlineData("DE00056266802AO6G56M11SN51G21M24X")]
    [InlineData("AT0010000000000000001000000123456")]
    [InlineData("ES0021000007654321ZZ0F")]
    [InlineData("IT001E00112233")]
    public void The_way_they_are_made_names_them_below_any_header(string point)
    {
        _bench.RunText($"Ref;Start;End;kWh\n{point};2026-02-02 00:00;2026-02-02 01:00;2,5\n{point};2026-02-02 01:00;2026-02-02 02:00;3,5\n");

        Assert.Equal(point, Assert.Single(_bench.Readings.Select(reading => reading.EquipmentId).Distinct()));
    }

    [Fact]
    public void Others_that_differ_are_asked_about()
    {
        var refused = Assert.Throws<ImportFaultException>(() => _bench.RunText(Text("Kohde", "7777700001234", "7777700001235")));

        Assert.Equal((ImportFault.AmbiguousMapping, "Kohde"), (refused.Fault.Code, refused.Fault.Column));
    }

    [Fact]
    public void One_alone_or_those_of_equipment_that_the_request_names_are_left_out()
    {
        _bench.RunText(Text("Kohde", "7777700001234", "7777700001234"));
        _bench.RunText(Text("Kohde", "7777700001234", "7777700001235"), new ImportForm { EquipmentId = "M" });

        Assert.Equal(["meter", "M"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Fact]
    public void It_is_said_that_the_request_s_equipment_is_not_used_where_the_file_names_its_own()
    {
        var hours = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00"));
        var values = string.Join(',', Enumerable.Range(5, 24));
        _bench.RunText($"MPAN,Date,Unit,{hours}\n1200012345678,18/01/2024,kWh,{values}\n1200012345678,19/01/2024,kWh,{values}\n", new ImportForm { EquipmentId = "m-uk" });

        Assert.Equal("1200012345678", Assert.Single(_bench.Facts.Meters).EquipmentId);
        Assert.Equal("m-uk: not used", _bench.Assumed("equipment_id"));
    }

    private static string Text(string header, string one, string other) => $"{header};Alkuaika;Määrä (kWh)\n" + string.Join('\n', Enumerable.Range(0, 8).Select(hour => $"{(hour < 4 ? one : other)};2024-01-15 0{hour}:00;{5 + (hour % 3)}"));
}
