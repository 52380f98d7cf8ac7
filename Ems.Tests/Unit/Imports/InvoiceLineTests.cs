using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Lines of invoices: what was bought, what it cost, and what is charged on it once more.</summary>
public sealed class InvoiceLineTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Quantity", "Amount")]
    [InlineData("Qty", "Cost")]
    [InlineData("Quantity", "Net")]
    public void Tariffs_are_counted_apart_and_money_days_and_levies_are_left_out(string quantity, string amount)
    {
        _bench.RunText(Lines($"Date,Description,{quantity},Unit,Rate,{amount}", month => [("Day units", 50_000 + month, "kWh"), ("Night units", 12_000 + month, "kWh"), ("Standing charge", 30, "days"), ("Climate change levy", 62_000 + (2 * month), "kWh")]), fileName: "Bills.csv");

        Assert.Equal(["Bills Day units", "Bills Night units"], Meters());
        Assert.Equal(300_021, _bench.Sum("Bills Day units", "energy"));
        Assert.Equal(72_021, _bench.Sum("Bills Night units", "energy"));
        Assert.Contains("rows 4, 5, 8, 9, 12 …", _bench.Assumed("left_out"), StringComparison.Ordinal);
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("Energy charge", "Standing charge", "days")]
    [InlineData("Electricity (excl. VAT)", "Availability", "kVA")]
    [InlineData("Arbeitspreis", "Grundpreis", "Monat")]
    public void A_line_of_energy_alone_is_what_its_meter_used(string energy, string other, string unit)
    {
        _bench.RunText(Lines("Date,Description,Quantity,Unit,Rate,Amount", month => [(energy, 1000 * month, "kWh"), (other, 30, unit)]), fileName: "Bills.csv");

        Assert.Equal(["Bills"], Meters());
        Assert.Equal(21_000, _bench.Sum("Bills", "energy"));
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void What_a_network_takes_for_the_same_amounts_is_none_once_more()
    {
        _bench.RunText(Lines("Date,Charge,Quantity,Unit,Rate,Amount", month => [("Energy", 1000 * month, "kWh"), ("Distribution", 1000 * month, "kWh"), ("Transmission", 1000 * month, "kWh")]), fileName: "Bills.csv");

        Assert.Equal(["Bills"], Meters());
        Assert.Equal(21_000, _bench.Sum("Bills", "energy"));
    }

    [Fact]
    public void Lines_that_may_be_of_the_same_energy_are_asked_about_and_kept_apart_when_sent_so()
    {
        var text = Lines("Date,Description,Quantity,Unit,Rate,Amount", month => [("Block 1", 1000 * month, "kWh"), ("Block 2", 500 * month, "kWh"), ("Standing charge", 30, "days")]);

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "Bills.csv")).Fault;
        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
        Assert.StartsWith("Each time has several lines: Block 1, Block 2.", fault.Message, StringComparison.Ordinal);

        _bench.RunText(text, new ImportForm { Mapping = fault.Guess }, "Bills.csv");

        Assert.Equal(["Bills Block 1", "Bills Block 2"], Meters());
        Assert.Equal(21_000, _bench.Sum("Bills Block 1", "energy"));
        Assert.Equal(10_500, _bench.Sum("Bills Block 2", "energy"));
    }

    [Fact]
    public void What_was_found_of_them_is_the_same_when_it_is_sent_back()
    {
        var text = Lines("Date,Description,Quantity,Unit,Rate,Amount", month => [("Day units", 50_000 + month, "kWh"), ("Night units", 12_000 + month, "kWh"), ("Levy", 62_000 + (2 * month), "kWh")]);
        _bench.RunText(text, fileName: "Bills.csv");
        var told = _bench.Told;
        _bench.Items.Clear();

        _bench.RunText(text, new ImportForm { Mapping = new ImportMapping { Columns = _bench.Facts.Sheets[0].Layout.Proposal } }, "Bills.csv");

        Assert.Equal(told, _bench.Told);
    }

    [Fact]
    public void Quantities_of_meters_are_amounts_beside_their_costs()
    {
        _bench.RunText("Date,Meter,Quantity,Unit,Cost\n2024-01-01,M1,100,kWh,20\n2024-01-01,M2,7,MWh,1400\n2024-02-01,M1,110,kWh,22\n2024-02-01,M2,8,MWh,1600\n");

        Assert.Equal(210, _bench.Sum("M1", "energy"));
        Assert.Equal(15_000, _bench.Sum("M2", "energy"));
    }

    [Fact]
    public void Quantities_that_are_named_still_tell_what_is_measured()
    {
        _bench.RunText($"Time,Quantity,Value,Unit\n{string.Concat(Enumerable.Range(0, 6).Select(hour => $"2024-01-01 {hour:00}:00,Active energy,{hour + 3},kWh\n2024-01-01 {hour:00}:00,Voltage,23{hour % 2},V\n"))}", fileName: "Main.csv");

        Assert.Equal(33, _bench.Sum("Main", "energy"));
    }

    [Theory]
    [InlineData("Quantity", "Value", 1)]
    [InlineData("Qty", "Total", 30)]
    public void Numbers_of_samples_beside_a_value_are_no_amounts_that_it_is_paid_for(string quantity, string value, int samples)
    {
        var rows = Enumerable.Range(0, 48).SelectMany(i => Enumerable.Range(1, 2).Select(meter => $"MTR-00{meter},2024-01-08 {i / 2:00}:{i % 2 * 30:00},{samples},kWh,{5 + (i % 3)}.31\n"));

        Assert.Equal(ImportFault.AmbiguousMapping, Assert.Throws<ImportFaultException>(() => _bench.RunText($"Meter,Timestamp,{quantity},Unit,{value}\n{string.Concat(rows)}")).Fault.Code);
    }

    [Fact]
    public void Temperatures_beside_a_value_are_no_lines_of_an_invoice()
    {
        var rows = Enumerable.Range(0, 24).Select(i => $"2024-01-08 {i:00}:00,E1,1,kWh,{1 + (i % 5)}.17\n2024-01-08 {i:00}:00,T1,2,°C,6.{i:00}\n");

        Assert.Equal(ImportFault.AmbiguousMapping, Assert.Throws<ImportFaultException>(() => _bench.RunText($"Timestamp,Meter,Quantity,Unit,Value\n{string.Concat(rows)}")).Fault.Code);
    }

    [Theory]
    [InlineData("Tax office", "Registry office")]
    [InlineData("Duty boiler", "Standby boiler")]
    [InlineData("Chilled water pump duty", "Chilled water pump standby")]
    [InlineData("Heavy duty press", "Laser cutter")]
    [InlineData("Distribution board A", "Distribution board B")]
    [InlineData("Meter A", "Meter B")]
    [InlineData("Floor 1", "Floor 2")]
    public void Items_that_are_meters_stay_meters(string one, string other)
    {
        _bench.RunText($"Date,Item,Quantity,Unit,Cost\n{string.Concat(Enumerable.Range(1, 6).Select(month => $"2024-{month:00}-01,{one},{900 + (month * 17)},kWh,200\n2024-{month:00}-01,{other},{1100 + (month * 7)},kWh,210\n"))}");

        Assert.Equal(new[] { one, other }.Order(StringComparer.Ordinal), Meters());
        Assert.Equal(5757, _bench.Sum(one, "energy"));
        Assert.Equal(6747, _bench.Sum(other, "energy"));
    }

    [Fact]
    public void Levies_on_what_each_of_several_meters_counts_are_left_out()
    {
        var rows = Enumerable.Range(1, 6).SelectMany(month => new[] { ("A", 1000), ("B", 3000) }.Select(meter =>
            $"2024-{month:00}-01,{meter.Item1},Energy,{meter.Item2 + month},kWh,100\n2024-{month:00}-01,{meter.Item1},Climate change levy,{meter.Item2 + month},kWh,7\n"));

        _bench.RunText($"Date,Meter,Description,Quantity,Unit,Cost\n{string.Concat(rows)}");

        Assert.Equal(["A", "B"], Meters());
        Assert.Equal(6021, _bench.Sum("A", "energy"));
        Assert.Equal(18_021, _bench.Sum("B", "energy"));
    }

    [Theory]
    [InlineData("Item")]
    [InlineData("Description")]
    [InlineData("Line")]
    public void Lines_that_name_what_flows_are_not_asked_about(string header)
    {
        _bench.RunText($"Date,{header},Quantity,Unit,Cost\n{string.Concat(Enumerable.Range(1, 6).Select(month => $"2024-{month:00}-01,Electricity,{10_000 + (month % 3)},kWh,2000\n2024-{month:00}-01,Natural gas,{1000 + (month % 3)},m3,300\n2024-{month:00}-01,Water,{100 + (month % 3)},m3,70\n"))}");

        Assert.Equal(60_006, SumOf("energy"));
        Assert.Equal(6006, SumOf("gas_volume"));
        Assert.Equal(606, SumOf("water_volume"));
    }

    [Theory]
    [InlineData("Meter", "MTR-001", "MTR-001", 22.5, "kW", "active_power")]
    [InlineData("Meter,Description", "MTR-001,Main", "MTR-001,Main", 22.5, "kW", "active_power")]
    [InlineData("Meter", "MTR-001", "MTR-001", 6.5, "°C", "temperature")]
    public void What_meters_measure_beside_energy_is_no_piece_of_an_invoice(string headers, string energy, string level, double measured, string unit, string metric)
    {
        _bench.RunText(string.Create(CultureInfo.InvariantCulture, $"Date,{headers},Quantity,Unit,Cost\n{string.Concat(Enumerable.Range(1, 6).Select(month => string.Create(CultureInfo.InvariantCulture, $"2024-{month:00}-01,{energy},{700 + month},kWh,99\n2024-{month:00}-01,{level},{measured},{unit},9\n")))}"));

        Assert.Equal(4221, SumOf("energy"));
        Assert.Equal(6 * measured, SumOf(metric));
    }

    private double SumOf(string metric) => _bench.Readings.SelectMany(reading => reading.Values).Where(value => value.Metric == metric).Sum(value => value.Value);

    private static string Lines(string headers, Func<int, IEnumerable<(string Description, int Quantity, string Unit)>> month) => string.Create(
        CultureInfo.InvariantCulture,
        $"{headers}\n{string.Concat(Enumerable.Range(1, 6).SelectMany(at => month(at).Select(line => string.Create(CultureInfo.InvariantCulture, $"2024-{at:00}-01,{line.Description},{line.Quantity},{line.Unit},0.25,{line.Quantity * 0.25}\n"))))}");

    private IEnumerable<string> Meters() => _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal);
}
