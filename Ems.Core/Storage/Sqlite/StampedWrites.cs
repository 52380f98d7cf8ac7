using Ems.Core.Messaging.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Puts down in the file who changed values.</summary>
internal static class StampedWrites
{
    /// <summary>Makes the version under which the changes are kept.</summary>
    public static long NewVersion(this WriteStamp stamp, SqliteConnection connection) => connection.ReadLong(
        "INSERT INTO write(job, actor, at) VALUES ($job, $actor, $at) RETURNING version",
        ("$job", stamp.JobId), ("$actor", stamp.Actor), ("$at", stamp.At.ToUnixTimeMilliseconds()));

    public static void Announce(
        this WriteStamp stamp, SqliteConnection connection, string equipmentId, string? site, StoredExtent extent) =>
        SqliteOutbox.Append(connection, stamp.ToEvent(equipmentId, site, extent));
}
