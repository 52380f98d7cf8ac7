using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Ems.Tests.EndToEnd;

/// <summary>What stops the start.</summary>
public sealed partial class AppHostTests
{
    private static readonly TimeSpan RefusalLimit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("gateway", 8000)]
    [InlineData("ingestion", 8001)]
    [InlineData("analytics", 8002)]
    [InlineData("query", 8003)]
    [InlineData("notifications", 8004)]
    public async Task A_taken_port_of_a_launch_profile_gives_one_line_that_names_it(string service, int port)
    {
        using var listener = TakeUnlessTaken(port);

        await using var application = AppHostProcess.Start([], ($"Ems__Ports__{service}", ""));
        var exitCode = await application.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"Port {port}, which {service} needs, is taken", Assert.Single(application.Output.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_port_for_two_services_gives_one_line_that_names_both()
    {
        var port = FreePort();

        await using var application = AppHostProcess.Start([], ("Ems__Ports__query", port), ("Ems__Ports__gateway", port));
        var exitCode = await application.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        Assert.Matches($"^Port {port} is given to both query and gateway: .*Ems__Ports__gateway", Assert.Single(application.Output.Split('\n')));
    }

    [Theory]
    [InlineData("Ems__Ports__query", "-1")]
    [InlineData("Ems__Ports__redis", "abc")]
    [InlineData("Ems__Ports__redis", "70000")]
    [UnsupportedOSPlatform("windows")]
    public async Task A_port_that_is_none_gives_one_line_that_names_the_setting(string setting, string value)
    {
        using var engine = new StandInEngine("redis-server", "unused");

        await using var application = AppHostProcess.Start(["--engines"], ("PATH", engine.Folder), (setting, value));
        var exitCode = await application.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(application.Output.Split('\n'), line => !line.Contains(" is left out: ", StringComparison.Ordinal));
        Assert.StartsWith($"{setting} is '{value}', not a port", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ems__Replicas", "many")]
    [InlineData("Ems__Replicas__query", "0")]
    public async Task A_number_of_replicas_that_is_none_gives_one_line_that_names_the_setting(string setting, string value)
    {
        await using var application = AppHostProcess.Start([], (setting, value));
        var exitCode = await application.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"Ems:Replicas says '{value}'", Assert.Single(application.Output.Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--publisher", "manifest", "--output-path", "manifest.json")]
    [InlineData("--publisher=manifest")]
    [InlineData("--operation", "publish")]
    [InlineData("--operation=Publish")]
    public async Task Asked_for_a_manifest_the_local_build_says_how_to_get_it(params string[] args)
    {
        await using var application = AppHostProcess.Start(args);
        var exitCode = await application.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        Assert.Contains("-p:Orchestrator=Aspire", Assert.Single(application.Output.Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConnectionStrings__ems")]
    [InlineData("ConnectionStrings__mongodb")]
    public async Task A_MongoDB_without_a_broker_gives_one_line_that_names_what_is_missing(string setting)
    {
        await using var application = AppHostProcess.Start([], (setting, "mongodb://127.0.0.1:1"), ("ConnectionStrings__rabbitmq", ""));
        var exitCode = await application.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        Assert.Matches($"^{setting.Replace("__", ":", StringComparison.Ordinal)} .*ConnectionStrings:rabbitmq", Assert.Single(application.Output.Split('\n')));
    }

    private static TcpListener? TakeUnlessTaken(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
