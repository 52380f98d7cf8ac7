using System.Text;

namespace Ems.Tests.Functional;

/// <summary>Files of a few rows that go on from what the registers of their meters have shown.</summary>
public sealed class ContinuedRegisterTests : IDisposable
{
    private const string Registers = "Date,Main kWh,Kitchen kWh\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("ems-continued-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(12, 3)]
    [InlineData(13, 2)]
    [InlineData(13, 1)]
    public async Task Are_asked_about_and_either_answer_is_obeyed(int first, int count)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await BeginAsync(host);
        var rows = Registers + States(first, count);

        var asked = await AskedAsync(host, "Site log.csv", rows);
        await CompleteAsync(host, "Site log.csv", rows, ("metric", "energy_import_register"));

        Assert.Equal(
            "Main has energy_import_register, last 99340 kWh, and the values of Main kWh go on from there and never fall, as those of a register do, but nothing says that they are. So do those of Kitchen. "
            + "Send metric=energy_import_register, or metric=energy if each row has an amount of its own.", asked);
        Assert.Equal([("Kitchen", "energy_import_register", first + count), ("Main", "energy_import_register", first + count)], await SeriesAsync(host));
    }

    [Fact]
    public async Task Are_amounts_where_that_is_said_and_then_go_on_so()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await BeginAsync(host);

        await CompleteAsync(host, "Site log.csv", Registers + States(13, 1), ("metric", "energy"));
        await CompleteAsync(host, "Other log.csv", Registers + States(14, 1));

        Assert.Equal([("Kitchen", "energy", 2), ("Kitchen", "energy_import_register", 13), ("Main", "energy", 2), ("Main", "energy_import_register", 13)], await SeriesAsync(host));
    }

    [Fact]
    public async Task Are_registers_by_the_mapping_that_the_preview_proposes()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await BeginAsync(host);
        var rows = Registers + States(13, 2);

        var (_, preview) = await host.PreviewAsync("Site log.csv", Encoding.UTF8.GetBytes(rows));
        await CompleteAsync(host, "Site log.csv", rows, ("mapping", preview.GetProperty("mapping").GetRawText()));

        Assert.Contains(preview.GetProperty("problems").EnumerateArray(), problem => problem.GetProperty("code").GetString() == "AMBIGUOUS_MAPPING");
        Assert.Equal([("Kitchen", "energy_import_register", 15), ("Main", "energy_import_register", 15)], await SeriesAsync(host));
    }

    [Fact]
    public async Task Are_asked_for_their_mapping_where_another_column_has_amounts()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await BeginAsync(host);
        var rows = $"Date,Main kWh,Lift kWh\n2024-02-01,{StateOf(13)},120\n2024-03-01,{StateOf(14)},90\n";

        var asked = await AskedAsync(host, "Site log.csv", rows);
        var mapping = asked[(asked.IndexOf("mapping=", StringComparison.Ordinal) + 8)..asked.IndexOf(", or the kind", StringComparison.Ordinal)];
        await CompleteAsync(host, "Site log.csv", rows, ("mapping", mapping));

        Assert.Equal([("Kitchen", "energy_import_register", 13), ("Lift", "energy", 2), ("Main", "energy_import_register", 15)], await SeriesAsync(host));
    }

    [Fact]
    public async Task Of_volumes_are_asked_about_too()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var registers = "Date,Boiler gas m3,Kitchen gas m3\n";
        await CompleteAsync(host, "Gas meters.csv", registers + States(0, 13), ("mapping", """{"columns":[{"column":"Boiler gas m3","metric":"gas_volume","kind":"register"},{"column":"Kitchen gas m3","metric":"gas_volume","kind":"register"}]}"""));

        var asked = await AskedAsync(host, "Site log.csv", "Date,Boiler gas (m3),Kitchen gas (m3)\n" + States(13, 2));

        Assert.Contains("has gas_volume, last 99340 m³", asked, StringComparison.Ordinal);
        Assert.Contains("or the kind interval", asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-02-01,4200,1400\n2024-03-01,4300,1500\n")]
    [InlineData("2024-02-01,103400,51700\n2024-03-01,99000,49000\n")]
    [InlineData("2024-02-01,99000,49000\n2024-03-01,99500,49600\n")]
    [InlineData("2024-02-01,190000,90000\n2024-03-01,199500,99600\n")]
    [InlineData("2022-02-01,103500,51600\n2022-03-01,108000,54000\n")]
    [InlineData("2024-02-01,0,0\n2024-03-01,0,0\n")]
    public async Task Are_none_where_values_are_below_its_last_state_or_far_above_it_or_fall_or_are_before_it(string rows)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await BeginAsync(host);

        await CompleteAsync(host, "Site log.csv", Registers + rows);

        Assert.Equal([("Kitchen", "energy", 2), ("Kitchen", "energy_import_register", 13), ("Main", "energy", 2), ("Main", "energy_import_register", 13)], await SeriesAsync(host));
    }

    [Fact]
    public async Task Of_a_young_register_may_rise_as_fast_as_it_does()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await CompleteAsync(host, "New meters.csv", Registers + "2024-01-01,10,20\n2024-02-01,4100,2000\n2024-03-01,8000,4100\n", ("metric", "energy_import_register"));

        Assert.Contains("last 8000 kWh", await AskedAsync(host, "Site log.csv", Registers + "2024-04-01,12100,6000\n"), StringComparison.Ordinal);
    }

    private static async Task BeginAsync(ImportHost host) => await CompleteAsync(host, "Site meters.csv", Registers + States(0, 13), ("metric", "energy_import_register"));

    private static string States(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(month => $"{new DateTime(2023, 1, 1).AddMonths(month):yyyy-MM-dd},{StateOf(month)},{StateOf(month) / 2}\n"));

    private static int StateOf(int month) => 50_000 + (month * 4_100) + (month % 5 * 70);

    private static async Task CompleteAsync(ImportHost host, string name, string text, params (string, string)[] fields)
    {
        var (status, job) = await host.ImportAsync(name, Encoding.UTF8.GetBytes(text), wait: true, fields);
        Assert.True(status == 200 && job.GetProperty("state").GetString() == "completed", job.ToString());
    }

    private static async Task<string> AskedAsync(ImportHost host, string name, string text)
    {
        var (_, job) = await host.ImportAsync(name, Encoding.UTF8.GetBytes(text), wait: true);
        var error = Assert.Single(job.GetProperty("errors").EnumerateArray());
        Assert.Equal(("failed", "AMBIGUOUS_MAPPING", 0), (job.GetProperty("state").GetString(), error.GetProperty("code").GetString(), job.GetProperty("rows_stored").GetInt32()));
        return error.GetProperty("message").GetString()!;
    }

    private static async Task<List<(string, string, int)>> SeriesAsync(ImportHost host) =>
        [.. (await host.Store.ListSeriesAsync(null, null, Cancellation)).Select(series => (series.Key.EquipmentId, series.Key.Metric, (int)series.Count)).Order()];
}
