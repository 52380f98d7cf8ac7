using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Ems.Core.Caching;

/// <summary>
/// The one connection of this process to Redis, which is a help and no more: what fails or takes too long is done without it, and then
/// it is left alone for a while, so that nobody waits for it again and again.
/// </summary>
public sealed partial class Redis : IAsyncDisposable
{
    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Redis> _logger;
    private readonly Lazy<Task<ConnectionMultiplexer>> _connection;
    private long _restsUntil = long.MinValue;
    private int _isAway;

    internal Redis(ConfigurationOptions settings, RedisOptions options, TimeProvider time, ILogger<Redis> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _connection = new(() => ConnectAsync(options.Apply(settings)));
    }

    /// <summary>First part of all keys and channels.</summary>
    public string Prefix => _options.Prefix;

    /// <summary>The connection, which may be waiting for Redis to come back.</summary>
    public async Task<IConnectionMultiplexer> ConnectAsync() => await _connection.Value;

    /// <summary>False while it is left alone, too.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken) =>
        (await TryAsync(database => database.PingAsync(), cancellationToken)).IsAnswered;

    /// <summary>Asks Redis; false when it cannot be had now.</summary>
    public async Task<(bool IsAnswered, T? Answer)> TryAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellationToken)
    {
        if (_time.GetTimestamp() < Interlocked.Read(ref _restsUntil))
        {
            return default;
        }

        try
        {
            var connection = await _connection.Value.WaitAsync(_options.Timeout, _time, cancellationToken);
            var answer = await ask(connection.GetDatabase()).WaitAsync(_options.Timeout, _time, cancellationToken);
            Interlocked.Exchange(ref _isAway, 0);
            return (true, answer);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or ObjectDisposedException)
        {
            var pause = (long)(_options.Pause.TotalSeconds * _time.TimestampFrequency);
            Interlocked.Exchange(ref _restsUntil, _time.GetTimestamp() + pause);
            if (Interlocked.Exchange(ref _isAway, 1) == 0)
            {
                LogFailed(fault.Message);
            }

            return default;
        }
    }

    [SuppressMessage("Usage", "VSTHRD003", Justification = "It is this object's own task.")]
    public async ValueTask DisposeAsync()
    {
        if (_connection.IsValueCreated)
        {
            await (await _connection.Value).DisposeAsync();
        }
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions settings) => await ConnectionMultiplexer.ConnectAsync(settings);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis does not answer; everything goes on without it until it does: {Reason}")]
    private partial void LogFailed(string reason);
}
