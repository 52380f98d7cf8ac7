using System.Diagnostics;
using System.Globalization;
using Ems.Tests.Contracts;

namespace Ems.Tests.EndToEnd;

/// <summary>A RabbitMQ of the test's own that can be killed and started again, with an epmd of its own, which would else stay behind.</summary>
internal sealed class OwnRabbitMq : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = ServerPrograms.FreePort();
    private readonly int _clusterPort = ServerPrograms.FreePort();
    private readonly int _namesPort = ServerPrograms.FreePort();
    private readonly Process _names;
    private Process? _broker;

    private OwnRabbitMq()
    {
        File.WriteAllText(PathOf("enabled_plugins"), "[].");
        _names = ServerPrograms.Start("epmd", ["-address", "127.0.0.1", "-port", Text(_namesPort)]);
    }

    public string ConnectionString => $"amqp://guest:guest@127.0.0.1:{_port}";

    public static void SkipIfMissing() => ServerPrograms.SkipIfMissing("rabbitmq-server", "epmd");

    public static async Task<OwnRabbitMq> StartAsync()
    {
        var broker = new OwnRabbitMq();
        try
        {
            await broker.StartAgainAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on what it had stored; returns when it takes connections.</summary>
    public async Task StartAgainAsync()
    {
        _broker = ServerPrograms.Start(
            "rabbitmq-server", [],
            ("HOME", _folder.Path),
            ("RABBITMQ_NODENAME", $"ems{_port}@localhost"),
            ("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
            ("RABBITMQ_NODE_PORT", Text(_port)),
            ("RABBITMQ_DIST_PORT", Text(_clusterPort)),
            ("RABBITMQ_MNESIA_BASE", PathOf("mnesia")),
            ("RABBITMQ_LOG_BASE", PathOf("log")),
            ("RABBITMQ_CONFIG_FILE", PathOf("rabbitmq")),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", PathOf("enabled_plugins")),
            ("RABBITMQ_PID_FILE", PathOf("pid")),
            ("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
            ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
            ("ERL_EPMD_ADDRESS", "127.0.0.1"),
            ("ERL_EPMD_PORT", Text(_namesPort)));
        await ServerPrograms.ListensAsync(_broker, _port);
    }

    /// <summary>Ends it at once, as a machine does that loses its power.</summary>
    public async Task KillAsync()
    {
        var broker = int.Parse(await File.ReadAllTextAsync(PathOf("pid")), CultureInfo.InvariantCulture);
        await ProcessSignals.SendAsync("KILL", broker);
        await _broker!.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is { HasExited: false })
        {
            await KillAsync();
        }

        _names.Kill();
        await _names.WaitForExitAsync(CancellationToken.None);
        _names.Dispose();
        _broker?.Dispose();
        _folder.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
