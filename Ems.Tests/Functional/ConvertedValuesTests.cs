using System.Globalization;
using System.Text;
using Ems.Core.Storage;
using Ems.Tests.Contracts;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>Values that an import converts, on the embedded store and on MongoDB.</summary>
public sealed class ConvertedValuesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("MWh", 1_000)]
    [InlineData("Wh", 0.001)]
    public async Task Converted_values_are_round_and_duplicates_when_they_come_again(string unit, double factor)
    {
        var embedded = await ImportTwiceAsync(unit, factor);
        await using var mongo = new TestMongo();

        Assert.Equal(embedded, await ImportTwiceAsync(unit, factor, $"--ConnectionStrings:ems={mongo.ConnectionString}"));
    }

    private async Task<IReadOnlyList<double>> ImportTwiceAsync(string unit, double factor, params string[] settings)
    {
        decimal[] written = [0.07m, 8.2m, 1.1m, 0.57m, 16.4m, 1234567.89m];
        var rows = written.Select((value, hour) => string.Create(CultureInfo.InvariantCulture, $"2024-03-01 {hour:00}:00,{value}\n"));
        var file = Encoding.UTF8.GetBytes($"time,{unit}\n{string.Concat(rows)}");
        await using var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, $"{unit}{settings.Length}"), settings);
        await host.ImportAsync("main.csv", file, wait: true);
        var (_, again) = await host.ImportAsync("main.csv", file, wait: true);
        Assert.Equal((0, 6), (again.GetProperty("rows_stored").GetInt32() + again.GetProperty("rows_changed").GetInt32(), again.GetProperty("rows_duplicate").GetInt32()));

        var series = Assert.Single(await host.Store.ListSeriesAsync(null, null, TestContext.Current.CancellationToken));
        var values = (await host.Store.ReadAsync(series.Key, Instant.FromUtc(2024, 1, 1, 0, 0), Instant.FromUtc(2025, 1, 1, 0, 0), neighbours: 0, TestContext.Current.CancellationToken)).Select(sample => sample.Value).ToList();
        Assert.Equal(written.Select(value => (double)(value * (decimal)factor)), values);
        return values;
    }
}
