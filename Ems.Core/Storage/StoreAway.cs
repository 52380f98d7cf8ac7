using MongoDB.Driver;

namespace Ems.Core.Storage;

/// <summary>Tells whether something failed because the store cannot be reached now, which passes by itself.</summary>
public static class StoreAway
{
    private const int AuthenticationFailed = 18;
    private static readonly string[] Labels = ["RetryableWriteError", "TransientTransactionError"];

    /// <summary>
    /// What a router says of a shard that it does not reach: host unreachable or not found, network timeout, read preference not satisfied,
    /// connection not made in time, time limit exceeded, socket error; and what members say that shut down, step down, recover or are not primary.
    /// </summary>
    private static readonly int[] Codes = [6, 7, 89, 133, 202, 262, 9001, 91, 189, 10107, 11600, 11602, 13435, 13436];

    public static bool Is(Exception exception) => exception switch
    {
        // A wrong password does not become right.
        MongoAuthenticationException { InnerException: MongoCommandException { Code: AuthenticationFailed } } => false,
        MongoConnectionException or MongoConnectionPoolPausedException or MongoWaitQueueFullException => true,
        MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoExecutionTimeoutException => true,
        MongoBulkWriteException { WriteConcernError: not null } or MongoWriteConcernException => true,
        MongoException labelled when Labels.Any(labelled.HasErrorLabel) => true,
        MongoCommandException refused when Codes.Contains(refused.Code) => true,
        MongoBulkWriteException bulk when bulk.WriteErrors.Any(error => Codes.Contains(error.Code)) => true,

        // What the driver throws when it finds no server in time, and what a claim throws that others keep for too long.
        TimeoutException => true,
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
