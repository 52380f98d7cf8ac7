using System.Diagnostics;
using System.Globalization;
using Ems.Tests.Contracts;
using StackExchange.Redis;

namespace Ems.Tests.EndToEnd;

/// <summary>A Redis of the test's own that can be emptied, killed and started again.</summary>
internal sealed class OwnRedis : IAsyncDisposable
{
    private const string Program = "redis-server";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = ServerPrograms.FreePort();
    private Process? _server;

    public string ConnectionString => $"127.0.0.1:{_port}";

    public static void SkipIfMissing() => ServerPrograms.SkipIfMissing(Program);

    /// <summary>Starts it empty; returns when it takes connections.</summary>
    public async Task StartAsync()
    {
        _server?.Dispose();
        _server = ServerPrograms.Start(
            Program,
            ["--bind", "127.0.0.1", "--port", _port.ToString(CultureInfo.InvariantCulture), "--dir", _folder.Path, "--save", "", "--appendonly", "no"]);
        await ServerPrograms.ListensAsync(_server, _port);
    }

    /// <summary>Ends it at once, as a machine does that loses its power.</summary>
    public async Task KillAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync(CancellationToken.None);
    }

    public async Task FlushAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        await connection.GetServers().Single().FlushAllDatabasesAsync();
    }

    public async Task<int> CountKeysAsync(string pattern = "*")
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(ConnectionString);
        return connection.GetServers().Single().Keys(pattern: pattern).Count();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            await KillAsync();
        }

        _server?.Dispose();
        _folder.Dispose();
    }
}
