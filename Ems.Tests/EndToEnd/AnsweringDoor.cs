using MongoDB.Bson;
using MongoDB.Driver;

namespace Ems.Tests.EndToEnd;

/// <summary>A way to MongoDB on which a test hears every command, and answers some of them itself.</summary>
internal sealed class AnsweringDoor : IAsyncDisposable
{
    private readonly ShuttableDoor _door;

    /// <param name="answer">Null: the server answers.</param>
    public AnsweringDoor(string connectionString, Func<MongoMessage, BsonDocument?> answer)
    {
        var server = new MongoUrl(connectionString).Server;
        _door = new ShuttableDoor(server.Host, server.Port, async (client, far, shut) =>
        {
            while (await MongoMessage.ReadAsync(client, shut) is { } message)
            {
                if (answer(message) is { } own)
                {
                    await client.WriteAsync(message.Answer(own), shut);
                }
                else
                {
                    await far.WriteAsync(message.Bytes, shut);
                }
            }
        });
    }

    public int Port => _door.Port;

    public ValueTask DisposeAsync() => _door.DisposeAsync();
}
