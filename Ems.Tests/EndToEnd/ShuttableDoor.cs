using System.Net;
using System.Net.Sockets;

namespace Ems.Tests.EndToEnd;

/// <summary>A way to a server over a port of its own; shut, every connection ends and no new one is let in.</summary>
internal sealed class ShuttableDoor : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly Func<NetworkStream, NetworkStream, CancellationToken, Task> _carry;
    private readonly Func<NetworkStream, NetworkStream, CancellationToken, Task> _answer;
    private CancellationTokenSource _open = new();
    private TcpListener _listener = new(IPAddress.Loopback, 0);

    /// <param name="carry">How what callers send is brought to the server; null: as it is.</param>
    /// <param name="answer">How what the server answers is brought to the caller; null: as it is.</param>
    public ShuttableDoor(
        string host, int port, Func<NetworkStream, NetworkStream, CancellationToken, Task>? carry = null,
        Func<NetworkStream, NetworkStream, CancellationToken, Task>? answer = null)
    {
        (_host, _port) = (host, port);
        _carry = carry ?? AsItIsAsync;
        _answer = answer ?? AsItIsAsync;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = LetInAsync(_listener, _open.Token);
    }

    public int Port { get; }

    public async Task ShutAsync()
    {
        _listener.Stop();
        await _open.CancelAsync();
    }

    public void Open()
    {
        _open = new CancellationTokenSource();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _ = LetInAsync(_listener, _open.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await ShutAsync();
        _listener.Dispose();
        _open.Dispose();
    }

    private static Task AsItIsAsync(NetworkStream from, NetworkStream to, CancellationToken shut) => from.CopyToAsync(to, shut);

    private async Task LetInAsync(TcpListener listener, CancellationToken shut)
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await listener.AcceptTcpClientAsync(shut), shut);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The door is shut.
        }
    }

    private async Task CarryAsync(TcpClient caller, CancellationToken shut)
    {
        using (caller)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(_host, _port, shut);
                var (near, far) = (caller.GetStream(), server.GetStream());
                await Task.WhenAny(_carry(near, far, shut), _answer(far, near, shut));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or IOException)
            {
                // One end hung up, or the door is shut.
            }
        }
    }
}
