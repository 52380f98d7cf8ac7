using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Headers as systems of buildings, inverters and networks write them around their tables.</summary>
public sealed class SystemExportTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Bericht: Verbrauch;;;\nErstellt;03.02.2026 08:00;;\n", "Zeitraum von;Zeitraum bis")]
    [InlineData("Report;;;\nCreated;2026-02-03 08:00;;\n", "Period start;Period end")]
    public void A_date_in_a_line_right_above_the_headers_is_no_row_of_values(string lines, string times)
    {
        var rows = string.Concat(Enumerable.Range(1, 9).Select(month => $"Hall;01.0{month}.2025;{(month == 9 ? "01.10" : $"01.0{month + 1}")}.2025;{1200 + month},5\n"));
        _bench.RunText($"{lines}Messstelle;{times};Wirkarbeit (kWh)\n{rows}");

        Assert.Equal(9, _bench.Told.Count);
        Assert.StartsWith("Hall energy 2025-01-01 00:00 31d 1201.5", _bench.Told[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Objektbezeichnung")]
    [InlineData("Messstellenbezeichnung")]
    [InlineData("Zählername")]
    [InlineData("Datenpunktname")]
    public void A_compound_that_ends_with_a_name_names_the_meters(string header)
    {
        _bench.RunText($"Zeitstempel;{header};Wert;Einheit\n{string.Concat(Enumerable.Range(0, 12).Select(i => $"01.01.2026 {i:00}:00;B01'ELT'Z01;{10 + (i * 5 % 7)},5;kWh\n01.01.2026 {i:00}:00;B01'ELT'Z02;{20 + (i * 3 % 7)},5;kWh\n"))}");

        Assert.Equal(12, _bench.Values("B01'ELT'Z01", "energy").Count());
        Assert.Equal(12, _bench.Values("B01'ELT'Z02", "energy").Count());
    }

    [Theory]
    [InlineData("Marktlokation;51238696999\nZählpunkt;DE0001234567890000000000000099999\n", "DE0001234567890000000000000099999")]
    [InlineData("Marktlokation;51238696999\n", "51238696999")]
    [InlineData("Zählpunkt;DE0001234567890000000000000099999\nMarktlokation;51238696999\n", "DE0001234567890000000000000099999")]
    [InlineData("Marktlokation;51238696999\nMarktlokation;51238697000\n", "load")]
    public void Of_numbers_of_several_kinds_above_a_table_that_of_a_meter_comes_before_that_of_the_market(string lines, string meter)
    {
        _bench.RunText($"{lines}\nDatum;Uhrzeit;Verbrauch [kWh]\n01.01.2026;00:00;18,5\n01.01.2026;01:00;17,5\n", fileName: "load.csv");

        Assert.Equal([$"{meter} energy 2026-01-01 00:00 1h 18.5", $"{meter} energy 2026-01-01 01:00 1h 17.5"], _bench.Told);
    }

    [Theory]
    [InlineData("", ";Total yield;Power;Total yield;Power\n;Counters;Analog;Counters;Analog\ndd/MM/yyyy HH:mm:ss;kWh;kW;kWh;kW\n")]
    [InlineData(";SN: 2110012345;SN: 2110012345;SN: 2110012346;SN: 2110012346\n;STP 25000TL-30;STP 25000TL-30;STP 25000TL-30;STP 25000TL-30\n", "TimeStamp;TotWhOut;TotW;TotWhOut;TotW\ndd/MM/yyyy HH:mm:ss;kWh;kW;kWh;kW\n;Counter;Analog;Counter;Analog\n")]
    public void Serial_numbers_above_columns_of_the_same_headers_are_those_of_their_devices(string lines, string headers)
    {
        _bench.RunText(
            $"sep=;\nVersion CSV1|Tool SBFspot3.9|Delimiter semicolon\n\n{lines};2110012345;2110012345;2110012346;2110012346\n{headers}"
            + string.Concat(Enumerable.Range(0, 12).Select(i => $"{13 + i}/01/2026 06:00:00;{45012 + i},100;{i % 3},000;{44100 + (2 * i)},000;{i % 2},500\n")));

        Assert.Equal([.. Enumerable.Repeat("2110012345 active_power", 12), .. Enumerable.Repeat("2110012345 energy_import_register", 12),
            .. Enumerable.Repeat("2110012346 active_power", 12), .. Enumerable.Repeat("2110012346 energy_import_register", 12)], _bench.Told.Select(line => line[..line.IndexOf(" 2026", StringComparison.Ordinal)]));
        Assert.Equal([45012.1, 45013.1], _bench.Values("2110012345", "energy_import_register").Take(2).Select(value => value.Value));
        Assert.Equal([44100, 44102], _bench.Values("2110012346", "energy_import_register").Take(2).Select(value => value.Value));
    }

    [Fact]
    public void Rows_that_say_in_front_what_they_have_are_joined_by_that()
    {
        _bench.RunText(
            "EBI History Report,,Site: HQ,,\nPoint,MTR01_KWH,MTR02_KWH,AHU_KW,OAT\nDescription,Main switchboard,Data hall,Air handling,Outside air temp\nUnits,kWh,kWh,kW,°C\nSample type,5 min snapshot hourly,,,\nDate/Time,Value,Value,Value,Value\n"
            + string.Concat(Enumerable.Range(0, 12).Select(i => $"2026-01-01 {i:00}:00,{10 + (i * 5 % 7)},{20 + (i * 3 % 7)},{i % 4},{7 + (i % 3)}\n")));

        Assert.Equal(
            ["AHU_KW Air handling active_power", "MTR01_KWH Main switchboard energy", "MTR02_KWH Data hall energy", "OAT Outside temperature"],
            _bench.Told.Select(line => line[..line.IndexOf(" 2026", StringComparison.Ordinal)]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_row_of_units_above_the_headers_is_of_them()
    {
        _bench.RunText("Unit,kWh,kW\nDate,Hall,Press\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"2026-01-01 {i:00}:00,{10 + (i * 5 % 7)},{20 + (i * 3 % 7)}\n")));

        Assert.Equal(["Hall energy", "Press active_power"], _bench.Told.Select(line => line[..line.IndexOf(" 2026", StringComparison.Ordinal)]).Distinct());
    }

    [Theory]
    [InlineData("Jahr;KW;Strom [kWh];Gas [m³]", 1, "2024-12-30")]
    [InlineData("Année;Semaine;Électricité [kWh];Gaz [m³]", 1, "2024-12-30")]
    [InlineData("Jahr;Kalenderwoche;Strom [kWh];Gas [m³]", 14, "2025-03-31")]
    public void Weeks_in_a_column_beside_the_year_are_those_of_the_calendar(string headers, int first, string day)
    {
        _bench.RunText($"Wochenverbrauch 2025\n{headers}\n{string.Concat(Enumerable.Range(0, 10).Select(i => string.Create(CultureInfo.InvariantCulture, $"2025;{first + i};{960 + i};{54.5 + i}\n")))}");

        Assert.Equal(20, _bench.Told.Count);
        Assert.Contains(_bench.Told, line => line.EndsWith($"energy {day} 00:00 7d 960", StringComparison.Ordinal));
        Assert.Contains(_bench.Told, line => line.EndsWith($"gas_volume {day} 00:00 7d 54.5", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Year,Annual kWh,Peak KW")]
    [InlineData("Year,kWh,KW")]
    [InlineData("Year,Site,KWH,KW")]
    [InlineData("Jahr,Gebäude,kWh,Leistung KW")]
    public void What_a_year_has_one_of_is_a_power_and_no_week(string headers)
    {
        var names = headers.Split(',').Length == 3 ? [""] : (string[])[",A", ",B", ",C"];
        _bench.RunText($"{headers}\n{string.Concat(Enumerable.Range(2019, 3).SelectMany(year => names.Select((name, i) => $"{year}{name},{30000 + year + i},{10 + i}\n")))}");

        Assert.Equal(3 * names.Length, _bench.Told.Count(line => line.Contains(" energy ", StringComparison.Ordinal)));
        Assert.Contains(_bench.Told, line => line.EndsWith(" energy 2019-01-01 00:00 365d 32019", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Jahr;KW;Zähler;kWh", "7001 7002")]
    [InlineData("Jahr;KW;Gebäude;kWh", "Nord Süd")]
    public void Weeks_go_on_for_each_meter(string headers, string meters)
    {
        _bench.RunText($"{headers}\n{string.Concat(Enumerable.Range(5, 10).SelectMany(week => meters.Split(' ').Select((meter, i) => $"2025;{week};{meter};{50 + (week * 7 % 5) + i}\n")))}");

        Assert.All(meters.Split(' '), meter => Assert.Contains(_bench.Told, line => line.StartsWith($"{meter} energy 2025-01-27 00:00 7d 5", StringComparison.Ordinal)));
    }

    [Fact]
    public void Days_of_weeks_are_no_weeks() => Assert.Throws<ImportFaultException>(() =>
        _bench.RunText($"Jahr;KW;Wochentag;kWh\n{string.Concat(Enumerable.Range(5, 3).SelectMany(week => "Mo Di Mi Do Fr Sa So".Split(' ').Select((day, i) => $"2025;{week};{day};{50 + (i * 3 % 7)}\n")))}"));

    [Fact]
    public void A_number_of_devices_is_none_of_a_device()
    {
        _bench.RunText("Zeit;Geräte;kWh\n2026-01-01 00:00;12;5\n2026-01-01 01:00;12;7\n2026-01-01 02:00;12;6\n2026-01-01 03:00;14;5\n");

        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Fact]
    public void A_week_that_the_year_does_not_have_is_rejected()
    {
        _bench.RunText("Jahr;KW;Strom [kWh]\n2025;51;960\n2025;52;961\n2025;53;962\n2026;1;963\n");

        Assert.Equal(3, _bench.Told.Count);
        Assert.Equal([ImportFault.InvalidTimestamp], _bench.FaultCodes);
    }

    [Theory]
    [InlineData("Time,PV generation kWh,Main kWh", "PV generation")]
    [InlineData("Time,Meter,kWh", "PV production")]
    [InlineData("Time,Meter,Value,Unit", "PV production")]
    [InlineData("Read Time,Sync Time,kWh", "meter")]
    [InlineData("Time,Area,kWh", "North")]
    [InlineData("Time,Main kWh,Building A generation kWh", "Building A generation")]
    public void What_a_question_says_word_by_word_is_an_answer(string headers, string meter)
    {
        var text = $"{headers}\n{string.Concat(Enumerable.Range(0, 24).Select(i => headers switch
        {
            "Time,Meter,kWh" => $"2026-01-14 {i:00}:00,PV production,{(i % 7) - 3}\n2026-01-14 {i:00}:00,Main,{10 + (i % 5)}\n",
            "Time,Meter,Value,Unit" => $"2026-01-14 {i:00}:00,PV production,{(i % 7) - 3},kWh\n2026-01-14 {i:00}:00,Main,{10 + (i % 5)},kWh\n",
            "Time,Area,kWh" => $"2026-01-14 {i:00}:00,North,{10 + (i % 7)}\n2026-01-14 {i:00}:00,South,{10 + (i % 5)}\n",
            "Read Time,Sync Time,kWh" => $"2026-01-14 {i:00}:00,2026-01-14 {i:00}:00:12,{10 + (i % 7)}\n",
            _ => $"2026-01-14 {i:00}:00,{(i % 7) - (headers.Contains("PV", StringComparison.Ordinal) ? 3 : -10)},{10 + (i % 5)}\n",
        }))}";
        var message = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Message;
        var json = message[(message.IndexOf("mapping={", StringComparison.Ordinal) + "mapping=".Length)..];
        json = json[..(json.IndexOf("]}", StringComparison.Ordinal) + 2)];
        var (form, faults) = FormFields.Read(new Dictionary<string, string> { ["mapping"] = json });

        Assert.Empty(faults);
        Assert.Equal(24, _bench.RunText(text, form).Values(meter, "energy").Count());
    }

    /// <summary>As Southern California Edison exports them, with a space that does not break before the word between both ends.</summary>
    [Fact]
    public void Blocks_of_days_have_their_headers_and_titles_again_and_periods_in_one_cell()
    {
        static string Block(int day, string headers) => $"\"Data for period starting: 2026-01-{day:00} 00:00:00  for 24 hours\"\n{headers},Reading quality\n"
            + string.Concat(Enumerable.Range(0, 24).Select(hour => $"\"{new DateTime(2026, 1, day, hour, 0, 0):yyyy-MM-dd HH:mm:ss}\u00a0to {new DateTime(2026, 1, day).AddHours(hour + 1):yyyy-MM-dd HH:mm:ss}\",\"{1 + (hour % 3)}.140\",\"\"\n")) + "\n";
        const string Top = "Energy Usage Information\n\"For location: 1234 FAKE ST\"\n\nMeter Reading Information\n\"Type of readings: Electricity\"\n\nDetailed Usage\n\"Start date: 2026-01-01 00:00:00  for 3 days\"\n\n";
        const string Used = "Energy consumption time period,Usage(Real energy in kilowatt-hours)";

        _bench.RunText(Top + Block(1, Used) + Block(2, Used) + Block(3, Used));
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(Top + Block(1, Used) + Block(1, "Energy Received time period,Usage Received(Real energy in kilowatt-hours)"))).Fault;

        Assert.Equal(3 * ((24 * 2) + (24 * 0.14)), _bench.Sum("meter", "energy"), 1e-9);
        Assert.Equal("meter energy 2026-01-03 23:00 1h 3.14", _bench.Told[^1]);
        Assert.StartsWith("Row 38 heads another table", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Import or Export beside each in a column headed Direction", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_of_both_directions_can_be_written_below_one_header()
    {
        static string Rows(string direction, int value) => string.Concat(Enumerable.Range(0, 24).Select(hour =>
            $"\"{new DateTime(2026, 1, 1, hour, 0, 0):yyyy-MM-dd HH:mm:ss} to {new DateTime(2026, 1, 1).AddHours(hour + 1):yyyy-MM-dd HH:mm:ss}\",{direction},{value + (hour % 3)}\n"));

        _bench.RunText($"Time period,Direction,Usage(Real energy in kilowatt-hours)\n{Rows("Import", 3)}{Rows("Export", 1)}");

        Assert.Equal((96, -48), (_bench.Sum("meter Import", "energy"), _bench.Sum("meter Export", "energy")));
    }
}
