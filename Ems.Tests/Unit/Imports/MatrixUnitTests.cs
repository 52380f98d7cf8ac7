using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>Matrices that say their unit in each of their headers, or below it.</summary>
public sealed class MatrixUnitTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("{0:00}:00 (kWh)", 0, "energy", 1)]
    [InlineData("{0:00}:00 kWh", 0, "energy", 1)]
    [InlineData("{0:00}:00_kWh", 0, "energy", 1)]
    [InlineData("{0}:00 [MWh]", 0, "energy", 1000)]
    [InlineData("{0:00}:00 (kWh)", 1, "energy", 1)]
    [InlineData("Hour {0} (kWh)", 1, "energy", 1)]
    [InlineData("HE{0:00} kWh", 1, "energy", 1)]
    [InlineData("{0} (kWh)", 1, "energy", 1)]
    public void The_unit_may_stand_in_every_header(string header, int first, string metric, double one)
    {
        var headers = string.Join(',', Enumerable.Range(first, 24).Select(hour => string.Format(CultureInfo.InvariantCulture, header, hour)));
        _bench.RunText($"Date,{headers}\n{Rows(24)}");

        Assert.Equal(48, _bench.Told.Count);
        Assert.Equal($"meter {metric} 2024-01-01 00:00 1h {124 * one}", _bench.Told[0]);
        Assert.Equal($"meter {metric} 2024-01-02 23:00 1h {201 * one}", _bench.Told[^1]);
    }

    [Theory]
    [InlineData("Oak House 2024 kWh", "2024", null, null, false)]
    [InlineData("", "kWh 2024", null, null, false)]
    [InlineData("Energy 2024 (kWh)", "2024", null, null, true)]
    [InlineData("Oak House 2024", "2024", "energy", "kWh", false)]
    [InlineData("Oak House 2024 kWh", "2024", null, "kWh", false)]
    [InlineData("Oak House 2024 kWh", "2024", "energy", "kWh", false)]
    public void The_unit_of_a_title_a_sheet_or_a_request_is_that_of_rows_that_are_called_after_carriers(string title, string sheet, string? metric, string? unit, bool hasTotal)
    {
        using var below = new ImportBench();
        var form = new ImportForm { Metric = metric, Unit = unit };
        RunCarriers(_bench, title, sheet, "", form, hasTotal ? ["Electricity", "Gas", "Total"] : ["Electricity", "Gas"]);
        RunCarriers(below, title, sheet, "Utility", form with { Metric = "energy", Unit = "kWh" }, ["Electricity", "Gas"]);

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(["electricity", "gas"], _bench.Facts.Meters.Select(meter => meter.Carrier).Order());
        Assert.Equal(below.Told, _bench.Told);
        Assert.Equal([101, 102, 103, 104, 201, 202, 203, 204], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value).Order());
    }

    [Fact]
    public void Volumes_below_the_unit_of_an_energy_are_not_taken_for_it()
    {
        RunCarriers(_bench, "Oak House 2024 kWh", "2024", "", new ImportForm(), ["Electricity", "Gas", "Water"]);

        Assert.Equal(["energy"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct());
        Assert.Equal([101, 102, 103, 104], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value).Order());
        Assert.Contains("The row does not say the unit of water_volume: write it into a column headed Unit.", _bench.Items.SelectMany(item => item.Faults).Select(fault => fault.Message));
    }

    [Fact]
    public void Volumes_have_the_unit_of_their_title()
    {
        RunCarriers(_bench, "Oak House 2024 m3", "2024", "", new ImportForm(), ["Gas", "Water"]);

        Assert.Equal(["gas_volume", "water_volume"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct().Order());
        Assert.Equal(8, _bench.Told.Count);
    }

    [Fact]
    public void Rows_of_carriers_whose_unit_nothing_says_are_asked_about()
    {
        var asked = Assert.Throws<ImportFaultException>(() => RunCarriers(_bench, "Oak House 2024", "2024", "", new ImportForm(), ["Electricity", "Gas"]));

        Assert.Contains("metric=energy, unit=kWh", asked.Fault.Message, StringComparison.Ordinal);
    }

    private static void RunCarriers(ImportBench bench, string title, string sheet, string corner, ImportForm form, string[] rows) => bench.RunWorkbook(
        workbook =>
        {
            var cells = workbook.AddWorksheet(sheet);
            cells.Cell("A1").Value = title;
            cells.Cell("A3").InsertData(new[] { new object[] { corner, "Jan", "Feb", "Mar", "Apr" } });
            cells.Cell("A4").InsertData(rows.Select((row, i) => row == "Total" ? new object[] { row, 302, 304, 306, 308 } : [row, (i + 1) * 100 + 1, (i + 1) * 100 + 2, (i + 1) * 100 + 3, (i + 1) * 100 + 4]));
        },
        form);

    [Fact]
    public void Half_hours_of_twice_twelve_may_have_their_unit_behind_them()
    {
        var headers = string.Join(',', Enumerable.Range(1, 48).Select(half => new DateTime(2024, 1, 1).AddMinutes(30 * half).ToString("h:mm tt", CultureInfo.InvariantCulture) + " kWH"));
        _bench.RunText($"Meter Number,Date,{headers}\n{Rows(48).Replace("2024", "M1,2024", StringComparison.Ordinal)}");

        Assert.Equal(96, _bench.Told.Count);
        Assert.Equal(["M1 energy 2024-01-01 00:00 30m 148", "M1 energy 2024-01-02 23:30 30m 201"], [_bench.Told[0], _bench.Told[^1]]);
    }

    [Theory]
    [InlineData("Date,", ",")]
    [InlineData("Meter,Date,", ",,")]
    public void The_unit_may_stand_below_every_header(string headers, string blanks)
    {
        var hours = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00"));
        var units = string.Join(',', Enumerable.Repeat("kWh", 24));
        _bench.RunText($"{headers}{hours}\n{blanks}{units}\n{(headers.StartsWith("Meter", StringComparison.Ordinal) ? Rows(24).Replace("2024", "meter,2024", StringComparison.Ordinal) : Rows(24))}");

        Assert.Equal(48, _bench.Told.Count);
        Assert.Equal(["meter energy 2024-01-01 00:00 1h 124", "meter energy 2024-01-02 23:00 1h 201"], [_bench.Told[0], _bench.Told[^1]]);
    }

    [Fact]
    public void The_unit_may_stand_below_the_times_of_a_workbook()
    {
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Main");
            sheet.Cell("A1").Value = "Date";
            for (var hour = 0; hour < 24; hour++)
            {
                sheet.Cell(1, hour + 2).Value = hour / 24.0;
                sheet.Cell(1, hour + 2).Style.NumberFormat.Format = "h:mm";
                sheet.Cell(2, hour + 2).Value = "kWh";
                sheet.Cell(3, hour + 2).Value = 23 - hour;
                sheet.Cell(4, hour + 2).Value = 123 - hour;
            }

            sheet.Cell("A3").Value = new DateTime(2024, 1, 1);
            sheet.Cell("A4").Value = new DateTime(2024, 1, 2);
        });

        Assert.Equal(48, _bench.Told.Count);
        Assert.Equal(["Main energy 2024-01-01 00:00 1h 23", "Main energy 2024-01-02 23:00 1h 100"], [_bench.Told[0], _bench.Told[^1]]);
    }

    [Fact]
    public void A_volume_in_the_headers_is_of_what_the_title_names()
    {
        var headers = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00 (m3)"));
        _bench.RunText($"Gas,,\nDate,{headers}\n{Rows(24)}");

        Assert.Equal(48, _bench.Values("meter", "gas_volume").Count());
    }

    [Theory]
    [InlineData("Month", "January,1,5 February,2,6 March,3,7", "2023 (kWh),2024 (kWh)", "meter energy 2023-01-01 00:00 31d 1")]
    [InlineData("Year", "2023,1,2,3 2024,5,6,7", "Jan kWh,Feb kWh,Mar kWh", "meter energy 2023-01-01 00:00 31d 1")]
    [InlineData("Meter", "meter,1,2,3 North,5,6,7", "Jan-23 (kWh),Feb-23 (kWh),Mar-23 (kWh)", "North energy 2023-01-01 00:00 31d 5")]
    public void Years_and_months_may_have_their_unit_behind_them(string time, string rows, string headers, string first)
    {
        _bench.RunText($"{time},{headers}\n{rows.Replace(' ', '\n')}\n");

        Assert.Equal(6, _bench.Told.Count);
        Assert.Equal(first, _bench.Told[0]);
    }

    [Theory]
    [InlineData("Zählerstände", "metric=energy_import_register, unit=kWh", "energy_import_register")]
    [InlineData("Gas Zählerstände", "metric=gas_volume, unit=m³", "gas_volume")]
    [InlineData("Zählerstände Wasser", "metric=water_volume, unit=m³", "water_volume")]
    public void What_registers_showed_is_no_amount_by_the_answer_that_is_asked_for(string title, string asked, string metric)
    {
        var text = $"{title},,,,\nZähler,Jan 2025,Feb 2025,Mrz 2025,Apr 2025\nH1,10000,10500,11000,11600\nH2,500,600,750,900\n";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Metric = metric, Unit = asked.Split('=')[^1] });

        Assert.Contains($"({asked})", fault.Message, StringComparison.Ordinal);
        Assert.Equal((metric, QuantityKind.Register), (Assert.Single(fault.Guess!.Columns).Metric, Assert.Single(fault.Guess.Columns).Kind));
        Assert.Equal(8, _bench.Readings.Count(reading => reading.Values.Single() is { Kind: QuantityKind.Register } value && value.Metric == metric && reading.Length == Duration.Zero));
    }

    [Fact]
    public void Units_behind_what_flows_through_a_meter_are_those_of_its_row()
    {
        _bench.RunText("Meter,Type,Jan 2024,Feb 2024,Mar 2024\nE1,Electricity kWh,54196,53216,31170\nG1,Gas m3,1794,1868,1241\nG2,Gas kWh,17940,18680,12410\nW1,Water m3,179,186,124\n");

        Assert.Equal(138_582, _bench.Sum("E1", "energy"));
        Assert.Equal(4903, _bench.Sum("G1", "gas_volume"));
        Assert.Equal(49_030, _bench.Sum("G2", "energy"));
        Assert.Equal(489, _bench.Sum("W1", "water_volume"));
        Assert.Equal(["electricity", "gas", "gas", "water"], _bench.Facts.Meters.OrderBy(meter => meter.EquipmentId, StringComparer.Ordinal).Select(meter => meter.Carrier));
    }

    [Fact]
    public void Numbered_meters_are_no_hours()
    {
        var headers = string.Join(',', Enumerable.Range(1, 24).Select(number => $"Pump {number} (kWh)"));
        _bench.RunText($"Date,{headers}\n{Rows(24)}");

        Assert.Equal(24, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
        Assert.Contains("Pump 24", _bench.Readings.Select(reading => reading.EquipmentId));
    }

    private static string Rows(int count) =>
        $"2024-01-01,{string.Join(',', Enumerable.Range(101, count).Reverse())}\n2024-01-02,{string.Join(',', Enumerable.Range(201, count).Reverse())}\n";
}
