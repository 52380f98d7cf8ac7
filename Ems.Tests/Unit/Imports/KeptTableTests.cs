using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Tables that people keep by hand: merged types, headings of sections, shifts, sheets of a month, pivot tables.</summary>
public sealed class KeptTableTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Utility,Building,Jan 2025 (kWh),Feb 2025 (kWh),Mar 2025 (kWh)\nElectricity,C,1,2,3\n,D,4,5,6\nNatural gas,E,7,8,9\n,F,10,11,12\n")]
    [InlineData("Utility,Meter,Date,kWh\nElectricity,C,2025-01-31,1\n,D,2025-01-31,2\nGas,E,2025-01-31,3\n,F,2025-01-31,4\n")]
    public void A_type_of_merged_cells_is_that_of_the_rows_below(string text)
    {
        _bench.RunText(text);

        Assert.Equal(["C electricity", "D electricity", "E gas", "F gas"], _bench.Facts.Meters.Select(meter => $"{meter.EquipmentId} {meter.Carrier}").Order());
        Assert.Contains("Utility: blank cells are those of the row above", _bench.Assumed("layout"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Utility,Meter,Date,kWh\nGas,A,2025-01-31,1\n,B,2025-01-31,2\n,C,2025-01-31,3\nGas,D,2025-01-31,4\n,E,2025-01-31,5\n,F,2025-01-31,6\n")]
    [InlineData("Meter,Utility,Date,kWh\nA,Gas,2025-01-31,1\nB,,2025-01-31,2\nC,,2025-01-31,3\nD,Natural gas,2025-01-31,4\nE,,2025-01-31,5\nF,,2025-01-31,6\n")]
    public void A_type_that_only_some_meters_have_is_theirs_alone(string text)
    {
        _bench.RunText(text);

        Assert.Equal(["A", "D"], _bench.Facts.Meters.Where(meter => meter.Carrier == "gas").Select(meter => meter.EquipmentId).Order());
    }

    [Fact]
    public void A_type_of_one_meter_is_not_that_of_all_below()
    {
        _bench.RunText("Remark,Type,Meter,Unit,2024-01,2024-02,2024-03\n,District heating,H1,kWh,300,310,320\n,,Lighting,kWh,30,31,32\n,,Servers,kWh,20,21,22\n,,Lifts,kWh,10,11,12\n");

        Assert.Equal(["H1 heat", "Lifts energy", "Lighting energy", "Servers energy"], _bench.Told.Select(told => string.Join(" ", told.Split(' ').Take(2))).Distinct().Order());
    }

    [Theory]
    [InlineData("Type,Meter,Unit,2024-01,2024-02,2024-03\nElectricity,Main,kWh,1,2,1\n,Hall,kWh,1,2,1\nGas,Gas main,m3,300,310,320\n,Water main,m3,30,31,32\n,Water garden,m3,20,21,22\n", "Water garden water_volume")]
    [InlineData("Type,Meter,Unit,2024-01,2024-02,2024-03\nHeat,H1,kWh,300,310,320\n,H2,kWh,30,31,32\nWater,W1,m3,3,4,3\n,E1,kWh,20,21,22\n", "E1 energy")]
    public void A_type_that_names_or_units_below_contradict_is_not_theirs(string text, string expected)
    {
        _bench.RunText(text);

        Assert.Contains(_bench.Told, told => told.StartsWith($"{expected} ", StringComparison.Ordinal));
        Assert.Equal("", _bench.Assumed("layout"));
    }

    [Theory]
    [InlineData("Energy kWh 2025,,,,\nBuilding,Utility,Jan,Feb,Mar\nA,Electricity,1,2,3\n,Gas,4,5,6\nB,Electricity,7,8,9\n,Gas,10,11,12\n", null)]
    [InlineData("Energy kWh 2025,,,,\nBuilding,Utility,Jan,Feb,Mar\nA,Electricity,1,2,3\n,Gas,4,5,6\nB,Electricity,7,8,9\n,Gas,10,11,12\n", "Building")]
    [InlineData("Energy kWh 2025,,,,\nUtility,Name,Jan,Feb,Mar\nElectricity,A,1,2,3\n,B,7,8,9\nGas,A,4,5,6\n,B,10,11,12\n", null)]
    public void A_place_has_a_meter_for_each_of_its_utilities(string text, string? confirmed)
    {
        _bench.RunText(text, confirmed is null ? null : new ImportForm { Mapping = new ImportMapping { Columns = [new MappedColumn(confirmed) { Role = ColumnRole.Equipment }] } });

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(["A electricity electricity", "A gas gas", "B electricity electricity", "B gas gas"], _bench.Facts.Meters.Select(meter => $"{meter.EquipmentId} {meter.Carrier}").Order());
        Assert.Equal([4.0, 5, 6], _bench.Values("A gas", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Energy 2025 (kWh),,\nSite,Jan 2025,Feb 2025,Mar 2025\nELECTRICITY,,,\nA,10,20,10\nB,30,40,30\nGAS,,,\nC,50,60,50\n", 3)]
    [InlineData("Energy 2025 (kWh),,\n,Jan 2025,Feb 2025,Mar 2025,Total\nELECTRICITY,,,,\nA,10,20,10,40\nGAS,,,,\nA,50,60,50,160\n", 3)]
    [InlineData("Energy 2025 (kWh),,\nSite,Jan 2025,Feb 2025,Mar 2025\nA,10,20,10\nB,30,40,30\nGas consumption (kWh),,,\nC,50,60,50\n", 5)]
    [InlineData("Energy 2025 (kWh),,\nSite,Jan 2025,Feb 2025,Mar 2025\nHEAT,,,\nA,10,20,10\nB,30,40,30\nCOOLING,,,\nC,50,60,50\n", 3)]
    [InlineData("Energy 2025 (kWh),,\nSite,Jan 2025,Feb 2025,Mar 2025\nELECTRICITY,,,\nA,10,20,10\nB,30,40,30\nHEAT,,,\nC,50,60,50\n", 3)]
    [InlineData("Energy 2025 (kWh),,\nSite,Jan 2025,Feb 2025,Mar 2025\nDistrict heating,,,\nA,10,20,10\nB,30,40,30\n", 3)]
    public void Headings_of_utilities_are_refused_with_what_to_write_instead(string text, int row)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal(row, fault.Row);
        Assert.Contains("Insert a column headed Utility", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",ELECTRICITY,,HEAT,\nMonth,North kWh,South kWh,North kWh,South kWh\n", "North electricity|North heat heat|South electricity|South heat heat")]
    [InlineData(",HEAT,,COOLING,\nMonth,North kWh,South kWh,North kWh,South kWh\n", "COOLING North cooling|COOLING South cooling|North heat|South heat")]
    [InlineData("Month,North kWh,South kWh,North heat kWh,South heat kWh\n", "North |North heat heat|South |South heat heat")]
    [InlineData("Month,North electricity kWh,South electricity kWh,North heat kWh\n", "North electricity|North heat heat|South electricity")]
    public void Heat_beside_another_energy_of_a_name_is_of_a_meter_of_its_own(string headers, string meters)
    {
        _bench.RunText($"{headers}2025-01,10,20,30,40\n2025-02,11,19,31,39\n2025-03,10,21,30,41\n");

        Assert.Equal(meters.Split('|'), _bench.Facts.Meters.Select(meter => $"{meter.EquipmentId} {meter.Carrier}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_written_instead_of_headings_says_what_each_row_is_of()
    {
        _bench.RunText("Energy 2025 (kWh),,\nUtility,Site,Jan 2025,Feb 2025,Mar 2025\nHeat,A,10,20,10\nHeat,B,30,40,30\nCooling,C,50,60,50\n");

        Assert.Equal(["A heat", "B heat", "C cooling"], _bench.Facts.Meters.Select(meter => $"{meter.EquipmentId} {meter.Carrier}").Order());
    }

    [Theory]
    [InlineData("Energy 2025 (kWh),,\nName,Jan 2025,Feb 2025,Mar 2025\nLighting,10,20,10\nHeizung,,,\nLifts,50,60,50\n")]
    [InlineData("Energy 2025 (kWh),,\nUtility,Jan 2025,Feb 2025,Mar 2025\nElectricity,10,20,10\nGas,,,\nSteam,50,60,50\n")]
    [InlineData("Energy 2025 (kWh),,\nSite,Jan 2025,Feb 2025,Mar 2025\nElectricity,,,\nA,10,20,10\nB,50,60,50\n")]
    [InlineData("Energy 2025 (kWh),,\nName,Jan 2025,Feb 2025,Mar 2025\nHeating,,,\nA,10,20,10\nCooling,,,\nB,50,60,50\n")]
    public void A_utility_without_values_heads_nothing_where_others_have_theirs_or_none_is_another(string text)
    {
        Assert.Equal(6, _bench.RunText(text).Readings.Count);
    }

    [Fact]
    public void A_total_of_rows_of_one_meter_is_no_part_of_it()
    {
        _bench.RunText("Energy (kWh),,,,\nMeter,Jan 2025,Feb 2025,Mar 2025,Year\nA,10,20,10,40\nA,50,60,50,160\n");

        Assert.Equal([ImportFault.DuplicateInFile, ImportFault.DuplicateInFile, ImportFault.DuplicateInFile], _bench.FaultCodes);
    }

    [Theory]
    [InlineData("Compressor house,,,,\nDate,06:00,14:00,22:00,Operator\n2025-10-01,900,946,975,AB\n2025-10-02,1012,1040,1080,AB\n")]
    [InlineData("Date,06:00 kWh,14:00 kWh,22:00 kWh\n2025-10-01,900,946,975\n2025-10-02,1012,1040,1080\n")]
    public void A_few_times_of_day_above_what_only_grows_are_those_at_which_a_register_was_read(string text)
    {
        _bench.RunText(text, new ImportForm { Metric = text.StartsWith("Date", StringComparison.Ordinal) ? null : "energy_import_register", Unit = text.StartsWith("Date", StringComparison.Ordinal) ? null : "kWh" });

        Assert.Equal(
            ["meter energy_import_register 2025-10-01 06:00 900", "meter energy_import_register 2025-10-01 14:00 946", "meter energy_import_register 2025-10-01 22:00 975", "meter energy_import_register 2025-10-02 06:00 1012"],
            _bench.Told.Take(4));
        Assert.Equal(text.StartsWith("Date", StringComparison.Ordinal) ? "readings at 06:00 kWh, 14:00 kWh, 22:00 kWh" : "", _bench.Assumed("kind"));
    }

    [Theory]
    [InlineData("Energy kWh,,,,\nMachine,Date,00:00,06:00,12:00,18:00\nM1,2024-01-01,10,20,30,40\n")]
    [InlineData("Meter,Date,06:00 kWh,12:00 kWh,18:00 kWh,24:00 kWh\nA,2024-01-01,10,20,30,40\nB,2024-01-01,11,20,31,45\n")]
    [InlineData("Energy kWh,,,,\nMachine,Date,00:00,06:00,12:00,18:00\nM1,2024-01-01,10,20,30,40\nM1,2024-01-02,50,60,70,80\n")]
    [InlineData("Consumption kWh,,,\nMachine,Date,06:00,14:00,22:00\nM1,2024-01-01,900,946,975\nM1,2024-01-02,1012,1040,1080\n")]
    public void Amounts_that_rise_are_no_register(string text)
    {
        _bench.RunText(text);

        Assert.All(_bench.Told, told => Assert.Contains(" energy ", told, StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_of_a_start_and_an_end_above_headers_heads_no_values()
    {
        _bench.RunText("From,00:00,To,23:59\n\nDate,Main kWh,HVAC kWh,Pump kWh\n2025-10-01,90,94,75\n2025-10-02,80,91,70\n");

        Assert.Equal(["HVAC", "Main", "Pump"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Theory]
    [InlineData("Date,06:00,14:00,22:00")]
    [InlineData("Date,06:00-14:00,14:00-22:00,22:00-06:00")]
    public void A_few_times_of_day_that_make_a_day_are_those_of_shifts(string headers)
    {
        _bench.RunText($"Shifts kWh,,,\n{headers}\n2025-10-01,90,94,75\n2025-10-02,80,91,70\n");

        Assert.Equal(["meter energy 2025-10-01 06:00 8h 90", "meter energy 2025-10-01 14:00 8h 94", "meter energy 2025-10-01 22:00 8h 75"], _bench.Told.Take(3));
    }

    [Fact]
    public void Amounts_below_times_of_day_that_make_no_day_are_asked_about()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("House kWh,,\nDate,08:00,16:00\n2025-10-01,90,94\n2025-10-02,80,91\n")).Fault;

        Assert.Contains("send metric=energy_import_register", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Kind")]
    public void Rows_of_readings_beside_rows_of_what_was_used_are_refused(string header)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(
            $"Meter readings 2025,,,,\nMeter,{header},Jan 2025,Feb 2025,Mar 2025\nE1,Reading,40588,41316,42044\n,kWh used,468,728,728\nE2,Reading,9787,10611,11098\n,kWh used,786,824,487\n")).Fault;

        Assert.Equal(4, fault.Row);
        Assert.Contains("delete the rows of the readings", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_meters_on_sheets_of_months_are_of_those_months()
    {
        _bench.RunWorkbook(workbook =>
        {
            foreach (var (month, used) in new[] { ("Jan", 10), ("Feb", 20) })
            {
                var sheet = workbook.AddWorksheet(month);
                sheet.Cell(1, 1).Value = $"Monthly meter readings – {month} 2025";
                string[] headers = ["Meter", "Previous reading", "Current reading", "Factor", "Consumption (kWh)"];
                for (var column = 0; column < headers.Length; column++)
                {
                    sheet.Cell(3, column + 1).Value = headers[column];
                }

                sheet.Cell(4, 1).Value = "MCC-1";
                sheet.Cell(5, 1).Value = "AHU";
                sheet.Cell(6, 1).Value = "TOTAL";
                for (var row = 4; row <= 5; row++)
                {
                    (sheet.Cell(row, 2).Value, sheet.Cell(row, 3).Value, sheet.Cell(row, 4).Value, sheet.Cell(row, 5).Value) = (100, 100 + used, row, used * row);
                }

                sheet.Cell(6, 5).Value = used * 9;
            }
        });

        Assert.Equal(["AHU energy 2025-01-01 00:00 31d 50", "AHU energy 2025-02-01 00:00 28d 100", "MCC-1 energy 2025-01-01 00:00 31d 40", "MCC-1 energy 2025-02-01 00:00 28d 80"], _bench.Told);
        Assert.Equal("2025-01; 2025-02", _bench.Assumed("month"));
    }

    [Theory]
    [InlineData("List of meters Jan 2025,,\nMeter,Hall,Annual usage (kWh)\nM1,North,1000\nM2,South,2000\n")]
    [InlineData("Usage Jan 2025,,\nMeter,Hall,Usage (kWh)\nM1,North,1000\nM2,South,2000\n,,3000\n")]
    [InlineData("Reading date:,2025-11-01,\nMeter,Hall,Usage (kWh)\nM1,North,1000\nM2,South,2000\n")]
    [InlineData("Usage,,\nMeter,Remarks,Usage (kWh)\nM1,replaced in January 2025,1000\nM2,South,2000\n")]
    [InlineData("Meters Jan 2025,,\nMeter,Hall,Rated power (kW)\nM1,North,1000\nM2,South,2000\n")]
    public void Lists_of_meters_are_of_no_month(string text)
    {
        Assert.Equal(ImportFault.MissingRequiredColumns, Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Code);
    }

    [Theory]
    [InlineData("Quarter ended March 2024")]
    [InlineData("Quarter March 2024")]
    [InlineData("Year to March 2024")]
    [InlineData("12 months to March 2024")]
    [InlineData("YTD March 2024")]
    [InlineData("Three months ending March 2024")]
    [InlineData("Cumulative to March 2024")]
    [InlineData("Verbrauch bis März 2024")]
    [InlineData("Consumi al marzo 2024")]
    [InlineData("Winter season, March 2024")]
    [InlineData("Bills received March 2024")]
    [InlineData("Tenant list as of March 2024")]
    [InlineData("Benchmark report March 2024")]
    [InlineData("March 2024\nCumulative,,")]
    public void A_title_of_more_than_a_month_is_that_of_no_month(string title)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{title},,\nSite,Consumption kWh,Area\nAlpha,100,20\nBeta,200,40\nGamma,210,42\n")).Fault;

        Assert.Equal(ImportFault.MissingRequiredColumns, fault.Code);
        Assert.Contains("in a column headed Month", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Consumption to date kWh")]
    [InlineData("Cumulative consumption kWh")]
    [InlineData("Rated consumption kWh")]
    [InlineData("Forecast consumption kWh")]
    [InlineData("Annualised usage kWh")]
    [InlineData("Avg monthly usage kWh")]
    [InlineData("Consumption saved kWh")]
    [InlineData("Verbrauch Vorjahr kWh")]
    [InlineData("Verbrauch seit Einbau kWh")]
    [InlineData("Consumption (last 12 months) kWh")]
    [InlineData("Previous usage kWh,Current usage kWh")]
    [InlineData("Consumption kWh,Previous usage kWh")]
    [InlineData("Consumption kWh,Baseload kWh")]
    public void Amounts_of_another_period_than_a_month_are_those_of_no_month(string headers)
    {
        Assert.Equal(ImportFault.MissingRequiredColumns, Assert.Throws<ImportFaultException>(() => _bench.RunText($"Report March 2024,,\nSite,Area,{headers}\nAlpha,20,100,90\nBeta,40,200,190\nGamma,42,210,200\n")).Fault.Code);
    }

    [Theory]
    [InlineData("March 2024")]
    [InlineData("Electricity consumption for March 2024")]
    [InlineData("Acme House\nMonthly report 2024-03")]
    [InlineData("Verbrauch Strom März 2024")]
    public void A_title_of_a_month_and_what_any_sheet_holds_is_that_of_its_rows(string title)
    {
        _bench.RunText($"{title},,\nSite,Area,Consumption (kWh)\nAlpha,20,100\nBeta,40,200\nGamma,42,210\n");

        Assert.Equal(["Alpha energy 2024-03-01 00:00 31d 100", "Beta energy 2024-03-01 00:00 31d 200", "Gamma energy 2024-03-01 00:00 31d 210"], _bench.Told);
    }

    [Fact]
    public void Dates_in_the_headers_of_readings_are_told_to_be_written_beside_the_rows()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(
            "Tenant recharge,,,\nUnit,Meter serial,Previous reading 01/10/2025,Current reading 01/11/2025,Consumption kWh\nUnit 1,K1,5000,5078,78\nUnit 2,K2,6000,6085,85\n")).Fault;

        Assert.Equal(2, fault.Row);
        Assert.Contains("two columns headed From and To", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("energy")]
    public void Where_there_is_only_money_there_is_no_energy(string? metric)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(
            "Month,Electricity (£),Gas cost,Total\n2025-01,5000,3000,8000\n2025-02,5001,3001,8002\n", new ImportForm { Metric = metric, Unit = metric is null ? null : "kWh" })).Fault;

        Assert.Equal(ImportFault.MissingRequiredColumns, fault.Code);
        Assert.Contains("only money", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Column Labels", "Row Labels", "Grand Total")]
    [InlineData("Spaltenbeschriftungen", "Zeilenbeschriftungen", "Gesamtergebnis")]
    public void The_line_above_a_pivot_table_has_its_unit_and_is_no_part_of_names(string columns, string rows, string total)
    {
        _bench.RunText($"Utility,Electricity,,,\n\nSum of kWh,{columns},,,\n{rows},HVAC,Lighting,Sockets,{total}\n2025-01,7,5,3,15\n2025-02,8,4,2,14\n2025-03,1,4,8,13\n{total},16,13,13,42\n");

        Assert.Equal(["HVAC", "Lighting", "Sockets"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal([7.0, 8, 1], _bench.Values("HVAC", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Count of kWh", "Column Labels")]
    [InlineData("Average of kWh", "Column Labels")]
    [InlineData("Average of Gas m3", "Column Labels", "gas_volume")]
    [InlineData("Water m3", "Column Labels", "water_volume")]
    [InlineData("Mittelwert von kWh", "Spaltenbeschriftungen")]
    [InlineData("Mittelwert von Gas m³", "Spaltenbeschriftungen", "gas_volume")]
    public void Other_statistics_of_a_pivot_table_than_sums_are_no_amounts(string values, string columns, string metric = "energy")
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{values},{columns},,\nRow Labels,2024-01,2024-02,2024-03\nAlpha,100,101,102\nBeta,90,91,92\n")).Fault;

        Assert.Equal((ImportFault.DataValidationFailed, 1), (fault.Code, fault.Row));
        Assert.Contains(values, fault.Message, StringComparison.Ordinal);
        _bench.RunText($"{Assert.Single(fault.Alternatives!)},{columns},,\nRow Labels,2024-01,2024-02,2024-03\nAlpha,100,101,102\nBeta,90,91,92\n");
        Assert.Equal(303, _bench.Sum("Alpha", metric));
    }

    [Theory]
    [InlineData("Sum of kWh", "energy")]
    [InlineData("Average of kW", "active_power")]
    public void Sums_of_amounts_and_averages_of_levels_are_values_of_a_pivot_table(string values, string metric)
    {
        _bench.RunText($"{values},Column Labels,,\nRow Labels,2024-01,2024-02,2024-03\nAlpha,100,101,102\nBeta,90,91,92\n");

        Assert.Equal(6, _bench.Told.Count(told => told.Contains($" {metric} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Month,Office kWh\nJan,100\nFeb,90\nMar,95\n\n2025\nMonth,Office kWh\nJan,101\nFeb,91\nMar,96\n", 7)]
    [InlineData("Meter,Jan,Feb,Mar\nA kWh,100,90,95\n\n2025\nMeter,Jan,Feb,Mar\nA kWh,101,91,96\n", 5)]
    public void Months_below_the_title_of_another_year_are_of_another_table(string text, int row)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, new ImportForm { Metric = "energy", Unit = "kWh" }, "Office 2024.csv")).Fault;

        Assert.Equal(row, fault.Row);
        Assert.Contains("that of 2025", fault.Message, StringComparison.Ordinal);
    }
}
