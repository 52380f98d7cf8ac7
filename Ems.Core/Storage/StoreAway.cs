using MongoDB.Driver;

namespace Ems.Core.Storage;

/// <summary>Tells whether something failed because the store cannot be reached now, which passes by itself.</summary>
public static class StoreAway
{
    public static bool Is(Exception exception) => exception switch
    {
        MongoConnectionException or MongoConnectionPoolPausedException or MongoWaitQueueFullException => true,
        MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoExecutionTimeoutException => true,
        MongoBulkWriteException { WriteConcernError: not null } => true,

        // What the driver throws when it finds no server in time, and what a claim throws that others keep for too long.
        TimeoutException => true,
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
