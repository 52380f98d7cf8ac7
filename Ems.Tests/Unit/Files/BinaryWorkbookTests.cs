using Ems.Ingestion.Files;
using Ems.Tests.Unit.Imports;

namespace Ems.Tests.Unit.Files;

public sealed class BinaryWorkbookTests : IDisposable
{
    private static readonly DateTime At = new(2020, 2, 29, 1, 30, 0);

    private static readonly (string, object?[][])[] Sheets =
    [
        ("Décor", [["title", null, "Größe °C"]]),
        ("Data", [["time", "kWh"], [At, 1.5], [null], [At.AddHours(1), (Func<double>)(() => 2.5)], [At.AddHours(2), new DivideByZeroException()],
            [At.AddHours(3), new KeyNotFoundException()], [At.AddHours(4), (Func<Exception>)(() => new InvalidOperationException())]]),
    ];

    private readonly FileBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("meter.xls")]
    [InlineData("meter.xlsb")]
    public void Sheets_texts_numbers_dates_and_saved_results_are_read(string name) => Assert.Equal(
        [
            "Décor!1: title||Größe °C", "Data!1: time|kWh", "Data!2: 2020-02-29 01:30:00|1.5", "Data!4: 2020-02-29 02:30:00|2.5",
            "Data!5: 2020-02-29 03:30:00|!#DIV/0!", "Data!6: 2020-02-29 04:30:00|!#N/A", "Data!7: 2020-02-29 05:30:00|!#REF!",
        ],
        _bench.Rows(name, Make(name, is1904: false)));

    [Theory]
    [InlineData("meter.xls")]
    [InlineData("meter.xlsb")]
    public void Dates_counted_from_1904_are_four_years_and_a_day_later(string name) =>
        Assert.Contains("Data!2: 2024-03-01 01:30:00|1.5", _bench.Rows(name, Make(name, is1904: true)));

    [Theory]
    [InlineData("meter.xls")]
    [InlineData("meter.xlsb")]
    public void A_workbook_cut_off_anywhere_is_refused_or_read_and_nothing_else_happens(string name)
    {
        var whole = Make(name, is1904: false);
        for (var length = 1; length < whole.Length; length += 61)
        {
            try
            {
                _bench.Rows(name, whole[..length]);
            }
            catch (ImportFaultException refused)
            {
                Assert.Equal(ImportFault.InvalidFileFormat, refused.Fault.Code);
            }
        }
    }

    [Theory]
    [InlineData(65_536, 0xFFFF)]
    [InlineData(65_537, 2)]
    [InlineData(3, 257)]
    public void A_workbook_of_the_old_format_that_claims_more_than_a_sheet_holds_is_refused_before_room_is_made_for_it(int rows, int columns)
    {
        var workbook = Make("meter.xls", is1904: false);
        // The record of the extent, of the last sheet: its rows, and its columns as the fourth number.
        var extent = workbook.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x00, 0x02, 14, 0]);
        BitConverter.TryWriteBytes(workbook.AsSpan(extent + 8), rows);
        BitConverter.TryWriteBytes(workbook.AsSpan(extent + 14), (ushort)columns);

        Assert.Equal((ImportFault.InvalidFileFormat, "Data"), (_bench.Fault("meter.xls", workbook).Code, _bench.Fault("meter.xls", workbook).Sheet));
    }

    [Fact]
    public void A_real_workbook_of_the_old_format_is_read_to_its_end()
    {
        var rows = _bench.Rows("sample.xls", File.ReadAllBytes(ImportBench.RealFile("xlsx/portfolio-manager-sample.xls")));

        // The header, and 512 rows of properties.
        Assert.Equal(513, rows.Count);
    }

    private static byte[] Make(string name, bool is1904) =>
        name.EndsWith('b') ? BinaryWorkbooks.Xlsb(is1904, Sheets) : BinaryWorkbooks.Xls(is1904, Sheets);
}
