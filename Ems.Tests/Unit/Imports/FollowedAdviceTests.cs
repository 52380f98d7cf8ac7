using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>What a question guesses is sent back as it is, and gives the right meters and times.</summary>
public sealed class FollowedAdviceTests : IDisposable
{
    private static readonly string[] Floors = ["F1,Lights", "F1,Sockets", "F2,Lights", "F2,Sockets"];

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Panel,Circuit", "LP1,LP2", "1,2,3", "LP1 1")]
    [InlineData("Zone,Meter", "Z1,Z2", "Lights,Sockets", "Z1 Lights")]
    [InlineData("Floor,Meter", "F1,F2", "Lights,Sockets", "F1 Lights")]
    [InlineData("Department,Meter", "Sales,Works", "Lights,Sockets", "Sales Lights")]
    public void Two_columns_that_name_meters_together_do(string headers, string outer, string inner, string first)
    {
        var names = outer.Split(',').SelectMany(one => inner.Split(',').Select(other => $"{one},{other}")).ToList();
        var text = $"{headers},Date,kWh\n{string.Concat(names.SelectMany((name, meter) => Enumerable.Range(1, 20).Select(day => $"{name},2024-05-{day:00},{5 + ((day + meter) % 7)}\n")))}";

        Follow(text, "meters.csv");

        Assert.Equal(names.Count * 20, _bench.Readings.Count);
        Assert.Equal(20, _bench.Values(first, "energy").Count());
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("Floor", "Floor", "Meter")]
    [InlineData("Meter", "Meter", "Floor")]
    public void What_the_sender_says_of_one_of_them_is_kept(string said, string equipment, string part)
    {
        var rows = Floors.SelectMany((name, meter) => Enumerable.Range(1, 20).Select(day => $"{name},2024-05-{day:00},{5 + ((day + meter) % 7)}\n"));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(
            $"Floor,Meter,Date,kWh\n{string.Concat(rows)}", new ImportForm { Mapping = new() { Columns = [new MappedColumn(said) { Role = ColumnRole.Equipment }] } })).Fault;

        Assert.Equal([(equipment, ColumnRole.Equipment), (part, ColumnRole.Part)], fault.Guess!.Columns.Select(column => (column.Column, column.Role!.Value)).OrderBy(column => column.Value));
    }

    [Theory]
    [InlineData("Upphaf", "Lok")]
    [InlineData("Tús", "Deireadh")]
    [InlineData("Начало", "Конец")]
    [InlineData("開始", "終了")]
    public void Times_that_are_after_others_in_all_rows_are_ends(string start, string end)
    {
        var begin = new DateTime(2024, 5, 1, 6, 0, 0, DateTimeKind.Unspecified);
        var rows = Enumerable.Range(0, 20).Select(i => string.Create(CultureInfo.InvariantCulture, $"{begin.AddHours(5 * i):dd.MM.yyyy HH:mm};{begin.AddHours((5 * i) + 2):dd.MM.yyyy HH:mm};{7 + (i % 5)}\n"));

        Follow($"{start};{end};kWh\n{string.Concat(rows)}", "sessions.csv");

        Assert.Equal(20, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.Equal(TimeSpan.FromHours(2), reading.Length.ToTimeSpan()));
    }

    [Theory]
    [InlineData("Bill Date", "Meter Reading Date")]
    [InlineData("Billing Date", "Read Date")]
    [InlineData("Statement Date", "Reading Date")]
    [InlineData("Rechnungsdatum", "Ablesedatum")]
    public void Of_a_bill_the_guess_takes_when_the_meter_was_read(string billed, string read)
    {
        foreach (var headers in (string[])[$"{billed},{read}", $"{read},{billed}"])
        {
            var isBillFirst = headers.StartsWith(billed, StringComparison.Ordinal);
            var rows = Enumerable.Range(1, 8).Select(month => isBillFirst ? $"2024-0{month}-05,2024-0{month}-01,{1000 + (37 * month % 100)}\n" : $"2024-0{month}-01,2024-0{month}-05,{1000 + (37 * month % 100)}\n");
            var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{headers},Usage (kWh)\n{string.Concat(rows)}", fileName: "bills.csv")).Fault;

            Assert.Equal([(billed, ColumnRole.Ignored), (read, ColumnRole.Time)], fault.Guess!.Columns.Select(column => (column.Column, column.Role!.Value)).OrderBy(column => column.Value == ColumnRole.Time));
        }
    }

    [Fact]
    public void When_values_came_in_is_no_end_of_them()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Mierzono;Odebrano;kWh\n{string.Concat(Enumerable.Range(0, 20).Select(hour => $"2024-05-01 {hour:00}:00;2024-05-01 {hour:00}:01;{7 + (hour % 5)}\n"))}")).Fault;

        Assert.Equal([ColumnRole.Time, ColumnRole.Ignored], fault.Guess!.Columns.Select(column => column.Role!.Value));
    }

    [Fact]
    public void Ends_may_stand_before_starts()
    {
        var rows = Enumerable.Range(1, 11).Select(month => $"{new DateTime(2023, month, 1, 0, 0, 0, DateTimeKind.Unspecified).AddMonths(1).AddDays(-1):dd.MM.yyyy};01.{month:00}.2023;{700 + (37 * month % 100)}\n");

        Follow($"Deireadh;Tús;kWh\n{string.Concat(rows)}", "bills.csv");

        Assert.Equal("bills energy 2023-01-01 00:00 31d 737", _bench.Told[0]);
        Assert.Equal(11, _bench.Told.Count);
    }

    [Fact]
    public void Registers_of_several_carriers_are_of_a_meter_each()
    {
        Follow($"Date,Main Elec (kWh),Gas (m3),Water (m3)\n{string.Concat(Enumerable.Range(1, 12).Select(month => $"2024-{month:00}-01,{100_000 + (1237 * month)},{5_000 + (301 * month)},{700 + (34 * month)}\n"))}", "house.csv");

        var meters = _bench.Readings.SelectMany(reading => reading.Values.Select(value => (reading.EquipmentId, value.Metric))).Distinct().ToList();
        Assert.Equal(["energy_import_register", "gas_volume", "water_volume"], meters.Select(meter => meter.Metric).Order(StringComparer.Ordinal));
        Assert.Equal(3, meters.DistinctBy(meter => meter.EquipmentId).Count());
        Assert.All(_bench.Facts.Mapping, column => Assert.Equal(QuantityKind.Register, column.Kind));
    }

    [Fact]
    public void Readings_beside_what_was_used_are_no_meters_of_their_own()
    {
        int[] day = [54196, 53216, 31170, 36063, 30283, 33618, 36276, 30783], night = [12176, 11587, 7524, 6706, 6822, 6639, 7209, 7810];
        var text = $"Date,Day reading,Night reading,Day units,Night units,Total units\n2024-01-01,1204500,88120,,,\n{string.Concat(Enumerable.Range(0, 8).Select(i => $"2024-{i + 2:00}-01,{1_204_500 + day.Take(i + 1).Sum()},{88_120 + night.Take(i + 1).Sum()},{day[i]},{night[i]},{day[i] + night[i]}\n"))}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "Main.csv")).Fault;
        Assert.Contains("(metric=energy, unit=kWh)", fault.Message, StringComparison.Ordinal);
        _bench.RunText(text, new ImportForm { Metric = "energy", Unit = "kWh" }, "Main.csv");

        Assert.Equal(day.Sum() + night.Sum(), _bench.Readings.SelectMany(reading => reading.Values).Sum(value => value.Value));
    }

    [Theory]
    [InlineData(false, "energy_import_register")]
    [InlineData(true, "energy_export_register")]
    public void A_register_of_what_may_be_made_is_proposed_as_one(bool flowsOut, string metric)
    {
        var text = $"Date,Generation meter (kWh),Main meter (kWh)\n{string.Concat(Enumerable.Range(1, 12).Select(month => $"2024-{month:00}-01,{88_000 + (1037 * month)},{1_204_500 + (5211 * month)}\n"))}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "PV.csv")).Fault;

        Assert.Contains($"\"metric\":\"{metric}\"", fault.Alternatives![flowsOut ? 1 : 0], StringComparison.Ordinal);
    }

    private void Follow(string text, string file)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: file)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess }, file);
    }
}
