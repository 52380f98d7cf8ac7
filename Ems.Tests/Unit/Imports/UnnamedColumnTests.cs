using System.Text.Json;
using Ems.Core.Json;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns whose headers name no metric, where the request says what is measured.</summary>
public sealed class UnnamedColumnTests : IDisposable
{
    private const string Octopus = "Consumption (m³), Estimated Cost Inc. Tax (p), Standing Charge Inc. Tax (p), Start, End\n"
        + "0.5, 12.3, 1.2, 2024-01-01T00:00:00Z, 2024-01-01T00:30:00Z\n0.7, 13.4, 1.2, 2024-01-01T00:30:00Z, 2024-01-01T01:00:00Z\n";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>A meter that was put in late has a column on the right.</summary>
    [Theory]
    [InlineData("Main (kWh),Hall (kWh),New (kWh)", "New energy")]
    [InlineData("Temperature (°C),Humidity (%),New energy (kWh)", "meter energy")]
    public void A_column_may_begin_far_down(string headers, string series)
    {
        _bench.RunText($"Time,{headers}\n{string.Concat(Enumerable.Range(0, 900).Select(i => $"{new DateTime(2024, 1, 1).AddHours(i):yyyy-MM-dd HH:mm},{20 + (i % 7)},{40 + (i % 5)}{(i < 700 ? "" : $",{i % 3}")}\n"))}");

        Assert.Equal(200, _bench.Readings.Sum(reading => reading.Values.Count(value => $"{reading.EquipmentId} {value.Metric}" == series)));
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void Rows_of_a_matrix_that_have_no_metric_can_be_sent_alone_as_the_rejection_says()
    {
        _bench.RunText("Fuel,Unit,2026-01,2026-02,2026-03\nElectricity,kWh,5000,4700,4900\nHeating oil,L,800,710,620\n");
        Assert.Contains("""{"column":"*","metric":"own_metric","unit":"l"}""", _bench.Items.SelectMany(item => item.Faults).First().Message, StringComparison.Ordinal);
        using var alone = new ImportBench();

        alone.RunText("Fuel,Unit,2026-01,2026-02,2026-03\nHeating oil,L,800,710,620\n", new ImportForm { Mapping = new() { Columns = [new MappedColumn("*") { Metric = "own_metric", Unit = "l" }] } });

        Assert.Equal(2130, alone.Sum("Heating oil", "own_metric"));
    }

    [Fact]
    public void The_column_with_the_unit_is_the_meter_of_the_request_and_money_is_none()
    {
        _bench.RunText(Octopus, new ImportForm { Metric = "gas_volume", Unit = "m³", EquipmentId = "gas-1" });

        Assert.Equal(["gas-1 gas_volume 2024-01-01 00:00 30m 0.5", "gas-1 gas_volume 2024-01-01 00:30 30m 0.7"], _bench.Told);
        Assert.Equal("Estimated Cost Inc. Tax (p); Standing Charge Inc. Tax (p)", _bench.Assumed("left_out"));
    }

    [Fact]
    public void Rows_of_a_historian_have_their_values_in_the_column_called_so_and_are_asked_about_as_registers()
    {
        var rows = string.Concat(Enumerable.Range(0, 48).SelectMany(_ => Enumerable.Range(1, 2).Select(panel => $"MCC{panel}.EM0{panel}.kWh_Total"), (hour, tag) => $"{new DateTime(2026, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm:ss},{tag},{90_905.7 + hour:0.0},192,{hour % 3}\n"));
        var text = $"DateTime,TagName,Value,QualityDetail,vValue\n{rows}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Metric = "energy_import_register", Unit = "kWh" });

        Assert.Contains("metric=energy_import_register, unit=kWh", fault.Message, StringComparison.Ordinal);
        Assert.Equal(96, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.Equal("energy_import_register", Assert.Single(reading.Values).Metric));
        Assert.Equal("QualityDetail; vValue", _bench.Assumed("left_out"));
    }

    [Fact]
    public void The_question_is_not_about_money()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(Octopus)).Fault;

        Assert.Equal(("AMBIGUOUS_MAPPING", "Consumption (m³)"), (fault.Code, fault.Column));
        Assert.Equal(["Consumption (m³)"], fault.Guess!.Columns.Select(column => column.Column));
    }

    [Theory]
    [InlineData("Account,Read Date,Days,Previous Read,Current Read,Usage (CCF)", 6)]
    [InlineData("Account,Read Date,Billing Days,Previous Read,Current Read,Metered Quantity", 6)]
    [InlineData("Account,Read Date,No. of Days,Amount ($),Fee,Delivered (CCF)", 6)]
    public void Accounts_days_money_and_readings_of_a_bill_are_no_meters(string headers, int usage)
    {
        string[] rows = ["77001,2024-01-15,31,100,112,12", "77001,2024-02-15,31,112,125,13", "77001,2024-03-15,29,125,139,14"];
        _bench.RunText($"{headers}\n{string.Join('\n', rows)}\n", new ImportForm { Metric = "water_volume", Unit = "ccf", EquipmentId = "water-1" });

        Assert.Equal([12.0, 13, 14], _bench.Values("water-1", "water_volume").Select(value => Math.Round(value.Value / 2.8316846592, 6)));
        Assert.Equal(3, _bench.Readings.Count);
        Assert.Equal(usage - 2, _bench.Assumed("left_out").Split("; ").Length);
    }

    [Theory]
    [InlineData("EV Charge,HVAC,Lighting", "EV Charge", "")]
    [InlineData("Charge,Discharge", "Charge", "")]
    [InlineData("HVAC,EV Charge,Charge ($)", "EV Charge", "Charge ($)")]
    [InlineData("EV Charge,HVAC,Customer Charge", "EV Charge", "Customer Charge")]
    [InlineData("HVAC,Lighting,Total Charges", "HVAC", "Total Charges")]
    [InlineData("EV Charge,HVAC,Delivery Charges", "EV Charge", "Delivery Charges")]
    public void What_is_charged_is_energy_and_a_charge_on_a_bill_is_money(string headers, string meter, string money)
    {
        var count = headers.Split(',').Length;
        var rows = Enumerable.Range(0, 12).Select(i => $"2024-01-01 {i:00}:00,{string.Join(',', Enumerable.Range(1, count).Select(column => ((i * 37) + (column * 13)) % 101))}\n");
        _bench.RunText($"Date,{headers}\n{string.Concat(rows)}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(12, _bench.Values(meter, "energy").Count());
        Assert.Equal(12 * (money.Length > 0 ? count - 1 : count), _bench.Told.Count);
        Assert.Equal(money, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Tarif 1,Tarif 2", "Tarif 1", "Tarif 2")]
    [InlineData("Days Inn,Holiday Inn", "Days Inn", "Holiday Inn")]
    [InlineData("North (m³),South (m³)", "North (m³)", "South (m³)")]
    public void Names_of_meters_stay_meters(string headers, string first, string second)
    {
        _bench.RunText($"Date,{headers}\n2024-01-01,1.5,2\n2024-01-02,3,4.5\n", new ImportForm { Metric = "gas_volume", Unit = "m³" });

        Assert.Equal([1.5, 3], _bench.Values(first, "gas_volume").Select(value => value.Value));
        Assert.Equal([2, 4.5], _bench.Values(second, "gas_volume").Select(value => value.Value));
    }

    [Fact]
    public void Heat_beside_them_says_nothing_of_what_the_request_is_about()
    {
        _bench.RunText("Time,Heat meter (kWh),Hall A (north),Hall B (south)\n2024-01-01 00:00,5,1,2\n2024-01-01 01:00,4,2,3\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(2, _bench.Facts.Meters.Count(meter => meter.EquipmentId.StartsWith("Hall", StringComparison.Ordinal)));
        Assert.Empty(_bench.Assumed("left_out"));
    }

    [Fact]
    public void An_amount_that_is_alone_is_what_the_request_says()
    {
        _bench.RunText("Date,Amount\n2024-01-01,1\n2024-01-02,3\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal([1.0, 3], _bench.Values("meter", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Unix", "1704063600", "1704067200", "1704070800")]
    [InlineData("Unix ms", "1704063600000", "1704067200000", "1704070800000")]
    [InlineData("Year", "2024", "2024", "2024")]
    [InlineData("Mesec", "1", "1", "1")]
    [InlineData("Hour", "0", "1", "2")]
    [InlineData("Weekday", "1", "1", "1")]
    public void The_time_of_a_row_in_another_form_is_no_meter(string header, string first, string second, string third)
    {
        _bench.RunText(
            $"Time,{header},Hall A,Hall B\n2024-01-01 00:00,{first},5,6.5\n2024-01-01 01:00,{second},7,6.5\n2024-01-01 02:00,{third},4,8\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["Hall A", "Hall B"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.Equal(header, _bench.Assumed("left_out"));
    }

    [Fact]
    public void Values_that_are_like_the_hours_by_chance_are_values()
    {
        _bench.RunText("Time,Hall A,Hall B\n2024-01-01 05:00,5,6.5\n2024-01-01 06:00,6,6.5\n2024-01-01 07:00,7,8\n2024-01-01 08:00,8,8\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal([5.0, 6, 7, 8], _bench.Values("Hall A", "energy").Select(value => value.Value));
    }

    [Fact]
    public void A_number_that_each_meter_has_of_its_own_is_no_value()
    {
        var rows = string.Concat(Enumerable.Range(0, 3).Select(hour => $"2024-01-01 0{hour}:00,CAPITL,61757,{100 + (hour * 3 % 2)}\n2024-01-01 0{hour}:00,CENTRL,61754,{200 + hour}\n"));

        _bench.RunText($"Time,Zone,PTID,Reading\n{rows}", new ImportForm { Metric = "active_power", Unit = "MW" });

        Assert.Equal(["CAPITL", "CENTRL"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.Contains("PTID", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    /// <summary>As exports of Slovenia have them, and others.</summary>
    [Theory]
    [InlineData("Energija A+,Energija A-,Energija R+,Energija R-,P+ Prejeta delovna moč,P- Oddana delovna moč")]
    [InlineData("A+,A-,R+,R-,P+,P-")]
    [InlineData("+A,-A,+R,-R")]
    [InlineData("Bezug,Einspeisung")]
    [InlineData("Wirkarbeit,Blindarbeit,Wirkleistung")]
    [InlineData("Consumo,Energía vertida")]
    public void An_answer_is_of_columns_whose_kind_and_direction_nothing_says(string headers)
    {
        var count = headers.Split(',').Length;
        _bench.RunText($"Time,{headers}\n{string.Concat(Enumerable.Range(0, 24).Select(i => $"2026-01-01 {i:00}:00,{string.Join(',', Enumerable.Range(1, count).Select(column => (column * 10) + (i % 5)))}\n"))}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.All(_bench.Readings, reading => Assert.Equal("meter", reading.EquipmentId));
        Assert.Equal((24, 286.0), (_bench.Readings.Count, _bench.Sum("meter", "energy")));
        Assert.All(headers.Split(',').Skip(1), header => Assert.Contains(header, _bench.Assumed("left_out"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("P+,P-,Q+,Q-", "P+")]
    [InlineData("Hall,R+,R-", "Hall")]
    [InlineData("Hall,+Q,-Q", "Hall")]
    [InlineData("Wirkleistung,Blindleistung", "Wirkleistung")]
    [InlineData("Hall,Hall Scheinleistung", "Hall")]
    [InlineData("Verbrauch,Spannung L1,Frequenz,Leistungsfaktor,Temperatur", "Verbrauch")]
    public void Reactive_energy_is_none_of_an_answer(string headers, string kept)
    {
        RunAnswered(headers);

        Assert.All(_bench.Readings, reading => Assert.Equal("meter", reading.EquipmentId));
        Assert.Equal(24, _bench.Readings.Count);
        Assert.All(headers.Split(',').Where(header => header != kept), header => Assert.Contains(header, _bench.Assumed("left_out"), StringComparison.Ordinal));
    }

    [Fact]
    public void Of_reactive_energy_alone_an_answer_is_refused() =>
        Assert.Contains("reactive", Assert.Throws<ImportFaultException>(() => RunAnswered("R+,R-")).Fault.Message, StringComparison.Ordinal);

    [Fact]
    public void Of_a_voltage_alone_an_answer_is_refused() =>
        Assert.Equal((ImportFault.UnknownUnit, "Spannung"), Assert.Throws<ImportFaultException>(() => RunAnswered("Spannung")).Fault is var fault ? (fault.Code, fault.Column) : default);

    [Theory]
    [InlineData("Snaga pumpe,Hala 1,Hala 2")]
    [InlineData("Effekt AB,Nord AB,Syd AB")]
    [InlineData("Block R-1,Block R-2,Block Q-1")]
    public void Meters_whose_names_have_such_a_word_or_letter_stay(string headers)
    {
        RunAnswered(headers);

        Assert.Equal(3, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    private void RunAnswered(string headers) =>
        _bench.RunText($"Time,{headers}\n{string.Concat(Enumerable.Range(0, 24).Select(i => $"2026-01-01 {i:00}:00,{string.Join(',', headers.Split(',').Select((_, column) => ((column + 1) * 10) + (i % 5)))}\n"))}", new ImportForm { Metric = "energy", Unit = "kWh" });

    [Fact]
    public void What_is_made_beside_meters_that_an_answer_is_of_counts_below_zero()
    {
        _bench.RunText($"Time,North,South,Solar production\n{string.Concat(Enumerable.Range(0, 24).Select(i => $"2026-01-01 {i:00}:00,{10 + (i % 5)},{20 + (i % 5)},5\n"))}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(-120, _bench.Sum("Solar production", "energy"));
        Assert.Equal(286, _bench.Sum("North", "energy"));
    }

    [Theory]
    [InlineData("Water.csv", "North,South", "metric=water_volume, unit=m³", "water_volume")]
    [InlineData("Gas usage.csv", "North,South", "metric=gas_volume, unit=m³", "gas_volume")]
    [InlineData("meter.csv", "Gas North,Gas South", "metric=gas_volume, unit=m³", "gas_volume")]
    [InlineData("meter.csv", "North,South", "metric=energy, unit=kWh", "energy")]
    public void What_is_advised_fits_what_flows_and_works(string fileName, string headers, string advice, string metric)
    {
        var text = $"Time,{headers}\n2026-01-01 00:00,3,7\n2026-01-01 01:00,5,4\n2026-01-01 02:00,2,6\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, null, fileName)).Fault;
        _bench.RunText(text, new ImportForm { Metric = metric, Unit = metric == "energy" ? "kWh" : "m³" }, fileName);

        Assert.Contains(advice, fault.Message, StringComparison.Ordinal);
        Assert.Equal(metric, fault.Alternatives![0]);
        Assert.All(headers.Split(','), header => Assert.Equal(3, _bench.Values(header, metric).Count()));
    }

    [Fact]
    public void A_unit_of_volume_alone_is_one_of_gas_or_water()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Date,Previous Read,Current Read,Usage (CCF)\n2026-01-31,100,130,30\n2026-02-28,130,150,20\n2026-03-31,150,185,35\n")).Fault;

        Assert.Contains("metric=gas_volume, unit=ccf, or metric=water_volume", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("meter.csv", "Water North,Elec South", "3,7;5,4;2,6", "Water North water_volume;Elec South energy")]
    [InlineData("Water.csv", "North,South", "1000,2000;1001,2002;1002,2004;1003,2005;1004,2007;1005,2009", "North water_volume;South water_volume")]
    public void A_mapping_that_is_advised_works(string fileName, string headers, string rows, string series)
    {
        var text = $"Time,{headers}\n{string.Concat(rows.Split(';').Select((row, i) => $"2026-01-01 0{i}:00,{row}\n"))}";
        var message = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, null, fileName)).Fault.Message;
        var advised = message[(message.IndexOf("mapping=", StringComparison.Ordinal) + 8)..^1];
        _bench.RunText(text, new ImportForm { Mapping = JsonSerializer.Deserialize<ImportMapping>(advised, EmsJson.Options) }, fileName);

        Assert.Equal(series.Split(';').Order(), _bench.Readings.SelectMany(reading => reading.Values.Select(value => $"{reading.EquipmentId} {value.Metric}")).Distinct().Order());
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("Usage (Main/Sub)")]
    [InlineData("Consumption (T)")]
    public void What_is_no_unit_in_brackets_is_no_reason_for_it(string header) =>
        Assert.Contains("metric=energy, unit=kWh", Assert.Throws<ImportFaultException>(() => _bench.RunText($"Month,{header}\n2024-01,100\n2024-02,131.7\n2024-03,88\n")).Fault.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Steam (lbs)", "steam_lbs", "lbs")]
    [InlineData("Gas usage (MBtu)", "gas_usage_mbtu", "MBtu")]
    [InlineData("Gas usage (hl)", "gas_usage_hl", "hl")]
    [InlineData("CHW Usage (tons)", "chw_usage_tons", "tons")]
    [InlineData("CO2 (t)", "co2_t", "t")]
    [InlineData("Oil (gal)", "oil_gal", "gal")]
    [InlineData("Energy intensity (kWh/m²)", "energy_intensity_kwh_m2", "kWh/m²")]
    [InlineData("kWh/m2", "kwh_m2", "kWh/m2")]
    [InlineData("kWh per bed-night", "kwh_per_bed_night", "kWh per bed-night")]
    public void No_unit_of_another_kind_is_advised_and_the_advice_works(string header, string metric, string unit)
    {
        var text = $"Month,{header}\n2024-01,100\n2024-02,131.7\n2024-03,88\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        Assert.DoesNotContain("unit=", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"\"metric\":\"{metric}\",\"unit\":\"{unit}\"", fault.Message, StringComparison.Ordinal);
        Assert.All(fault.Guess!.Columns, column => Assert.True(column.Metric == metric && column.Confidence < 0.5));
        using var sent = new ImportBench();

        sent.RunText(text, new ImportForm { Mapping = new ImportMapping { Columns = fault.Guess!.Columns } });

        Assert.Equal(319.7, sent.Sum("meter", metric), 6);
    }

    [Fact]
    public void Columns_that_are_only_numbered_are_no_registers_because_the_first_grows()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Date;1;2;3\n2024-01-01;103;209;57\n2024-01-02;106;206;59\n2024-01-03;109;201;51\n2024-01-04;112;194;53\n2024-01-05;115;185;50\n")).Fault;

        Assert.Contains("metric=energy, unit=kWh", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Montant TTC")]
    [InlineData("Betrag")]
    [InlineData("Importe")]
    [InlineData("Koszt")]
    [InlineData("DJU")]
    [InlineData("Wohnfläche m²")]
    [InlineData("Tank level %")]
    [InlineData("Sum (kr)")]
    public void What_is_sent_is_not_said_of_money_areas_and_shares(string other)
    {
        _bench.RunText($"Month,Conso,{other}\n2023-01,711,12\n2023-02,533,14\n2023-03,621,11\n", new ImportForm { Metric = "water_volume", Unit = "m³" });

        Assert.Equal([711.0, 533, 621], _bench.Readings.Select(reading => Assert.Single(reading.Values).Value));
        Assert.Contains(other, _bench.Assumed("left_out"), StringComparison.Ordinal);
    }
}
