using MongoDB.Driver;

namespace Ems.Tests.EndToEnd;

/// <summary>The way to MongoDB of a process that is killed before one of its writes.</summary>
internal sealed class EndingDoor : IAsyncDisposable
{
    private static readonly string[] Writes = ["insert", "update", "delete", "findAndModify"];

    private readonly ShuttableDoor _door;
    private int _left = int.MaxValue;

    public EndingDoor(string connectionString)
    {
        var server = new MongoUrl(connectionString).Server;
        _door = new ShuttableDoor(server.Host, server.Port, async (client, far, shut) =>
        {
            while (await MongoMessage.ReadAsync(client, shut) is { } message)
            {
                if (message.Command is { } command && Writes.Contains(command.GetElement(0).Name) && Interlocked.Decrement(ref _left) < 0)
                {
                    await _door!.ShutAsync();
                    return;
                }

                await far.WriteAsync(message.Bytes, shut);
            }
        });
    }

    public int Port => _door.Port;

    /// <summary>From now on so many writes come through.</summary>
    public void EndAfter(int writes) => _left = writes;

    public ValueTask DisposeAsync() => _door.DisposeAsync();
}
