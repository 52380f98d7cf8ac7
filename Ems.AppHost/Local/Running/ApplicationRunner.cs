using Microsoft.Extensions.Configuration;

namespace Ems.AppHost.Local.Running;

/// <summary>Runs the model: gives out ports, starts in the order of health, and ends everything together.</summary>
internal sealed class ApplicationRunner(
    IReadOnlyList<Resource> resources, IConfiguration configuration, bool startsEngines, TimeProvider time)
{
    // All of it ends within 6 s. A service may drain for 4 s (DrainLimit of ServiceDefaults); the last ones are told to at most three steps
    // after the first, so that all have ended, and need no server any more, at 4.6 s.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5.3);
    private static readonly TimeSpan StopStep = TimeSpan.FromSeconds(0.15);
    private static readonly TimeSpan ServersEnd = TimeSpan.FromSeconds(0.7);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(0.35);

    private readonly ResourceConsole _console = new();
    private readonly Dictionary<Resource, List<ManagedProcess>> _processes = [];

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var signals = new StopSignals(stopping);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            var ports = new Ports(configuration);
            AssignPorts(ports);
            CreateProcesses(http, ports);
        }
        catch (DistributedApplicationException failure)
        {
            return await FailAsync(failure.Message);
        }

        var runs = StartAll(stopping.Token);
        await Task.WhenAny(Task.WhenAll(runs), Task.Delay(Timeout.InfiniteTimeSpan, time, stopping.Token));
        _console.Say("ending");
        _processes.Values.SelectMany(replicas => replicas).ToList().ForEach(process => process.Changed -= ShowTable);
        await StopAllAsync(Task.WhenAll(runs));
        _processes.Values.SelectMany(replicas => replicas).ToList().ForEach(process => process.Dispose());
        return 0;
    }

    private static async Task<int> FailAsync(string line)
    {
        await Console.Error.WriteLineAsync(line);
        return 1;
    }

    /// <summary>Those that are fixed first: a free one must not be one of them.</summary>
    private void AssignPorts(Ports ports)
    {
        var endpoints = resources.SelectMany(resource => resource.Endpoints).ToList();
        foreach (var endpoint in endpoints)
        {
            var resource = endpoint.Resource;
            var port = (endpoint == resource.Endpoints[0] ? ports.Configured(resource.Name) : null) ?? endpoint.FixedPort ?? 0;
            endpoint.Ports = new int[resource.Replicas];
            endpoint.Ports[0] = port == 0 ? 0 : ports.Take(port, resource.Name);
        }

        foreach (var endpoint in endpoints)
        {
            endpoint.Ports = [.. endpoint.Ports.Select(port => port == 0 ? ports.TakeFree(endpoint.Resource.Name) : port)];
        }
    }

    private void CreateProcesses(HttpClient http, Ports ports)
    {
        new Engines(configuration, startsEngines, ports, _console, time).Resolve(resources, _processes);
        var projects = new ProjectProcesses(http, _console, time);
        foreach (var project in resources.OfType<ProjectResource>())
        {
            _processes[project] = [.. Enumerable.Range(0, project.Replicas).Select(replica => projects.Create(project, replica))];
        }
    }

    private List<Task> StartAll(CancellationToken stopping)
    {
        var runs = new List<Task>();
        foreach (var process in _processes.Values.SelectMany(replicas => replicas))
        {
            process.Changed += ShowTable;
        }

        foreach (var (resource, replicas) in _processes)
        {
            var dependencies = Task.WhenAll(resource.WaitsFor.SelectMany(ProcessesOf).Select(process => process.Ready));
            runs.AddRange(replicas.Select(process => process.RunAsync(dependencies, stopping)));
        }

        return runs;
    }

    private List<ManagedProcess> ProcessesOf(Resource resource) =>
        _processes.GetValueOrDefault(resource is MongoDBDatabaseResource database ? database.Parent : resource, []);

    private void ShowTable()
    {
        var rows = new List<ResourceStatus>();
        foreach (var resource in resources.Where(resource => resource is not ParameterResource))
        {
            rows.AddRange(_processes.TryGetValue(resource, out var replicas)
                ? replicas.Select(process => process.Status)
                : [WithoutProcess(resource)]);
        }

        _console.ShowTable(rows);
    }

    private static ResourceStatus WithoutProcess(Resource resource) => ConnectionStrings.Of(resource) is null
        ? new(resource.Name, ResourceState.LeftOut, "embedded default")
        : new(resource.Name, ResourceState.Configured, "");

    /// <summary>Callers shortly before the called, servers when nobody uses them any more; what is left at the limit is killed.</summary>
    private async Task StopAllAsync(Task allEnded)
    {
        var limit = Task.Delay(StopLimit, time);
        var lastOfServices = Task.Delay(StopLimit - ServersEnd, time);
        var services = _processes.Where(pair => pair.Key is not ContainerResource).ToList();
        foreach (var step in services.GroupBy(pair => DepthOf(pair.Key)).OrderByDescending(group => group.Key))
        {
            var processes = step.SelectMany(pair => pair.Value).ToList();
            processes.ForEach(process => process.Stop());
            await Task.WhenAny(EndedAsync(processes), Task.Delay(StopStep, time));
        }

        await Task.WhenAny(EndedAsync(services.SelectMany(pair => pair.Value)), lastOfServices);
        _processes.Values.SelectMany(replicas => replicas).ToList().ForEach(process => process.Stop());
        await Task.WhenAny(allEnded, limit);
        if (!allEnded.IsCompleted)
        {
            _processes.Values.SelectMany(replicas => replicas).ToList().ForEach(process => process.Kill());
            await Task.WhenAny(allEnded, Task.Delay(KillLimit, time));
        }
    }

    private static Task EndedAsync(IEnumerable<ManagedProcess> processes) => Task.WhenAll(processes.Select(process => process.Ended));

    private static int DepthOf(Resource resource) =>
        resource.WaitsFor.Count == 0 ? 0 : 1 + resource.WaitsFor.Max(DepthOf);
}
