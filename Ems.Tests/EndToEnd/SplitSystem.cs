using System.Diagnostics;

namespace Ems.Tests.EndToEnd;

/// <summary>Every service a process of its own, started by the AppHost.</summary>
internal sealed class SplitSystem(params (string Name, string Value)[] settings) : EmsSystem(settings)
{
    private const int Processes = 5;
    private const string Importer = "ingestion";

    private AppHostProcess? _application;
    private AppHostProcess.ResourceRow? _importer;

    public override string Output => _application?.Output ?? "";

    public override async Task StartAsync()
    {
        await EndAsync();
        _application = AppHostProcess.Start(Arguments, Settings);
        Reach((await FindAsync(rows => rows.Count >= Processes)).First(row => IsOf(row, "gateway")).Link);
    }

    public override async Task<int> StopAsync(TimeSpan limit)
    {
        await _application!.TerminateAsync();
        return await _application.WaitForExitAsync(limit);
    }

    public override void KillImporter()
    {
        using var process = Process.GetProcessById(_importer!.ProcessId);
        process.Kill();
    }

    public override async Task RecoverAsync() =>
        await FindAsync(rows => rows.Any(row => row.Name == _importer!.Name && row.ProcessId != _importer.ProcessId));

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

    private async Task<IReadOnlyList<AppHostProcess.ResourceRow>> FindAsync(Func<IReadOnlyList<AppHostProcess.ResourceRow>, bool> fits)
    {
        var rows = await _application!.WaitForTableAsync(fits);
        _importer = rows.First(row => IsOf(row, Importer));
        return rows;
    }

    /// <summary>Replicas have their number behind the name.</summary>
    private static bool IsOf(AppHostProcess.ResourceRow row, string service) =>
        row.Name == service || row.Name.StartsWith($"{service}-", StringComparison.Ordinal);
}
