using System.Diagnostics;

namespace Ems.Tests.EndToEnd;

/// <summary>Every service a process of its own, started by the AppHost.</summary>
internal sealed class SplitSystem(params (string Name, string Value)[] settings) : EmsSystem(settings)
{
    private const int Processes = 5;
    private const string Importer = "ingestion";

    private AppHostProcess? _application;
    private IReadOnlyList<AppHostProcess.ResourceRow> _rows = [];
    private AppHostProcess.ResourceRow? _killed;

    public override string Output => _application?.Output ?? "";

    public override async Task StartAsync()
    {
        await EndAsync();
        _application = AppHostProcess.Start(Arguments, Settings);
        await FindAsync(rows => rows.Count >= Processes);
        Reach(ProcessesOf("gateway")[0].Link);
    }

    public override async Task<int> StopAsync(TimeSpan limit)
    {
        await _application!.TerminateAsync();
        return await _application.WaitForExitAsync(limit);
    }

    /// <summary>The processes of a service, as they were when all was last seen healthy.</summary>
    public IReadOnlyList<AppHostProcess.ResourceRow> ProcessesOf(string service) => [.. _rows.Where(row => IsOf(row, service))];

    public override void KillImporter() => Kill(ProcessesOf(Importer)[0]);

    /// <summary>Sends SIGKILL to any one process; returns its name.</summary>
    public string KillAny()
    {
        Kill(_rows[Random.Shared.Next(_rows.Count)]);
        return _killed!.Name;
    }

    public override async Task RecoverAsync() =>
        await FindAsync(rows => rows.Any(row => row.Name == _killed!.Name && row.ProcessId != _killed.ProcessId));

    /// <summary>Returns when all is healthy; the test fails when a process had to be started again for it.</summary>
    public async Task RecoverByItselfAsync()
    {
        var before = _rows.Select(row => row.ProcessId);
        await FindAsync(_ => true);
        Assert.Equal(before, _rows.Select(row => row.ProcessId));
    }

    public override async ValueTask DisposeAsync()
    {
        await EndAsync();
        await base.DisposeAsync();
    }

    private async Task EndAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }

    private async Task FindAsync(Func<IReadOnlyList<AppHostProcess.ResourceRow>, bool> fits) =>
        _rows = await _application!.WaitForTableAsync(fits);

    private void Kill(AppHostProcess.ResourceRow row)
    {
        using var process = Process.GetProcessById(row.ProcessId);
        process.Kill();
        process.WaitForExit();
        _killed = row;
    }

    /// <summary>Replicas have their number behind the name.</summary>
    private static bool IsOf(AppHostProcess.ResourceRow row, string service) =>
        row.Name == service || row.Name.StartsWith($"{service}-", StringComparison.Ordinal);
}
