using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ems.Tests.EndToEnd;

/// <summary>The whole distributed application as real processes, on free ports, with a data directory of its own.</summary>
internal sealed partial class AppHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly string[] Services = ["gateway", "ingestion", "analytics", "query", "notifications"];

    private readonly Process _process;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("ems-apphost-");
    private readonly List<string> _lines = [];
    private readonly HashSet<int> _seen = [];

    private AppHostProcess(string[] args, Dictionary<string, string> environment)
    {
        var folder = AppContext.BaseDirectory.Replace("Ems.Tests", "Ems.AppHost", StringComparison.Ordinal);
        var command = new ProcessStartInfo("dotnet", [Path.Combine(folder, "Ems.AppHost.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var service in Services)
        {
            command.Environment[$"Ems__Ports__{service}"] = "0";
        }

        command.Environment["Ems__DataDirectory"] = _data.FullName;
        foreach (var (name, value) in environment)
        {
            command.Environment[name] = value;
        }

        _process = new Process { StartInfo = command };
        _process.OutputDataReceived += (_, output) => Keep(output.Data);
        _process.ErrorDataReceived += (_, output) => Keep(output.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int ProcessId => _process.Id;

    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public static AppHostProcess Start(string[] args, params (string Name, string Value)[] environment) =>
        new(args, environment.ToDictionary(pair => pair.Name, pair => pair.Value));

    public static async Task<AppHostProcess> StartHealthyAsync(params (string Name, string Value)[] environment)
    {
        var application = Start([], environment);
        await application.WaitForTableAsync(rows => rows.Count >= Services.Length);
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

    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(limit, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await ProcessSignals.TerminateAsync(_process.Id);
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(15));
        }

        await Eventually.HoldsAsync(() => !_seen.Any(ProcessSignals.IsAlive), TimeSpan.FromSeconds(15), () => Output);
        _process.Dispose();
        _data.Delete(recursive: true);
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }

    private List<ResourceRow> Table()
    {
        lock (_lines)
        {
            var header = _lines.FindLastIndex(line => line.StartsWith("resource ", StringComparison.Ordinal));
            return header < 0
                ? []
                : [.. _lines.Skip(header + 1).Select(line => RowPattern().Match(line)).Where(match => match.Success).Select(ResourceRow.Of)];
        }
    }

    [GeneratedRegex(@"^(?<name>[\w-]+)\s+(?<state>[a-z]+)\s+(?<process>\d+)\s+(?<restarts>\d+)\s+(?<link>\S+)$")]
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
