using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>As many columns as a workbook can have: what columns are beside each other is found without comparing each with each.</summary>
public sealed class WideFilesTests : IDisposable
{
    private const int Widest = 16_384;

    // A hundred times what it takes where nothing else runs.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("M{0} (kWh)", true)]
    [InlineData("M{0} Target (kWh)", true)]
    [InlineData("Target kWh {0}", false)]
    [InlineData("Total M{0} (kWh)", true)]
    [InlineData("M{0} reading (kWh)", false)]
    [InlineData("M{0} (kW)", true)]
    [InlineData("M{0} production (kWh)", false)]
    [InlineData("HM{0} energy (kWh)", true)]
    [InlineData("Gas {0} (m3)", false)]
    [InlineData("M{0}", false)]
    [InlineData("Meter {0}", true, true)]
    [InlineData("Feeder {0}", true, true)]
    [InlineData("Meter {0} N-1", true, true)]
    [InlineData("Meter {0} Target", true, true)]
    [InlineData("M{0} Actual (kWh)", true)]
    [InlineData("Total {0}", false, true)]
    [InlineData("Meter {0} reading", true, true)]
    [InlineData("Solar {0}", true, true)]
    public async Task The_widest_table_is_read_or_refused_in_time(string header, bool isRead, bool isTold = false)
    {
        string Row(string first, Func<int, string> of) => $"{first},{string.Join(',', Enumerable.Range(1, Widest - 1).Select(of))}\n";
        var text = Row("Time", column => string.Format(System.Globalization.CultureInfo.InvariantCulture, header, column)) + Row("2026-03-01 00:00", column => $"{column}") + Row("2026-03-01 01:00", column => $"{column + 1}");
        var form = isTold ? new ImportForm { Metric = "energy", Unit = "kWh" } : null;

        var refused = await Task.Run(() => Record.Exception(() => _bench.RunText(text, form)), TestContext.Current.CancellationToken).WaitAsync(Longest, TestContext.Current.CancellationToken);

        if (isRead)
        {
            Assert.Null(refused);
            Assert.Equal(Widest - 1, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
        }
        else
        {
            Assert.True(refused is null or ImportFaultException, $"{refused}");
        }
    }
}
