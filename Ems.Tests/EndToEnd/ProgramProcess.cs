using System.Diagnostics;

namespace Ems.Tests.EndToEnd;

/// <summary>One of our programs as a real process, with all that it writes.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];

    private ProgramProcess(ProcessStartInfo command, IEnumerable<(string Name, string Value)> environment)
    {
        foreach (var (name, value) in environment)
        {
            command.Environment[name] = value;
        }

        command.RedirectStandardInput = true;
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

    /// <param name="project">The project's name.</param>
    public static ProgramProcess Start(string project, string[] args, params IEnumerable<(string Name, string Value)> environment) =>
        new(new ProcessStartInfo("dotnet", [FileOf(project), .. args]), environment);

    /// <summary>Runs it with a small disk of its own at the folder, in a mount namespace that needs no rights (util-linux' <c>unshare</c>).</summary>
    public static ProgramProcess StartOnDisk(
        string project, string[] args, string folder, int megabytes, params IEnumerable<(string Name, string Value)> environment) =>
        new(
            new ProcessStartInfo(
                "unshare",
                [
                    "--user", "--map-root-user", "--mount", "sh", "-c", $"mount -t tmpfs -o size={megabytes}m,mode=700 tmpfs '{folder}' && exec dotnet \"$@\"",
                    "sh", FileOf(project), .. args,
                ]),
            environment);

    /// <summary>Runs it in a terminal of its own, which util-linux' <c>script</c> makes.</summary>
    public static ProgramProcess StartInTerminal(string project, params IEnumerable<(string Name, string Value)> environment) =>
        new(new ProcessStartInfo("script", ["--quiet", "--return", "--command", $"exec dotnet '{FileOf(project)}'", "/dev/null"]), environment);

    /// <summary>The built program, beside that of the tests.</summary>
    public static string FileOf(string project) =>
        Path.Combine(AppContext.BaseDirectory.Replace("Ems.Tests", project, StringComparison.Ordinal), $"{project}.dll");

    public IReadOnlyList<string> Lines()
    {
        lock (_lines)
        {
            return [.. _lines];
        }
    }

    public void Kill() => _process.Kill();

    /// <summary>What someone at the keyboard types.</summary>
    public void Type(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    /// <summary>Asks it to end (SIGTERM).</summary>
    public Task TerminateAsync() => ProcessSignals.SendAsync("TERM", Id);

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
