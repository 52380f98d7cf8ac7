using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Tests.Contracts;

namespace Ems.Tests.EndToEnd;

/// <summary>The whole distributed application as real processes, on free ports, with a data directory of its own.</summary>
internal sealed partial class AppHostProcess : IAsyncDisposable
{
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);
    private const string Project = "Ems.AppHost";
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);
    private static readonly string[] Services = ["gateway", "ingestion", "analytics", "query", "notifications"];

    private readonly ProgramProcess _program;
    private readonly TemporaryFolder _data = new();
    private readonly HashSet<int> _seen = [];

    private AppHostProcess(Func<IEnumerable<(string Name, string Value)>, ProgramProcess> start, IEnumerable<(string Name, string Value)> environment) =>
        _program = start([.. Services.Select(service => ($"Ems__Ports__{service}", "0")), ("Ems__DataDirectory", DataDirectory), .. environment]);

    public int ProcessId => _program.Id;

    public string DataDirectory => _data.Path;

    public string Output => _program.Output;

    public static AppHostProcess Start(string[] args, params IEnumerable<(string Name, string Value)> environment) =>
        new(variables => ProgramProcess.Start(Project, args, variables), environment);

    public static AppHostProcess StartInTerminal() => new(variables => ProgramProcess.StartInTerminal(Project, variables), []);

    public static async Task<AppHostProcess> StartHealthyAsync(params IEnumerable<(string Name, string Value)> environment)
    {
        var application = Start([], environment);
        try
        {
            await application.WaitForTableAsync(rows => rows.Count >= Services.Length);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        return application;
    }

    /// <summary>The last table whose every process is healthy and that fits the condition.</summary>
    public async Task<IReadOnlyList<ResourceRow>> WaitForTableAsync(Func<IReadOnlyList<ResourceRow>, bool> fits)
    {
        List<ResourceRow> rows = [];
        await Eventually.HoldsAsync(
            () =>
            {
                rows = Table();
                return rows.Count > 0 && rows.All(row => row.State == "healthy") && fits(rows);
            },
            StartLimit,
            () => Output);
        _seen.UnionWith(rows.Select(row => row.ProcessId));
        return rows;
    }

    public void PressCtrlC() => _program.Type("\u0003");

    public Task TerminateAsync() => _program.TerminateAsync();

    public Task<int> WaitForExitAsync(TimeSpan limit) => _program.WaitForExitAsync(limit);

    public void Kill() => _program.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_program.HasExited)
        {
            await TerminateAsync();
            await WaitForExitAsync(EndLimit);
        }

        await Eventually.HoldsAsync(() => !_seen.Any(ProcessSignals.IsAlive), EndLimit, () => Output);
        _program.Dispose();
        _data.Dispose();
    }

    private List<ResourceRow> Table()
    {
        var lines = _program.Lines().ToList();
        var header = lines.FindLastIndex(line => line.StartsWith("resource ", StringComparison.Ordinal));
        return header < 0
            ? []
            : [.. lines.Skip(header + 1).Select(line => RowPattern().Match(line)).Where(match => match.Success).Select(ResourceRow.Of)];
    }

    [GeneratedRegex(@"^(?<name>[\w-]+)\s+(?<state>[a-z]+)\s+(?<process>\d+)\s+(?<restarts>\d+)(\s+(?<link>\S+))?$")]
    private static partial Regex RowPattern();

    internal sealed record ResourceRow(string Name, string State, int ProcessId, int Restarts, string Link)
    {
        public static ResourceRow Of(Match match) => new(
            match.Groups["name"].Value,
            match.Groups["state"].Value,
            int.Parse(match.Groups["process"].Value, CultureInfo.InvariantCulture),
            int.Parse(match.Groups["restarts"].Value, CultureInfo.InvariantCulture),
            match.Groups["link"].Value);
    }
}
