using System.Diagnostics;

namespace Ems.Tests.EndToEnd;

/// <summary>One of our programs as a real process, with all that it writes.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];

    private ProgramProcess(ProcessStartInfo command)
    {
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        _process = new Process { StartInfo = command };
        _process.OutputDataReceived += (_, output) => Keep(output.Data);
        _process.ErrorDataReceived += (_, output) => Keep(output.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

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

    /// <param name="project">The project's name; its output lies beside that of the tests.</param>
    public static ProgramProcess Start(string project, string[] args, params IEnumerable<(string Name, string Value)> environment)
    {
        var folder = AppContext.BaseDirectory.Replace("Ems.Tests", project, StringComparison.Ordinal);
        var command = new ProcessStartInfo("dotnet", [Path.Combine(folder, $"{project}.dll"), .. args]);
        foreach (var (name, value) in environment)
        {
            command.Environment[name] = value;
        }

        return new ProgramProcess(command);
    }

    public IReadOnlyList<string> Lines()
    {
        lock (_lines)
        {
            return [.. _lines];
        }
    }

    public void Kill() => _process.Kill();

    /// <summary>Asks it to end (SIGTERM).</summary>
    public Task TerminateAsync() => ProcessSignals.TerminateAsync(Id);

    /// <summary>The exit code, once all of its output is there.</summary>
    /// <param name="limit">On a machine that is free for the test.</param>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(BusyMachine.Stretch(limit), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

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
}
