using Ems.Core.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>Hears the signals of all files in the data folder, from this process and from others.</summary>
internal sealed partial class SignalWatcher(IOptions<StoreOptions> options, ILogger<SignalWatcher> logger) : IDisposable
{
    private readonly Lock _starting = new();
    private FileSystemWatcher? _watcher;
    private bool _started;

    private event Action<string?>? Raised;

    /// <summary>Has <paramref name="wake"/> called on signals of these names, and when signals were lost.</summary>
    public IDisposable Listen(IReadOnlyCollection<string> names, Action wake)
    {
        void Hear(string? name)
        {
            if (name is null || names.Contains(name, StringComparer.Ordinal))
            {
                wake();
            }
        }

        Start();
        Raised += Hear;
        return new Listening(() => Raised -= Hear);
    }

    private void Start()
    {
        lock (_starting)
        {
            if (_started)
            {
                return;
            }

            _started = true;
            Watch();
        }
    }

    private void Watch()
    {
        try
        {
            var folder = FileSignal.FolderIn(options.Value.DataDirectory);
            OwnerOnlyFolder.Create(folder);
            _watcher = new FileSystemWatcher(folder, "*" + FileSignal.Extension)
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

    private sealed class Listening(Action stop) : IDisposable
    {
        public void Dispose() => stop();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot watch {Folder} ({Reason}): events wait for the next poll.")]
    private static partial void LogNoSignals(ILogger logger, string folder, string reason);
}
