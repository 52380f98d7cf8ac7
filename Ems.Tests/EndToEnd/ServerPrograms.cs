using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Ems.Tests.EndToEnd;

/// <summary>Installed servers of which a test starts one of its own, to be killed and started again.</summary>
internal static class ServerPrograms
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    // Debian's command for RabbitMQ on PATH changes the user; the program itself does not.
    private static readonly string[] Folders = ["/usr/lib/rabbitmq/bin", .. Environment.GetEnvironmentVariable("PATH")!.Split(':'), "/usr/sbin", "/usr/local/sbin"];

    public static void SkipIfMissing(params string[] programs) => Assert.SkipWhen(
        Array.Exists(programs, program => Find(program) is null), $"Not all of {string.Join(", ", programs)} are installed, of which this test starts its own.");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static Process Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var command = new ProcessStartInfo(Find(program)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            command.Environment[name] = value;
        }

        var process = Process.Start(command)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Returns when the server takes connections on the port.</summary>
    public static Task ListensAsync(Process server, int port) => Eventually.HoldsAsync(
        async () =>
        {
            Assert.False(server.HasExited, "The server ended while it was starting.");
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        StartLimit, () => $"No server came up on port {port}.");

    private static string? Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
