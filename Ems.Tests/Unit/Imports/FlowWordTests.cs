using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Words of several languages for what flows in and out of a site: none of it is added to what it uses.</summary>
public sealed class FlowWordTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Consumo (kWh)", "Produção (kWh)")]
    [InlineData("Energia consumida (kWh)", "Energia gerada (kWh)")]
    [InlineData("Energía activa importada (kWh)", "Energía activa exportada (kWh)")]
    [InlineData("Energia attiva prelevata (kWh)", "Energia attiva immessa (kWh)")]
    [InlineData("Energie soutirée (kWh)", "Energie injectée (kWh)")]
    [InlineData("Verbruik (kWh)", "Opbrengst (kWh)")]
    [InlineData("Afname (kWh)", "Invoeding (kWh)")]
    [InlineData("Uttag (kWh)", "Inmatning (kWh)")]
    [InlineData("Forbrug (kWh)", "Produktion (kWh)")]
    [InlineData("Energie vom Netz bezogen [kWh]", "Energie ins Netz eingespeist [kWh]")]
    [InlineData("Verbrauch (kWh)", "Überschuss (kWh)")]
    [InlineData("kWh Imp", "kWh Exp")]
    [InlineData("Consumo (kWh)", "Producao (kWh)")]
    [InlineData("Consommation (kWh)", "Energie injectee (kWh)")]
    public void An_amount_that_is_made_or_given_away_is_left_out(string used, string made)
    {
        _bench.RunText($"Time,{used},{made}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal([5.0, 4], _bench.Values("meter", "energy").Select(value => value.Value));
        Assert.Equal(made, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Potencia importada (kW)", "Potencia exportada (kW)", "Potencia exportada")]
    [InlineData("Puissance soutirée (kW)", "Puissance injectée (kW)", "Puissance injectée")]
    [InlineData("Soutirage (kW)", "Injection (kW)", "Injection")]
    [InlineData("Consumo (kW)", "Injeção na rede (kW)", "Injeção na rede")]
    public void A_power_that_flows_out_is_a_meter_of_its_own(string used, string given, string part)
    {
        _bench.RunText($"Time,{used},{given}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal([-1.0, -2], _bench.Values($"meter {part}", "active_power").Select(value => value.Value));
    }

    [Theory]
    [InlineData("CPE;PT0002000012345678AB", "Consumo registado, Ativa (kW)", "Produção registada, Ativa (kW)", "PT0002000012345678AB Produção registada, Ativa", true)]
    [InlineData("CPE;PT0002000012345678AB", "Consumo (kW)", "Produção (kW)", "PT0002000012345678AB Produção", true)]
    [InlineData("Meter Number;222013", "Consumo (kW)", "Produção (kW)", "222013 Produção", false)]
    public void What_is_made_behind_a_point_of_the_network_flows_out_there(string line, string used, string made, string meter, bool flowsOut)
    {
        _bench.RunText($"{line}\n\nTime;{used};{made}\n2024-01-01 00:00;5;1\n2024-01-01 01:00;4;2\n");

        Assert.Equal(flowsOut ? [-1.0, -2] : [], _bench.Values(meter, "active_power").Select(value => value.Value));
        Assert.Equal(flowsOut ? "" : made, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Main (kWh),HVAC (kWh),Injection (kWh)", "Injection", -2)]
    [InlineData("Afname (kWh),Hal 1 (kWh),Injectie (kWh)", "Injectie", -2)]
    [InlineData("Main (kWh),HVAC (kWh),Injection moulding (kWh)", "Injection moulding", 2)]
    [InlineData("Pintura (kWh),Montagem (kWh),Injeção (kWh)", "Injeção", 2)]
    [InlineData("Main (kWh),HVAC (kWh),Injection sur le toit (kWh)", "Injection sur le toit", 2)]
    [InlineData("UMG Haupt bezogen (kWh),UMG Halle bezogen (kWh),UMG Dach geliefert (kWh)", "UMG Dach geliefert", 2)]
    public void What_may_be_a_machine_among_meters_is_told_whichever_way_it_counts(string headers, string meter, double first)
    {
        _bench.RunText($"Time,{headers}\n2024-01-01 00:00,5,1,2\n2024-01-01 01:00,4,2,1\n");

        Assert.Equal(first, _bench.Values(meter, "energy").First().Value);
        Assert.Equal(headers.Split(',')[^1], _bench.Assumed("direction"));
    }

    [Theory]
    [InlineData("Import (kW),Export (kW)", "Export (kW): 1 value in row 52")]
    [InlineData("Main (kW),PV production (kW)", "PV production (kW): 1 value in row 52")]
    public void A_few_values_of_the_other_sign_are_told(string headers, string said)
    {
        var rows = Enumerable.Range(0, 300).Select(i => $"{new DateTime(2024, 1, 1).AddMinutes(15 * i):yyyy-MM-dd HH:mm},5,{(i == 50 ? "-0.02" : "2")}\n");
        _bench.RunText($"Time,{headers}\n{string.Concat(rows)}");

        Assert.Contains(said, _bench.Assumed("direction").Split("; "));
    }

    [Theory]
    [InlineData("Energy | Symo (Wh),Consumption (Wh),Energy to grid (Wh),Energy from grid (Wh)", "Energy from grid (Wh)")]
    [InlineData("PV Yield (kWh),Feed-in Energy (kWh),Purchased Energy (kWh),Load Consumption (kWh)", "Purchased Energy (kWh)")]
    [InlineData("Photovoltaic Output (kWh),Exported to Grid (kWh),Imported From Grid (kWh),Load Consumption (kWh),Self-Consumption (kWh)", "Imported From Grid (kWh)")]
    [InlineData("Gesamterzeugung [kWh],Gesamtverbrauch [kWh],Netzbezug [kWh],Netzeinspeisung [kWh],Eigenverbrauch [kWh]", "Netzbezug [kWh]")]
    [InlineData("Direktverbrauch [kWh],Batterieentladung [kWh],Externer Energiebezug [kWh],Netzeinspeisung [kWh],Gesamtverbrauch [kWh],PV-Erzeugung [kWh]", "Externer Energiebezug [kWh]")]
    [InlineData("Self consumption (kWh),Load consumption (kWh),Exported (kWh),Yield (kWh)", "Load consumption (kWh)")]
    [InlineData("Direct consumption (kWh),Grid feed-in (kWh),External energy supply (kWh),Total consumption (kWh),PV power generation (kWh)", "External energy supply (kWh)")]
    [InlineData("Direktverbrauch (kWh),Hausverbrauch (kWh),Einspeisung (kWh),Produktion (kWh)", "Hausverbrauch (kWh)")]
    [InlineData("Externer Energiebezug [kWh],Netzeinspeisung [kWh],Direktverbrauch [kWh],Gesamtverbrauch [kWh]", "Externer Energiebezug [kWh]")]
    [InlineData("Eigenverbrauch [kWh],Gesamtverbrauch [kWh],Netzeinspeisung [kWh],Erzeugung [kWh]", "Gesamtverbrauch [kWh]")]
    [InlineData("Hausverbrauch [kWh],Hausverbrauch aus PV [kWh],Hausverbrauch aus Netz [kWh],Einspeisung [kWh],Ertrag [kWh]", "Hausverbrauch aus Netz [kWh]")]
    [InlineData("Home (kWh),From Powerwall (kWh),From Solar (kWh),From Grid (kWh),To Grid (kWh)", "From Grid (kWh)")]
    [InlineData("House (kWh),Solar (kWh),Grid import (kWh),Feed-in (kWh)", "Grid import (kWh)")]
    [InlineData("Energy received (kWh),Energy delivered (kWh),Consumption (kWh)", "Energy delivered (kWh)")]
    public void The_guess_of_a_balance_takes_what_flows_in_from_the_grid_and_nothing_else(string headers, string taken)
    {
        var text = $"Date,{headers}\n2024-01-01,{string.Join(',', headers.Split(',').Select((_, i) => 5 + i))}\n2024-01-02,{string.Join(',', headers.Split(',').Select((_, i) => 9 - i))}\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal(taken, fault.Guess!.Columns[0].Column);
        Assert.Equal(["meter"], again.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1234)]
    [InlineData(1)]
    public void What_flows_out_is_no_amount_beside_registers_of_what_flows_in_be_it_that_it_stands_still(int last)
    {
        var text = "PRM;Horodate;EAS HP (kWh);EAS HC (kWh);EAS T (kWh);EAI T (kWh)\n"
            + string.Concat(Enumerable.Range(1, 31).Select(i => $"30009876543210;{i:00}/01/2026 00:00;{102_000 + (60 * i)};{55_000 + (30 * i)};{157_000 + (90 * i)};{(last == 1 ? 500 + (3 * i) : last)}\n"));
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Contains("EAI T (kWh)", again.Assumed("left_out"), StringComparison.Ordinal);
        Assert.Equal(["30009876543210 EAS HC energy_import_register", "30009876543210 EAS HP energy_import_register"],
            again.Readings.Select(reading => $"{reading.EquipmentId} {reading.Values[0].Metric}").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_report_of_a_plant_is_asked_about_and_the_guess_takes_what_flows_in()
    {
        const string text = "Date,Theoretical Yield (kWh),PV Yield (kWh),Export (kWh),Import (kWh),Self-consumption (kWh)\n2024-01-01,9,8,3,12,5\n2024-01-02,8,7,2,11,5\n2024-01-03,7,6,1,13,5\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = fault.Guess });
        using var both = new ImportBench();
        both.RunText(text, new ImportForm
        {
            Mapping = new ImportMapping { Columns = [.. fault.Guess!.Columns.Select(column => column.Column == "Export (kWh)" ? new MappedColumn(column.Column) { Metric = "energy", EquipmentId = "Export", Export = true } : column)] },
        });

        Assert.Equal("AMBIGUOUS_MAPPING", fault.Code);
        Assert.Equal(["meter energy 2024-01-01 00:00 1d 12", "meter energy 2024-01-02 00:00 1d 11", "meter energy 2024-01-03 00:00 1d 13"], again.Told);
        Assert.Equal([-3.0, -2, -1], both.Values("Export", "energy").Select(value => value.Value));
        Assert.Equal([12.0, 11, 13], both.Values("meter", "energy").Select(value => value.Value));
    }
}
