using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Rows of portals of networks with more columns that name something than meters: accounts, devices, registers, channels.</summary>
public sealed class PortalRowTests : IDisposable
{
    private const string FluviusHeaders = "Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Meter;Metertype;Register;Volume;Eenheid;Validatiestatus;Omschrijving\n";
    private const string Point = "541448820001234567";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("31842217", true)]
    [InlineData("31842217", false)]
    [InlineData("1SAG1100042217", true)]
    [InlineData("1SAG1100042217", false)]
    public void The_number_of_a_device_beside_its_point_is_no_value_and_rows_may_be_sorted_by_register(string device, bool isSorted)
    {
        var quarters = Enumerable.Range(0, 384).ToList();
        string[] registers = ["Afname Actief", "Injectie Actief", "Afname Reactief Inductief"];
        var rows = isSorted ? registers.SelectMany(register => quarters.Select(quarter => Row(quarter, device, register))) : quarters.SelectMany(quarter => registers.Select(register => Row(quarter, device, register)));

        _bench.RunText(FluviusHeaders + string.Concat(rows));

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([$"{Point} Afname Actief", $"{Point} Injectie Actief"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.Equal(384 * 9.5, _bench.Sum($"{Point} Afname Actief", "energy"), 6);
        Assert.Equal(384 * -0.25, _bench.Sum($"{Point} Injectie Actief", "energy"), 6);
    }

    [Theory]
    [InlineData("Afname Actief", "Injectie Actief")]
    [InlineData("Afname Dag", "Injectie Dag")]
    [InlineData("Afname", "Injectie")]
    public void What_flows_out_far_below_what_flows_in_is_asked_about_and_the_answer_keeps_both_apart(string flowsIn, string flowsOut)
    {
        var text = FluviusHeaders + string.Concat(new[] { flowsIn, flowsOut }.SelectMany(register => Enumerable.Range(0, 1_000).Select(quarter => Row(quarter, "31842217", register))));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal(("AMBIGUOUS_MAPPING", "Register"), (fault.Code, fault.Column));
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(9_500, _bench.Sum($"{Point} {flowsIn}", "energy"), 6);
        Assert.Equal(-250, _bench.Sum($"{Point} {flowsOut}", "energy"), 6);
    }

    [Fact]
    public void Tariffs_of_one_direction_that_follow_each_other_are_of_one_meter()
    {
        var rows = string.Concat(Enumerable.Range(0, 60).Select(day => string.Create(CultureInfo.InvariantCulture, $"{new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddDays(day):dd-MM-yyyy};{Point};Afname {(day < 30 ? "Dag" : "Nacht")};7,5\n")));

        _bench.RunText($"Datum;EAN;Register;Volume (kWh)\n{rows}");

        Assert.Equal(450, _bench.Sum(Point, "energy"), 6);
    }

    [Fact]
    public void Long_numbers_that_stay_are_those_of_devices()
    {
        _bench.RunText(WithMeters(31842217, 31842218), new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(Enumerable.Range(0, 40).Sum(hour => hour % 7), _bench.Sum(Point, "energy"), 6);
    }

    [Theory]
    [InlineData(100.5, 101)]
    [InlineData(12, 12)]
    public void Short_ones_may_be_values_too(double first, double second)
    {
        _bench.RunText(WithMeters(first, second), new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["Meter", "Volume"], _bench.Facts.Sheets[0].Layout.Columns.Select(column => column.Header));
    }

    [Fact]
    public void An_account_with_a_channel_1_is_a_meter_and_another_one_is_another()
    {
        var hours = string.Join(',', Enumerable.Range(1, 24).Select(hour => $"{hour}:00"));
        string Rows(string account, int channel, int value) => string.Concat(Enumerable.Range(1, 30).Select(day => $"{account},04/{day:00}/2024,{channel},kW,{string.Join(',', Enumerable.Repeat(value, 24))}\n"));

        _bench.RunText($"Account,Date,Channel,Units,{hours}\n{Rows("54-1234567-89", 1, 100)}", fileName: "load profile.csv");
        _bench.RunText($"Account,Date,Channel,Units,{hours}\n{Rows("54-7654321-09", 1, 30)}", fileName: "load profile 2.csv");
        _bench.RunText($"Account,Date,Channel,Units,{hours}\n{Rows("54-5", 1, 30)}{Rows("54-5", 2, 20)}", fileName: "load profile 3.csv");

        Assert.Equal(
            [("54-1234567-89", 72_000.0), ("54-5 1", 21_600), ("54-5 2", 14_400), ("54-7654321-09", 21_600)],
            _bench.Readings.GroupBy(reading => reading.EquipmentId).Select(meter => (meter.Key, meter.Sum(reading => reading.Values[0].Value))).OrderBy(meter => meter.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Account,Date,Channel,kWh", "54-1,{0},Chiller,5", "Chiller")]
    [InlineData("Date,Channel,kWh", "{0},7,5", "7")]
    public void A_channel_with_a_name_or_without_an_account_stays_the_meter(string headers, string row, string meter)
    {
        _bench.RunText($"{headers}\n{string.Concat(Enumerable.Range(1, 20).Select(day => string.Format(CultureInfo.InvariantCulture, row, $"2024-04-{day:00}") + "\n"))}");

        Assert.Equal(meter, Assert.Single(_bench.Facts.Meters).EquipmentId);
    }

    [Theory]
    [InlineData("Numéro PCE", "GI099123")]
    [InlineData("Numéro PCE", "01234567890123")]
    [InlineData("PCE", "GI099123")]
    public void A_point_of_gas_names_its_rows(string header, string point)
    {
        _bench.RunText($"{header};Date de relevé;Energie consommée (kWh)\n{string.Concat(Enumerable.Range(1, 20).Select(day => $"{point};{day:00}/01/2024;{500 + (day * 7 % 11)}\n"))}", fileName: "GRDF.csv");

        Assert.Equal(point, Assert.Single(_bench.Facts.Meters).EquipmentId);
    }

    [Fact]
    public void Pieces_that_were_made_name_nothing()
    {
        _bench.RunText($"Datum;Stück PCE;Verbrauch (kWh)\n{string.Concat(Enumerable.Range(1, 20).Select(day => $"{day:00}.01.2024;{500 + (day * day % 17)};{500 + (day * 7 % 11)}\n"))}", fileName: "Halle 3.csv");

        Assert.Equal("Halle 3", Assert.Single(_bench.Facts.Meters).EquipmentId);
    }

    [Theory]
    [InlineData("Máxima (kW)")]
    [InlineData("Potencia máxima (kW)")]
    [InlineData("Maxímetro (kW)")]
    [InlineData("Puissance atteinte (kW)")]
    [InlineData("Potenza massima (kW)")]
    [InlineData("Maximalleistung (kW)")]
    [InlineData("Moc maksymalna [kW]")]
    [InlineData("Pmax [kW]")]
    public void The_greatest_power_of_an_interval_is_no_mean_in_any_language(string header)
    {
        _bench.RunText($"Date;Energy (kWh);{header}\n{string.Concat(Enumerable.Range(0, 48).Select(quarter => $"2024-04-01 {quarter / 4:00}:{quarter % 4 * 15:00};{quarter * 7 % 11};{60 + (quarter % 5)}\n"))}");

        Assert.Equal("energy", Assert.Single(_bench.Facts.Sheets[0].Layout.Columns).Metric);
        Assert.Contains(header, _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Algus;Lõpp")]
    [InlineData("Start;End")]
    [InlineData("Von;Bis")]
    public void Headers_of_a_start_and_an_end_stand_below_lines_with_dates(string times)
    {
        var rows = string.Concat(Enumerable.Range(0, 24 * 20).Select(hour => new DateTime(2024, 3, 1, 0, 0, 0, DateTimeKind.Unspecified).AddHours(hour))
            .Select(time => string.Create(CultureInfo.InvariantCulture, $"{time:dd.MM.yyyy HH:mm};{time.AddHours(1):dd.MM.yyyy HH:mm};10,25;48,56\n")));

        _bench.RunText($"Tarbimisandmed\nEIC;38ZEE-00123456-W\nPeriood;01.03.2024 - 20.03.2024\n\n{times};Kogus (kWh);Börsihind (EUR/MWh)\n{rows}");

        Assert.Equal(480, _bench.Readings.Count);
        Assert.Equal(4_920, _bench.Readings.Sum(reading => reading.Values.Single().Value), 6);
        Assert.Equal("2024-03-01T00:00:00Z", _bench.Readings.Min(reading => reading.Start).ToString());
    }

    private static string WithMeters(double first, double second) => "Time,EAN,Meter,Volume\n" + string.Concat(Enumerable.Range(0, 40).Select(hour =>
        string.Create(CultureInfo.InvariantCulture, $"2024-01-{1 + (hour / 24):00} {hour % 24:00}:00,{Point},{(hour < 20 ? first : second)},{hour % 7}\n")));

    private static string Row(int quarter, string device, string register)
    {
        var start = new DateTime(2024, 5, 1, 0, 0, 0, DateTimeKind.Unspecified).AddMinutes(15 * quarter);
        var (value, unit) = register.StartsWith("Injectie", StringComparison.Ordinal) ? ("0,250", "kWh") : register.Contains("Reactief", StringComparison.Ordinal) ? ("1,750", "kVArh") : ("9,500", "kWh");
        return string.Create(CultureInfo.InvariantCulture, $"{start:dd-MM-yyyy;HH:mm:ss};{start.AddMinutes(15):dd-MM-yyyy;HH:mm:ss};=\"{Point}\";{device};AMR-meter;{register};{value};{unit};Gevalideerd;\n");
    }

    [Theory]
    [InlineData("Algus;Lõpp;Tarbimine (kWh);Tootmine (kWh)\n", "Tootmine (kWh)")]
    [InlineData("Sākums;Beigas;Patērētā elektroenerģija (kWh);Nodotā elektroenerģija (kWh)\n", "Nodotā elektroenerģija (kWh)")]
    [InlineData("Fra;Til;KWH 60 Forbruk;KWH 60 Produksjon\n", "KWH 60 Produksjon")]
    [InlineData("Start;End;Ativa C (MWh);Ativa G (MWh)\n", "Ativa G (MWh)")]
    [InlineData("Start;End;KWH_ENT;KWH_REC\n", "KWH_REC")]
    public void What_flows_out_is_no_meter_that_uses_something_in_more_languages(string headers, string left)
    {
        _bench.RunText(headers + string.Concat(Enumerable.Range(0, 24).Select(hour => $"13.06.2025 {hour:00}:00;13.06.2025 {hour:00}:59;{20 + (hour % 5)},5;{hour % 7},25\n")));

        Assert.Contains(left, _bench.Assumed("left_out"), StringComparison.Ordinal);
        Assert.Single(_bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Fact]
    public void The_street_that_a_meter_is_in_says_nothing_of_what_flows()
    {
        _bench.RunText("Meter Number,Interval Start Date/Time,Net Consumption (kWh),Service Address\n" + string.Concat(Enumerable.Range(0, 5).Select(hour => $"0004567890,2025-03-01 0{hour}:00,{20 + hour}.5,1 WATER ST\n")));

        Assert.Equal("energy", _bench.Readings[0].Values[0].Metric);
        Assert.Equal("electricity", Assert.Single(_bench.Facts.Meters).Carrier ?? "electricity");
    }

    [Fact]
    public void A_day_with_the_index_of_its_begin_and_its_end_is_that_day()
    {
        _bench.RunText("Journée gazière;Index de début (m³);Index de fin (m³);Volume consommé (m³);Énergie consommée (kWh)\n01/01/2025;45210;45371;161;1812\n02/01/2025;45371;45524;153;1709\n03/01/2025;45524;45656;132;1477\n04/01/2025;45656;45853;197;2194\n");

        Assert.Equal("2025-01-01", _bench.Readings.Min(reading => reading.Start).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.Equal(1812 + 1709 + 1477 + 2194, _bench.Readings.Sum(reading => reading.Values.Where(value => value.Metric == "energy").Sum(value => value.Value)));
    }
}
