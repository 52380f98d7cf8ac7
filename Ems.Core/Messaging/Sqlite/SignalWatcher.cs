using Ems.Core.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>Hears the signals of all files in the data folder, from this process and from others.</summary>
internal sealed partial class SignalWatcher(IOptions<StoreOptions> options, ILogger<SignalWatcher> logger) : IDisposable
{
    private FileSystemWatcher? _watcher;

    /// <summary>Name of the signal file, or null when signals were lost and everyone should look.</summary>
    public event Action<string?>? Raised;

    /// <summary>Begins to listen; the folder exists by now.</summary>
    public void Start()
    {
        try
        {
            _watcher = new FileSystemWatcher(options.Value.DataDirectory, "*" + FileSignal.Extension)
            {
                NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.Size,
            };
            _watcher.Changed += (_, change) => Raised?.Invoke(change.Name);
            _watcher.Created += (_, change) => Raised?.Invoke(change.Name);
            _watcher.Error += (_, _) => Raised?.Invoke(null);
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            LogNoSignals(logger, options.Value.DataDirectory, exception.Message);
        }
    }

    public void Dispose() => _watcher?.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot watch {Folder} ({Reason}): events wait for the next poll.")]
    private static partial void LogNoSignals(ILogger logger, string folder, string reason);
}
