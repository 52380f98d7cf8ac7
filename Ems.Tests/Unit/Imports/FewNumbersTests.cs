using Ems.Ingestion.Files;

namespace Ems.Tests.Unit.Imports;

/// <summary>Few rows and few numbers are read as far as they go, and what is no value among them is told of by its row.</summary>
public sealed class FewNumbersTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("1 2 3 4 5 oops oops oops oops oops", 5, 5)]
    [InlineData("1 2 NaN NaN Infinity Infinity 1e308 1e308 NaN NaN", 2, 4)]
    [InlineData("bad! 1", 1, 1)]
    public void A_column_whose_header_says_metric_and_unit_is_of_values_however_few_of_its_cells_are(string cells, int read, int rejected)
    {
        _bench.RunText($"Timestamp,Energy (kWh)\n{string.Concat(cells.Split(' ').Select((cell, i) => $"2026-03-02 {i:00}:00,{cell}\n"))}");

        Assert.Equal(read, _bench.Told.Count);
        Assert.Equal(rejected, _bench.FaultCodes.Count);
    }

    [Fact]
    public void A_sheet_with_more_bad_cells_than_good_ones_keeps_the_good_ones()
    {
        _bench.RunWorkbook(workbook =>
        {
            foreach (var (name, values) in ((string, object[])[])[("A", [1, 2]), ("B", [3, "bad!"])])
            {
                workbook.AddWorksheet(name).Cell(1, 1).InsertData(new object[][] { ["Timestamp", "Energy (kWh)"], ["2026-03-02 00:00", values[0]], ["2026-03-02 01:00", values[1]] });
            }
        });

        Assert.Equal(["A energy 2026-03-02 00:00 1h 1", "A energy 2026-03-02 01:00 1h 2", "B energy 2026-03-02 00:00 1h 3"], _bench.Told);
        Assert.Equal([ImportFault.DataValidationFailed], _bench.FaultCodes);
    }

    [Theory]
    [InlineData("Timestamp,State\n2026-03-02 00:00,on\n2026-03-02 01:00,5\n2026-03-02 02:00,off\n")]
    [InlineData("Timestamp,Energy\n2026-03-02 00:00,low\n2026-03-02 01:00,5\n2026-03-02 02:00,high\n")]
    [InlineData("Timestamp,Energy (kWh)\n2026-03-02 00:00,low\n2026-03-02 01:00,high\n")]
    public void Without_a_unit_or_a_number_a_column_of_texts_has_no_values(string text)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal(ImportFault.MissingRequiredColumns, fault.Code);
    }

    [Fact]
    public void A_column_of_numbers_goes_before_one_of_few()
    {
        _bench.RunText("Timestamp,Energy (kWh),Power (kW)\n2026-03-02 00:00,low,5\n2026-03-02 01:00,5,6\n2026-03-02 02:00,high,7\n");

        Assert.All(_bench.Told, told => Assert.Contains("active_power", told, StringComparison.Ordinal));
        Assert.Equal(3, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Month,Usage (kWh)\nJan-16,100\nTotal,100\n", "meter energy 2016-01-01 00:00 31d 100")]
    [InlineData(
        "Energy report;;\nSite: X;;\n;;\nTimestamp;Energy (kWh);Status\n2026-03-02 00:00;5;OK\n2026-03-02 01:00;6;OK\nTotal;11;\n;;\nPrinted by Bob;;\n",
        "meter energy 2026-03-02 00:00 1h 5|meter energy 2026-03-02 01:00 1h 6")]
    public void Sums_and_notes_below_a_few_rows_do_not_count_against_their_times(string text, string told)
    {
        _bench.RunText(text);

        Assert.Equal(told.Split('|'), _bench.Told);
    }

    [Theory]
    [InlineData("Energy (fnord)", "fnord of Energy (fnord) is no unit that is known")]
    [InlineData("Energy [Wibble]", "Wibble of Energy [Wibble] is no unit that is known")]
    public void A_word_in_brackets_that_is_no_unit_is_named(string header, string said)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Timestamp,{header}\n2026-03-02 00:00,5\n2026-03-02 01:00,6\n")).Fault;

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }
}
