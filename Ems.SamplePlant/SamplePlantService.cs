using Ems.Core.Storage;
using Ems.SamplePlant.Live;
using Ems.SamplePlant.Loading;
using Ems.ServiceDefaults.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;
using Spectre.Console;

namespace Ems.SamplePlant;

/// <summary>Loads the sample plant and keeps it alive, as the flags say, once its host has started.</summary>
internal sealed partial class SamplePlantService(
    PlantFlags flags, IServiceProvider services, IConfiguration configuration, TimeProvider time, ILogger<SamplePlantService> logger)
    : BackgroundService
{
    private const string DefaultAddress = "http://localhost:8000";

    private readonly SamplePlantOptions _options = services.GetRequiredService<IOptions<SamplePlantOptions>>().Value;
    private readonly IServer? _server = services.GetService<IServer>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await HostStartedAsync(stoppingToken);
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it is, Ems itself goes on.
            LogFailed(fault is SamplePlantException ? null : fault, fault.Message);
            if (_server is null)
            {
                Environment.ExitCode = 1;
            }
        }

        if (_server is null)
        {
            services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var key = configuration[SamplePlantHosting.KeySetting] ?? configuration["Ems:AdminKey"]
            ?? throw new SamplePlantException("no key: set Ems__AdminKey to the key of the administrator");
        using var ems = new EmsClient(Address(), key, time);
        var console = new LoadConsole(AnsiConsole.Console);
        var plant = new Plant(_options.Seed);
        var loader = new PlantLoader(ems, console, time);
        await loader.CreateSitesAsync(Now(), stopping);
        if (flags.LoadData)
        {
            await LoadAsync(plant, loader, console, stopping);
        }

        if (flags.Simulate)
        {
            console.Say($"Live readings of the sample plant go in every {_options.LiveInterval.TotalSeconds:0} seconds.");
            await new LiveFeed(plant, ems, _options, time, services.GetRequiredService<ILogger<LiveFeed>>()).RunAsync(stopping);
        }
    }

    private async Task LoadAsync(Plant plant, PlantLoader loader, LoadConsole console, CancellationToken stopping)
    {
        var startedAt = time.GetTimestamp();
        var now = Now();
        var path = services.GetRequiredService<IOptions<StoreOptions>>().Value.PathOf("sample-plant-truth.json");
        plant.Truth(_options.Days, now).Write(path);
        var totals = await LoadQuietlyAsync(() => loader.LoadAsync(plant.Files(_options.Days, now), stopping));
        console.Say(FormattableString.Invariant(
            $"The sample plant is loaded: {totals.Stored:N0} readings stored, {totals.Duplicate:N0} were there already, {totals.Changed:N0} changed, in {time.GetElapsedTime(startedAt).TotalSeconds:0.0} s."));
        console.Say($"What is wrong with it is in {path}.");
    }

    private async Task<LoadTotals> LoadQuietlyAsync(Func<Task<LoadTotals>> load)
    {
        var console = services.GetService<QuietConsole>();
        console?.Keep(quiet: true);
        try
        {
            return await load();
        }
        finally
        {
            console?.Keep(quiet: false);
        }
    }

    private Uri Address() =>
        OwnAddress(_server?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            ?? new Uri(configuration["services:gateway:http:0"] ?? DefaultAddress);

    /// <summary>Of a host that is a server: without TLS where it can be, since its certificate need not be for this machine's name.</summary>
    internal static Uri? OwnAddress(IEnumerable<string> addresses) =>
        addresses.OrderBy(address => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase)).FirstOrDefault() is { } own
            ? new Uri(ReachableAddress.Of(own))
            : null;

    private async Task HostStartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping);
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    [LoggerMessage(Level = LogLevel.Error, Message = "The sample plant stopped: {Reason}")]
    private partial void LogFailed(Exception? fault, string reason);
}
