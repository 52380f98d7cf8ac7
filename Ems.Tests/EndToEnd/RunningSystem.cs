namespace Ems.Tests.EndToEnd;

/// <summary>One system for all tests of a class: each keeps to equipment of its own.</summary>
public abstract class RunningSystem : IAsyncLifetime
{
    internal abstract EmsSystem System { get; }

    public virtual async ValueTask InitializeAsync() => await System.StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class RunningSplitSystem : RunningSystem
{
    internal override EmsSystem System { get; } = new SplitSystem();
}

public sealed class RunningMonolith : RunningSystem
{
    internal override EmsSystem System { get; } = new MonolithSystem();
}

/// <summary>On MongoDB, RabbitMQ and Redis, with two processes each that import and detect; not started where a server is missing.</summary>
public sealed class RunningSystemOnServers : RunningSystem
{
    public RunningSystemOnServers() => System = OnServers = new SplitSystem(
        [
            .. Servers?.Settings ?? [],
            ("Ems__Replicas__ingestion", "2"),
            ("Ems__Replicas__analytics", "2"),
            ("Ems__Ingestion__ImportLease", "00:00:05"),
            ("Ems__Ingestion__MaxQueuedImports", "100"),
        ]);

    internal TestServers? Servers { get; } = TestServers.Find();

    internal SplitSystem OnServers { get; }

    internal override EmsSystem System { get; }

    public override ValueTask InitializeAsync() => Servers is null ? ValueTask.CompletedTask : base.InitializeAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Servers is not null)
        {
            await Servers.DisposeAsync();
        }
    }
}

[Collection("Processes")]
public sealed class RealFilesOnTheSplitSystemTests(RunningSplitSystem running) : LargeRealFileScenarios(running), IClassFixture<RunningSplitSystem>;

[Collection("Processes")]
public sealed class RealFilesOnTheMonolithTests(RunningMonolith running) : LargeRealFileScenarios(running), IClassFixture<RunningMonolith>;

/// <summary>
/// Without the years of eight meters and the 122,929 rows of a newest-first file: each read of the stand-in looks at every reading there is,
/// so that these take it a quarter of an hour.
/// </summary>
[Collection("Processes and servers")]
public sealed class RealFilesOnServersTests : RealFileScenarios, IClassFixture<RunningSystemOnServers>
{
    public RealFilesOnServersTests(RunningSystemOnServers running)
        : base(running) => TestServers.SkipIfMissing();
}
