using System.Text;

namespace Ems.Tests.Functional;

/// <content>Files whose names differ in numbers that may be dates.</content>
public sealed partial class OverwrittenMetersTests
{
    [Theory]
    [InlineData("MSB2024.csv", "MSB2025.csv", "MSB", "MSB2025")]
    [InlineData("Pump12_2024.csv", "Pump13_2024.csv", "Pump", "Pump13_2024")]
    [InlineData("Etage 2 Jan 2024.csv", "Etage 3 Jan 2024.csv", "Etage", "Etage 3 Jan 2024")]
    [InlineData("export.csv", "export.csv", "export", "export 2")]
    [InlineData("data.csv", "data (1).csv", "data", "data (1)")]
    [InlineData("Etage 2 Jan 2024.csv", "Etage 3 Jan 2024_final.csv", "Etage", "Etage 3 Jan 2024_final")]
    [InlineData("MSB2024.csv", "MSB2025 final.csv", "MSB", "MSB2025 final")]
    [InlineData("Zimmer 2012-07.csv", "Zimmer 2012-08.csv", "Zimmer", "Zimmer 2012-08")]
    [InlineData("Asset 20200315.csv", "Asset 20200316.csv", "Asset", "Asset 20200316")]
    [InlineData("Room 01-2012.csv", "Room 02-2012.csv", "Room", "Room 02-2012")]
    [InlineData("Flat Jan 2024.csv", "Flat Feb 2024.csv", "Flat", "Flat Feb 2024")]
    [InlineData("Block Mai 12.csv", "Block Mai 13.csv", "Block", "Block Mai 13")]
    [InlineData("PV KW10 2024.csv", "PV KW20 2024.csv", "PV", "PV KW20 2024")]
    [InlineData("Unit Q1 2024.csv", "Unit Q2 2024.csv", "Unit", "Unit Q2 2024")]
    [InlineData("Building 2020 2024-01.csv", "Building 2021 2024-01.csv", "Building", "Building 2021 2024-01")]
    public async Task Meters_whose_numbers_look_like_dates_do_not_overwrite_each_other(string first, string second, string meter, string own)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync(first, Hours(1), wait: true);

        var (_, refused) = await host.ImportAsync(second, Hours(2), wait: true);
        var (_, apart) = await host.ImportAsync(second, Hours(2), wait: true, ("mapping", AdvisedIn(refused)));

        Assert.Equal(("failed", $$$"""{"equipment": {"{{{meter}}}": "{{{own}}}"}}"""), (State(refused), AdvisedIn(refused)));
        Assert.Equal(("completed", 0), (State(apart), apart.GetProperty("rows_changed").GetInt32()));
        Assert.Equal([(meter, 48L), (own, 48L)], await CountsAsync(host));
    }

    [Fact]
    public async Task Columns_of_files_whose_numbers_look_like_dates_get_ids_of_their_own()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        static byte[] Columns(int factor) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Hours(factor)).Replace("kWh", "Light (kWh),Plug (kWh)", StringComparison.Ordinal).Replace("1\n", "1,3\n", StringComparison.Ordinal).Replace("2\n", "2,5\n", StringComparison.Ordinal).Replace("3\n", "3,8\n", StringComparison.Ordinal).Replace("6\n", "6,9\n", StringComparison.Ordinal).Replace("4\n", "4,6\n", StringComparison.Ordinal));
        await host.ImportAsync("Etage 2 Jan 2024.csv", Columns(1), wait: true);

        var (_, refused) = await host.ImportAsync("Etage 3 Jan 2024.csv", Columns(2), wait: true);

        Assert.Contains("\"Light\": \"Etage 3 Jan 2024 Light\"", AdvisedIn(refused), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Main_2024-01.csv", "Main_2024-01.csv", 2, 48)]
    [InlineData("Main_2024-01.csv", "Main_2024-01 (2).csv", 2, 48)]
    [InlineData("Main_2024-01.csv", "Main_2024-01_v2.csv", 2, 48)]
    [InlineData("Main_2024-01.csv", "Main_2024-01_new.csv", 2, 48)]
    [InlineData("Main_2024-01.csv", "Main 2024-01 corrected.csv", 2, 48)]
    [InlineData("Main_2024-01.csv", "Main_2024-01 corrected 2024-02-10.csv", 2, 48)]
    [InlineData("Main_01-2024.csv", "Main_2024-01_final.csv", 2, 48)]
    [InlineData("Main_KW03_2024.csv", "Main_KW03-2024_korrigiert.csv", 2, 48)]
    [InlineData("Main_2024-01.csv", "Main_202401.csv", 2, 48)]
    [InlineData("Main_202401.csv", "Main Jan 2024.csv", 2, 48)]
    [InlineData("Main_2024_01.csv", "2024-01_Main.csv", 2, 48)]
    [InlineData("Main_2024-01.csv", "Main_2024-01-01_2024-01-31.csv", 2, 48)]
    [InlineData("Main_2024.csv", "Main_2024-01.csv", 2, 48)]
    [InlineData("MSB2024.csv", "MSB2024_v2.csv", 2, 48)]
    [InlineData("Main Q1 2024.csv", "Main 2024.csv", 2, 48)]
    [InlineData("Main_2024-01-01 to 2024-01-15.csv", "Main_2024-01-01 to 2024-01-31.csv", 2, 48)]
    [InlineData("Main_2024-01-15.csv", "Main_2024-01-16.csv", 1, 0)]
    [InlineData("Main_2024-01-15.csv", "Main_2024-01-16.csv", -1, 40)]
    public async Task A_month_is_corrected_and_a_rolling_export_goes_on_without_a_question(string first, string second, int factor, int changed)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync(first, Hours(1), wait: true);

        var (_, job) = await host.ImportAsync(second, factor < 0 ? Hours(2, until: changed) : Hours(factor), wait: true);

        Assert.Equal(("completed", changed), (State(job), job.GetProperty("rows_changed").GetInt32()));
    }
}
