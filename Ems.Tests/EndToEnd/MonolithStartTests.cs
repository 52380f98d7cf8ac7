using System.Net;
using System.Net.Sockets;
using Ems.Tests.Contracts;

namespace Ems.Tests.EndToEnd;

[Collection("Processes")]
public sealed class MonolithStartTests
{
    private static readonly TimeSpan RefusalLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_taken_port_gives_one_line_that_names_it()
    {
        using var data = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        using var monolith = ProgramProcess.Start(
            "Ems.Monolith", ["--urls", $"http://127.0.0.1:{port}"],
            ("Ems__DataDirectory", data.Path), ("Ems__AdminKey", "a-key-for-the-test-of-a-start"));
        var exitCode = await monolith.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            $"Failed to bind to address http://127.0.0.1:{port}", Assert.Single(monolith.Output.Split('\n')), StringComparison.Ordinal);
    }
}
