using System.Buffers.Binary;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Ems.Tests.EndToEnd;

/// <summary>
/// Sees the transactions that go through a door to MongoDB, and can hold new ones back until none is open. A process that is killed
/// then leaves what it leaves on a real server, which forgets the open transaction; the stand-in would keep half of it.
/// </summary>
internal sealed class TransactionGate
{
    private const int HeaderBytes = 16;
    private const int Message = 2013;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _open = [];
    private TaskCompletionSource? _held;

    /// <summary>Does something while no transaction is open.</summary>
    public async Task BetweenTransactionsAsync(Func<Task> action)
    {
        lock (_lock)
        {
            _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await Eventually.HoldsAsync(IsQuiet, Limit, () => "Transactions stay open.");
            await action();
        }
        finally
        {
            lock (_lock)
            {
                _held.SetResult();
                _held = null;
            }
        }
    }

    /// <summary>Carries what a client sends; with its connection ends the transaction that it carried last.</summary>
    public async Task CarryAsync(Stream client, Stream server, CancellationToken shut)
    {
        var header = new byte[HeaderBytes];
        string? last = null;
        try
        {
            while (await client.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, shut) == HeaderBytes)
            {
                var message = new byte[BinaryPrimitives.ReadInt32LittleEndian(header)];
                header.CopyTo(message, 0);
                await client.ReadExactlyAsync(message.AsMemory(HeaderBytes), shut);
                var command = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) == Message ? CommandOf(message) : null;
                if (command is not null && command.Contains("autocommit"))
                {
                    last = $"{command["lsid"]} {command["txnNumber"]}";
                    await BeginAsync(last, isNew: command.Contains("startTransaction"), shut);
                }

                await server.WriteAsync(message, shut);
                if (last is not null && command?.GetElement(0).Name is "commitTransaction" or "abortTransaction")
                {
                    End(last);
                }
            }
        }
        finally
        {
            if (last is not null)
            {
                End(last);
            }
        }
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

    private async Task BeginAsync(string id, bool isNew, CancellationToken shut)
    {
        while (isNew)
        {
            Task held;
            lock (_lock)
            {
                if (_held is null)
                {
                    _open.Add(id);
                    return;
                }

                held = _held.Task;
            }

            await held.WaitAsync(shut);
        }
    }

    private void End(string id)
    {
        lock (_lock)
        {
            _open.Remove(id);
        }
    }

    private bool IsQuiet()
    {
        lock (_lock)
        {
            return _open.Count == 0;
        }
    }
}
