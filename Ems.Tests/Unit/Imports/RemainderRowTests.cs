using System.Globalization;
using System.Text;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Rows that a list works out: what its main meter counts beyond all others is none of another meter.</summary>
public sealed class RemainderRowTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Unmetered")]
    [InlineData("Rest")]
    [InlineData("Nicht gemessen")]
    [InlineData("Non mesuré")]
    [InlineData("Differenz")]
    [InlineData("Losses")]
    [InlineData("Balance")]
    public void What_a_main_meter_counts_beyond_the_others_is_left_out(string name)
    {
        _bench.RunText(List(name));

        Assert.Equal(["Hall 1", "Hall 2", "Main"], Meters());
        Assert.Equal(name, _bench.Assumed("left_out"));
    }

    [Fact]
    public void Each_meter_of_a_list_may_stand_at_a_place_of_its_own()
    {
        _bench.RunWorkbook(workbook => workbook.AddWorksheet("2024").Cell("A1").InsertData(new object[][]
        {
            ["Meter", "Location", "Jan", "Feb", "Mar"], ["EM-1", "Main incomer", 1000, 1100, 900], ["EM-2", "Chillers", 300, 350, 200], ["EM-3", "Offices", 450, 800, 380], ["Unmetered", "", 250, -50, 320],
        }), new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["EM-1", "EM-2", "EM-3"], Meters());
        Assert.Equal("Unmetered", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Rest", 40)]
    [InlineData("Losses", 40)]
    [InlineData("Balance", -30)]
    [InlineData("Rest room", 0)]
    [InlineData("Hall 3", 0)]
    public void What_is_no_remainder_or_not_called_so_is_a_meter(string name, double off)
    {
        _bench.RunText(List(name, off));

        Assert.Equal(new[] { "Hall 1", "Hall 2", "Main", name }.Order(StringComparer.Ordinal), Meters());
    }

    [Fact]
    public void The_rest_of_each_site_is_one_or_none()
    {
        string Of(string site, string rest, double off) => string.Concat(List(rest, off).Split('\n').Skip(1).Where(row => row.Length > 0).Select(row => $"{site},{(row.StartsWith(rest, StringComparison.Ordinal) ? row : $"{site} {row}")}\n"));

        _bench.RunText($"Site,Meter,Month,kWh\n{Of("A", "Rest", 0)}{Of("B", "Rest", 40)}");

        Assert.Equal(["A Hall 1", "A Hall 2", "A Main", "B Hall 1", "B Hall 2", "B Main", "Rest"], Meters());
        Assert.Equal("Rest of A", _bench.Assumed("left_out"));
        Assert.Equal("B", Assert.Single(_bench.Facts.Meters, meter => meter.EquipmentId == "Rest").SiteName);
    }

    [Fact]
    public void A_rest_that_a_total_has_in_it_stays()
    {
        _bench.RunText("Meter,Month,kWh\nHall 1,2024-01,100\nHall 2,2024-01,200\nRest,2024-01,50\nTotal,2024-01,350\nHall 1,2024-02,110\nHall 2,2024-02,190\nRest,2024-02,55\nTotal,2024-02,355\n");

        Assert.Equal(["Hall 1", "Hall 2", "Rest"], Meters());
    }

    [Fact]
    public void One_that_the_mapping_has_stays()
    {
        _bench.RunText(List("Rest"), new ImportForm { Mapping = new ImportMapping { Equipment = new Dictionary<string, string> { ["Rest"] = "Rest" } } });

        Assert.Equal(["Hall 1", "Hall 2", "Main", "Rest"], Meters());
    }

    private IReadOnlyList<string> Meters() => [.. _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal)];

    private static string List(string rest, double off = 0)
    {
        var rows = new StringBuilder("Meter,Month,kWh\n");
        for (var month = 1; month <= 6; month++)
        {
            double[] halls = [300 + (7 * month), 420 - (11 * month)];
            rows.Append(CultureInfo.InvariantCulture, $"Main,2024-{month:00},{1000 + month}\nHall 1,2024-{month:00},{halls[0]}\nHall 2,2024-{month:00},{halls[1]}\n{rest},2024-{month:00},{1000 + month - halls.Sum() + (off * month)}\n");
        }

        return rows.ToString();
    }
}
