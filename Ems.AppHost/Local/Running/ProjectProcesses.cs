using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ems.AppHost.Local.Running;

/// <summary>How a project of the solution becomes a process: its built program, with addresses and keys in the environment.</summary>
internal sealed class ProjectProcesses(HttpClient http, ResourceConsole console, TimeProvider time)
{
    private static readonly string[] NotForServices =
    [
        "ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPIRE_ALLOW_UNSECURED_TRANSPORT",
        "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL",
    ];

    public ManagedProcess Create(ProjectResource project, int replica)
    {
        var name = project.Replicas == 1 ? project.Name : $"{project.Name}-{(replica + 1).ToString(CultureInfo.InvariantCulture)}";
        console.Register(name);
        var link = project.Endpoints.Count == 0 ? "" : project.Endpoints[0].UrlOf(replica);
        return new ManagedProcess(
            name, link, CommandOf(project, replica, name), cancellationToken => IsHealthyAsync(project, replica, cancellationToken), console, time);
    }

    private static ProcessStartInfo CommandOf(ProjectResource project, int replica, string instance)
    {
        var program = ProgramOf(project);
        var command = new ProcessStartInfo(DotnetPath(), [program, .. project.Arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(project.ProjectPath)!,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var environment = command.Environment;
        foreach (var name in NotForServices)
        {
            environment.Remove(name);
        }

        foreach (var (name, value) in project.Environment.SelectMany(entries => entries()))
        {
            environment[name] = value;
        }

        environment["ASPNETCORE_URLS"] = string.Join(';', project.Endpoints.Select(endpoint => endpoint.UrlOf(replica)));
        foreach (var endpoint in project.Endpoints.Where(endpoint => endpoint.PortVariable is not null))
        {
            environment[endpoint.PortVariable!] = endpoint.Ports[replica].ToString(CultureInfo.InvariantCulture);
        }

        environment["OTEL_SERVICE_NAME"] = project.Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = Joined(',', environment, "OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={instance}");
        environment["DOTNET_STARTUP_HOOKS"] = Joined(Path.PathSeparator, environment, "DOTNET_STARTUP_HOOKS", typeof(ProjectProcesses).Assembly.Location);
        return command;
    }

    private static string Joined(char separator, IDictionary<string, string?> environment, string name, string value) =>
        environment.TryGetValue(name, out var present) && !string.IsNullOrEmpty(present) ? $"{present}{separator}{value}" : value;

    /// <summary>Beside our own build output, in the folder that has the project's name instead of ours.</summary>
    private static string ProgramOf(ProjectResource project)
    {
        var own = typeof(ProjectProcesses).Assembly.GetName().Name!;
        var name = Path.GetFileNameWithoutExtension(project.ProjectPath);
        var folders = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar);
        var ours = Array.LastIndexOf(folders, own);
        if (ours >= 0)
        {
            folders[ours] = name;
        }

        var program = Path.Combine(string.Join(Path.DirectorySeparatorChar, folders), $"{name}.dll");
        return File.Exists(program)
            ? program
            : throw new DistributedApplicationException($"{project.Name} is not built ({program} is missing): run dotnet build.");
    }

    /// <summary>The same .NET that runs this program, whether or not it is on PATH.</summary>
    private static string DotnetPath() => Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    private async Task<bool> IsHealthyAsync(ProjectResource project, int replica, CancellationToken cancellationToken)
    {
        foreach (var check in project.HealthChecks)
        {
            var endpoint = project.Endpoints.First(candidate => check.EndpointName is null || candidate.EndpointName == check.EndpointName);
            try
            {
                using var answer = await http.GetAsync(new Uri(endpoint.UrlOf(replica) + check.Path), cancellationToken);
                if ((int)answer.StatusCode != check.StatusCode)
                {
                    return false;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        return true;
    }
}
