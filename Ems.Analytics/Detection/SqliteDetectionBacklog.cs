using Ems.Core.Messaging;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ems.Analytics.Detection;

internal sealed class SqliteDetectionBacklog([FromKeyedServices(AnalyticsDatabase.Module)] SqliteDatabase database) : IDetectionBacklog
{
    public void Add(IUnitOfWork work, ReadingsStored stored)
    {
        var connection = SqliteUnitOfWork.Of(work).Connection;
        var (from, to) = (stored.From.ToUnixTimeMilliseconds(), stored.To.ToUnixTimeMilliseconds());
        connection.Execute(
            """
            INSERT INTO received(equipment, site, events, readings, first_at, last_at, revision) VALUES ($equipment, $site, 1, $count, $from, $to, $step)
            ON CONFLICT DO UPDATE SET site = $site, events = events + 1, readings = readings + $count,
                first_at = min(first_at, $from), last_at = max(last_at, $to), revision = revision + $step
            """,
            ("$equipment", stored.EquipmentId), ("$site", stored.Site), ("$count", stored.Count), ("$from", from), ("$to", to),
            ("$step", AnalyticsDatabase.RevisionStep()));

        var near = connection.ReadAll(
            row => (Start: row.GetInt64(0), Stop: row.GetInt64(1)),
            "DELETE FROM detection_range WHERE equipment = $equipment AND start <= $to + $gap AND stop >= $from - $gap RETURNING start, stop",
            ("$equipment", stored.EquipmentId), ("$from", from), ("$to", to), ("$gap", (long)WaitingRange.Joined.TotalMilliseconds));
        connection.Execute(
            "INSERT INTO detection_range(equipment, start, stop) VALUES ($equipment, $from, $to)",
            ("$equipment", stored.EquipmentId),
            ("$from", near.Select(range => range.Start).Append(from).Min()), ("$to", near.Select(range => range.Stop).Append(to).Max()));
    }

    public Task RestoreAsync(IReadOnlyList<ReceivedReadings> received, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            connection.Execute("DELETE FROM received; DELETE FROM detection_range");
            foreach (var one in received)
            {
                connection.Execute(
                    "INSERT INTO received(equipment, site, events, readings, first_at, last_at, revision) VALUES ($equipment, $site, $events, $readings, $first, $last, $step)",
                    ("$equipment", one.EquipmentId), ("$site", one.Site), ("$events", one.Events), ("$readings", one.Readings),
                    ("$step", AnalyticsDatabase.RevisionStep()),
                    ("$first", one.FirstAt.ToUnixTimeMilliseconds()), ("$last", one.LastAt.ToUnixTimeMilliseconds()));
                foreach (var range in one.Waiting)
                {
                    connection.Execute(
                        "INSERT INTO detection_range(equipment, start, stop) VALUES ($equipment, $start, $stop)",
                        ("$equipment", one.EquipmentId), ("$start", range.Start.ToUnixTimeMilliseconds()), ("$stop", range.End.ToUnixTimeMilliseconds()));
                }
            }

            return 0;
        },
        cancellationToken);

    public Task<BacklogState> ReadStateAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ReadAll(
            row => new BacklogState(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            "SELECT coalesce(sum(revision), 0), coalesce(sum(events), 0), coalesce(sum(readings), 0) FROM received").Single(),
        cancellationToken);

    public Task<IReadOnlyList<ReceivedReadings>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ReceivedReadings>>(
            connection =>
            {
                var waiting = ReadWaiting(connection).ToLookup(one => one.EquipmentId, one => one.Range, StringComparer.Ordinal);
                return [.. ReadReceived(connection).Select(one => one with { Waiting = [.. waiting[one.EquipmentId]] })];
            },
            cancellationToken);

    private static List<(string EquipmentId, WaitingRange Range)> ReadWaiting(SqliteConnection connection) => connection.ReadAll(
        row => (row.GetString(0), new WaitingRange(row.GetInstant(1), row.GetInstant(2))),
        "SELECT equipment, start, stop FROM detection_range ORDER BY equipment, start");

    private static List<ReceivedReadings> ReadReceived(SqliteConnection connection) => connection.ReadAll(
        row => new ReceivedReadings(
            row.GetString(0), row.FindText(1), row.GetInt64(2), row.GetInt64(3), row.GetInstant(4), row.GetInstant(5), []),
        "SELECT equipment, site, events, readings, first_at, last_at FROM received ORDER BY equipment");
}
