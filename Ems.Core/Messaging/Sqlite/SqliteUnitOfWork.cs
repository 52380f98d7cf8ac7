using Microsoft.Data.Sqlite;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>A transaction of the subscriber's file.</summary>
public sealed record SqliteUnitOfWork(SqliteConnection Connection, SqliteTransaction Transaction) : IUnitOfWork
{
    public static SqliteUnitOfWork Of(IUnitOfWork work) => (SqliteUnitOfWork)work;
}
