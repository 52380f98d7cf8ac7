namespace Ems.AppHost.Local.Running;

internal enum ResourceState
{
    LeftOut,
    Configured,
    Waiting,
    Starting,
    Healthy,
    Unhealthy,
    Restarting,
    Finished,
    Failed,
    Stopped,
}

/// <summary>A line of the table of resources.</summary>
internal sealed record ResourceStatus(string Name, ResourceState State, string Link, int? ProcessId = null, int Restarts = 0)
{
    public string StateText => State switch
    {
        ResourceState.LeftOut => "left out",
        _ => State.ToString().ToLowerInvariant(),
    };

    /// <summary>Nothing is about to change: what still waits does so for one that cannot start.</summary>
    public static bool AreAtRest(IReadOnlyList<ResourceStatus> resources) =>
        resources.All(resource => resource.State != ResourceState.Starting)
        && (resources.All(resource => resource.State != ResourceState.Waiting)
            || resources.Any(resource => resource.State is ResourceState.Restarting or ResourceState.Failed or ResourceState.Unhealthy));
}
