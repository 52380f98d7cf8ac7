using System.Globalization;
using Ems.Core.Storage.Moving;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// Keeps processes of another machine out of the folder, whose files only those of one machine can share: each process has a file there
/// that names its machine and changes every few seconds. One that stays the same was left behind by a machine that died.
/// </summary>
internal sealed partial class MachineMarker : BackgroundService, IHostedLifecycleService
{
    private const string Move = "move";

    private static readonly TimeSpan DefaultBeat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepOwn = TimeSpan.FromHours(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly string _folder;
    private readonly string _dataDirectory;
    private readonly string _path;
    private readonly string _machine;
    private readonly TimeSpan _beat;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime? _lifetime;
    private readonly ILogger<MachineMarker> _logger;
    private long _beats;

    public MachineMarker(IOptions<StoreOptions> options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<MachineMarker> logger)
        : this(options.Value.DataDirectory, ThisMachine(), DefaultBeat, time, lifetime, logger)
    {
    }

    /// <param name="machine">The same for all processes that may share the folder.</param>
    /// <param name="beat">How often the file changes; four times that long without a change it is taken for left behind.</param>
    internal MachineMarker(
        string dataDirectory, string machine, TimeSpan beat, TimeProvider time, IHostApplicationLifetime? lifetime, ILogger<MachineMarker> logger)
    {
        (_dataDirectory, _machine, _beat, _time, _lifetime, _logger) = (dataDirectory, machine, beat, time, lifetime, logger);
        _folder = Path.Combine(dataDirectory, "in-use");
        _path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{machine}.{Guid.NewGuid():N}"));
    }

    /// <summary>Keeps every Ems out of the folder until it is disposed of.</summary>
    /// <exception cref="StartRefusedException">One runs on it.</exception>
    public static async Task<IAsyncDisposable> ClaimAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var marker = new MachineMarker(dataDirectory, Move, DefaultBeat, TimeProvider.System, lifetime: null, NullLogger<MachineMarker>.Instance);
        await marker.StartingAsync(cancellationToken);
        await marker.StartAsync(cancellationToken);
        return new Claim(marker);
    }

    public static void Add(IServiceCollection services) =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MachineMarker>());

    /// <exception cref="StartRefusedException">Another machine has the folder.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (_machine != Move && File.Exists(Path.Combine(_dataDirectory, SqliteMovable.MarkFile)))
        {
            throw new StartRefusedException(
                $"{_dataDirectory} holds a move that has not ended: go on with it (move --to {_dataDirectory}), or set Ems:DataDirectory to another folder.");
        }

        OwnerOnlyFolder.Create(_folder);
        if (!OwnerOnlyFolder.TryClose(_dataDirectory))
        {
            LogOpen(_dataDirectory);
        }

        foreach (var killed in Directory.EnumerateFiles(_folder, _machine + ".*").Where(IsOld).ToList())
        {
            File.Delete(killed);
        }

        Write();
        try
        {
            await WaitForOthersAsync(cancellationToken);
        }
        catch
        {
            File.Delete(_path);
            throw;
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        File.Delete(_path);
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await DelayAsync(_beat, stoppingToken))
        {
            try
            {
                if (!File.Exists(_path) && ReadOthers().Count > 0)
                {
                    LogTaken(_dataDirectory);
                    _lifetime?.StopApplication();
                    return;
                }

                Write();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // The folder may be full or away for a while; that is no reason to end what still works.
                LogNotWritten(fault, _dataDirectory);
            }
        }
    }

    /// <summary>Of the running system, which containers on it share; elsewhere the machine's name.</summary>
    private static string ThisMachine()
    {
        const string Boot = "/proc/sys/kernel/random/boot_id";
        return File.Exists(Boot) ? File.ReadAllText(Boot).Trim() : Environment.MachineName.ToLowerInvariant();
    }

    private async Task WaitForOthersAsync(CancellationToken cancellationToken)
    {
        var first = ReadOthers();
        var startedAt = _time.GetTimestamp();
        var beatenAt = startedAt;
        while (first.Count > 0 && _time.GetElapsedTime(startedAt) < 4 * _beat)
        {
            await Task.Delay(Look, _time, cancellationToken);
            if (_time.GetElapsedTime(beatenAt) > _beat)
            {
                Write();
                beatenAt = _time.GetTimestamp();
            }

            var now = ReadOthers();
            if (now.FirstOrDefault(one => first.TryGetValue(one.Key, out var before) && before != one.Value) is { Key: not null } alive)
            {
                throw new StartRefusedException(
                    $"{_dataDirectory} is in use by another machine ({alive.Value.Split(' ')[0]}), and its files cannot be shared between machines: "
                    + "set ConnectionStrings:ems to a MongoDB for all of them, or Ems:DataDirectory to a folder of this machine.");
            }

            first = first.Where(one => now.ContainsKey(one.Key)).ToDictionary();
        }

        foreach (var (path, left) in first)
        {
            LogLeftBehind(_dataDirectory, left.Split(' ')[0]);
            File.Delete(path);
        }
    }

    /// <summary>Files of other machines, and what they say.</summary>
    private Dictionary<string, string> ReadOthers() => Directory.EnumerateFiles(_folder)
        .Where(path => !Path.GetFileName(path).StartsWith(_machine + ".", StringComparison.Ordinal))
        .Select(path => (Path: path, Text: TryRead(path)))
        .Where(one => one.Text is not null)
        .ToDictionary(one => one.Path, one => one.Text!);

    private bool IsOld(string path) => _time.GetUtcNow() - File.GetLastWriteTimeUtc(path) > KeepOwn;

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private void Write() => File.WriteAllText(_path, string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {_beats++}"));

    private sealed class Claim(MachineMarker marker) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await marker.StopAsync(CancellationToken.None);
            await marker.StoppedAsync(CancellationToken.None);
            marker.Dispose();
        }
    }

    private async Task<bool> DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, _time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder} was in use by the machine {Machine}, which gives no sign of life; this one goes on with it")]
    private partial void LogLeftBehind(string folder, string machine);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Others on this machine can read {Folder}, and this account may not change that: let its owner run chmod 700 on it, or set Ems:DataDirectory to a folder of this account")]
    private partial void LogOpen(string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mark that {Folder} is in use cannot be written")]
    private partial void LogNotWritten(Exception fault, string folder);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The mark that {Folder} is in use is gone: another machine took it over, and this process ends")]
    private partial void LogTaken(string folder);
}
