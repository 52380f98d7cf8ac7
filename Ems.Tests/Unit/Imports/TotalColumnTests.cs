using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns that are sums of some of the others.</summary>
public sealed class TotalColumnTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Main,Hall 1,Hall 2,Total halls", "100,30,20,50;110,31,22,53;120,33,0,33", "Hall 1 10 Hall 2 10 Main 10")]
    [InlineData("Haupt,Halle 1,Halle 2,Summe Hallen", "100,30,20,50;110,31,22,53;120,33,21,54", "Halle 1 10 Halle 2 10 Haupt 10")]
    [InlineData("North A,North B,Total North,South A,South B,Total South,Grand Total", "1,2,3,4,5,9,12;2,2,4,4,6,10,14;3,2,5,4,7,11,16", "North A 10 North B 10 South A 10 South B 10")]
    [InlineData("Site,North A,North B,Total North,South A,South B,Total South,Total", "20,1,2,3,4,5,9,12;20,2,2,4,4,6,10,14;21,3,2,5,4,7,11,16", "North A 10 North B 10 Site 10 South A 10 South B 10")]
    [InlineData("Total North,North A,North B,Total South,South A,South B", "3,1,2,9,4,5;4,2,2,10,4,6;5,3,2,11,4,7", "North A 10 North B 10 South A 10 South B 10")]
    [InlineData("Site,Hall 1,Hall 2,Total halls", "50,30,20,50;53,31,22,53;54,33,21,54", "Hall 1 10 Hall 2 10")]
    public void A_column_named_as_a_total_of_some_is_no_meter_beside_them(string headers, string rows, string meters)
    {
        _bench.RunText(Text(headers, rows));

        Assert.Equal(meters.Split(" 10", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Meters());
        Assert.Contains("it is the sum of the columns", Reasons(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gesamtverbrauch,Halle A,Halle B,Netzeinspeisung", "50,30,20,7;53,31,22,0;54,33,21,9", "Halle A 10 Halle B 10 Netzeinspeisung 10", "Gesamtverbrauch (kWh)")]
    [InlineData("House,Hall A,Hall B,Feed-in", "5.6,3,2,7;5.9,3.1,2.2,0;5.9,3.3,2.1,9", "Feed-in 10 Hall A 10 Hall B 10 House 10", "")]
    [InlineData("House,PV generation,Grid import", "30,10,20;33,0,33;35,12,23", "House 10 PV generation 10", "Grid import (kWh)")]
    [InlineData("Casa,Turbina,Desde red,Feed-in", "30,25,15,10;33,0,33,0;35,12,23,0", "Desde red 10 Feed-in 10 Turbina 10", "Casa (kWh)")]
    public void What_is_used_of_what_flows_in_and_is_made_is_not_counted_again(string headers, string rows, string meters, string leftOut)
    {
        _bench.RunText(Text(headers, rows));

        Assert.Equal(meters.Split(" 10", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Meters());
        Assert.Equal(leftOut, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Total,Injection,Blow moulding", "43,31,12;37,28,9;59,44,15", "Blow moulding 10 Injection 10", "Total (kWh)")]
    [InlineData("Total,Surplus,Site load,Spare", "43,31,12,0;37,28,9,0;59,44,15,0", "Site load 10 Spare 10 Surplus 10", "Total (kWh)")]
    [InlineData("Gesamterzeugung,Einspeisung,Eigenverbrauch", "43,31,12;37,28,9;59,44,15", "Eigenverbrauch 10 Einspeisung 10 Gesamterzeugung 10", "")]
    [InlineData("Grid import,Grid export,Heat pump,Sauna", "31,0,31,0;28,0,28,0;44,0,44,0", "Grid export 10 Grid import 10 Heat pump 10 Sauna 10", "")]
    [InlineData("Grid import,Grid export,Workshop,Sauna", "31,5,30,6;28,4,25,7;44,6,42,8", "Grid export 10 Sauna 10 Workshop 10", "Grid import (kWh)")]
    public void A_part_of_a_balance_is_no_sum_of_the_others(string headers, string rows, string meters, string leftOut)
    {
        _bench.RunText(Text(headers, rows));

        Assert.Equal(meters.Split(" 10", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Meters());
        Assert.Equal(leftOut, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Main,Hall 1,Hall 2,Total halls", "100,30,20,51;110,31,22,60;120,33,21,54")]
    [InlineData("Total halls,Main,Kitchen", "50,100,20;53,110,21;54,120,22")]
    public void A_total_that_counts_more_than_what_stands_beside_it_is_a_meter(string headers, string rows)
    {
        _bench.RunText(Text(headers, rows));

        Assert.Equal(headers.Split(',').Order(StringComparer.Ordinal), Meters());
    }

    [Theory]
    [InlineData("100,30.0,20.0,50.1;110,31.1,22.3,53.5;120,33.2,21.4,54.5")]
    [InlineData("100,300,200,501;110,311,223,535;120,332,214,545")]
    public void Parts_that_are_rounded_make_up_their_total_within_their_last_digits(string rows)
    {
        _bench.RunText(Text("Main,Hall 1,Hall 2,Total halls", rows));

        Assert.Equal(["Hall 1", "Hall 2", "Main"], Meters());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3)]
    public void What_is_lost_on_the_way_to_very_many_meters_is_no_rounding(int lost)
    {
        var parts = Enumerable.Range(1, 30).ToList();
        string Row(int i) => $"{(parts.Sum() * 2) + (30 * i) + lost},{string.Join(',', parts.Select(part => (2 * part) + i))}";

        _bench.RunText(Text($"Total,{string.Join(',', parts.Select(part => $"Sub {part}"))}", string.Join(';', Enumerable.Range(0, 20).Select(Row))));

        Assert.Contains("Total", Meters());
    }

    [Fact]
    public void A_part_that_is_blank_in_some_rows_makes_no_meter_of_its_total()
    {
        string Row(int i) => $"{new DateTime(2024, 6, 1).AddMinutes(15 * i):yyyy-MM-dd HH:mm},{30 + (i % 7)},{(i % 250 == 9 ? "" : 20 + (i % 7))},10\n";

        _bench.RunText($"Time,Total (kWh),Hall A (kWh),Hall B (kWh)\n{string.Concat(Enumerable.Range(0, 2_976).Select(Row))}");

        Assert.Equal(["Hall A", "Hall B"], Meters());
    }

    [Theory]
    [InlineData("120,70,49;110,64,45;115,66,48;118,69,48;109,63,45;112,65,46", true)]
    [InlineData("120,70,49;110,64,45;115,66,49;118,69,48;109,63,47;112,65,47", false)]
    [InlineData("34,20,13;38,22,15;37,21,15;35,20,14", true)]
    [InlineData("34,20,13;38,22,16;37,21,15;35,20,15", false)]
    public void What_is_lost_in_each_of_a_few_months_is_no_rounding(string rows, bool isMeter)
    {
        _bench.RunText($"Month,Total (MWh),Hall A (MWh),Hall B (MWh)\n{string.Concat(rows.Split(';').Select((row, i) => $"2024-{i + 1:00},{row}\n"))}");

        Assert.Equal(isMeter, Meters().Contains("Total"));
    }

    [Fact]
    public void A_total_that_the_mapping_gives_a_meter_is_one()
    {
        var text = Text("Main,Hall 1,Hall 2,Total halls", "100,30,20,50;110,31,22,53;120,33,21,54");
        _bench.RunText(text, new ImportForm { Mapping = new() { Columns = [new MappedColumn("Total halls (kWh)") { Metric = "energy", EquipmentId = "HALLS" }] } });
        using var bare = new ImportBench();
        bare.RunText(text);
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = new() { Columns = bare.Facts.Sheets[0].Layout.Proposal } });

        Assert.Equal(["HALLS", "Hall 1", "Hall 2", "Main"], Meters());
        Assert.Equal(bare.Told, again.Told);
    }

    [Fact]
    public void Totals_of_very_many_columns_are_found()
    {
        var columns = Enumerable.Range(1, 3_000).ToList();
        string Row(int factor) => $"9,{string.Join(',', columns.Select(one => one * factor))},{columns.Sum() * factor}";

        _bench.RunText(Text($"Main,{string.Join(',', columns.Select(one => $"M{one:0000}"))},Total M", $"{Row(1)};{Row(2)};{Row(3)}"));

        Assert.Equal(3_001, Meters().Count);
        Assert.DoesNotContain("Total M", Meters());
    }

    private static string Text(string headers, string rows) =>
        $"Time,{string.Join(',', headers.Split(',').Select(header => $"{header} (kWh)"))}\n"
        + string.Concat(rows.Split(';').Select((row, i) => $"2024-06-13 {i:00}:00,{row}\n"));

    private List<string> Meters() => [.. _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal)];

    private string Reasons() => string.Join("; ", _bench.Facts.Assumptions.Where(one => one.What == "left_out").Select(one => one.Why));
}
