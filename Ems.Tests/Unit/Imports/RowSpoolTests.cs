using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;

namespace Ems.Tests.Unit.Imports;

public sealed class RowSpoolTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void RowsComeBackHoweverLongTheirTextsAre()
    {
        List<SpooledRow> written = [.. Enumerable.Range(1, 20_000).Select(number => RowOf(number, Cell.Of(number / 8.0), TextOf(number)))];
        Assert.Equal(written.Select(Told), Read(written, givesBack: false).Select(Told));
    }

    [Fact]
    public void ARowThatIsFilledAgainKeepsNothingOfTheOneBefore()
    {
        List<SpooledRow> written =
        [
            RowOf(1, Cell.Of(1), TextOf(1)),
            new SpooledRow { RowNumber = 2, Ordinal = 2, BadTime = "soon", Values = [Cell.Empty, Cell.Of(2)] },
            RowOf(3, Cell.Empty, Cell.Error("#N/A")),
        ];
        written[0].End = WrittenTime.OfDate(2024, 1, 2);
        var read = new List<string>();
        foreach (var row in Read(written, givesBack: true))
        {
            read.Add(Told(row));
        }

        Assert.Equal(written.Select(Told), read);
    }

    private IEnumerable<SpooledRow> Read(List<SpooledRow> rows, bool givesBack)
    {
        SpoolRange range;
        using (var writer = new RowSpoolWriter(_path))
        {
            rows.ForEach(writer.Write);
            range = new SpoolRange(0, writer.Position);
        }

        var pool = new RowPool(valueColumns: 2);
        foreach (var row in RowSpoolReader.Read(_path, range, pool))
        {
            yield return row;
            if (givesBack)
            {
                pool.GiveBack(row);
            }
        }
    }

    private static SpooledRow RowOf(int number, params Cell[] values) => new()
    {
        RowNumber = number,
        Ordinal = number,
        Subject = number % 300,
        Time = WrittenTime.OfDate(2024, 1, 1) with { OffsetMinutes = 60 },
        Values = values,
    };

    /// <summary>A few are longer than what is read from the file together.</summary>
    private static Cell TextOf(int number) => Cell.Of(new string('ä', number % 5_000 == 0 ? 100_000 : 1 + (number % 40)));

    private static string Told(SpooledRow row) => $"{row.RowNumber} {row.Ordinal} {row.Subject} {row.Time} {row.End} {row.BadTime} {string.Join('|', row.Values)}";
}
