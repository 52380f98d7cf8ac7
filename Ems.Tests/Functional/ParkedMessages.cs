using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Ems.Tests.Functional;

/// <summary>Makes messages that a consumer could not handle.</summary>
internal static class ParkedMessages
{
    public static Task AddAsync(MonolithHost host, string eventId) => host.Services.GetRequiredKeyedService<SqliteDatabase>("analytics").WriteAsync(
        connection => connection.Execute(
            """
            INSERT INTO inbox(subscription, id, name, occurred_at, body, state, state_at, attempts, due_at, error)
            VALUES ('analytics.detect', $id, 'readings.stored.v1', 0, $body, 2, 0, 8, 0, 'broken')
            """,
            ("$id", eventId),
            ("$body", """{"equipment_id":"a","metrics":["voltage"],"from":"2026-01-01T00:00:00Z","to":"2026-01-01T01:00:00Z","count":1,"actor":"ann"}""")),
        TestContext.Current.CancellationToken);
}
