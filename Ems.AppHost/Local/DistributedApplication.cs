using Ems.AppHost.Local.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>The model of AppHost.cs, run as processes of this machine.</summary>
public sealed class DistributedApplication
{
    private readonly DistributedApplicationBuilder _builder;

    internal DistributedApplication(DistributedApplicationBuilder builder) => _builder = builder;

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    public void Run() => RunAsync().GetAwaiter().GetResult();

    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_builder.AsksForManifest)
        {
            await Console.Error.WriteLineAsync(
                "A manifest needs the real Aspire packages: dotnet run --project Ems.AppHost -p:Orchestrator=Aspire -- --publisher manifest --output-path manifest.json");
            Environment.ExitCode = 1;
            return;
        }

        var runner = new ApplicationRunner(_builder.Resources, _builder.Configuration, _builder.StartsEngines, TimeProvider.System);
        Environment.ExitCode = await runner.RunAsync(cancellationToken);
    }
}

public interface IDistributedApplicationBuilder
{
    ConfigurationManager Configuration { get; }

    IHostEnvironment Environment { get; }

    DistributedApplicationExecutionContext ExecutionContext { get; }

    string AppHostDirectory { get; }

    DistributedApplication Build();
}

/// <summary>The Local build only runs; publishing needs the real packages.</summary>
public sealed class DistributedApplicationExecutionContext
{
    internal DistributedApplicationExecutionContext(bool publishes) => IsPublishMode = publishes;

    public bool IsPublishMode { get; }

    public bool IsRunMode => !IsPublishMode;
}

/// <summary>What is said in AppHost.cs cannot be run.</summary>
public sealed class DistributedApplicationException(string message) : Exception(message);
