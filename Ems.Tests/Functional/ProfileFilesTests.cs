using System.Text;

namespace Ems.Tests.Functional;

/// <summary>Which files a profile that their headers have found knows the meters of.</summary>
public sealed class ProfileFilesTests : IDisposable
{
    private const string Boiler = """{"columns":[{"column":"When","role":"time"},{"column":"X","metric":"active_power","unit":"kW","equipment_id":"Boiler"}]}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("ems-profile-files-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("b.csv")]
    [InlineData("b_2024-02.csv")]
    public async Task A_name_that_two_sites_use_is_that_of_the_site_whose_file_comes_again(string next)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/A", """{"time_zone":"Europe/Berlin"}""");
        await PutAsync(host, "/sites/B", """{"time_zone":"America/New_York"}""");
        static string Hall(int month) => $"Meter,Time,kWh\nHall,2024-0{month}-01 00:00,1\nHall,2024-0{month}-01 01:00,2\n";
        await ImportAsync(host, "a.csv", Hall(1), ("site", "A"));
        await ImportAsync(host, "b.csv", Hall(1), ("site", "B"), ("mapping", """{"equipment":{"Hall":"B:Hall"}}"""));

        await ImportAsync(host, next, Hall(2));
        Assert.Equal([("B:Hall", 4L), ("Hall", 2L)], await CountsAsync(host));
        await ImportAsync(host, "a_2024-02.csv", Hall(2));

        Assert.Equal([("B:Hall", 4L), ("Hall", 4L)], await CountsAsync(host));
    }

    [Fact]
    public async Task A_name_that_a_file_was_corrected_by_is_that_of_files_of_any_name()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        static string Hall(int month) => $"Meter,Time,kWh\nHall,2024-0{month}-01 00:00,1\nHall,2024-0{month}-01 01:00,2\n";
        await ImportAsync(host, "a.csv", Hall(1));
        await ImportAsync(host, "a.csv", Hall(1), ("mapping", """{"equipment":{"Hall":"North hall"}}"""));

        await ImportAsync(host, "b.csv", Hall(2));

        Assert.Equal([("Hall", 2L), ("North hall", 4L)], await CountsAsync(host));
    }

    [Fact]
    public async Task A_profile_that_a_person_has_put_names_the_meters_of_columns_in_files_of_any_name()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/profiles/mine", $$"""{"mapping":{{Boiler}}}""");

        await ImportAsync(host, "north_2024-01.csv", Rows(1));
        await ImportAsync(host, "north_2024-02.csv", Rows(2));

        Assert.Equal([("Boiler", 4L)], await CountsAsync(host));
    }

    [Fact]
    public async Task A_profile_of_files_whose_meter_stands_above_the_table_names_those_of_columns_in_files_of_any_name()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        await ImportAsync(host, "export 1.csv", $"Meter Number: 222013\n\n{Rows(1)}", ("mapping", Boiler));
        await ImportAsync(host, "download.csv", $"Meter Number: 222013\n\n{Rows(2)}");

        Assert.Equal([("Boiler", 4L)], await CountsAsync(host));
    }

    [Theory]
    [InlineData("Units,kWh\n\nDate,Meter,Value\n2024-01-01,A,1\n2024-01-02,A,2\n", "Units,m3\n\nDate,Meter,Value\n2024-01-01,B,1\n2024-01-02,B,2\n", "Units: m")]
    [InlineData("Electricity kWh,,\nSite,Jan 2025,Feb 2025\nA,1,2\nB,3,2\n", "Water m3,,\nSite,Jan 2025,Feb 2025\nC,1,2\nD,3,2\n", "'Water m3' stands above")]
    public async Task A_title_that_says_something_else_than_the_profile_of_the_headers_is_asked_about(string first, string second, string asked)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var (_, preview) = await host.PreviewAsync("one.csv", Encoding.UTF8.GetBytes(first));
        var (_, kept) = await host.ImportAsync("one.csv", Encoding.UTF8.GetBytes(first), wait: true, ("mapping", preview.GetProperty("mapping").GetRawText()));

        var (_, refused) = await host.ImportAsync("two.csv", Encoding.UTF8.GetBytes(second), wait: true);
        var (_, told) = await host.ImportAsync("two.csv", Encoding.UTF8.GetBytes(second), wait: true, ("metric", "water_volume"), ("unit", "m3"));
        var (_, again) = await host.ImportAsync("three.csv", Encoding.UTF8.GetBytes(first), wait: true);

        Assert.All([kept, told, again], job => Assert.Equal("completed", job.GetProperty("state").GetString()));
        Assert.Contains(asked, Assert.Single(refused.GetProperty("errors").EnumerateArray()).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("water_volume", Assert.Single((await host.Store.ListSeriesAsync(null, null, Cancellation)).Select(series => series.Key.Metric).Distinct(), metric => metric != "energy"));
    }

    [Fact]
    public async Task Of_profiles_with_the_same_headers_the_one_of_the_files_name_counts()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await ImportAsync(host, "Strom 2024-01.csv", Month("EL1", 1), ("mapping", Measured("energy", "kWh")));
        await ImportAsync(host, "Gas 2024-01.csv", Month("G1", 1), ("mapping", Measured("gas_volume", "m³")));

        await ImportAsync(host, "Strom 2024-02.csv", Month("EL1", 2));
        await ImportAsync(host, "Gas 2024-02.csv", Month("G1", 2));

        Assert.Equal([("EL1", "energy", 4L), ("G1", "gas_volume", 4L)], await MetricsAsync(host));
    }

    [Fact]
    public async Task A_number_in_a_files_name_belongs_to_its_profile_in_the_next_month_too()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await ImportAsync(host, "Quelle1_2024-01.csv", Rows(1), ("metric", "energy"), ("unit", "kWh"), ("equipment_id", "Main"));

        await ImportAsync(host, "Quelle1_2024-02.csv", Rows(2));

        Assert.Equal([("Main", "energy", 4L)], await MetricsAsync(host));
    }

    [Fact]
    public async Task A_profile_that_only_the_headers_have_found_does_not_bring_meters_what_they_never_had_where_another_one_has_what_they_do()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await ImportAsync(host, "Strom 2024-01.csv", Month("EL1", 1), ("mapping", Measured("energy", "kWh")));
        await ImportAsync(host, "Gas 2024-01.csv", Month("G1", 1), ("mapping", Measured("gas_volume", "m³")));
        var export = Encoding.UTF8.GetBytes(Month("EL1", 2));

        var (_, preview) = await host.PreviewAsync("Werte.csv", export);
        var (_, asked) = await host.ImportAsync("Werte.csv", export, wait: true);

        Assert.Equal("failed", asked.GetProperty("state").GetString());
        Assert.All([preview.GetProperty("problems")[0], asked.GetProperty("errors")[0]], fault =>
        {
            Assert.Equal("AMBIGUOUS_MAPPING", fault.GetProperty("code").GetString());
            Assert.Equal(["Strom", "Gas"], fault.GetProperty("alternatives").EnumerateArray().Select(profile => profile.GetString()!.Split('-')[0]));
        });
        await ImportAsync(host, "Werte.csv", Month("G1", 2));
        await ImportAsync(host, "Werte.csv", Month("new", 2));
        await ImportAsync(host, "Werte.csv", Month("EL1", 2), ("profile", asked.GetProperty("errors")[0].GetProperty("alternatives")[0].GetString()!));
        Assert.Equal([("EL1", "energy", 4L), ("G1", "gas_volume", 4L), ("new", "gas_volume", 2L)], await MetricsAsync(host));
    }

    private static string Month(string meter, int month) => $"Stelle;Wann;Wert\n{meter};2024-0{month}-01 00:00;1\n{meter};2024-0{month}-01 01:00;2\n";

    private static string Rows(int month) => $"When,X\n2024-0{month}-01 00:00,1\n2024-0{month}-01 01:00,2\n";

    private static async Task PutAsync(ImportHost host, string route, string json)
    {
        using var response = await host.Client.PutAsync(route, new StringContent(json, Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(201, (int)response.StatusCode);
    }

    private static async Task ImportAsync(ImportHost host, string name, string text, params (string, string)[] fields)
    {
        var (status, job) = await host.ImportAsync(name, Encoding.UTF8.GetBytes(text), wait: true, fields);
        Assert.True(status == 200 && job.GetProperty("state").GetString() == "completed", job.ToString());
    }

    private static string Measured(string metric, string unit) =>
        $$"""{"columns":[{"column":"Stelle","role":"equipment"},{"column":"Wann","role":"time"},{"column":"Wert","metric":"{{metric}}","unit":"{{unit}}"}]}""";

    private static async Task<IEnumerable<(string, string, long)>> MetricsAsync(ImportHost host) =>
        (await host.Store.ListSeriesAsync(null, null, Cancellation)).Select(one => (one.Key.EquipmentId, one.Key.Metric, one.Count)).Order();

    private static async Task<IEnumerable<(string, long)>> CountsAsync(ImportHost host) =>
        (await host.Store.ListSeriesAsync(null, null, Cancellation)).Select(one => (one.Key.EquipmentId, one.Count)).Order();
}
