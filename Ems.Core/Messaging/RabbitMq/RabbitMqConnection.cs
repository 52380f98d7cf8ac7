using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>
/// The one connection of this process, made when it is first needed. Once made it recovers by itself; channels do not, whoever
/// had one opens another.
/// </summary>
internal sealed partial class RabbitMqConnection(
    BrokerAddress address, IOptions<RabbitMqOptions> options, IHostEnvironment host, ILogger<RabbitMqConnection> logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _connecting = new(1);
    private volatile IConnection? _connection;

    public async Task<IConnection> GetAsync(CancellationToken cancellationToken)
    {
        if (_connection is { } made)
        {
            return made;
        }

        await _connecting.WaitAsync(cancellationToken);
        try
        {
            return _connection ??= await ConnectAsync(cancellationToken);
        }
        finally
        {
            _connecting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _connecting.Dispose();
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        ConnectionFactory factory = new()
        {
            Uri = address.Uri,
            ClientProvidedName = host.ApplicationName,
            AutomaticRecoveryEnabled = true,
            TopologyRecoveryEnabled = false,
            NetworkRecoveryInterval = options.Value.ReconnectDelay,
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
        connection.RecoverySucceededAsync += (_, _) =>
        {
            LogBack(logger);
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
    public static BrokerAddress Parse(string connectionString) =>
        Uri.TryCreate(connectionString, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps"
            ? new BrokerAddress(uri)
            : throw new InvalidOperationException(
                "ConnectionStrings:rabbitmq is no address of a broker: set it to amqp://user:password@host:5672 (amqps:// with TLS), or leave it out.");
}
