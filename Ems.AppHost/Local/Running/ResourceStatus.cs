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

    public bool IsSettled => State is ResourceState.LeftOut or ResourceState.Configured or ResourceState.Healthy or ResourceState.Unhealthy
        or ResourceState.Finished or ResourceState.Failed;
}
