using Ems.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>
/// The one connection of this process, made when it is first needed and made anew whenever it was lost; whoever had a channel
/// opens another.
/// </summary>
internal sealed partial class RabbitMqConnection(
    BrokerAddress address, IOptions<RabbitMqOptions> options, IHostEnvironment host, ILogger<RabbitMqConnection> logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposing = new();
    private volatile IConnection? _connection;
    private Task<IConnection>? _attempt;

    public bool IsOpen => _connection is { IsOpen: true };

    /// <summary>All who ask meanwhile wait for the same attempt; one of them that gives up does not end it.</summary>
    public async Task<IConnection> GetAsync(CancellationToken cancellationToken)
    {
        Task<IConnection> attempt;
        lock (_gate)
        {
            if (_connection is { IsOpen: true } open)
            {
                return open;
            }

            if (_attempt is null or { IsCompleted: true })
            {
                _attempt = Task.Run(ReplaceAsync, CancellationToken.None);
            }

            attempt = _attempt;
        }

        return await attempt.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        if (_attempt is { } attempt)
        {
            await ((Task)attempt).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _disposing.Dispose();
    }

    private async Task<IConnection> ReplaceAsync()
    {
        var lost = _connection;
        var made = await ConnectAsync(_disposing.Token);
        _connection = made;
        if (lost is not null)
        {
            LogBack(logger);
            await lost.DisposeAsync();
        }

        return made;
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        ConnectionFactory factory = new()
        {
            Uri = address.Uri,
            ClientProvidedName = host.ApplicationName,
            // It can miss that a connection which it has just made is lost again, and then never makes another.
            AutomaticRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            RequestedConnectionTimeout = options.Value.Timeout,
            ContinuationTimeout = options.Value.Timeout,
        };
        var connection = await factory.CreateConnectionAsync(cancellationToken);
        connection.ConnectionShutdownAsync += (_, shutdown) =>
        {
            if (shutdown.Initiator != ShutdownInitiator.Application)
            {
                LogLost(logger, shutdown.ReplyText);
            }

            return Task.CompletedTask;
        };
        return connection;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to RabbitMQ is lost ({Reason}); events wait until it is back.")]
    private static partial void LogLost(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The connection to RabbitMQ is back.")]
    private static partial void LogBack(ILogger logger);
}

/// <summary>Where the broker is.</summary>
internal sealed record BrokerAddress(Uri Uri)
{
    /// <summary>Of <c>amqp://user:password@host:port/virtual-host</c>; a fault names the setting and keeps the password to itself.</summary>
    /// <exception cref="StartRefusedException">The text names no broker.</exception>
    public static BrokerAddress Parse(string connectionString) =>
        Uri.TryCreate(connectionString, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps"
            ? new BrokerAddress(uri)
            : throw new StartRefusedException(
                "ConnectionStrings:rabbitmq is no address of a broker: set it to amqp://user:password@host:5672 (amqps:// with TLS), or leave it out.");
}
