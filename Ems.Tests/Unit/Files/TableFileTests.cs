using System.Text;
using Ems.Ingestion.Files;

namespace Ems.Tests.Unit.Files;

public sealed class TableFileTests : IDisposable
{
    private static readonly byte[] Csv = "time,kWh\n2020-01-01,1\n"u8.ToArray();
    private static readonly byte[] Xlsx = XlsxParts.Sheet("""<row r="1"><c r="A1"><v>1</v></c></row>""").ToBytes();

    private readonly FileBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_kind_of_a_file_is_what_is_in_it_and_not_its_name()
    {
        Assert.Equal(["Data!1: 1"], _bench.Rows("meter.csv", Xlsx));
        Assert.Equal(["Data!1: 1"], _bench.Rows("meter", Xlsx));
        Assert.Equal(["!1: time|kWh", "!2: 2020-01-01|1"], _bench.Rows("meter.xls", Csv));
        Assert.Equal(["!1: time|kWh", "!2: 2020-01-01|1"], _bench.Rows("meter.zip", FileBench.GZip(Csv)));
    }

    [Theory]
    [InlineData("empty.csv", "", "is empty")]
    [InlineData("text.xlsx", "time,kWh\n", "named as a workbook but holds text")]
    [InlineData("page.xls", "\uFEFF\n<html><table><tr><td>1</td></tr></table></html>", "is a web page")]
    [InlineData("old.xls", "<?xml version=\"1.0\"?><Workbook/>", "Excel 2003")]
    [InlineData("other.xml", "<data/>", "no Green Button (ESPI) feed: it begins with <data>")]
    [InlineData("cut.xml", "<feed><entry>", "cut off or damaged")]
    [InlineData("cut.xlsx", "PK\u0003\u0004 and no more", "cut off or damaged")]
    [InlineData("report.csv", "%PDF-1.4\n1 0 obj\n", "a PDF document. Send the readings as .csv or .xlsx")]
    [InlineData("phone.xlsx", "\u00FF\u00D8\u00FF\u00E0\0\u0010JFIF", "a picture (JPEG)")]
    [InlineData("load.txt", "UNA:+.? 'UNB+UNOC:3+99:500+98:500+260302:1234+R'UNH+1+MSCONS:D:04B:UN:2.2h'BGM+7+X+9'", "an EDIFACT message (MSCONS)")]
    [InlineData("load.csv", "UNB+UNOC:3+99:500\r\n", "an EDIFACT message, as")]
    [InlineData("api.csv", "[\n  {\n    \"time\": \"2026-03-02\", \"kwh\": 5.5\n  }\n]", "is JSON. Send")]
    [InlineData("lines.txt", "\uFEFF{\"time\": 1, \"kwh\": 5}\n{\"time\": 2, \"kwh\": 6}\n", "POST /api/v1/data/ingest/realtime")]
    [InlineData("dump.csv", "-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `r`;\nCREATE TABLE `r` (`t` datetime);\n", "a dump of a database (SQL). Export the table")]
    [InlineData("rows.txt", "INSERT INTO readings (ts, kwh) VALUES ('2026-03-02', 5.5);\n", "a dump of a database (SQL)")]
    [InlineData("data.txt", "SQLite format 3\0\u0010\0", "a database (SQLite)")]
    [InlineData("picture.png", "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "a picture (PNG)")]
    public void What_cannot_be_read_is_refused_with_the_reason(string name, string content, string reason)
    {
        var fault = _bench.Fault(name, Encoding.Latin1.GetBytes(content.Replace("\uFEFF", "\u00EF\u00BB\u00BF", StringComparison.Ordinal)));

        Assert.Equal(ImportFault.InvalidFileFormat, fault.Code);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(name, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[time],[kWh]\n2020-01-01,1\n")]
    [InlineData("{time},{kWh}\n2020-01-01,1\n")]
    [InlineData("[Data]\ntime,kWh\n2020-01-01,1\n")]
    [InlineData("Copy of time,kWh\n2020-01-01,1\n")]
    [InlineData("-- Export\ntime,kWh\n2020-01-01,1\n")]
    [InlineData("Use,Inserted into,kWh\n2020-01-01,1,1\n")]
    [InlineData("UNBalanced,kWh\n1,1\n")]
    public void Headers_that_only_look_like_those_of_other_kinds_are_read(string text) =>
        Assert.Contains(_bench.Rows("meter.csv", Encoding.UTF8.GetBytes(text)), row => row.Contains("kWh", StringComparison.Ordinal));

    [Fact]
    public void Archives_that_are_no_workbooks_are_told_apart()
    {
        byte[] types = "<Types/>"u8.ToArray();
        byte[] word = Encoding.UTF8.GetBytes("""<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/></Relationships>""");

        Assert.Contains("OpenDocument", _bench.Fault("a.ods", FileBench.Zip(("mimetype", Csv), ("content.xml", Csv))).Message, StringComparison.Ordinal);
        Assert.Contains("no workbook", _bench.Fault("a.docx", FileBench.Zip(("[Content_Types].xml", types), ("_rels/.rels", word))).Message, StringComparison.Ordinal);
        Assert.Contains("without a workbook", _bench.Fault("a.xlsx", FileBench.Zip(("[Content_Types].xml", types))).Message, StringComparison.Ordinal);
        Assert.Contains("without a file", _bench.Fault("a.zip", FileBench.Zip()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_files_of_an_archive_are_read_as_its_sheets()
    {
        var archive = FileBench.Zip(
            ("2020/Main.csv", Csv), ("2020/Main.xlsx", Xlsx), ("packed.csv.gz", FileBench.GZip(Csv)), ("a\\b.tsv", "x\ty\n"u8.ToArray()),
            ("__MACOSX/2020/._Main.csv", Csv), (".DS_Store", Csv), ("plan.pdf", "%PDF-1.4"u8.ToArray()), ("../../etc/passwd", Csv), ("empty/", []));

        using var source = _bench.Open("meters.zip", archive);

        Assert.Equal(
            ["2020/Main.csv!1: time|kWh", "2020/Main.csv!2: 2020-01-01|1", "2020/Main.xlsx:Data!1: 1", "packed.csv.gz!1: time|kWh",
                "packed.csv.gz!2: 2020-01-01|1", "a/b.tsv!1: x|y", "etc/passwd!1: time|kWh", "etc/passwd!2: 2020-01-01|1"],
            FileBench.Rows(source));
        Assert.Equal(["plan.pdf"], source.LeftOut.Select(left => left.What));
        Assert.Equal(1, source.Progress);
        _bench.AssertNothingLeft(1);
    }

    [Fact]
    public void An_archive_within_an_archive_and_a_broken_file_in_one_are_refused_by_name()
    {
        Assert.Contains("inner.zip is an archive within an archive", _bench.Fault("a.zip", FileBench.Zip(("inner.zip", FileBench.Zip(("m.csv", Csv))))).Message, StringComparison.Ordinal);
        Assert.Contains("Jan.xlsx is cut off", _bench.Fault("a.zip", FileBench.Zip(("Feb.csv", Csv), ("Jan.xlsx", Xlsx[..^40]))).Message, StringComparison.Ordinal);
        Assert.Contains("there is plan.pdf", _bench.Fault("a.zip", FileBench.Zip(("plan.pdf", "%PDF"u8.ToArray()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_other_kinds_in_an_archive_are_left_out_whatever_they_are()
    {
        byte[] types = "<Types/>"u8.ToArray();
        byte[] word = Encoding.UTF8.GetBytes("""<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/></Relationships>""");
        byte[] ole = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0];
        var archive = FileBench.Zip(
            ("Readme.docx", FileBench.Zip(("[Content_Types].xml", types), ("_rels/.rels", word))),
            ("Letter.doc", ole), ("Plan.ods", FileBench.Zip(("mimetype", Csv), ("content.xml", Csv))), ("Main.csv", Csv),
            ("customer.xml", "<feed><entry><content><RetailCustomer/></content></entry></feed>"u8.ToArray()), ("page.xml", "<html/>"u8.ToArray()),
            ("log.gz", FileBench.GZip("<xml/>"u8.ToArray())), ("nothing.csv", []));

        using var source = _bench.Open("meters.zip", archive);

        Assert.Equal(["Main.csv!1: time|kWh", "Main.csv!2: 2020-01-01|1"], FileBench.Rows(source));
        Assert.Equal(
            ["Letter.doc", "Plan.ods", "Readme.docx", "customer.xml", "log.gz", "nothing.csv", "page.xml"],
            source.LeftOut.Select(left => left.What).Order(StringComparer.Ordinal));
        Assert.Contains(("Readme.docx", "Readme.docx is an Office document, but no workbook."), source.LeftOut);
        _bench.AssertNothingLeft(1);
    }

    [Fact]
    public void An_archive_of_other_kinds_of_files_alone_is_refused() =>
        Assert.Contains(
            "there is Plan.ods, log.gz", _bench.Fault("a.zip", FileBench.Zip(("Plan.ods", FileBench.Zip(("mimetype", Csv))), ("log.gz", FileBench.GZip("<xml/>"u8.ToArray())))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_workbook_cut_off_anywhere_is_refused()
    {
        for (var length = 1; length < Xlsx.Length; length += 7)
        {
            Assert.Equal(ImportFault.InvalidFileFormat, _bench.Fault("meter.xlsx", Xlsx[..length]).Code);
        }
    }
}
