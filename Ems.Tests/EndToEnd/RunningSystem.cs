namespace Ems.Tests.EndToEnd;

/// <summary>One system for all tests of a class: each keeps to equipment of its own.</summary>
public abstract class RunningSystem : IAsyncLifetime
{
    internal abstract EmsSystem System { get; }

    public async ValueTask InitializeAsync() => await System.StartAsync();

    public async ValueTask DisposeAsync()
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

[Collection("Processes")]
public sealed class RealFilesOnTheSplitSystemTests(RunningSplitSystem running) : RealFileScenarios(running), IClassFixture<RunningSplitSystem>;

[Collection("Processes")]
public sealed class RealFilesOnTheMonolithTests(RunningMonolith running) : RealFileScenarios(running), IClassFixture<RunningMonolith>;
