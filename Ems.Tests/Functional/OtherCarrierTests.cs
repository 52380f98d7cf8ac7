using System.Text;
using System.Text.Json;
using ClosedXML.Excel;

namespace Ems.Tests.Functional;

/// <summary>Files of another carrier than the meters that are there, and sheets that are called by what flows.</summary>
public sealed class OtherCarrierTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-carrier-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Fernwärme\nDate,kWh\n2024-02-01,3\n2024-02-02,4\n", "Haus 2 heat", "heat")]
    [InlineData("Date,Gas (m3)\n2024-02-01,3\n2024-02-02,4\n", "Haus 2 gas", "gas")]
    [InlineData("Date,Gas (kWh)\n2024-02-01,3\n2024-02-02,4\n", "Haus 2 gas", "gas")]
    public async Task Nothing_is_added_to_a_meter_of_electricity_unasked_and_what_is_proposed_is_a_meter_of_its_own(string text, string meter, string carrier)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Haus 2.csv", Encoding.UTF8.GetBytes("Date,kWh\n2024-01-01,1\n2024-01-02,2\n"), wait: true);

        var (_, preview) = await host.PreviewAsync("Haus 2.csv", Encoding.UTF8.GetBytes(text));
        var (_, asked) = await host.ImportAsync("Haus 2.csv", Encoding.UTF8.GetBytes(text), wait: true);
        var (_, job) = await host.ImportAsync("Haus 2.csv", Encoding.UTF8.GetBytes(text), wait: true, ("mapping", preview.GetProperty("mapping").GetRawText()));

        Assert.Equal(("failed", "AMBIGUOUS_MAPPING"), (State(asked), asked.GetProperty("errors")[0].GetProperty("code").GetString()));
        Assert.Contains($"\"Haus 2\": \"{meter}\"", asked.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("completed", State(job));
        Assert.Equal([("Haus 2", "electricity", 2L), (meter, carrier, 2L)], await MetersAsync(host));
    }

    [Fact]
    public async Task What_is_said_to_be_of_it_is_added_and_told_of()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Haus 2.csv", Encoding.UTF8.GetBytes("Date,kWh\n2024-01-01,1\n2024-01-02,2\n"), wait: true);

        var (_, job) = await host.ImportAsync("Fernwärme Haus 2.csv", Encoding.UTF8.GetBytes("Date,kWh\n2024-02-01,3\n2024-02-02,4\n"), wait: true, ("equipment_id", "Haus 2"));

        Assert.Equal("completed", State(job));
        Assert.Contains(Told(job), told => told == ("carrier", "Haus 2: electricity"));
        Assert.Equal([("Haus 2", "electricity", 4L)], await MetersAsync(host));
    }

    [Fact]
    public async Task The_carrier_that_somebody_has_set_answers_it()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Haus 2.csv", Encoding.UTF8.GetBytes("Date,kWh\n2024-01-01,1\n2024-01-02,2\n"), wait: true);
        await host.Catalogue.SaveEquipmentAsync((await host.Catalogue.FindEquipmentAsync("Haus 2", Cancel))! with { Carrier = "district heat" }, Cancel);

        var (_, job) = await host.ImportAsync("Haus 2.csv", Encoding.UTF8.GetBytes("Fernwärme\nDate,kWh\n2024-02-01,3\n2024-02-02,4\n"), wait: true);

        Assert.Equal("completed", State(job));
        Assert.DoesNotContain(Told(job), told => told.Value == "Haus 2: district heat");
        Assert.Equal([("Haus 2", "district heat", 4L)], await MetersAsync(host));
    }

    [Fact]
    public async Task Gas_of_places_goes_on_in_the_meters_that_files_of_gas_have_begun_and_electricity_does_not()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("gas.csv", Encoding.UTF8.GetBytes("Date,North Gas m3,South Gas m3\n2024-01-01,1,2\n2024-01-02,2,3\n"), wait: true);
        await host.ImportAsync("both.csv", Encoding.UTF8.GetBytes("Date,North Electricity kWh,North Gas m3,South Electricity kWh,South Gas m3\n2024-02-01,100,1,200,2\n2024-02-02,101,2,202,3\n"), wait: true);
        await host.ImportAsync("electricity.csv", Encoding.UTF8.GetBytes("Date,North Electricity kWh,South Electricity kWh\n2024-03-01,100,200\n2024-03-02,101,202\n"), wait: true);

        Assert.Equal([("North", "gas", 4L), ("North electricity", "electricity", 4L), ("South", "gas", 4L), ("South electricity", "electricity", 4L)], await MetersAsync(host));
    }

    [Fact]
    public async Task Gas_that_earlier_files_had_in_the_meter_of_a_place_is_told_of_and_can_go_on_there()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("old.csv", Encoding.UTF8.GetBytes("Date,Electricity kWh,Gas m3\n2024-01-01,1,2\n2024-01-02,2,3\n"), wait: true, ("equipment_id", "North"));
        var text = Encoding.UTF8.GetBytes("Date,North Electricity kWh,North Gas m3,South Electricity kWh,South Gas m3\n2024-02-01,100,1,200,2\n2024-02-02,101,2,202,3\n");

        var (_, preview) = await host.PreviewAsync("both.csv", text);
        await host.ImportAsync("both.csv", text, wait: true, ("mapping", """{"equipment":{"North gas":"North"}}"""));

        Assert.Contains(Told(preview), told => told == ("equipment_id", "North gas"));
        Assert.Equal([("North", "electricity", 8L), ("South", "electricity", 2L), ("South gas", "gas", 2L)], await MetersAsync(host));
    }

    [Fact]
    public async Task Sheets_that_are_called_by_what_flows_are_meters_of_the_building_that_their_file_is_called_after()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        foreach (var (file, month) in new[] { ("Building A.xlsx", 1), ("Building B.xlsx", 1), ("Building A 2024-02.xlsx", 2), ("Building B 2024-02.xlsx", 2) })
        {
            Assert.Equal("completed", State((await host.ImportAsync(file, Workbook(month, file[9], "Electricity", "Gas"), wait: true)).Body));
        }

        await host.ImportAsync("Building A 2024-03.xlsx", Workbook(3, 'A', "Electricity"), wait: true);

        Assert.Equal(
            [("Building A Electricity", "electricity", 12L), ("Building A Gas", "gas", 8L), ("Building B Electricity", "electricity", 8L), ("Building B Gas", "gas", 8L)],
            await MetersAsync(host));
    }

    [Fact]
    public async Task What_such_sheets_were_called_before_goes_on_and_another_building_is_asked_about()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Building A.xlsx", Workbook(1, 'A', "Electricity", "Gas"), wait: true, ("mapping", """{"equipment":{"Electricity":"Electricity","Gas":"Gas"}}"""));

        var (_, own) = await host.ImportAsync("Building A 2024-02.xlsx", Workbook(2, 'A', "Electricity", "Gas"), wait: true);
        var (_, preview) = await host.PreviewAsync("Building B 2024-03.xlsx", Workbook(3, 'B', "Electricity", "Gas"));
        var (_, asked) = await host.ImportAsync("Building B 2024-03.xlsx", Workbook(3, 'B', "Electricity", "Gas"), wait: true);
        var (_, other) = await host.ImportAsync("Building B 2024-03.xlsx", Workbook(3, 'B', "Electricity", "Gas"), wait: true, ("mapping", preview.GetProperty("mapping").GetRawText()));

        Assert.Equal(("completed", "failed", "completed"), (State(own), State(asked), State(other)));
        Assert.Contains("""mapping={"equipment":{"Building B Electricity":"Electricity","Building B Gas":"Gas"}}""", asked.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal([("Building B Electricity", "electricity", 4L), ("Building B Gas", "gas", 4L), ("Electricity", "electricity", 8L), ("Gas", "gas", 8L)], await MetersAsync(host));
    }

    [Theory]
    [InlineData("Utilities.xlsx")]
    [InlineData("Office export 17389.xlsx")]
    public async Task Sheets_of_a_file_that_is_called_after_no_place_keep_their_names(string file)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        await host.ImportAsync(file, Workbook(1, 'A', "Electricity", "Gas"), wait: true);

        Assert.Equal([("Electricity", "electricity", 4L), ("Gas", "gas", 4L)], await MetersAsync(host));
    }

    private static byte[] Workbook(int month, int factor, params string[] sheets)
    {
        using var workbook = new XLWorkbook();
        foreach (var (at, name) in sheets.Index())
        {
            var sheet = workbook.AddWorksheet(name);
            (sheet.Cell("A1").Value, sheet.Cell("B1").Value) = ("Date", "kWh");
            for (var day = 1; day <= 4; day++)
            {
                (sheet.Cell(day + 1, 1).Value, sheet.Cell(day + 1, 2).Value) = (new DateTime(2024, month, day), ((at + 1) * factor) + (day * 7 % 5));
            }
        }

        using var stream = new MemoryStream();
        workbook.SaveAs(stream);
        return stream.ToArray();
    }

    private static string? State(JsonElement job) => job.GetProperty("state").GetString();

    private static IEnumerable<(string? What, string? Value)> Told(JsonElement job) =>
        job.GetProperty("assumptions").EnumerateArray().Select(assumption => (assumption.GetProperty("what").GetString(), assumption.GetProperty("value").GetString()));

    private static async Task<List<(string Id, string Carrier, long Count)>> MetersAsync(ImportHost host)
    {
        var series = (await host.Store.ListSeriesAsync(null, null, Cancel)).ToLookup(one => one.Key.EquipmentId, one => one.Count);
        return [.. (await host.Catalogue.ListEquipmentAsync(Cancel)).OrderBy(one => one.Id, StringComparer.Ordinal).Select(one => (one.Id, one.Carrier, (long)series[one.Id].Sum(count => count)))];
    }
}
