using System.Globalization;
using System.Text;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Tests.Unit.Files;

namespace Ems.Tests.Unit.Imports;

/// <summary>Whether a sign in a number is the decimal one or groups thousands, as far as its column, its sheet and the request tell.</summary>
public sealed class DecimalSignTests : IDisposable
{
    private const string German = "Datum;Verbrauch (kWh)\n01.01.2024;12.345\n01.02.2024;11.980\n01.03.2024;850\n";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(German)]
    [InlineData("Datum\tVerbrauch (kWh)\n01.01.2024\t12.345\n01.02.2024\t11.980\n")]
    [InlineData("Fecha;Consumo (kWh)\n15/01/2024;12.345\n15/02/2024;1234\n")]
    [InlineData("Datum;Verbrauch (kWh)\n01.01.2024;12,345\n01.02.2024;11,980\n")]
    [InlineData("Date;kWh\n2024-01-01;987,5\n2024-01-02;12.5\n2024-01-03;1.234\n")]
    public void What_can_be_thousands_or_decimals_is_asked_with_its_row(string text)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal("AMBIGUOUS_MAPPING", fault.Code);
        Assert.Equal([",", "."], fault.Alternatives);
        Assert.Equal(text.Contains("1.234", StringComparison.Ordinal) ? 4 : 2, fault.Row);
    }

    [Theory]
    [InlineData("Month,kWh,Cost\n2024-01,\"2,434\",312.55\n2024-02,\"2,111\",301.12\n", "2434 2111", ".")]
    [InlineData("Month,kWh,Cost\n2024-01,\"2,434\",$312.55\n2024-02,\"2,111\",\"$1,301.12\"\n", "2434 2111", ".")]
    [InlineData("Monat;Verbrauch (kWh);Betrag\n2024-01;2.434;312,55 €\n2024-02;2.111;301,12 €\n", "2434 2111", ",")]
    [InlineData("Monat;Verbrauch (kWh);Preis\n2024-01;2.434;0,3155\n2024-02;2.111;0,3112\n", "2434 2111", ",")]
    [InlineData("Monat;Strom;Kosten\n;kWh;\n2024-01;2.434;312,55\n2024-02;2.111;301,12\n", "2434 2111", ",")]
    [InlineData("Monat;Verbrauch (kWh);Rechnungsbetrag\n2024-01;2.434;312,55\n2024-02;2.111;301,12\n", "2434 2111", ",")]
    public void What_is_no_value_shows_it_too(string text, string expected, string sign)
    {
        _bench.RunText(text);

        Assert.Equal(expected, Values("meter"));
        Assert.EndsWith($": {sign}", _bench.Assumed("decimal_sign"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Month,kWh,Cost,Fee\n2024-01,\"2,434\",312.55,\"1,5\"\n2024-02,\"2,111\",301.12,\"1,5\"\n")]
    [InlineData("Fecha;Consumo (kWh);Tariff\n2024-01;2,435;2.1\n2024-02;2,111;2.1\n")]
    [InlineData("Month,kWh,Exchange rate\n2024-01,\"2,434\",1.08\n2024-02,\"2,111\",1.08\n")]
    [InlineData("Month,kWh,Account\n2024-01,\"2,434\",1.2.3\n2024-02,\"2,111\",1.2.3\n")]
    [InlineData("Monat;kWh;Breite\n2024-01;2,434;52.5163\n2024-02;2,111;52.5163\n")]
    public void What_is_no_value_and_no_number_or_shows_both_is_no_answer(string text) => Assert.Throws<ImportFaultException>(() => _bench.RunText(text));

    [Theory]
    [InlineData("Giorno", ';', "", false)]
    [InlineData("Fra_dato", ';', "", false)]
    [InlineData("Giorno", ';', "25/01/2026 00:00;987\n", false)]
    [InlineData("Giorno", ';', "25/01/2026 00:00;0,987\n", true)]
    [InlineData("Giorno", ';', "25/01/2026 00:00;9,87\n", true)]
    [InlineData("Timestamp", ';', "", false)]
    [InlineData("Giorno", '\t', "", false)]
    public void Be_it_of_many_numbers_a_comma_before_three_digits_alone_is_asked_about(string header, char delimiter, string more, bool isRead)
    {
        var text = $"{header}{delimiter}kWh\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"{15 + (i / 24)}/01/2026 {i % 24:00}:00{delimiter}{5 + (i % 9)},{601 + (i % 7)}\n"))}{more}";
        if (!isRead)
        {
            Assert.Contains("mapping={\"decimal_sign\":\",\"}", Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Message, StringComparison.Ordinal);
            return;
        }

        _bench.RunText(text);
        Assert.StartsWith("5.601 6.602 7.603", Values("meter"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_asked_of_a_file_within_an_archive_too() =>
        Assert.Throws<ImportFaultException>(() => _bench.RunBytes(FileBench.Zip(("main.csv", Encoding.UTF8.GetBytes(German))), "all.zip"));

    [Theory]
    [InlineData(",", "12345 11980 850")]
    [InlineData(".", "12.345 11.98 850")]
    public void The_request_s_decimal_sign_decides(string sign, string expected)
    {
        _bench.RunText(German, new ImportForm { Mapping = new ImportMapping { DecimalSign = sign } });

        Assert.Equal(expected, Values("meter"));
    }

    [Theory]
    [InlineData("987,5 1.234 -2.345 1.234.567", "987.5 1234 -2345 1234567")]
    [InlineData("0,125 1,234", "0.125 1.234")]
    [InlineData("1234,567 1,234", "1234.567 1.234")]
    [InlineData("0.125 1.234", "0.125 1.234")]
    [InlineData("0.000 1.234 12.500", "0 1.234 12.5")]
    [InlineData("1.2345 1.234", "1.2345 1.234")]
    [InlineData("12345 1.234", "12345 1.234")]
    public void A_number_that_can_be_read_in_one_way_decides_for_its_column(string numbers, string expected)
    {
        _bench.RunText($"Datum;Verbrauch (kWh)\n{string.Concat(numbers.Split(' ').Select((number, i) => $"{i + 1:00}.01.2024;{number}\n"))}");

        Assert.Equal(expected, Values("meter"));
    }

    [Theory]
    [InlineData("Date,kWh\n2024-01-01,1.234\n2024-01-02,12.500\n")]
    [InlineData("Date,kWh\n01.01.2024,1.234\n02.01.2024,12.500\n")]
    [InlineData("Date,kWh\n15/01/2024,1.234\n16/01/2024,12.500\n")]
    [InlineData("Date;kWh\n2024-01-01;1.234\n2024-01-02;12.500\n")]
    [InlineData("Date;kWh\n01/15/2024;1.234\n01/16/2024;12.500\n")]
    public void Three_decimals_are_decimals_where_nothing_speaks_of_countries_that_group_by_points(string text)
    {
        _bench.RunText(text);

        Assert.Equal("1.234 12.5", Values("meter"));
        Assert.Equal("", _bench.Assumed("decimal_sign"));
    }

    [Theory]
    [InlineData("12,5;1.234", "1234", "Süd kWh: ,")]
    [InlineData("12,5;1,234", "1.234", "Süd kWh: ,")]
    [InlineData("12.5;1,234", "1234", "Süd kWh: .")]
    [InlineData("12.5;1.234", "1.234", "")]
    public void Another_column_decides_where_its_own_numbers_do_not(string row, string expected, string assumed)
    {
        _bench.RunText($"Datum;Nord kWh;Süd kWh\n01.01.2024;{row}\n02.01.2024;{row}\n");

        Assert.Equal($"{expected} {expected}", Values("Süd"));
        Assert.Equal(assumed, _bench.Assumed("decimal_sign"));
    }

    [Fact]
    public void A_comma_groups_thousands_beside_a_decimal_point()
    {
        _bench.RunText("Date,kWh\n2024-01-01,\"1,234\"\n2024-01-02,987.5\n");

        Assert.Equal("1234 987.5", Values("meter"));
    }

    [Theory]
    [InlineData("1,23,456.50 12,34,567 98,765.25", "123456.5 1234567 98765.25")]
    [InlineData("1,23,456 12,34,567 98,765", "123456 1234567 98765")]
    public void Indian_groups_of_two_are_of_thousands(string numbers, string expected)
    {
        _bench.RunText($"Date,kWh\n{string.Concat(numbers.Split(' ').Select((number, i) => $"2024-01-0{i + 1},\"{number}\"\n"))}");

        Assert.Equal(expected.Split(' '), _bench.Readings.Select(reading => reading.Values[0].Value.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Numbers_of_a_matrix_are_read_as_its_whole_columns_write_them()
    {
        _bench.RunText("Strom [kWh]\nJahr;Jan;Feb;Mrz\n2019;987,5;1.234;1.100\n2020;1.001;912,5;1.002\n");

        Assert.Equal("987.5 1234 1100 1001 912.5 1002", Values("meter"));
    }

    [Theory]
    [InlineData("12,5 -9999 13,1", "12.5 13.1")]
    [InlineData("12,5 -9999,0 13,1", "12.5 13.1")]
    [InlineData("1.012,5 9.999 1.013,1", "1012.5 1013.1")]
    public void Nines_stand_for_no_value_with_a_decimal_comma_too(string numbers, string expected)
    {
        _bench.RunText($"Datum;kWh\n{string.Concat(numbers.Split(' ').Select((number, i) => $"{i + 1:00}.01.2024;{number}\n"))}");

        Assert.Equal(expected, Values("meter"));
        Assert.Equal(1, Assert.Single(_bench.Facts.Gaps).Value);
    }

    [Theory]
    [InlineData("45210,5", "Verbrauch (kWh)")]
    [InlineData("45.210,5", "Verbrauch (kWh)")]
    public void A_column_that_only_grows_is_asked_about_with_a_decimal_comma_too(string first, string header)
    {
        var rows = string.Concat(Enumerable.Range(1, 28).Select(day => $"{day:00}.01.2024;{first.Replace("10,", $"{day + 10},", StringComparison.Ordinal)}\n"));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Datum;{header}\n{rows}")).Fault;

        Assert.Equal(["energy_import_register", "energy"], fault.Alternatives);
    }

    [Fact]
    public void A_register_with_a_decimal_comma_is_one_by_its_name()
    {
        _bench.RunText("Datum;Zählerstand (kWh)\n01.01.2024;45210,5\n02.01.2024;45223,7\n03.01.2024;45230,1\n");

        Assert.Equal([45210.5, 45223.7, 45230.1], _bench.Values("meter", "energy_import_register").Select(value => value.Value));
    }

    [Fact]
    public void A_column_that_is_the_sum_of_the_others_is_left_out_with_a_decimal_comma_too()
    {
        _bench.RunText("Datum;Nord kWh;Süd kWh;Gesamt kWh\n01.01.2024;1,5;2,25;3,75\n02.01.2024;2,5;3,25;5,75\n03.01.2024;900,5;800,25;1.700,75\n");

        Assert.Equal("Gesamt kWh", _bench.Assumed("left_out"));
        Assert.Equal(["Nord", "Süd"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_row_of_sums_without_a_name_is_left_out_with_a_decimal_comma_too()
    {
        _bench.RunText("Datum;kWh\n01.01.2024;987,5\n02.01.2024;1.234\n;2.221,5\n");

        Assert.Equal("987.5 1234", Values("meter"));
        Assert.Empty(_bench.FaultCodes);
        Assert.Contains("row 4", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    private string Values(string meter) =>
        string.Join(' ', _bench.Told.Where(told => told.StartsWith($"{meter} energy ", StringComparison.Ordinal)).Select(told => told.Split(' ')[^1]));

    [Fact]
    public void Dates_with_dots_between_semicolons_say_that_the_comma_before_three_digits_is_the_decimal_sign()
    {
        _bench.RunText($"Datum;Zeit;Verbrauch (kWh)\n{string.Concat(Enumerable.Range(0, 96).Select(i => $"{13 + (i / 24)}.01.2024;{i % 24:00}:00;{5 + (i * 7 % 90)},{101 + i}\n"))}");

        Assert.StartsWith("5.101 12.102 19.103", Values("meter"), StringComparison.Ordinal);
        Assert.Equal("Verbrauch (kWh): ,", _bench.Assumed("decimal_sign"));
    }

    [Theory]
    [InlineData("Datum;kWh", ';', "", 12)]
    [InlineData("Datum;kWh", ';', "850", 96)]
    [InlineData("Date,kWh", ',', "", 96)]
    public void Few_of_them_or_others_beside_them_leave_it_open(string headers, char delimiter, string last, int count) => Assert.Throws<ImportFaultException>(() => _bench.RunText(
        $"{headers}\n{string.Concat(Enumerable.Range(0, count).Select(i => $"{new DateTime(2024, 1, 13).AddDays(i):dd.MM.yyyy}{delimiter}\"{(i == count - 1 && last.Length > 0 ? last : $"{5 + (i * 7 % 90)},{101 + i}")}\"\n"))}"));

    [Fact]
    public void Dates_with_the_month_first_between_commas_say_that_it_groups_thousands()
    {
        _bench.RunText("Start,End,kWh\n01/13/2023,02/14/2023,\"130,291\"\n02/14/2023,03/15/2023,\"98,864\"\n");

        Assert.Equal("130291 98864", Values("meter"));
        Assert.Equal("kWh: .", _bench.Assumed("decimal_sign"));
    }

    [Fact]
    public void What_is_made_beside_meters_may_show_the_comma()
    {
        _bench.RunText("Yıl;Ay;Elektrik (kWh);Üretim (ton)\n2023;Ocak;185.242;369,8\n2023;Şubat;194.499;419,6\n2023;Mart;206.420;315,2\n");

        Assert.Equal([185242, 194499, 206420], _bench.Values("meter", "energy").Select(value => value.Value));
    }

    [Fact]
    public void Lists_of_channels_say_nothing_of_the_decimal_sign()
    {
        _bench.RunText("Date;kWh;Channels\n2024-03-01;4.123;1,2\n2024-03-02;3.331;1,3\n2024-03-03;7.114;2,3\n");

        Assert.Equal([4.123, 3.331, 7.114], _bench.Values("meter", "energy").Select(value => value.Value));
    }

    [Fact]
    public void Points_before_three_digits_are_asked_about_beside_months_of_countries_with_a_comma()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Yıl;Ay;Elektrik (kWh)\n2023;Ocak;185.242\n2023;Şubat;194.499\n2023;Mart;206.420\n")).Fault;

        Assert.Contains("decimal_sign", fault.Message, StringComparison.Ordinal);
    }
}
