using Microsoft.Data.Sqlite;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>The open transaction of the subscriber's file.</summary>
public sealed record SqliteUnitOfWork(SqliteConnection Connection) : IUnitOfWork
{
    public static SqliteUnitOfWork Of(IUnitOfWork work) => (SqliteUnitOfWork)work;
}
