using System.Diagnostics;

namespace Ems.AppHost.Local.Running;

/// <summary>
/// One process, kept running: started when what it waits for is ready, watched, started again when it ends unasked. One without
/// an address (no link) has work that comes to an end, and is started again only when it crashed.
/// </summary>
internal sealed class ManagedProcess(
    string name, string link, ProcessStartInfo command, Func<CancellationToken, Task<bool>> isHealthy, ResourceConsole console, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StartPoll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan HealthPoll = TimeSpan.FromSeconds(2);

    private readonly Lock _starting = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;
    private bool _isStopping;

    public event Action? Changed;

    public ResourceStatus Status { get; private set; } = new(name, ResourceState.Waiting, link);

    /// <summary>Healthy for the first time.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Ended for good.</summary>
    public Task Ended => _ended.Task;

    public async Task RunAsync(Task dependencies, CancellationToken stopping)
    {
        try
        {
            await dependencies.WaitAsync(stopping);
            var backOff = FirstBackOff;
            while (Start() is { } process)
            {
                var startedAt = time.GetTimestamp();
                await WatchAsync(process);
                if (_isStopping || stopping.IsCancellationRequested || (link.Length == 0 && !HasCrashed(process)))
                {
                    break;
                }

                backOff = time.GetElapsedTime(startedAt) > StableAfter ? FirstBackOff : backOff;
                Show(Status with { State = ResourceState.Restarting, ProcessId = null, Restarts = Status.Restarts + 1 });
                console.Say($"{name} ended with code {process.ExitCode}; it starts again in {backOff.TotalSeconds:0} s");
                await Task.Delay(backOff, time, stopping);
                backOff = TimeSpan.FromTicks(Math.Min(backOff.Ticks * 2, LongestBackOff.Ticks));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Ended before it was started (again).
        }

        var state = _isStopping || _process is null ? ResourceState.Stopped
            : _process.ExitCode == 0 ? ResourceState.Finished : ResourceState.Failed;
        Show(Status with { State = state, ProcessId = null });
        _ended.TrySetResult();
    }

    /// <summary>Closes the pipe that the process watches: it drains and ends.</summary>
    public void Stop()
    {
        lock (_starting)
        {
            _isStopping = true;
            _process?.StandardInput.Close();
        }
    }

    public void Kill()
    {
        lock (_starting)
        {
            _isStopping = true;
            if (_process is { HasExited: false })
            {
                console.Say($"{name} did not end in time and is killed");
                _process.Kill(entireProcessTree: true);
            }
        }
    }

    public void Dispose() => _process?.Dispose();

    private Process? Start()
    {
        lock (_starting)
        {
            if (_isStopping)
            {
                return null;
            }

            _process?.Dispose();
            _process = new Process { StartInfo = command };
            _process.OutputDataReceived += (_, output) => Log(output.Data);
            _process.ErrorDataReceived += (_, output) => Log(output.Data);
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        Show(Status with { State = ResourceState.Starting, ProcessId = _process.Id });
        return _process;
    }

    private void Log(string? line)
    {
        if (line is not null)
        {
            console.Log(name, line);
        }
    }

    /// <summary>Ended by a signal, or on Windows with the code of a fault.</summary>
    private static bool HasCrashed(Process process) => process.ExitCode is < 0 or >= 128;

    private async Task WatchAsync(Process process)
    {
        using var ended = new CancellationTokenSource();
        var health = WatchHealthAsync(ended.Token);
        await process.WaitForExitAsync(CancellationToken.None);
        await ended.CancelAsync();
        await health;
    }

    private async Task WatchHealthAsync(CancellationToken ended)
    {
        var startedAt = time.GetTimestamp();
        try
        {
            while (true)
            {
                var isUp = await isHealthy(ended);
                ended.ThrowIfCancellationRequested();
                var state = (isUp, Status.State) switch
                {
                    (true, _) => ResourceState.Healthy,
                    (false, ResourceState.Healthy) => ResourceState.Unhealthy,
                    (false, ResourceState.Starting) when time.GetElapsedTime(startedAt) > LongestStart => ResourceState.Unhealthy,
                    (false, var unchanged) => unchanged,
                };
                Show(Status with { State = state });
                if (isUp)
                {
                    _ready.TrySetResult();
                }

                await Task.Delay(isUp ? HealthPoll : StartPoll, time, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The process ended.
        }
    }

    private void Show(ResourceStatus status)
    {
        if (status != Status)
        {
            Status = status;
            Changed?.Invoke();
        }
    }
}
