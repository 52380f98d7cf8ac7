using System.Text;
using Ems.Ingestion.Files;

namespace Ems.Tests.Unit.Files;

public sealed class CsvSourceTests : IDisposable
{
    private readonly FileBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("time,kWh\n2020-01-01,1.5\n2020-01-02,2\n")]
    [InlineData("time;kWh\r\n2020-01-01;1.5\r\n2020-01-02;2\r\n")]
    [InlineData("time\tkWh\r2020-01-01\t1.5\r2020-01-02\t2\r")]
    [InlineData("time|kWh\n2020-01-01|1.5\n2020-01-02|2")]
    [InlineData("\"time\",\"kWh\"\n\"2020-01-01\",\"1.5\"\n\"2020-01-02\",\"2\"\n")]
    [InlineData("'time','kWh'\n'2020-01-01','1.5'\n'2020-01-02','2'\n")]
    [InlineData("time^kWh\n2020-01-01^1.5\n2020-01-02^2\n")]
    [InlineData("time~kWh\n2020-01-01~1.5\n2020-01-02~2\n")]
    public void Delimiters_and_line_ends_are_found(string text) =>
        Assert.Equal(["!1: time|kWh", "!2: 2020-01-01|1.5", "!3: 2020-01-02|2"], _bench.Rows("meter.csv", text));

    [Theory]
    [InlineData("Zeit;kWh\n01.01.2020;1,5\n02.01.2020;2,5\n", "!2: 01.01.2020|1,5")]
    [InlineData("Zeit;Wert, kWh\n01.01.2020;1,5\n02.01.2020;2,5\n", "!2: 01.01.2020|1,5")]
    [InlineData("time,kWh,note\n2020-01-01,\"1,5\",\"a;b\"\n2020-01-02,\"2,5\",\"c;d\"\n", "!2: 2020-01-01|1,5|a;b")]
    [InlineData("a,title,line\n\nZeit;A;B\n01.01.2020;1.234,5;7\n02.01.2020;1.234,5;7\n", "!4: 01.01.2020|1.234,5|7")]
    public void A_comma_within_numbers_is_no_delimiter(string text, string row) => Assert.Contains(row, _bench.Rows("meter.csv", text));

    [Fact]
    public void Fields_in_apostrophes_are_read_where_all_of_them_are()
    {
        Assert.Equal(["!1: time|hall|kWh", "!2: 2020-01-01|O'Hara; B|12,5", "!3: 2020-01-02||13,5"], _bench.Rows("meter.csv", "'time','hall','kWh'\n'2020-01-01','O''Hara; B','12,5'\n'2020-01-02',,'13,5'\n"));
        Assert.Equal(["!1: 'time'|'hall'|kWh", "!2: 2020-01-01|'A'|12"], _bench.Rows("meter.csv", "'time','hall',kWh\n2020-01-01,'A',12\n"));
    }

    [Theory]
    [InlineData("time,Gas m^3\n2020-01-01,1^5\n", "!1: time|Gas m^3")]
    [InlineData("time,A,B\n2020-01-01,~1,~2\n2020-01-02,~1,~2\n", "!2: 2020-01-01|~1|~2")]
    [InlineData("Values ~ estimated\ntime,A\n2020-01-01,~1\n2020-01-02,~1\n", "!3: 2020-01-01|~1")]
    public void Marks_within_cells_are_no_delimiters(string text, string row) => Assert.Contains(row, _bench.Rows("meter.csv", text));

    [Fact]
    public void The_line_that_tells_Excel_the_delimiter_is_obeyed_and_counted() =>
        Assert.Equal(["!2: a,b|c", "!3: 1,2|3"], _bench.Rows("meter.csv", "sep=^\r\na,b^c\r\n1,2^3\r\n"));

    [Fact]
    public void Texts_in_the_form_that_Excel_keeps_as_they_are_lose_it() =>
        Assert.Equal(
            ["!1: EAN;kWh", "!2: 0541448820012345678;1,5", "!3: a \"b\";=A1"],
            _bench.Rows("meter.csv", "EAN;kWh\n=\"0541448820012345678\";=\"1,5\"\n=\"a \"\"b\"\"\";=A1\n").Select(row => row.Replace('|', ';')));

    [Fact]
    public void The_mark_of_texts_of_Excel_is_no_part_of_a_number() =>
        Assert.Equal(["!1: id;note", "!2: 0000000004123456;'tis", "!3: '7';'"], _bench.Rows("meter.csv", "id;note\n'0000000004123456;'tis\n'7';'\n").Select(row => row.Replace('|', ';')));

    [Theory]
    [InlineData("571313100000012345 ", "571313100000012345")]
    [InlineData("   571313100000012345", "571313100000012345")]
    [InlineData("\t0012345", "0012345")]
    [InlineData("\"  0012345\"", "0012345")]
    [InlineData("\u00A00012345\u00A0", "0012345")]
    [InlineData(" '0012345", "0012345")]
    [InlineData(" =\"0012345\" ", "0012345")]
    [InlineData("  1.50 ", "1.5")]
    [InlineData("   ", "")]
    public void Blanks_around_a_cell_take_no_digits_from_it(string cell, string expected) =>
        Assert.Equal(["!1: id;note", $"!2: {expected};x"], _bench.Rows("meter.csv", $"id;note\n{cell};x\n").Select(row => row.Replace('|', ';')));

    [Fact]
    public void Line_ends_and_quotation_marks_within_cells_are_kept_and_blank_lines_are_counted() =>
        Assert.Equal(
            ["!1: a|b", "!2: x\r\ny \"z\"|1", "!5: w|2"],
            _bench.Rows("meter.csv", "a,b\r\n\"x\r\ny \"\"z\"\"\",1\r\n\r\n\r\nw,2\r\n"));

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("windows-1252", false)]
    public void Encodings_are_found_with_and_without_a_mark(string name, bool marked)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(name);
        // The first letter outside of ASCII comes after what any sample would hold.
        var text = "time,kWh,note\n" + string.Concat(Enumerable.Repeat("2020-01-01,1,plain\n", 2000)) + "2020-01-02,2,Büro – 5 € °C\n";

        var rows = _bench.Rows("meter.csv", [.. marked ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)]);

        Assert.Equal("!1: time|kWh|note", rows[0]);
        Assert.Equal("!2002: 2020-01-02|2|Büro – 5 € °C", rows[^1]);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("-0.1", -0.1)]
    [InlineData("+5", 5)]
    [InlineData("123456789.012345", 123456789.012345)]
    [InlineData("0.000000000000001", 1e-15)]
    [InlineData("1234567890123456789", 1234567890123456789d)]
    [InlineData("9007199254740993", 9007199254740992d)]
    [InlineData("2.5E-3", 0.0025)]
    [InlineData("1e308", 1e308)]
    public void Numbers_are_the_nearest_double(string text, double expected) =>
        Assert.True(NumberText.TryParse(text, out var number) && number.Equals(expected));

    [Fact]
    public void The_fast_way_to_read_a_number_agrees_with_the_general_one()
    {
        var random = new Random(7);
        for (var i = 0; i < 200_000; i++)
        {
            var value = Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(1, 9)), random.Next(0, 8));
            var text = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(NumberText.TryParse(text, out var number) && number.Equals(value), text);
        }
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("1,5")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("2020-01-01")]
    public void What_is_no_plain_number_stays_text(string text) => Assert.False(NumberText.TryParse(text, out _));

    [Theory]
    [InlineData("a,b\n1,\"open\n2,3\n", 2)]
    [InlineData("a,b\n1,2\n\"x\"y,3\n", 3)]
    public void A_lonely_quotation_mark_is_refused_with_its_row(string text, int row)
    {
        var fault = _bench.Fault("meter.csv", Encoding.UTF8.GetBytes(text));

        Assert.Equal((ImportFault.InvalidFileFormat, row), (fault.Code, fault.Row));
        Assert.Contains("quotation mark", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_text_is_read_in_all_its_parts()
    {
        byte[] packed = [.. FileBench.GZip("a,b\n1,"u8.ToArray()), .. FileBench.GZip("2\n3,4\n"u8.ToArray())];

        Assert.Equal(["!1: a|b", "!2: 1|2", "!3: 3|4"], _bench.Rows("meter.csv.gz", packed));
    }
}
