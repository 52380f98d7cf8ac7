using System.Globalization;
using Ems.Core.Metering;
using Ems.Tests.Unit.Imports;
using NodaTime;
using NodaTime.Text;

namespace Ems.Tests.Functional;

/// <summary>Plain aggregates of real hourly meters, worked out elsewhere.</summary>
public sealed class QueryAnswerKeyTests
{
    private static readonly LocalDateTimePattern Times = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");

    [Theory]
    [InlineData("bdg2_building_1_hourly_kWh")]
    [InlineData("nmecr_school_2018_hourly_kWh")]
    [InlineData("taltech_ICT_hourly_kWh")]
    [InlineData("taltech_LIB_hourly_kWh")]
    [InlineData("taltech_U05_hourly_kWh")]
    [InlineData("ucsd_MusicBuilding_hourly_kW")]
    [InlineData("ucsd_SocialScience_hourly_kW")]
    public async Task A_real_meter_gives_every_number_of_the_answer_key(string file)
    {
        var path = ImportBench.RealFile($"meters/{file}.csv");
        await using var host = await QueryHost.StartAsync();
        await LoadAsync(host, file, path);

        foreach (var row in AnswerKey.Of($"{file}.csv").Where(row => row.Question != "rows"))
        {
            await row.CheckAsync(file, question => host.AskAsync(question), query => host.GetAsync($"/series?{query}"));
        }
    }

    private static async Task LoadAsync(QueryHost host, string id, string path)
    {
        var isPower = id.EndsWith("_kW", StringComparison.Ordinal);
        var values = (await File.ReadAllLinesAsync(path)).Skip(1).Select(line => line.Split(','))
            .Where(cells => cells[1].Length > 0)
            .Select(cells => (Start: Times.Parse(cells[0]).Value.InUtc().ToInstant(), Value: double.Parse(cells[1], CultureInfo.InvariantCulture)))
            .DistinctBy(v => v.Start);
        await host.WriteAsync(
            id, isPower ? "active_power" : "energy", isPower ? QuantityKind.Level : QuantityKind.Interval, isPower ? "kW" : "kWh",
            Duration.FromHours(1), values);
    }
}
