using System.Globalization;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Rows under the name of a total: a meter of that name, or sums of the other rows.</summary>
public sealed class TotalRowTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Total")]
    [InlineData("Summe")]
    [InlineData("GESAMT")]
    [InlineData("Grand Total")]
    public void A_meter_that_counts_more_than_the_others_is_one_whatever_it_is_called(string name)
    {
        _bench.RunText($"Meter,Time,kWh\n{Hours(i => $"Pump,{At(i)},{3 + i}\nFan,{At(i)},{9 - i}\n{name},{At(i)},{150 + i}\n")}");

        Assert.Equal([150.0, 151, 152, 153, 154, 155], _bench.Values(name, "energy").Select(value => value.Value));
        Assert.Equal(18, _bench.Told.Count);
        Assert.Equal("", _bench.Assumed("left_out"));
        Assert.Contains($"{name} is a meter", _bench.Assumed("layout"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Subtotal Building 1", "Subtotal Building 2", "Grand total")]
    [InlineData("Zwischensumme Haus 1", "Zwischensumme Haus 2", "Summe")]
    public void Subtotals_of_months_are_no_meters_and_nothing_that_a_total_adds_up(string one, string other, string all)
    {
        _bench.RunText($"Meter,Jan 2025 kWh,Feb 2025 kWh,Mar 2025 kWh\nLight 1,513,489,304\nPower 1,713,283,335\n{one},1226,772,639\nLight 2,354,236,878\nPower 2,188,357,846\nLifts 2,492,643,800\n{other},1034,1236,2524\n{all},2260,2008,3163\n");

        Assert.Equal(["Lifts 2", "Light 1", "Light 2", "Power 1", "Power 2"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("rows 4, 8, 9", _bench.Assumed("left_out"));
    }

    [Fact]
    public void A_sum_of_submeters_below_their_main_meter_and_what_it_leaves_are_none()
    {
        _bench.RunText("Meter,Jan 2025 kWh,Feb 2025 kWh,Mar 2025 kWh\nIncomer,68166,66671,40000\nHVAC,54196,53216,31170\nLighting,12176,11587,7524\nLifts,1794,1868,1241\nSum of submeters,68166,66671,39935\nDifference,0,0,65\n");

        Assert.Equal(["HVAC", "Incomer", "Lifts", "Lighting"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("row 6; Difference", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("All meters")]
    [InlineData("Combined")]
    [InlineData("Submeters total")]
    public void What_is_called_so_and_is_no_sum_is_a_meter(string name)
    {
        _bench.RunText($"Meter,Jan 2025 kWh,Feb 2025 kWh,Mar 2025 kWh\nHVAC,54196,53216,31170\nLighting,12176,11587,7524\n{name},1794,1868,1241\n");

        Assert.Equal([1794.0, 1868, 1241], _bench.Values(name, "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Gesamtergebnis")]
    [InlineData("Total général")]
    [InlineData("Totale complessivo")]
    [InlineData("Eindtotaal")]
    [InlineData("Suma końcowa")]
    [InlineData("Celkový součet")]
    [InlineData("Genel Toplam")]
    [InlineData("Общий итог")]
    [InlineData("Summe Gebäude")]
    [InlineData("Razem")]
    [InlineData("合計")]
    [InlineData("Total site")]
    [InlineData("All meters")]
    [InlineData("Combined")]
    [InlineData("Sum of meters")]
    [InlineData("Sum of all submeters")]
    [InlineData("Submeter total")]
    public void Sums_of_the_other_rows_are_no_meter_in_any_language(string name)
    {
        _bench.RunText($"Tenant,01.01.2024,01.02.2024,01.03.2024\nMiller,100,111,102\nServer,200,201,212\n{name},300,312,314\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["Miller", "Server"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("row 4", _bench.Assumed("left_out"));
    }

    [Fact]
    public void A_meter_called_total_may_be_alone()
    {
        _bench.RunText($"Meter,Time,kWh\n{Hours(i => $"Total,{At(i)},{i}\n")}");

        Assert.Equal(6, _bench.Values("Total", "energy").Count());
    }

    [Theory]
    [InlineData("Meter,Jan-22,Feb-22,Mar-22\nKitchen,100,101,102\nServer,200,201,202\nTotal,800,801,802\n", "800,801,802")]
    [InlineData("Meter,Month,Usage (kWh)\nKitchen,Jan-22,100\nServer,Jan-22,200\nTotal,Jan-22,900\nKitchen,Feb-22,101\nServer,Feb-22,201\nTotal,Feb-22,903\n", "900,903")]
    public void So_it_may_be_of_months(string text, string values)
    {
        _bench.RunText(text, new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(values.Split(','), _bench.Values("Total", "energy").Select(value => value.Value.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Registers_of_a_meter_called_total_are_its_own()
    {
        _bench.RunText($"Meter,Date,Reading (kWh)\n{Hours(i => $"A,2024-0{i + 1}-01,{1000 + (10 * i)}\nB,2024-0{i + 1}-01,{2000 + (20 * i)}\nTotal,2024-0{i + 1}-01,{50_000 + (500 * i)}\n")}");

        Assert.Equal(50_000, _bench.Values("Total", "energy_import_register").First().Value);
    }

    [Fact]
    public void Sums_may_be_rounded_on_their_own()
    {
        _bench.RunText($"Meter,Time,kWh\n{Hours(i => $"A,{At(i)},0.12\nB,{At(i)},0.08\nC,{At(i)},0.11\nTotal,{At(i)},0.32\n")}");

        Assert.Empty(_bench.Values("Total", "energy"));
        Assert.Contains("rows 5, 9", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("34,20,13;38,22,15;37,21,15;35,20,14", true)]
    [InlineData("3012,2000,1000;3211,2100,1100;3413,2200,1200", true)]
    [InlineData("34,20,13;38,22,16;37,21,15;35,20,15", false)]
    [InlineData("61,20,20,20;64,21,21,21;67,22,22,22;70,23,23,23", false)]
    [InlineData("61,20,20,20;64,21,21,21;67,22,22,22;70,23,23,23;73,24,24,24;76,25,25,25", false)]
    [InlineData("63,20,20,20;66,21,21,21;69,22,22,22;72,23,23,23", true)]
    [InlineData("34,20,14;38,22,16;37,21,16;36,20,16;39,20,18;41,20,20;42,20,21;43,20,22", false)]
    public void What_is_lost_in_each_month_is_no_rounding(string months, bool isMeter)
    {
        string Row(string month, int i, int at) => $"{(at == 0 ? "Total" : $"Hall {at}")},2024-{i + 1:00},{month.Split(',')[at]}\n";
        _bench.RunText($"Meter,Month,kWh\n{string.Concat(months.Split(';').SelectMany((month, i) => Enumerable.Range(1, month.Count(sign => sign == ',')).Append(0).Select(at => Row(month, i, at))))}");

        Assert.Equal(isMeter, _bench.Values("Total", "energy").Any());
    }

    [Theory]
    [InlineData("Jahressumme")]
    [InlineData("Gesamtverbrauch")]
    [InlineData("Annual total")]
    public void A_footer_that_speaks_of_a_sum_and_is_one_is_left_out(string footer)
    {
        _bench.RunText($"Time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 02:00,4\n{footer},7\n");

        Assert.Equal(3, _bench.Told.Count);
        Assert.Empty(_bench.FaultCodes);
        Assert.Contains("row 5", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Meter,Time,kWh\nA,2024-01-01 00:00,1.25\nB,2024-01-01 00:00,2.5\nTotal,2024-01-01 00:00,3.75\nA,2024-01-01 01:00,2\nB,2024-01-01 01:00,4\nTotal,2024-01-01 01:00,6\n")]
    [InlineData("Meter,Time,kWh\nTotal,2024-01-01 00:00,3.75\nTotal,2024-01-01 01:00,6\nA,2024-01-01 00:00,1.25\nA,2024-01-01 01:00,2\nB,2024-01-01 00:00,2.5\nB,2024-01-01 01:00,4\n")]
    [InlineData("Meter,Time,kWh\nA,2024-01-01 00:00,1.25\nA,2024-01-01 01:00,2\nSubtotal,2024-01-01 01:00,3.25\nB,2024-01-01 00:00,2.5\nB,2024-01-01 01:00,4\nSubtotal,2024-01-01 01:00,6.5\nTotal,2024-01-01 01:00,9.75\n")]
    [InlineData("Site,Meter,Time,kWh\nN,A,2024-01-01 00:00,1.25\nN,Total,2024-01-01 00:00,1.25\nS,B,2024-01-01 00:00,2.5\nS,Total,2024-01-01 00:00,2.5\nN,A,2024-01-01 01:00,2\nN,Total,2024-01-01 01:00,2\nS,B,2024-01-01 01:00,4\nS,Total,2024-01-01 01:00,4\n")]
    public void Rows_that_add_up_the_others_are_left_out(string text)
    {
        _bench.RunText(text);

        Assert.Equal(
            [
                "A energy 2024-01-01 00:00 1h 1.25", "A energy 2024-01-01 01:00 1h 2", "B energy 2024-01-01 00:00 1h 2.5", "B energy 2024-01-01 01:00 1h 4",
            ],
            _bench.Told);
        Assert.Equal(["A", "B"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.StartsWith("row", _bench.Assumed("left_out"), StringComparison.Ordinal);
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void What_the_mapping_has_a_meter_for_is_one_even_if_it_adds_up_the_others()
    {
        var form = new ImportForm { Mapping = new ImportMapping { Equipment = new Dictionary<string, string> { ["Total"] = "main" } } };

        _bench.RunText($"Meter,Time,kWh\n{Hours(i => $"A,{At(i)},{i + 1}\nB,{At(i)},{i + 2}\nTotal,{At(i)},{(2 * i) + 3}\n")}", form);

        Assert.Equal([3.0, 5, 7, 9, 11, 13], _bench.Values("main", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("2A:00")]
    public void A_value_whose_time_is_no_time_is_no_sum_even_if_it_equals_it(string time)
    {
        _bench.RunText($"Time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n{time},3\n2024-01-01 03:00,4\n2024-01-01 04:00,5\n");

        Assert.Equal(4, _bench.Readings.Count);
        Assert.Equal(["INVALID_TIMESTAMP"], _bench.FaultCodes);
    }

    private static string Hours(Func<int, string> row) => string.Concat(Enumerable.Range(0, 6).Select(row));

    private static string At(int hour) => $"2024-01-13 0{hour}:00";
}
