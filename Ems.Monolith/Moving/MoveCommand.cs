using System.Globalization;
using Ems.Analytics;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Ems.Core.Storage.Moving;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Spectre.Console;

namespace Ems.Monolith.Moving;

/// <summary><c>move --to PLACE [--from PLACE]</c>: moves everything between the embedded store and MongoDB. A place is a folder or a connection string.</summary>
internal sealed class MoveCommand(IAnsiConsole console)
{
    private const string Usage = "Usage: move --to PLACE [--from PLACE]; a place is a folder or mongodb://host:27017/ems?replicaSet=rs0.";

    // Nobody waits for an answer, and a server that is busy with what it moves may not give a sign of life for a while.
    private static readonly Dictionary<string, string?> Patient = new()
    {
        [$"{MongoOptions.Section}:{nameof(MongoOptions.ConnectTimeout)}"] = "00:00:30",
        [$"{MongoOptions.Section}:{nameof(MongoOptions.ServerSelectionTimeout)}"] = "00:01:00",
        [$"{MongoOptions.Section}:{nameof(MongoOptions.SocketTimeout)}"] = "00:05:00",
    };

    private readonly bool _isTerminal = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;

    /// <summary>Does nothing when the arguments ask for something else; else the process ends with it, with code 0 when everything arrived.</summary>
    public static async Task RunIfAskedForAsync(string[] args)
    {
        if (args is ["move", ..])
        {
            Environment.Exit(await RunAsync(args));
        }
    }

    private static async Task<int> RunAsync(string[] args)
    {
        using var end = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            end.Cancel();
        };
        try
        {
            await new MoveCommand(AnsiConsole.Console).MoveAsync(args[1..], end.Token);
            return 0;
        }
        catch (Exception refused) when (refused is StartRefusedException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync(refused.Message);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped. The same command goes on from here.");
        }
        catch (MongoException refused)
        {
            await Console.Error.WriteLineAsync($"MongoDB refuses it; mend that, and the same command goes on: {refused.Message.ReplaceLineEndings(" ")}");
        }

        return 1;
    }

    private async Task MoveAsync(string[] args, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables().AddCommandLine(args).Build();
        var to = configuration["to"] ?? throw new StartRefusedException(Usage);
        var folder = configuration.GetSection(StoreOptions.Section).Get<StoreOptions>()?.DataDirectory ?? new StoreOptions().DataDirectory;
        var from = configuration["from"] ?? (IsMongo(to) ? folder : configuration.GetConnectionString("ems"))
            ?? throw new StartRefusedException("Set ConnectionStrings:ems to the MongoDB to move from, or name it: move --to FOLDER --from mongodb://…");
        var source = Describe(from);
        console.Profile.Out.Writer.WriteLine($"From {source} to {Describe(to)}");
        using IHost sourceHost = Open(configuration, from, folder), targetHost = Open(configuration, to, folder);
        var move = new StoreMove(sourceHost.Services, targetHost.Services);
        try
        {
            var counts = await ShowAsync(report => move.RunAsync(source, report, cancellationToken));
            foreach (var (name, count) in counts)
            {
                console.Profile.Out.Writer.WriteLine(FormattableString.Invariant($"{count,14:N0} {name}"));
            }

            console.Profile.Out.Writer.WriteLine("Counts and sums are the same in both; the store it came from is as it was.");
        }
        catch (Exception away) when (StoreAway.Is(away))
        {
            throw new StartRefusedException($"The store is away; the same command goes on when it is back: {move.WhyAway(away)}");
        }
    }

    private async Task<IReadOnlyDictionary<string, long>> ShowAsync(Func<Action<MoveProgress>, Task<IReadOnlyDictionary<string, long>>> move)
    {
        if (_isTerminal)
        {
            return await console.Progress().StartAsync(async progress =>
            {
                var bars = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                return await move(step =>
                {
                    if (!bars.TryGetValue(step.What, out var bar))
                    {
                        bars.Add(step.What, bar = progress.AddTask(step.What));
                    }

                    (bar.MaxValue, bar.Value) = (Math.Max(1, step.All), step.Done);
                });
            });
        }

        var shown = (What: "", Tenths: 0L);
        return await move(step =>
        {
            shown = shown.What == step.What ? shown : (step.What, 0);
            if (step.All > 0 && step.Done * 10 / step.All > shown.Tenths)
            {
                shown.Tenths = step.Done * 10 / step.All;
                console.Profile.Out.Writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step.Done:N0} of {step.All:N0} {step.What}"));
            }
        });
    }

    /// <summary>A host that is never started: it only knows how to reach the store.</summary>
    private static IHost Open(IConfiguration configuration, string place, string folder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(Patient);
        builder.Configuration.AddInMemoryCollection(configuration.GetSection(MongoOptions.Section).AsEnumerable());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ems"] = IsMongo(place) ? place : null,
            ["Ems:DataDirectory"] = IsMongo(place) ? folder : Path.GetFullPath(place),
        });
        builder.AddEmsStorage();
        builder.AddAnalytics();
        return builder.Build();
    }

    private static bool IsMongo(string place) =>
        place.StartsWith("mongodb:", StringComparison.OrdinalIgnoreCase) || place.StartsWith("mongodb+srv:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Without the password.</summary>
    private static string Describe(string place)
    {
        if (!IsMongo(place))
        {
            return Path.GetFullPath(place);
        }

        try
        {
            var url = new MongoUrl(place);
            return $"mongodb://{string.Join(',', url.Servers)}/{url.DatabaseName ?? "ems"}";
        }
        catch (MongoConfigurationException)
        {
            throw new StartRefusedException(Usage);
        }
    }
}
