using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Ems.Bench;

/// <summary>A program of the solution as a process of its own, in a folder of its own.</summary>
internal sealed partial class RunningProgram : IAsyncDisposable
{
    public const string Key = "a-key-for-the-benchmark";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Services = ["ingestion", "analytics", "query", "notifications"];

    private readonly Process _process;
    private readonly bool _ownsFolder;
    private readonly List<string> _output = [];

    private RunningProgram(string program, int port, string folder, bool ownsFolder, string[] args, (string Name, string Value)[] environment)
    {
        Folder = folder;
        _ownsFolder = ownsFolder;
        var command = new ProcessStartInfo("dotnet", [program, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        command.Environment["Ems__DataDirectory"] = folder;
        command.Environment["Ems__AdminKey"] = Key;
        foreach (var (name, value) in environment)
        {
            command.Environment[name] = value;
        }

        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
            Timeout = TimeSpan.FromMinutes(30),
        };
        Http.DefaultRequestHeaders.Add("X-Api-Key", Key);
        _process = Process.Start(command)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    public string Folder { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts a server and waits until <c>/health</c> answers.</summary>
    /// <param name="folder">Its data folder; null for a new one, which goes with it.</param>
    public static Task<(RunningProgram Program, TimeSpan ReadyAfter)> StartAsync(
        string project, string? folder = null, string[]? args = null, params (string Name, string Value)[] environment) =>
        StartFileAsync(FileOf(project), folder, args, environment);

    /// <summary>Starts a server from the folder where <see cref="PublishAsync"/> put it.</summary>
    public static Task<(RunningProgram Program, TimeSpan ReadyAfter)> StartPublishedAsync(string project, string published) =>
        StartFileAsync(Path.Combine(published, $"{project}.dll"), folder: null, args: null, environment: []);

    /// <summary>Publishes a project compiled ahead of time (ReadyToRun), as a release is; returns the folder.</summary>
    public static async Task<string> PublishAsync(string project)
    {
        var published = Directory.CreateTempSubdirectory("ems-bench-").FullName;
        using var publish = Process.Start("dotnet",
        [
            "publish", ProjectFileOf(project), "--configuration", "Release", "--use-current-runtime", "--no-self-contained",
            "-p:PublishReadyToRun=true", "--output", published, "--verbosity", "quiet",
        ]);
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? published : throw new InvalidOperationException($"{project} cannot be published.");
    }

    private static async Task<(RunningProgram Program, TimeSpan ReadyAfter)> StartFileAsync(
        string file, string? folder, string[]? args, (string Name, string Value)[] environment)
    {
        var port = FreePort();
        var data = folder ?? Directory.CreateTempSubdirectory("ems-bench-").FullName;
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var startedAt = TimeProvider.System.GetTimestamp();
        var program = new RunningProgram(
            file, port, data, folder is null, [.. args ?? [], "--urls", url], [("ASPNETCORE_ENVIRONMENT", "Production"), .. environment]);
        await program.WaitUntilHealthyAsync(startedAt);
        return (program, TimeProvider.System.GetElapsedTime(startedAt));
    }

    /// <summary>Starts the split system; its address is the gateway's.</summary>
    public static async Task<(RunningProgram Program, TimeSpan ReadyAfter)> StartSplitAsync()
    {
        var port = FreePort();
        var startedAt = TimeProvider.System.GetTimestamp();
        var program = new RunningProgram(
            FileOf("Ems.AppHost"), port, Directory.CreateTempSubdirectory("ems-bench-").FullName, ownsFolder: true, [],
            [
                ("Ems__Ports__gateway", port.ToString(CultureInfo.InvariantCulture)),
                .. Services.Select(service => ($"Ems__Ports__{service}", "0")),
            ]);
        await program.WaitUntilHealthyAsync(startedAt);
        return (program, TimeProvider.System.GetElapsedTime(startedAt));
    }

    /// <summary>Waits until the program has nothing left to do in the background: it uses less than a twentieth of a processor for half a second.</summary>
    public async Task RestAsync()
    {
        TimeSpan used;
        do
        {
            _process.Refresh();
            used = _process.TotalProcessorTime;
            await Task.Delay(Look, TimeProvider.System);
            _process.Refresh();
        }
        while (_process.TotalProcessorTime - used > Look / 20);
    }

    /// <summary>Resident memory in MB, now and at its highest, of the program and the programs it started.</summary>
    public IReadOnlyList<(string Name, double Mb, double PeakMb)> Memory()
    {
        var all = Process.GetProcesses().Select(process => (process.Id, Status: StatusOf(process.Id))).Where(one => one.Status.Length > 0).ToList();
        return
        [
            .. all.Where(one => one.Id == ProcessId || Field(one.Status, "PPid") == ProcessId)
                .Select(one => (NameOf(one.Id), Field(one.Status, "VmRSS") / 1024.0, Field(one.Status, "VmHWM") / 1024.0)),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Http.Dispose();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>The built program, beside that of the benchmarks.</summary>
    private static string FileOf(string project) =>
        Path.Combine(AppContext.BaseDirectory.Replace("Ems.Bench", project, StringComparison.Ordinal), $"{project}.dll");

    private static string ProjectFileOf(string project)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder.GetFiles("Ems.sln").Length == 0)
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmarks do not run from their source folder.");
        }

        return folder.EnumerateFiles($"{project}.csproj", SearchOption.AllDirectories).Single().FullName;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilHealthyAsync(long startedAt)
    {
        while (!await IsHealthyAsync())
        {
            if (_process.HasExited || TimeProvider.System.GetElapsedTime(startedAt) > StartLimit)
            {
                throw new InvalidOperationException($"The program did not become healthy:\n{string.Join('\n', _output)}");
            }

            await Task.Delay(Poll, TimeProvider.System);
        }
    }

    private async Task<bool> IsHealthyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri("/health", UriKind.Relative));
            return answer.IsSuccessStatusCode && !(await answer.Content.ReadAsStringAsync()).Contains("degraded", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Add(line);
            }
        }
    }

    private static string StatusOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/status");
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }

    private static string NameOf(int id) =>
        ProgramPattern().Match(File.ReadAllText($"/proc/{id}/cmdline")) is { Success: true } match ? match.Value : $"process {id}";

    private static long Field(string status, string name) =>
        Regex.Match(status, $@"^{name}:\s+(\d+)", RegexOptions.Multiline) is { Success: true } match
            ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"Ems\.\w+(?=\.dll)")]
    private static partial Regex ProgramPattern();
}
