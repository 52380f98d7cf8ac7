using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage;

/// <summary>More was kept than the settings allow.</summary>
public sealed class QuotaException(string message) : IOException(message);

/// <summary>Tells whether something failed because there is no more room, which passes when somebody makes some.</summary>
public static class StorageFull
{
    private const int NoSpace = 28;
    private const int DiskFull = unchecked((int)0x80070070);
    private const int SqliteFull = 13;

    public static bool Is(Exception exception) => exception switch
    {
        QuotaException or SqliteException { SqliteErrorCode: SqliteFull } => true,
        IOException { HResult: NoSpace or DiskFull } => true,
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
