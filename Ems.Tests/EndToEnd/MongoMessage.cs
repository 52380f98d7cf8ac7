using System.Buffers.Binary;
using System.Net.Sockets;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Ems.Tests.EndToEnd;

/// <summary>What a client says to MongoDB.</summary>
/// <param name="Command">Null for a message of another kind.</param>
internal sealed record MongoMessage(byte[] Bytes, BsonDocument? Command)
{
    private const int HeaderBytes = 16;
    private const int CommandMessage = 2013;

    /// <summary>What the command does one after the other, such as the updates of an update.</summary>
    public IReadOnlyList<BsonDocument> Steps => Command is null ? [] : [.. StepsOf(Bytes)];

    /// <summary>Whether it is a command of this name on this collection.</summary>
    public bool Is(string command, string collection) =>
        Command is not null && Command.GetElement(0) is var first && first.Name == command && first.Value == collection;

    /// <summary>The next message; null at the end.</summary>
    public static async Task<MongoMessage?> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        if (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken) < HeaderBytes)
        {
            return null;
        }

        var bytes = new byte[BinaryPrimitives.ReadInt32LittleEndian(header)];
        header.CopyTo(bytes, 0);
        await stream.ReadExactlyAsync(bytes.AsMemory(HeaderBytes), cancellationToken);
        return new MongoMessage(bytes, BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) == CommandMessage ? CommandOf(bytes) : null);
    }

    /// <summary>What a server says that answers it like this.</summary>
    public byte[] Answer(BsonDocument answer)
    {
        var body = answer.ToBson();
        var bytes = new byte[HeaderBytes + 5 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        Bytes.AsSpan(4, 4).CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), CommandMessage);
        body.CopyTo(bytes, HeaderBytes + 5);
        return bytes;
    }

    /// <summary>The section that is the command itself; lists of documents are sections of their own.</summary>
    private static BsonDocument? CommandOf(byte[] message)
    {
        for (var at = HeaderBytes + 4; at + 5 < message.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(at + 1));
            if (message[at] == 0)
            {
                return BsonSerializer.Deserialize<BsonDocument>(message[(at + 1)..(at + 1 + length)]);
            }

            at += 1 + length;
        }

        return null;
    }

    private static IEnumerable<BsonDocument> StepsOf(byte[] message)
    {
        for (var at = HeaderBytes + 4; at + 5 < message.Length;)
        {
            var end = at + 1 + BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(at + 1));
            if (message[at] == 1)
            {
                // Behind the length and the name of the list.
                for (var step = Array.IndexOf(message, (byte)0, at + 5) + 1; step < end;)
                {
                    var next = step + BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(step));
                    yield return BsonSerializer.Deserialize<BsonDocument>(message[step..next]);
                    step = next;
                }
            }

            at = end;
        }
    }
}
