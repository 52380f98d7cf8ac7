using System.Buffers.Binary;
using System.Net.Sockets;

namespace Ems.Tests.EndToEnd;

/// <summary>A way to RabbitMQ on which some connections are lost at the moment at which their handshake is over.</summary>
internal sealed class CuttingDoor : IAsyncDisposable
{
    private const int FrameStartBytes = 7;
    private const int Method = 1;

    /// <summary>The number of the method connection.open-ok.</summary>
    private const int Opened = (10 << 16) | 41;

    private readonly string _server;
    private readonly ShuttableDoor _door;
    private int _left;

    public CuttingDoor(string connectionString)
    {
        var address = new Uri(_server = connectionString);
        _door = new ShuttableDoor(address.Host, address.Port, answer: AnswerAsync);
    }

    public string ConnectionString => new UriBuilder(_server) { Host = "127.0.0.1", Port = _door.Port }.ToString();

    /// <summary>How many connections are still to be lost.</summary>
    public int Left => Math.Max(Volatile.Read(ref _left), 0);

    /// <summary>Ends the connections there are, and each of so many that are made next.</summary>
    public async Task CutAsync(int next)
    {
        Volatile.Write(ref _left, next);
        await _door.ShutAsync();
        _door.Open();
    }

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    private async Task AnswerAsync(NetworkStream server, NetworkStream caller, CancellationToken shut)
    {
        while (await ReadFrameAsync(server, shut) is { } frame)
        {
            await caller.WriteAsync(frame, shut);
            var isOpen = frame[0] == Method && BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(FrameStartBytes)) == Opened;
            if (isOpen && Interlocked.Decrement(ref _left) >= 0)
            {
                return;
            }
        }
    }

    /// <summary>Null at the end.</summary>
    private static async Task<byte[]?> ReadFrameAsync(NetworkStream stream, CancellationToken shut)
    {
        var start = new byte[FrameStartBytes];
        if (await stream.ReadAtLeastAsync(start, FrameStartBytes, throwOnEndOfStream: false, shut) < FrameStartBytes)
        {
            return null;
        }

        var frame = new byte[FrameStartBytes + BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(3)) + 1];
        start.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(FrameStartBytes), shut);
        return frame;
    }
}
