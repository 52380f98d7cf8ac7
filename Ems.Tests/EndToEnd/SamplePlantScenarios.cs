using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ems.SamplePlant.Faults;
using Ems.SamplePlant.Sites;
using Ems.Tests.Functional;
using NodaTime;
using NodaTime.Text;

namespace Ems.Tests.EndToEnd;

/// <summary>The sample plant as a new user loads it, in a short form: what the routes answer against what was generated.</summary>
public abstract partial class SamplePlantScenarios
{
    private const int Days = 3;
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan LiveLimit = TimeSpan.FromMinutes(2);

    private protected static readonly (string, string)[] Settings =
        [("Ems__SamplePlant__Days", Days.ToString(CultureInfo.InvariantCulture)), ("Ems__SamplePlant__LiveInterval", "00:00:01")];

    [Fact]
    public async Task The_plant_comes_in_whole_and_once_and_goes_on_living_after_a_kill()
    {
        await using var system = Create();
        system.Arguments = ["--load-data"];
        await system.StartAsync();
        var loaded = await LoadedAsync(system);
        var truth = new PlantTruth(ReadTruth(system), Days);

        Assert.Equal((truth.ReadingCount(), 0, 0), loaded);
        Assert.Equal(truth.Faults, ReadTruth(system).Faults);
        await CheckSitesAsync(system.Api);
        await CheckEnergyAsync(system.Api, truth, ReadTruth(system));
        await CheckDashboardAsync(system.Api, truth);
        await CheckQualityAsync(system.Api, truth);

        await system.StopAsync(TimeSpan.FromSeconds(30));
        system.Arguments = ["--load-data", "--simulate"];
        await system.StartAsync();
        var again = await LoadedAsync(system);

        Assert.Equal(0, again.Changed);
        Assert.InRange(again.Duplicate, loaded.Stored * 0.8, loaded.Stored);
        await CheckLiveAsync(system, truth);
        system.Arguments = ["--simulate"];
        system.KillImporter();
        await system.RecoverAsync();
        await CheckLiveAsync(system, truth);
    }

    private protected abstract EmsSystem Create();

    private static TruthFile ReadTruth(EmsSystem system) => TruthFile.Read(Path.Combine(system.DataDirectory, "sample-plant-truth.json"));

    private static async Task<(long Stored, long Duplicate, long Changed)> LoadedAsync(EmsSystem system)
    {
        Match? match = null;
        await Eventually.HoldsAsync(() => (match = LoadedPattern().Match(system.Output)).Success, LoadLimit, () => system.Output);
        long Count(string group) => long.Parse(match!.Groups[group].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        return (Count("stored"), Count("duplicate"), Count("changed"));
    }

    private static async Task CheckSitesAsync(HttpClient api)
    {
        var sites = (await api.JsonAsync("/api/v1/data/sites")).GetProperty("sites").EnumerateArray().ToList();
        Assert.Equal(
            SampleSites.All.Select(site => (site.Id, site.TimeZone)).Order(),
            sites.Select(site => (site.Text("id"), site.Text("time_zone"))).Order());
        Assert.All(sites, site => Assert.True(site.GetProperty("holidays").GetArrayLength() > 30));
    }

    private static async Task CheckEnergyAsync(HttpClient api, PlantTruth truth, TruthFile file)
    {
        foreach (var meter in truth.EnergyMeters)
        {
            var range = $"from={InstantPattern.ExtendedIso.Format(file.From)}&to={InstantPattern.ExtendedIso.Format(file.To)}";
            var days = await api.ValuesAsync($"equipment_id={meter.Id}&metric=energy&bucket=day&{range}");
            Assert.Equal(truth.EnergyKwh(meter, file.From, file.To)!.Value, days[meter.Id].Values.Sum(), 1e-3);
        }
    }

    /// <summary>What is found is what was planted, none of it where nothing was.</summary>
    private static async Task CheckQualityAsync(HttpClient api, PlantTruth truth)
    {
        var findings = (await api.JsonAsync("/api/v1/data/quality?limit=1000")).GetProperty("findings").EnumerateArray().ToList();
        Assert.All(findings, finding => Assert.Contains(
            truth.Faults, fault => fault.EquipmentId == finding.Text("equipment_id")
                && finding.Text("kind") == fault.Kind switch { FaultKind.StuckValue => "stuck", FaultKind.Gap => "gap", FaultKind.Spike => "spike", FaultKind.RegisterReset => "register_reset", _ => "" }));
    }

    private static async Task CheckDashboardAsync(HttpClient api, PlantTruth truth)
    {
        JsonElement dashboard = default;
        await Eventually.HoldsAsync(
            async () => (dashboard = await api.JsonAsync("/api/v1/dashboard")).GetProperty("energy").ValueKind == JsonValueKind.Object,
            LiveLimit, () => dashboard.GetRawText());
        var now = Instant.FromDateTimeOffset(dashboard.GetProperty("timestamp").GetDateTimeOffset());
        foreach (var carrier in new[] { "electricity", "gas" })
        {
            var shown = dashboard.GetProperty("energy").GetProperty("by_carrier").GetProperty(carrier);
            Check(truth.MainEnergyKwh(carrier, date => (date, date.PlusDays(1)), now), shown.GetProperty("today_kwh"));
            Check(truth.MainEnergyKwh(carrier, date => (date.PlusDays(-1), date), now), shown.GetProperty("yesterday_kwh"));
            Check(truth.MainEnergyKwh(carrier, date => (date.With(DateAdjusters.StartOfMonth), date.PlusDays(1)), now), shown.GetProperty("month_kwh"));
        }

        static void Check(double? expected, JsonElement shown)
        {
            Assert.Equal(expected is null, shown.ValueKind == JsonValueKind.Null);
            Assert.Equal(expected ?? 0, shown.ValueKind == JsonValueKind.Null ? 0 : shown.GetDouble(), 1e-2);
        }
    }

    /// <summary>Live readings newer than now come in, and each one is what the meter counts at its instant.</summary>
    private static async Task CheckLiveAsync(EmsSystem system, PlantTruth truth)
    {
        const string register = "energy_import_register";
        var site = truth.Sites.Single(one => one.Site.Id == "adelaide");
        var main = site.Site.Meters.Single(meter => meter.Kind == MeterKind.Registers);
        var since = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        IReadOnlyDictionary<string, double> values = new Dictionary<string, double>();
        await Eventually.HoldsAsync(
            async () =>
            {
                var found = await system.Api.ValuesAsync(
                    $"equipment_id={main.Id}&metric={register}&bucket=raw&from={InstantPattern.ExtendedIso.Format(since - Duration.FromMinutes(16))}&to=2200-01-01T00:00:00Z");
                values = found.GetValueOrDefault(main.Id, values);
                return values.Keys.Count(start => InstantOf(start) >= since) >= 2;
            },
            LiveLimit,
            () => $"{values.Count} values since {since}\n{system.Output}");

        Assert.All(values, value => Assert.Equal(site.Now(main, InstantOf(value.Key))![register], value.Value));
    }

    private static Instant InstantOf(string start) => Instant.FromDateTimeOffset(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture));

    [GeneratedRegex("The sample plant is loaded: (?<stored>[0-9,]+) readings stored, (?<duplicate>[0-9,]+) were there already, (?<changed>[0-9,]+) changed")]
    private static partial Regex LoadedPattern();
}

[Collection("Processes")]
public sealed class SamplePlantOnTheSplitSystemTests : SamplePlantScenarios
{
    private protected override EmsSystem Create() => new SplitSystem(Settings);
}

[Collection("Processes")]
public sealed class SamplePlantOnTheMonolithTests : SamplePlantScenarios
{
    private protected override EmsSystem Create() => new MonolithSystem(Settings);
}
