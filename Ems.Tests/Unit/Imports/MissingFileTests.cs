using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Files and sheets that have times and no value say so, and what stands in its place.</summary>
public sealed class MissingFileTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Date,Energy (kWh)\n{0},n/a\n{1},n/a\n", "n/a 2")]
    [InlineData("Date,Energy (kWh)\n{0},\n{1},\n", "blank 2")]
    [InlineData("Date,Energy (kWh),Comment\n{0},#N/A,\n{1},-,late\n", "#N/A 1 - 1")]
    [InlineData("Date,Hall 1 (kWh),Hall 2 (kWh)\n{0},n/a,\n{1},,n/a\n", "n/a 2 blank 2")]
    [InlineData("Date,Value\n{0},\n{1},\n", "blank 2")]
    [InlineData("Date,Hall 1\n{0},n/a\n{1},n/a\n", "n/a 2")]
    [InlineData("Report\n\nMeter,Date,Energy (kWh)\nA,{0},n/a\nB,{1},n/a\n", "n/a 2")]
    [InlineData("Date,00:00,06:00,12:00,18:00\n{0},n/a,n/a,n/a,n/a\n{1},n/a,n/a,n/a,n/a\n", "n/a 8")]
    [InlineData("Meter,2024-01,2024-02,2024-03\nA,n/a,n/a,n/a\nB,n/a,n/a,n/a\n", "n/a 6")]
    public void A_file_without_any_value_says_how_many_are_missing(string text, string gaps)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(string.Format(null, text, "2024-01-01", "2024-01-02"))).Fault;

        Assert.Equal((ImportFault.DataValidationFailed, gaps), (fault.Code, string.Join(' ', fault.Gaps.Select(gap => $"{gap.Key} {gap.Value}"))));
        Assert.Contains($"All {fault.Gaps.Values.Sum()} values are missing", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Date,Remarks\n2024-01-01,late\n2024-01-02,early\n")]
    [InlineData("Date,Remarks\n2024-01-01,\n2024-01-02,\n")]
    [InlineData("Date,Meter reader\n2024-01-01,-\n2024-01-02,Smith\n")]
    public void A_table_of_anything_else_is_none(string text) =>
        Assert.Empty(Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Gaps);

    [Fact]
    public void A_longer_one_without_a_unit_says_how_to_read_what_comes_later()
    {
        var text = $"Date,Reading\n{string.Concat(Enumerable.Range(0, 700).Select(hour => $"{new DateTime(2024, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm},{(hour < 600 ? "n/a" : "5")}\n"))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        Assert.Contains("""mapping={"columns":[{"column":"Reading","metric":"energy","unit":"kWh"}]}""", fault.Message, StringComparison.Ordinal);

        _bench.RunText(text, new ImportForm { Mapping = new() { Columns = [new("Reading") { Metric = "energy", Unit = "kWh" }] } });

        Assert.Equal(500, _bench.Sum("meter", "energy"));
        Assert.Equal(600, _bench.Facts.Gaps["n/a"]);
    }

    [Fact]
    public void The_same_number_of_nines_below_zero_throughout_is_none()
    {
        _bench.RunText("Date,kW\n2024-01-01 00:00,-9999\n2024-01-01 01:00,-9999\n2024-01-01 02:00,-9999\n");

        Assert.Empty(_bench.Readings);
        Assert.Equal(3, _bench.Facts.Gaps["-9999"]);
    }

    [Fact]
    public void A_sheet_without_values_is_left_out_beside_others_and_its_gaps_are_listed()
    {
        _bench.RunWorkbook(workbook =>
        {
            foreach (var (name, value) in (IEnumerable<(string, string)>)[("North", "n/a"), ("South", "5")])
            {
                var sheet = workbook.AddWorksheet(name);
                sheet.Cell(1, 1).Value = "Date";
                sheet.Cell(1, 2).Value = "Energy (kWh)";
                for (var day = 1; day <= 5; day++)
                {
                    sheet.Cell(1 + day, 1).Value = new DateTime(2024, 1, day);
                    sheet.Cell(1 + day, 2).Value = value == "5" ? 5 : value;
                }
            }
        });

        Assert.Equal(25, _bench.Readings.Sum(reading => reading.Values[0].Value));
        Assert.Equal(5, _bench.Facts.Gaps["n/a"]);
        Assert.Contains("sheet North", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }
}
