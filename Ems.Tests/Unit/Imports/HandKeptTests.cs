using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>What people write into sheets that they keep by hand, and what historians and dashboards put into cells.</summary>
public sealed class HandKeptTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Main", "Subtotal")]
    [InlineData("Main meter", "Day total")]
    [InlineData("Main", "Budget")]
    public void What_stands_in_a_row_without_a_date_below_is_no_value_of_it(string meter, string below)
    {
        _bench.RunText($"Date,Area,kWh\n{string.Concat(Enumerable.Range(1, 14).Select(day => $"2024-04-{day:00},{meter},{900 + (day % 5)}\n,{below},{800 + (day % 4)}\n"))}");

        Assert.Equal(14, _bench.Readings.Count(reading => reading.Values.Any(value => value.Value >= 900)));
        Assert.DoesNotContain(_bench.Readings, reading => reading.Values.Any(value => value.Value < 900));
    }

    [Theory]
    [InlineData("Energy [0.1 kWh]", 1.2)]
    [InlineData("Energy (0.01 kWh)", 0.12)]
    [InlineData("total_energy (0.01 kWh)", 0.12)]
    [InlineData("Energy in 0.1 kWh", 1.2)]
    [InlineData("\"Energy in 0,1 kWh\"", 1.2)]
    [InlineData("\"Energy, 10 kWh\"", 120)]
    [InlineData("Energy (tens of kWh)", 120)]
    [InlineData("Energy (x1000 kWh)", 12_000)]
    [InlineData("Energy (100 Wh)", 1.2)]
    public void A_part_or_a_multiple_of_a_unit_counts(string header, double expected)
    {
        _bench.RunText($"Date,{header}\n2024-01-01,12\n2024-01-02,11\n");

        Assert.Equal(expected, _bench.Readings[0].Values[0].Value, 1e-9);
        Assert.Equal("meter", _bench.Readings[0].EquipmentId);
    }

    [Fact]
    public void What_is_no_power_of_ten_is_no_unit()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Date,Energy (0.3 kWh)\n2024-01-01,12\n2024-01-02,11\n")).Fault;

        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
    }

    [Theory]
    [InlineData("Avläsningsdatum", "Mätarställning (kWh)")]
    [InlineData("Data odczytu", "Stan licznika (kWh)")]
    [InlineData("Okuma tarihi", "Sayaç endeksi (kWh)")]
    [InlineData("検針日", "指針 (kWh)")]
    [InlineData("日期", "表读数 (kWh)")]
    [InlineData("Aflæsningsdato", "Målerstand (kWh)")]
    [InlineData("Lukemapäivä", "Lukema (kWh)")]
    [InlineData("Datum", "Zählerstände (kWh)")]
    public void Registers_are_known_in_more_languages(string date, string header)
    {
        _bench.RunText($"{date},{header}\n2024-01-31,1100\n2024-02-29,1300\n2024-03-31,1700\n");

        Assert.Equal([1100.0, 1300, 1700], _bench.Values("meter", "energy_import_register").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Zählerstände 2024", "Zähler")]
    [InlineData("Meter readings", "Meter")]
    public void The_title_of_a_matrix_says_that_it_has_states_of_registers(string title, string meter)
    {
        _bench.RunText($"{title},,,,\n{meter},Unit,31.1.24,29.2.24,31.3.24\nE-71,kWh,1100,1200,1400\nE-72,kWh,300,400,600\n");
        Assert.Equal([1100.0, 1200, 1400], _bench.Values("E-71", "energy_import_register").Select(value => value.Value));
    }

    [Fact]
    public void Cells_of_a_matrix_that_go_up_and_down_are_amounts_whatever_its_title_says()
    {
        _bench.RunText("Meter readings (kWh),,,\nMeter,Jan-24,Feb-24,Mar-24\nA,110,120,90\nB,50,40,60\n");

        Assert.Equal([110.0, 120, 90], _bench.Values("A", "energy").Select(value => value.Value));
    }

    [Fact]
    public void The_date_beside_two_readings_and_what_lies_between_them_is_that_of_the_later()
    {
        _bench.RunText("Meter,Date,Previous Reading,Current Reading,Consumption (kWh)\nPC1,2024-01-28,1001,1004,3\nPC1,2024-02-28,1004,1009,5\nPC1,2024-03-28,1009,1010,1\n");

        Assert.Equal("2024-01-28", _bench.Values("PC1", "energy").Skip(1).First().Start.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture));
        Assert.Contains(_bench.Facts.Assumptions, assumption => assumption is { What: "timestamp_label", Value: "end" } && assumption.Why.Contains("Current Reading", StringComparison.Ordinal));
    }

    [Fact]
    public void A_year_of_merged_cells_is_that_of_the_rows_below()
    {
        _bench.RunText("Year,Month,Y1 kWh\n2023,11,100\n,12,100\n2024,1,50\n,2,60\n,3,70\n");

        Assert.Equal(
            ["2023-11 100", "2023-12 100", "2024-01 50", "2024-02 60", "2024-03 70"],
            _bench.Readings.Select(reading => string.Create(CultureInfo.InvariantCulture, $"{reading.Start.ToDateTimeUtc():yyyy-MM} {reading.Values[0].Value}")));
    }

    [Fact]
    public void A_building_of_merged_cells_is_that_of_the_rows_below()
    {
        _bench.RunText("Building,Meter,Unit,Jan-24,Feb-24,Mar-24\nNorth,FM1,kWh,1,2,1\n,FM2,kWh,3,4,3\nSouth,FM3,kWh,5,6,5\n,FM4,kWh,7,8,7\n");

        Assert.Equal(
            ["FM1 North", "FM2 North", "FM3 South", "FM4 South"],
            _bench.Facts.Meters.Select(meter => $"{meter.EquipmentId} {meter.Site ?? meter.SiteName}").Order());
    }

    [Fact]
    public void What_equals_the_only_value_so_far_is_no_sum()
    {
        _bench.RunText("Date,SL kWh\n2024-01-01,100\n,100\n2024-01-03,50\n");

        Assert.Equal([ImportFault.InvalidTimestamp], _bench.FaultCodes);
        Assert.Equal("", _bench.Assumed("left_out"));
    }

    [Fact]
    public void Numbers_may_have_their_units_with_them()
    {
        _bench.RunText("Time,Main\n2024-01-01 00:00,10 kW\n2024-01-01 01:00,300 W\n2024-01-01 02:00,1.5 kW\n");

        Assert.Equal([10, 0.3, 1.5], _bench.Values("meter", "active_power").Select(value => Math.Round(value.Value, 6)));
    }

    [Theory]
    [InlineData("Main power,Pump power", "1.25 kW", "30{0} W", "active_power", 0.303)]
    [InlineData("Main,Pump", "1.2{0} kW", "30{0} W", "active_power", 0.303)]
    [InlineData("Pump power,Remark", "30{0} W", "ok", "active_power", 0.303)]
    [InlineData("Current,Remark", "16.{0} A", "ok", "current", 16.3)]
    [InlineData("Voltage,Remark", "23{0}V", "ok", "voltage", 233)]
    public void A_unit_of_one_letter_may_stand_behind_numbers_of_what_it_measures(string headers, string one, string other, string metric, double value)
    {
        _bench.RunText($"Time,{headers}\n" + string.Concat(Enumerable.Range(0, 4).Select(hour => $"2024-01-01 0{hour}:00,{one},{other}\n".Replace("{0}", $"{hour}", StringComparison.Ordinal))));

        Assert.Contains(value, _bench.Readings.SelectMany(reading => reading.Values).Where(found => found.Metric == metric).Select(found => Math.Round(found.Value, 6)));
    }

    [Fact]
    public void A_letter_behind_numbers_of_anything_else_is_part_of_a_name()
    {
        _bench.RunText("Time,Room,kWh\n" + string.Concat(Enumerable.Range(0, 4).Select(hour => $"2024-01-01 0{hour}:00,{101 + hour} A,{hour}\n")));

        Assert.DoesNotContain(_bench.Readings.SelectMany(reading => reading.Values), value => value.Metric == "current");
    }

    [Fact]
    public void Numbers_of_a_column_with_a_unit_may_have_another_one()
    {
        _bench.RunText("Date;Main (kWh)\n2024-01-01;12,5 kWh\n2024-01-02;1,2 MWh\n2024-01-03;900\n");

        Assert.Equal([12.5, 1200, 900], _bench.Values("meter", "energy").Select(value => Math.Round(value.Value, 6)));
    }

    [Theory]
    [InlineData("12100 (est)")]
    [InlineData("12100 E")]
    [InlineData("12100*")]
    [InlineData("~12100")]
    [InlineData("ca. 12100")]
    public void A_mark_behind_a_number_says_that_it_is_estimated(string cell)
    {
        _bench.RunText($"Date,Meter,Reading (kWh)\n2024-01-31,A,12000\n2024-02-29,A,{cell}\n2024-03-31,A,12250\n");

        Assert.Equal([12000.0, 12100, 12250], _bench.Values("A", "energy_import_register").Select(value => value.Value));
        Assert.Equal([false, true, false], _bench.Readings.Select(reading => (reading.Flags & ReadingFlags.Estimated) != 0));
    }

    [Theory]
    [InlineData("Bad Input")]
    [InlineData("I/O Timeout")]
    [InlineData("Pt Created")]
    [InlineData("Scan Off")]
    [InlineData("[-11059] No Good Data For Calculation")]
    public void States_of_historians_are_gaps(string state)
    {
        _bench.RunText($"Time,Power (kW)\n2024-01-01 00:00,1\n2024-01-01 01:00,{state}\n2024-01-01 02:00,2\n");

        Assert.Equal([1.0, 2], _bench.Values("meter", "active_power").Select(value => value.Value));
        Assert.Equal(1, _bench.Facts.Gaps[state]);
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("styczeń 2024", "luty 2024", "marzec 2024")]
    [InlineData("Ocak 2024", "Şubat 2024", "Mart 2024")]
    [InlineData("leden 2024", "únor 2024", "březen 2024")]
    [InlineData("tammikuu 2024", "helmikuu 2024", "maaliskuu 2024")]
    [InlineData("2024年1月", "2024年2月", "2024年3月")]
    public void Months_of_more_languages_are_times(string first, string second, string third)
    {
        _bench.RunText($"Month,Energy (kWh)\n{first},1\n{second},2\n{third},3\n");

        Assert.Equal(["meter energy 2024-01-01 00:00 31d 1", "meter energy 2024-02-01 00:00 29d 2", "meter energy 2024-03-01 00:00 31d 3"], _bench.Told);
    }

    [Fact]
    public void Days_of_east_asia_are_times()
    {
        _bench.RunText("日期,Energy (kWh)\n2024年1月1日,1\n2024年1月2日,2\n2024年12月3日,3\n");

        Assert.Equal(["01-01", "01-02", "12-03"], _bench.Readings.Select(reading => reading.Start.ToString("MM-dd", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("Meter,Jan,Feb,Mar\nE1,1,2,1\nE2,3,4,3\n", "kWh_2024.csv")]
    [InlineData("Electricity 2024 (kWh),,,\nMeter,Jan,Feb,Mar\nE1,1,2,1\nE2,3,4,3\n", "x.csv")]
    public void Months_across_without_a_year_have_that_of_the_title_or_the_name(string text, string fileName)
    {
        _bench.RunText(text, new ImportForm { Metric = "energy", Unit = "kWh" }, fileName);

        Assert.Equal(["E1 energy 2024-01-01 00:00 31d 1", "E1 energy 2024-02-01 00:00 29d 2", "E1 energy 2024-03-01 00:00 31d 1"], _bench.Told.Take(3));
        Assert.Equal("2024", _bench.Assumed("year"));
    }

    [Fact]
    public void Months_down_without_a_year_have_that_of_their_sheet()
    {
        _bench.RunWorkbook(
            workbook =>
            {
                foreach (var year in Enumerable.Range(2022, 2))
                {
                    var sheet = workbook.AddWorksheet($"{year}");
                    (sheet.Cell(1, 1).Value, sheet.Cell(1, 2).Value) = ("Month", "E-31 (kWh)");
                    (sheet.Cell(2, 1).Value, sheet.Cell(2, 2).Value) = ("Jan", year - 2000);
                    (sheet.Cell(3, 1).Value, sheet.Cell(3, 2).Value) = ("Feb", 10);
                }
            });

        Assert.Equal(["2022-01-01 22", "2022-02-01 10", "2023-01-01 23", "2023-02-01 10"], _bench.Readings.OrderBy(reading => reading.Start)
            .Select(reading => string.Create(CultureInfo.InvariantCulture, $"{reading.Start.ToDateTimeUtc():yyyy-MM-dd} {reading.Values[0].Value}")));
        Assert.Single(_bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Days_of_a_month_have_that_of_their_sheet(bool across)
    {
        _bench.RunWorkbook(
            workbook =>
            {
                var sheet = workbook.AddWorksheet("Feb 2024");
                sheet.Cell(1, 1).Value = across ? "Meter" : "Day";
                (across ? sheet.Cell(2, 1) : sheet.Cell(1, 2)).Value = across ? "D3" : "D3 kWh";
                for (var day = 1; day <= 29; day++)
                {
                    (across ? sheet.Cell(1, day + 1) : sheet.Cell(day + 1, 1)).Value = day;
                    (across ? sheet.Cell(2, day + 1) : sheet.Cell(day + 1, 2)).Value = 100 + (day % 3);
                }
            },
            new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(29, _bench.Readings.Count);
        Assert.Contains("2024-02-29 00:00 1d 102", _bench.Told[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Meter,Jan,Feb,Mar\nE1,1,2,1\nE2,3,4,3\n", 1)]
    [InlineData("Month,kWh\nJan,1\nFeb,2\nMar,3\n", 2)]
    public void Months_that_nothing_gives_a_year_are_refused_with_what_is_missing(string text, int row)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal((ImportFault.MissingRequiredColumns, row), (fault.Code, fault.Row));
        Assert.Contains("have no year", fault.Message, StringComparison.Ordinal);
    }
}
