using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns of directions of which few rows have both, and columns of a matrix that tell its rows apart.</summary>
public sealed class DirectionColumnTests : IDisposable
{
    private static readonly string Hours = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00"));

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Direction", "Import", "Export")]
    [InlineData("Type", "Consumption", "Generation")]
    [InlineData("Energierichting", "Levering", "Teruglevering")]
    [InlineData("Suffix", "E1", "B1")]
    [InlineData("Register", "1.8.0", "2.8.0")]
    public void Of_directions_one_after_the_other_the_advice_gives_both(string header, string flowsIn, string flowsOut)
    {
        var text = $"Meter,{header},Start,kWh\n{Rows(flowsIn, 600, 5)}{Rows(flowsOut, 600, 2)}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        Assert.Equal((ImportFault.AmbiguousMapping, header, 602), (fault.Code, fault.Column, fault.Row));
        Assert.Contains("role part", fault.Message, StringComparison.Ordinal);

        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal((600, 600), (_bench.Values($"M1 {flowsIn}", "energy").Count(value => value.Value >= 5), _bench.Values($"M1 {flowsOut}", "energy").Count(value => value.Value <= -2)));
    }

    [Fact]
    public void A_type_that_is_another_one_below_the_first_rows_is_asked_about()
    {
        string Rows(string type) => string.Concat(Enumerable.Range(0, 300).Select(i => $"{new DateTime(2024, 1, 15).AddHours(i):yyyy-MM-dd HH:mm},{type},{3 + (i % 5)}\n"));
        var text = $"Timestamp,Type,kWh\n{Rows("Consumption")}{Rows("Generation")}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        Assert.Equal((ImportFault.AmbiguousMapping, "Type"), (fault.Code, fault.Column));

        _bench.RunText(text, new ImportForm { Mapping = new ImportMapping { Columns = [new MappedColumn("Type") { Role = ColumnRole.Part }] } });
        Assert.Equal((300, 300), (_bench.Readings.Count(reading => reading.Values[0].Value > 0), _bench.Readings.Count(reading => reading.Values[0].Value < 0)));
    }

    [Theory]
    [InlineData("Export", "Export")]
    [InlineData("Import", "Export")]
    public void What_flows_out_is_below_zero_though_no_time_has_both(string first, string second)
    {
        _bench.RunText($"Meter,Direction,Start,kWh\nM1,{first},2024-06-13 00:00,5\nM1,{second},2024-06-13 01:00,3\nM1,{second},2024-06-13 02:00,4\n");

        Assert.Empty(_bench.FaultCodes);
        Assert.Contains("M1 Export energy 2024-06-13 01:00 1h -3", _bench.Told);
    }

    [Fact]
    public void What_flows_in_alone_is_said_to_be_a_part_beside_what_flows_out_and_a_mapping_makes_it_one()
    {
        var text = $"Meter,Direction,Start,kWh\n{Rows("Import", 24, 5)}";
        _bench.RunText(text);
        using var part = new ImportBench();
        part.RunText(text, new ImportForm { Mapping = new() { Columns = [new MappedColumn("Direction") { Role = ColumnRole.Part }] } });

        Assert.Equal(("Direction", 24), (_bench.Assumed("direction"), _bench.Values("M1", "energy").Count()));
        Assert.Equal(("", 24), (part.Assumed("direction"), part.Values("M1 Import", "energy").Count()));
    }

    [Theory]
    [InlineData("M1 Import,M1 Export", "M1 Import", "M1 Import")]
    [InlineData("M1", "M1", "M1")]
    [InlineData("M1,M1 Import", "M1 Import", "M1 Import")]
    [InlineData("M2 Import", "M1", "M1 Import")]
    public void What_flows_in_goes_on_in_the_meter_that_is_there_be_the_other_direction_beside_it_or_not(string known, string alone, string beside)
    {
        var meters = new KnownMeters(known.Split(',').ToDictionary(id => id, _ => new KnownMeter(null, false)));
        _bench.Known = meters;
        _bench.RunText($"Meter,Direction,Start,kWh\n{Rows("Import", 24, 5)}");
        using var both = new ImportBench { Known = meters };
        both.RunText($"Meter,Direction,Start,kWh\n{Rows("Import", 24, 5)}{Rows("Export", 24, 2)}");

        Assert.Equal([alone], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal(new[] { beside, "M1 Export" }.Order(), both.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.True(both.Sum(beside, "energy") > 0 && both.Sum("M1 Export", "energy") < 0);
    }

    [Theory]
    [InlineData("Import", "Export")]
    [InlineData("E1", "B1")]
    public void Channels_that_are_directions_are_parts_of_the_meter_of_the_file(string flowsIn, string flowsOut)
    {
        string Row(int hour) => $"2024-06-13 {hour:00}:00,{flowsIn},5\n2024-06-13 {hour:00}:00,{flowsOut},2\n";
        _bench.RunText($"Time,Channel,kWh\n{Row(0)}{Row(1)}{Row(2)}");

        Assert.Equal((15, -6), (_bench.Sum($"meter {flowsIn}", "energy"), _bench.Sum($"meter {flowsOut}", "energy")));
    }

    [Theory]
    [InlineData("Import", 1)]
    [InlineData("E1", 1)]
    [InlineData("E1", 300)]
    public void A_channel_of_the_file_has_one_name_before_and_after_another_begins(string flowsIn, int days)
    {
        string Rows(int first) => string.Concat(Enumerable.Range(0, 24 * days).Select(hour => $"{new DateTime(2024, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm},{flowsIn},{first + (hour % 3)}\n"));
        _bench.RunText($"Time,Channel,kWh\n{Rows(5)}", fileName: "6102345678.csv");

        Assert.Equal([$"6102345678 {flowsIn}"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Theory]
    [InlineData("Direction", ",,Total,1234\n")]
    [InlineData("Direction", "M1,Total,2024-07-13 00:00,7\n")]
    [InlineData("Register", "Meter,Register,Start,kWh\n")]
    public void A_row_of_a_total_far_below_is_no_second_direction(string header, string row)
    {
        _bench.RunText($"Meter,{header},Start,kWh\n{Rows("Import", 600, 5)}{row}");

        Assert.True(_bench.Values("M1", "energy").Count() >= 600);
    }

    [Fact]
    public void Where_all_rows_flow_in_nothing_changes()
    {
        _bench.RunText($"Meter,Direction,Start,kWh\n{Rows("Import", 600, 5)}");

        Assert.Equal(600, _bench.Values("M1", "energy").Count());
    }

    [Theory]
    [InlineData("Meter,Category,Date", "M1,Main,", "M1,Sub,", "Category", "Part", "M1 Main")]
    [InlineData("Meter,Rate,Date", "M1,Peak,", "M1,Off-peak,", "Rate", "Part", "M1 Peak")]
    [InlineData("Customer,Postcode,Kind,Date", "1,2076,shop,", "1,2076,flat,", "Kind", "Equipment", "shop")]
    public void What_tells_the_rows_of_a_matrix_apart_is_asked_about(string headers, string one, string other, string header, string role, string meter)
    {
        var text = $"{headers},{Hours}\n{Day(one, 13, 1)}{Day(other, 13, 2)}{Day(one, 14, 3)}{Day(other, 14, 4)}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "Usage kWh.csv")).Fault;
        Assert.Equal((ImportFault.AmbiguousMapping, header), (fault.Code, fault.Column));
        Assert.Equal(role, fault.Guess!.Columns[0].Role.ToString());

        _bench.RunText(text, new ImportForm { Mapping = fault.Guess }, "Usage kWh.csv");
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal((48, 96), (_bench.Values(meter, "energy").Count(), _bench.Told.Count));
    }

    [Fact]
    public void Rows_of_a_matrix_that_one_column_alone_does_not_tell_apart_are_asked_about_by_all_that_do()
    {
        var rows = from tenant in (int[])[1, 2] from kind in (string[])["GC", "CL"] from day in (int[])[13, 14] select Day($"{tenant},{kind},", day, tenant);
        var text = $"Tenant,Kind,Date,{Hours}\n{string.Concat(rows)}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "Usage kWh.csv")).Fault;

        Assert.Contains("Tenant and Kind tell them apart", fault.Message, StringComparison.Ordinal);
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess }, "Usage kWh.csv");
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal((48, 4 * 48), (_bench.Values("1 GC", "energy").Count(), _bench.Told.Count));
    }

    [Fact]
    public void Customers_and_the_categories_of_Ausgrid_are_meters_of_which_one_flows_out()
    {
        var rows = from customer in (int[])[1, 2] from category in (string[])["CL", "GC", "GG"] from day in (int[])[13, 14] select Day($"{customer},3.78,207{customer},{category},", day, customer);
        _bench.RunText($"Customer,Generator Capacity,Postcode,Consumption Category,Date,{Hours}\n{string.Concat(rows)}", fileName: "Usage kWh.csv");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(["1 CL", "1 GC", "1 GG", "2 CL", "2 GC", "2 GG"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal([-1, 1], _bench.Readings.Where(reading => reading.EquipmentId.StartsWith('1')).Select(reading => Math.Sign(reading.Values[0].Value)).Where(sign => sign != 0).Distinct().Order());
        Assert.Equal(["1 GG", "2 GG"], _bench.Facts.Meters.Where(meter => meter.IsExport).Select(meter => meter.EquipmentId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_customer_below_the_first_rows_is_asked_about_and_the_answer_is_followed()
    {
        var text = $"Account,Time,kWh\n{string.Concat(from account in (int[])[4711, 4712] from hour in Enumerable.Range(0, 600) select $"{account},2024-01-{1 + (hour / 24):00} {hour % 24:00}:00,{(hour % 7) + account}\n")}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal((602, "Account"), (fault.Row, fault.Column));
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal((600, 1200), (_bench.Values("4711", "energy").Count(), _bench.Told.Count));
    }

    [Fact]
    public void Customers_have_a_meter_for_each_service()
    {
        _bench.RunText($"Account No,Service,Month,Usage,Unit\n{string.Concat(from month in Enumerable.Range(1, 3) from account in (int[])[4711, 4712] from service in (string[])["Electric,kWh", "Gas,therms"] select $"{account},{service.Split(',')[0]},2024-{month:00},{account + (month * 7 % 5)},{service.Split(',')[1]}\n")}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(["4711 electricity", "4711 gas", "4712 electricity", "4712 gas"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1, 9, 17)]
    [InlineData(1, 1, 1)]
    public void Customers_whose_bills_overlap_have_a_meter_each_whatever_their_days_are(int first, int second, int third)
    {
        int[] days = [first, second, third];
        _bench.RunText($"Account No,From,To,kWh\n{string.Concat(from i in Enumerable.Range(0, 3) from month in Enumerable.Range(1, 6) select $"{1001 + i},2024-{month:00}-{days[i]:00},2024-{month + 1:00}-{days[i]:00},{100 + (month * 7 % 13) + i}\n")}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(["1001 6", "1002 6", "1003 6"], _bench.Readings.GroupBy(reading => reading.EquipmentId).Select(same => $"{same.Key} {same.Count()}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("2024-01-01", "2024-02-01", 0)]
    [InlineData("2024-01-01", "2024-02-01", 1)]
    public void Customers_of_one_bill_each_have_a_meter_each(string from, string to, int daysApart)
    {
        string Of(string date, int i) => DateTime.Parse(date, CultureInfo.InvariantCulture).AddDays(i * daysApart).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        _bench.RunText($"Account No,From,To,kWh\n{string.Concat(Enumerable.Range(0, 10).Select(i => $"{1001 + i},{Of(from, i)},{Of(to, i)},{100 + i}\n"))}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(10, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_customer_that_begins_or_ends_while_another_goes_on_has_a_meter_of_its_own(bool byTime)
    {
        var rows = Enumerable.Range(0, 60).Select(hour => (Customer: "A1", Hour: hour)).Concat(Enumerable.Range(0, 800).Select(hour => (Customer: "B2", Hour: hour)));
        _bench.RunText($"Customer,Time,kWh\n{string.Concat((byTime ? rows.OrderBy(row => row.Hour) : rows).Select(row => $"{row.Customer},{new DateTime(2024, 1, 1).AddHours(row.Hour):yyyy-MM-dd HH:mm},{row.Hour % 7}\n"))}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal((60, 800), (_bench.Values("A1", "energy").Count(), _bench.Values("B2", "energy").Count()));
    }

    [Fact]
    public void Customers_that_follow_each_other_with_other_services_have_a_meter_each()
    {
        _bench.RunText($"Account No,Service,Month,Usage,Unit\n{string.Concat(Enumerable.Range(1, 12).Select(month => month < 7 ? $"1001,Electric,2024-{month:00},{month * 7 % 13},kWh\n" : $"1002,Gas,2024-{month:00},{month * 5 % 13},therms\n"))}");

        Assert.Equal(["1001", "1002"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Customers_that_follow_each_other_are_told_and_a_mapping_gives_them_a_meter_each()
    {
        var text = $"Customer,Time,kWh\n{string.Concat(Enumerable.Range(0, 200).Select(hour => $"{(hour < 110 ? "A1" : "B2")},{new DateTime(2024, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm},{hour % 7}\n"))}";
        _bench.RunText(text);
        using var apart = new ImportBench();
        apart.RunText(text, new ImportForm { Mapping = new() { Columns = [new MappedColumn("Customer") { Role = ColumnRole.Name }] } });

        Assert.Contains(_bench.Facts.Assumptions, assumption => assumption is { What: "equipment_id", Value: "Customer: A1, B2" });
        Assert.Equal((200, 110, 90), (_bench.Readings.Count, apart.Values("A1", "energy").Count(), apart.Values("B2", "energy").Count()));
    }

    [Fact]
    public void A_customer_of_two_services_below_the_first_rows_is_asked_about_and_the_answer_keeps_them_apart()
    {
        var rows =
            from account in (int[])[1000, 1001, 1002]
            from service in (string[])["Electric,kWh", "Gas,therms"]
            from day in Enumerable.Range(0, 366)
            select $"{account},{service.Split(',')[0]},{new DateTime(2024, 1, 1).AddDays(day):yyyy-MM-dd},{10 + (day % 7)},{service.Split(',')[1]}\n";
        var text = $"Account No,Service,Date,Usage,Unit\n{string.Concat(rows)}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Contains("role name", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(["1000 electricity 366", "1000 gas 366", "1001 electricity 366", "1001 gas 366", "1002 electricity 366", "1002 gas 366"], _bench.Readings.GroupBy(reading => reading.EquipmentId).Select(same => $"{same.Key} {same.Count()}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("1000", "1000", "1000 gas")]
    [InlineData("", "1000 electricity", "1000 gas")]
    [InlineData("1000 electricity,1000 gas", "1000 electricity", "1000 gas")]
    public void A_service_goes_on_in_the_meter_that_is_there(string known, string electricity, string gas)
    {
        _bench.Known = new KnownMeters(known.Split(',', StringSplitOptions.RemoveEmptyEntries).ToDictionary(id => id, id => new KnownMeter(null, false) { Carrier = id.Contains("gas", StringComparison.Ordinal) ? "gas" : "electricity" }));
        using var alone = new ImportBench { Known = _bench.Known };
        string Rows(int account, string service, string unit) => string.Concat(Enumerable.Range(1, 3).Select(month => $"{account},{service},2024-{month:00},{account + (month * 7 % 5)},{unit}\n"));
        _bench.RunText($"Account No,Service,Month,Usage,Unit\n{Rows(1000, "Electric", "kWh")}{Rows(1000, "Gas", "therms")}{Rows(2000, "Electric", "kWh")}");
        alone.RunText($"Account No,Service,Month,Usage,Unit\n{Rows(1000, "Electric", "kWh")}{Rows(2000, "Electric", "kWh")}");

        Assert.Equal(new[] { electricity, gas, "2000" }.Order(StringComparer.Ordinal), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(new[] { known.Length == 0 ? "1000" : electricity, "2000" }, alone.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("GG", "", -1)]
    [InlineData("GC", "", 1)]
    [InlineData("GG", "1 GC,1 GG,2 GC,2 GG", -1)]
    public void A_category_of_Ausgrid_that_is_alone_says_what_it_says_beside_others(string category, string known, int sign)
    {
        _bench.Known = new KnownMeters(known.Split(',', StringSplitOptions.RemoveEmptyEntries).ToDictionary(id => id, id => new KnownMeter(null, id.EndsWith("GG", StringComparison.Ordinal))));
        using var one = new ImportBench { Known = _bench.Known };
        string Rows(params int[] customers) => $"Customer,Generator Capacity,Postcode,Consumption Category,Date,{Hours}\n{string.Concat(from customer in customers from day in (int[])[13, 14] select Day($"{customer},3.78,207{customer},{category},", day, customer))}";
        _bench.RunText(Rows(1, 2), fileName: "Usage kWh.csv");
        one.RunText(Rows(1), fileName: "Usage kWh.csv");

        Assert.Equal([$"1 {category}", $"2 {category}"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(sign, Math.Sign(_bench.Sum($"1 {category}", "energy")));
        Assert.Equal([known.Length > 0 ? $"1 {category}" : $"Usage kWh {category}"], one.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal(sign, Math.Sign(one.Readings.Sum(reading => reading.Values[0].Value)));
    }

    [Theory]
    [InlineData("Account")]
    [InlineData("Invoice No")]
    public void Accounts_that_change_and_numbers_of_bills_are_no_meters(string header)
    {
        _bench.RunText($"{header},Month,kWh\n{string.Concat(Enumerable.Range(1, 12).Select(month => $"{4711 + (header == "Account" ? month / 7 : month)},2024-{month:00},{month * 7 % 5}\n"))}");

        Assert.Equal("meter", Assert.Single(_bench.Readings.Select(reading => reading.EquipmentId).Distinct()));
    }

    [Fact]
    public void A_row_of_a_matrix_that_comes_once_more_is_not_asked_about()
    {
        var rows = Enumerable.Range(1, 9).Select(day => Day("M1,fine,", day, day));
        _bench.RunText($"Meter,Remark,Date,{Hours}\n{string.Concat(rows)}{Day("M1,read again,", 9, 9)}", fileName: "Usage kWh.csv");

        Assert.Equal(9 * 24, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Exported", "2024-07-01", "2024-07-05")]
    [InlineData("ID", "1", "2")]
    public void Two_exports_of_the_same_days_are_stored_once(string header, string one, string other)
    {
        var rows = Enumerable.Range(1, 9).SelectMany(day => new[] { one, other }.Select((text, i) => Day($"M1,{(header == "ID" ? $"{(20 * day) + i}" : text)},", day, day)));
        _bench.RunText($"MPAN,{header},Date,{Hours}\n{string.Concat(rows)}", fileName: "Usage kWh.csv");

        Assert.Equal(9 * 24, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Inyección", "Ensamblaje", true)]
    [InlineData("Injection moulding", "Assembly", true)]
    [InlineData("Injection moulding", "Main", false)]
    [InlineData("Injection", "Soutirage", false)]
    [InlineData("Injection", "Consommation", false)]
    [InlineData("Inyección a red", "Ensamblaje", false)]
    [InlineData("Injection PV", "HVAC", false)]
    [InlineData("Grid export", "Lighting", false)]
    public void A_channel_that_injects_something_among_machines_is_one_of_them(string channel, string other, bool isHall)
    {
        var rows = Enumerable.Range(0, 6).Select(i => $"2024-01-01 0{i}:00,M1,{channel},5\n2024-01-01 0{i}:00,M1,{other},{i + 1}\n");
        _bench.RunText($"Time,Meter,Channel,kWh\n{string.Concat(rows)}");

        Assert.Equal(isHall ? 30 : -30, _bench.Sum($"M1 {channel}", "energy"));
        Assert.Equal(isHall ? $"M1 {channel}" : "", _bench.Assumed("direction"));
    }

    private static string Rows(string direction, int count, int least) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"M1,{direction},{new DateTime(2024, 6, 13).AddMinutes(15 * i):yyyy-MM-dd HH:mm},{least + (i * 7 % 13)}\n"));

    private static string Day(string front, int day, int value) => $"{front}2024-06-{day:00},{string.Join(',', Enumerable.Range(0, 24).Select(hour => hour is > 6 and < 20 ? value + (hour % 3) : 0))}\n";
}
