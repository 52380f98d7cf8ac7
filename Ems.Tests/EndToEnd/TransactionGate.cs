using System.Net.Sockets;

namespace Ems.Tests.EndToEnd;

/// <summary>
/// Sees the transactions that go through a door to MongoDB, and can hold new ones back until none is open. A process that is killed
/// then leaves what it leaves on a real server, which forgets the open transaction; the stand-in would keep half of it.
/// </summary>
internal sealed class TransactionGate
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();

    /// <summary>The sessions with an open transaction; a session has one at a time.</summary>
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
    public async Task CarryAsync(NetworkStream client, NetworkStream server, CancellationToken shut)
    {
        string? last = null; // The session of the last transaction.
        try
        {
            while (await MongoMessage.ReadAsync(client, shut) is var (bytes, command))
            {
                if (command is not null && command.Contains("autocommit"))
                {
                    last = command["lsid"].ToString()!;
                    if (command.Contains("startTransaction") && !await BeginAsync(last, client.Socket, shut))
                    {
                        break;
                    }
                }

                await server.WriteAsync(bytes, shut);
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

    /// <summary>False when the client hung up while its transaction was held back: nobody would end it.</summary>
    private async Task<bool> BeginAsync(string session, Socket client, CancellationToken shut)
    {
        while (true)
        {
            Task held;
            lock (_lock)
            {
                if (_held is null)
                {
                    // A client waits for its answer, so that there is something to read only when it has hung up.
                    if (client.Poll(TimeSpan.Zero, SelectMode.SelectRead))
                    {
                        return false;
                    }

                    _open.Add(session);
                    return true;
                }

                held = _held.Task;
            }

            await held.WaitAsync(shut);
        }
    }

    private void End(string session)
    {
        lock (_lock)
        {
            _open.Remove(session);
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
