using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Rows below the headers of another table are not those of the first.</summary>
public sealed class LowerTableTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Timestamp,Main kWh,Kitchen kWh\n2024-01-15 00:00,100,5\n2024-01-15 01:00,101,6\n\nTimestamp,Kitchen kWh,Main kWh\n2024-01-16 00:00,5,100\n2024-01-16 01:00,6,101\n", 5)]
    [InlineData("Electricity,\nMonth,Main kWh\nJan-23,100\nFeb-23,101\n,\nGas,\nMonth,Gas m3\nJan-24,201\nFeb-24,202\n", 7)]
    [InlineData("Timestamp,kW\n2024-01-15 00:00,1\n2024-01-15 01:00,2\nTimestamp,kWh\n2024-01-16 00:00,3\n2024-01-16 01:00,4\n", 4)]
    [InlineData("Meter: Pump A,\nDate,kWh\n2024-01-01,1\n2024-01-02,2\n,\nMeter: Pump B,\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 7)]
    [InlineData("Site A,,\nMeter,Month,kWh\nMain,Jan-24,1\nMain,Feb-24,2\n,,\nSite B,,\nMeter,Month,kWh\nMain,Jan-24,3\nMain,Feb-24,4\n", 7)]
    [InlineData("Data Source,B1.Meter1.Energy,\nUnit,kWh,\nDate/Time,Value kWh,Quality\n2024-01-01 00:00,1,Good\n2024-01-01 01:00,2,Good\n2024-01-01 02:00,2,Good\n2024-01-01 03:00,2,Good\n,,\nData Source,B1.Meter2.Energy,\nUnit,kWh,\nDate/Time,Value kWh,Quality\n2024-01-02 00:00,3,Good\n2024-01-02 01:00,4,Good\n", 11)]
    [InlineData("Electricity,\nMonth,kWh\nJan-24,1\nFeb-24,2\n,\nGas,\nMonth,kWh\nMar-24,3\nApr-24,4\n", 7)]
    [InlineData(",Main,Kitchen\nDate,kWh,kWh\n2024-01-01,100,5\n2024-01-02,101,6\n,Kitchen,Main\nDate,kWh,kWh\n2024-01-03,5,100\n2024-01-04,6,101\n", 6)]
    [InlineData("Electricity kWh\nMeter,Jan-23,Feb-23,Mar-23\nA,1,2,3\nB,4,5,6\n\nMeter,Jan-24,Feb-24,Mar-24\nA,7,8,9\nB,7,8,9\n", 6)]
    [InlineData("Meter: 2001,\nDate,kWh\n2024-01-01,1\n2024-01-02,2\n,\nMeter: 2002,\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 7)]
    [InlineData("Utility: Electricity,\nDate,kWh\n2024-01-01,1\n2024-01-02,2\n,\nUtility: Natural gas,\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 7)]
    [InlineData("Electricity,\nDate,kWh\n2024-01-01,1\n2024-01-02,2\n,\nNatural gas,\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 7)]
    [InlineData("Date,kWh\n2024-01-01,1\n2024-01-02,2\n\nMeter B,\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 6)]
    [InlineData("Date,kWh\n2024-01-01,1\n2024-01-02,2\n\nMeter: B\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n\nMeter: C\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 6)]
    [InlineData("Date,kWh\n2024-01-01,1\n2024-01-02,2\n\nGas meter B\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 6)]
    [InlineData("Pump A meter,\nDate,kWh\n2024-01-01,1\n2024-01-02,2\n,\nPump B meter,\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 7)]
    [InlineData("Main\nDate,kWh\n2024-01-01,1\n2024-01-02,2\n\nHVAC\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 7)]
    [InlineData("Date,kWh\n2024-01-01,1\n2024-01-02,2\n\nHVAC\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 6)]
    [InlineData("main meter\nDate,kWh\n2024-01-01,1\n2024-01-02,2\n\nheating\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 7)]
    [InlineData("Main meter\nDate,kWh\n2024-01-01,1\n2024-01-02,2\n\nHeating\nDate,kWh\n2024-01-11,3\n2024-01-12,4\n", 7)]
    [InlineData("Date,Main kWh,,,\n2024-01-01,1,,,\n2024-01-02,2,,,\n,,,,\n,,,Date,HVAC kWh\n,,,2024-01-01,3\n,,,2024-01-02,4\n", 5)]
    public void Another_table_below_the_first_is_refused_with_its_row(string text, int row)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal((ImportFault.DataValidationFailed, row), (fault.Code, fault.Row));
        Assert.Contains($"Row {row} heads another table", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Timestamp,Main kWh\n2024-01-15 00:00,1\n2024-01-15 01:00,2\n\nTimestamp,main kWh\n2024-01-15 02:00,3\n")]
    [InlineData("Meter: Pump A,\nDate,kWh\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\nPage 2 of 3,\nMeter: Pump A,\nDate,kWh\n2024-01-04,4\n2024-01-05,5\n")]
    [InlineData("Report period,January\nPage,1\nDate,kWh\n2024-01-01,1\n2024-01-02,2\nReport period,February\nPage,one more\nDate,kWh\n2024-02-03,3\n2024-02-04,4\n2024-02-05,5\n")]
    [InlineData("Date,kWh\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\nDate,the day of the reading\n")]
    [InlineData("Date,kWh\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\nTotal for the month,6\n")]
    [InlineData("Datum;kWh\n30.01.2024;1,2\n31.01.2024;2,3\nSumme Monat;3,5\n01.02.2024;3,1\n")]
    [InlineData("Timestamp,kWh\n2024-01-15 00:00,1\n2024-01-15 01:00,2\nNO DATA,NO DATA\n2024-01-15 02:00,3\n")]
    [InlineData("Timestamp,kWh\n2024-01-15 00:00,1\n2024-01-15 01:00,2\nTime change,clocks forward\n2024-01-15 02:00,3\n")]
    [InlineData("Timestamp,kWh,Remark\n2024-01-15 00:00,1,\n2024-01-15 01:00,2,\nTime change,clocks forward,\n2024-01-15 02:00,3,\n")]
    [InlineData("Year: 2023\nDate,kWh\n2023-12-30,1\n2023-12-31,2\nYear: 2024\nDate,kWh\n2024-01-01,3\n2024-01-02,4\n")]
    [InlineData("From: 30.01.2024\nDate,kWh\n2024-01-30,1\n2024-01-31,2\nFrom: 01.02.2024\nDate,kWh\n2024-02-01,3\n2024-02-02,4\n")]
    [InlineData("Meter readings: January 2024\nDate,kWh\n2024-01-30,1\n2024-01-31,2\nMeter readings: February 2024\nDate,kWh\n2024-02-01,3\n2024-02-02,4\n")]
    [InlineData("Date,kWh\n2024-01-30,1\n2024-01-31,2\nMeter readings (continued)\nDate,kWh\n2024-02-01,3\n2024-02-02,4\n")]
    [InlineData("Date,kWh\n2024-01-01,1\n2024-01-02,2\n\nMeter changed,\nDate,kWh\n2024-01-03,3\n2024-01-04,4\n")]
    [InlineData("Date,kWh\n2024-01-01,1\n2024-01-02,2\nBuilding manager: J. Smith\nDate,kWh\n2024-01-03,3\n2024-01-04,4\n")]
    [InlineData("Date,kWh\n2024-01-01,1\n2024-01-02,2\nSite: North\n\nDate,kWh\n2024-01-03,3\n2024-01-04,4\nSite: North\n\nDate,kWh\n2024-01-05,5\nSite: North\n")]
    [InlineData("Building A,\nDate,kWh\n2024-01-30,1\n2024-01-31,2\nEnergy & Building Services Ltd,\nDate,kWh\n2024-02-01,3\n2024-02-02,4\n")]
    [InlineData("Load report\nDate,kWh\n2024-01-01,1\n2024-01-02,2\nPage 2\nDate,kWh\n2024-01-03,3\n2024-01-04,4\n")]
    [InlineData("Monday\nDate,kWh\n2024-01-01,1\nTuesday\nDate,kWh\n2024-01-02,2\n2024-01-03,3\n")]
    [InlineData("Section 1\nDate,kWh\n2024-01-01,1\n2024-01-02,2\nSection 2\nDate,kWh\n2024-01-03,3\n2024-01-04,4\n")]
    [InlineData("Date,kWh,,\n2024-01-01,1,,\n2024-01-02,2,,\n2024-01-03,3,,\n,,Printed,2024-02-01\n,,2024-02-01,3\n")]
    [InlineData("Date,kWh,,\n2024-01-01,1,,\n,,2024-02-01,1\n2024-01-02,2,,\n,,2024-02-01,2\n2024-01-03,3,,\n,,2024-02-01,3\n")]
    public void Headers_that_come_again_and_notes_are_passed_over(string text)
    {
        _bench.RunText(text);

        Assert.Equal(Enumerable.Range(1, _bench.Readings.Count), _bench.Readings.SelectMany(reading => reading.Values).Select(value => (int)value.Value));
        Assert.InRange(_bench.Readings.Count, 3, 5);
    }

    [Theory]
    [InlineData(3, "rows 6 to 8")]
    [InlineData(400, "rows 403 to 405")]
    public void A_table_below_that_has_no_times_is_left_out_and_said(int count, string rows)
    {
        _bench.RunText($"Time,kWh\n{string.Concat(Enumerable.Range(0, count).Select(hour => $"{new DateTime(2024, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm},{hour % 7}\n"))}\nTariff,Price\nDay,0.15\nNight,0.16\n");

        Assert.Equal(count, _bench.Told.Count);
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(rows, _bench.Assumed("left_out"));
        Assert.Contains("Tariff, Price", Assert.Single(_bench.Facts.Assumptions, left => left.What == "left_out").Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 02:00,2\n2024-01-01 03:00,2\n\nNight shift,\nbroken,3\n2024-01-01 05:00,4\n\nTime,kWh\nworse,3\n2024-01-01 07:00,4\n")]
    [InlineData("Date,kWh\n2024-01-01,1\n2024-01-02,2\n2024-01-03,2\n2024-01-04,2\n2024-01-05,2\n\nWeek 2,read by hand\n6 Jannuary,3\n7 Jannuary,4\n2024-01-08,4\n")]
    [InlineData("Date,kWh,kW\n2024-01-01,1,1\n2024-01-02,2,1\n2024-01-03,2,1\n2024-01-04,2,1\n2024-01-05,2,1\n2024-01-06,2,1\n\nMeter,Day,Usage (kWh)\nB,2024-01-01,5\nB,2024-01-02,6\n")]
    public void Rows_with_broken_times_behind_an_empty_one_are_rejected_still(string text)
    {
        _bench.RunText(text);

        Assert.Equal(2, _bench.FaultCodes.Count);
        Assert.Equal(6, _bench.Told.Count(line => line.Contains(" energy ", StringComparison.Ordinal)));
        Assert.DoesNotContain(_bench.Facts.Assumptions, left => left.What == "left_out");
    }

    [Fact]
    public void Rows_without_times_below_other_texts_are_no_table_of_their_own_where_others_with_times_follow()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Date,kWh\n2024-01-01,1\n2024-01-02,2\n2024-01-03,2\n2024-01-04,2\n\nNight shift,by hand\nbroken,3\nworse,3\n2024-01-06,4\n")).Fault;

        Assert.Equal((ImportFault.DataValidationFailed, 7), (fault.Code, fault.Row));
    }

    [Theory]
    [InlineData("")]
    [InlineData("broken")]
    [InlineData("Mon")]
    public void One_row_without_a_time_below_a_note_is_rejected_and_the_others_are_kept(string time)
    {
        _bench.RunText($"Date,kWh\n2024-01-01,1\n2024-01-02,2\n2024-01-03,2\n\nNight shift,by hand\n{time},3\n2024-01-06,4\n2024-01-07,5\n");

        var fault = Assert.Single(_bench.Items.SelectMany(item => item.Faults));
        Assert.Equal((ImportFault.InvalidTimestamp, 7), (fault.Code, fault.Row));
        Assert.Equal([1.0, 2, 2, 4, 5], _bench.Values("meter", "energy").Select(value => value.Value));
        Assert.DoesNotContain(_bench.Facts.Assumptions, left => left.What == "left_out");
    }

    [Theory]
    [InlineData("Object Name", "NAE1/MTR-1.KWH", "NAE1/MTR-2.KWH", 7)]
    [InlineData("Item Reference", "B1", "B2", 7)]
    [InlineData("Datenpunkt", "Zähler Nord", "Zähler Süd", 0)]
    [InlineData("entity_id", "sensor.main_power", "sensor.pump_power", 3)]
    [InlineData("Series", "m1 power", "m2 power", 0)]
    [InlineData("Inverter", "INV 1", "INV 2", 0)]
    public void What_systems_call_their_points_tells_meters_apart(string header, string one, string other, int seconds)
    {
        _bench.RunText(Interleaved(header, one, other, seconds));

        Assert.Equal(8, _bench.Readings.Count);
        Assert.Equal(2, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    [Theory]
    [InlineData("Nom du truc", "A", "B", 7)]
    [InlineData("Nom du truc", "A", "B", 0)]
    public void A_column_whose_texts_are_of_the_same_times_is_asked_about(string header, string one, string other, int seconds)
    {
        var text = Interleaved(header, one, other, seconds);

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal((ImportFault.AmbiguousMapping, header), (fault.Code, fault.Column));
        Assert.Contains($"The rows of {one} and {other} in the column {header} are of the same times", fault.Message, StringComparison.Ordinal);
        _bench.RunText(text, new ImportForm { Mapping = new ImportMapping { Columns = [new MappedColumn(header) { Role = ColumnRole.Equipment }] } });
        Assert.Equal(["A", "B"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Fact]
    public void Days_of_the_week_tariffs_and_states_are_no_meters()
    {
        string[] days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        var rows = Enumerable.Range(0, 28).Select(i => $"2024-01-{i + 1:00},{days[i % 7]},{(i % 7 > 4 ? "low" : "high")},{(i == 9 ? "open" : "closed")},{i % 5}");
        _bench.RunText($"Date,Weekday,Season,Door,kWh\n{string.Join('\n', rows)}\n");

        Assert.Equal(28, _bench.Readings.Count);
    }

    [Fact]
    public void Days_of_the_week_are_no_meters_where_nobody_works_at_its_end()
    {
        string[] days = ["Mon", "Tue", "Wed", "Thu", "Fri"];
        var rows = Enumerable.Range(0, 15).Select(i => $"2024-01-{(i / 5 * 7) + (i % 5) + 1:00},{days[i % 5]},{10 + (i % 4)}");
        _bench.RunText($"Date,Weekday,kWh\n{string.Join('\n', rows)}\n");

        Assert.Equal(15, _bench.Readings.Count);
        Assert.Single(_bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Shifts_that_take_turns_are_no_meters(int minutes)
    {
        var rows = Enumerable.Range(0, 16).Select(i => $"2024-01-{(i / 2) + 1:00} {(i % 2 == 0 ? "08" : "17")}:{i * minutes % 10:00},{(i % 2 == 0 ? "Morning" : "Evening")},{1000 + (i * 7)}");
        _bench.RunText($"Timestamp,Shift,Reading (kWh)\n{string.Join('\n', rows)}\n");

        Assert.Equal(16, _bench.Readings.Count);
        Assert.Single(_bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Fact]
    public void Tenants_of_meters_with_merged_cells_are_no_meters()
    {
        var rows = new[] { ("A", "Acme"), ("B", "Beta") }.SelectMany(meter => Enumerable.Range(1, 4).Select(day => $"{(day == 1 ? meter.Item1 : "")},{meter.Item2},2024-01-0{day},{day}"));
        _bench.RunText($"Meter,Tenant,Date,kWh\n{string.Join('\n', rows)}\n");

        Assert.Equal(["A 4", "B 4"], _bench.Readings.CountBy(reading => reading.EquipmentId).Select(meter => $"{meter.Key} {meter.Value}").Order());
    }

    [Fact]
    public void A_time_zone_names_no_meter()
    {
        _bench.RunText("DateTime,TagName,Value,wwTimeZone\n2024-01-01 00:00,T1,5,Eastern\n2024-01-01 01:00,T1,7,Eastern\n2024-01-01 02:00,T1,6,Eastern\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["T1"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    private static string Interleaved(string header, string one, string other, int seconds) =>
        $"Timestamp,{header},Power (kW)\n" + string.Concat(Enumerable.Range(0, 4).Select(i =>
            $"2024-01-15 0{i}:00:00,{one},{10 + (i % 2)}\n2024-01-15 0{i}:00:0{seconds},{other},{100 - (i % 2)}\n"));
}
