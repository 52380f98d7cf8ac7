using System.Text.RegularExpressions;

namespace Ems.Tests.EndToEnd;

/// <summary>All modules in one process.</summary>
internal sealed partial class MonolithSystem(params (string Name, string Value)[] settings) : EmsSystem(settings)
{
    private ProgramProcess? _process;

    /// <summary>Size of the disk that the data are on; null for the machine's.</summary>
    public int? DiskMegabytes { get; init; }

    /// <summary>The data as they are seen from outside of the process.</summary>
    public string DataFromOutside => $"/proc/{_process!.Id}/root{DataDirectory}";

    public override string Output => _process?.Output ?? "";

    public override async Task StartAsync()
    {
        _process?.Dispose();
        string[] arguments = ["--urls", "http://127.0.0.1:0", .. Arguments];
        _process = DiskMegabytes is { } size
            ? ProgramProcess.StartOnDisk("Ems.Monolith", arguments, DataDirectory, size, Settings)
            : ProgramProcess.Start("Ems.Monolith", arguments, Settings);
        var address = "";
        await Eventually.HoldsAsync(() => (address = ListeningPattern().Match(Output).Value).Length > 0 || _process.HasExited, StartLimit, () => Output);
        Assert.False(_process.HasExited, Output);
        Reach(address);
        var health = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                // A check of health waits briefly, and the first connection to a busy server may take longer.
                using var answer = await Api.GetAsync(new Uri("/health", UriKind.Relative));
                health = await answer.Content.ReadAsStringAsync();
                return answer.IsSuccessStatusCode;
            },
            StartLimit,
            () => $"{health}\n{Output}");
    }

    public override async Task<int> StopAsync(TimeSpan limit)
    {
        await _process!.TerminateAsync();
        return await _process.WaitForExitAsync(limit);
    }

    public override void KillImporter() => _process!.Kill();

    public override async Task RecoverAsync()
    {
        await _process!.WaitForExitAsync(EndLimit);
        await StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await StopAsync(EndLimit);
        }

        _process?.Dispose();
        await base.DisposeAsync();
    }

    [GeneratedRegex(@"(?<=Now listening on: )http://[^\s""]+")]
    private static partial Regex ListeningPattern();
}
