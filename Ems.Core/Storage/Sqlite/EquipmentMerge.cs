using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Gives the versions of one equipment to another and takes them back. A list of what was given stays until then.</summary>
internal sealed class EquipmentMerge(SqliteConnection connection, WriteStamp stamp)
{
    private const string Listed = "merged_version WHERE job = $job AND series = $from AND into_series = $into";

    // What one write gave to both stays behind: the other's own value counts.
    private const string List = """
        INSERT INTO merged_version(job, series, into_series, start, length, version)
            SELECT $job, $from, $into, start, length, version
            FROM (SELECT start, length, version FROM value WHERE series = $from
                  UNION ALL SELECT start, length, version FROM value_version WHERE series = $from) AS given
            WHERE NOT EXISTS (
                SELECT 1 FROM value AS own
                WHERE own.series = $into AND own.start = given.start AND own.length = given.length AND own.version = given.version)
            AND NOT EXISTS (
                SELECT 1 FROM value_version AS own
                WHERE own.series = $into AND own.start = given.start AND own.length = given.length AND own.version = given.version);
        """;

    private const string Extent = """
        SELECT min(first_at), max(last_at)
        FROM (SELECT first_at, last_at FROM value_block WHERE series = $from
              UNION ALL SELECT start, start FROM value_version WHERE series = $from)
        """;

    private const string AllCells = "SELECT start, length FROM value WHERE series = $series UNION SELECT start, length FROM value_version WHERE series = $series";
    private const string ListedCells = $"SELECT DISTINCT start, length FROM {Listed}";

    private const string CurrentToVersions = """
        INSERT INTO value_version SELECT * FROM value WHERE series = $from;
        DELETE FROM value WHERE series = $from;
        """;

    private const string ListedToVersions = $"""
        INSERT INTO value_version SELECT * FROM value WHERE series = $into AND (start, length, version) IN (SELECT start, length, version FROM {Listed});
        DELETE FROM value WHERE series = $into AND (start, length, version) IN (SELECT start, length, version FROM {Listed});
        """;

    private const string Give = $"""
        UPDATE value_version SET series = $into WHERE series = $from AND (start, length, version) IN (SELECT start, length, version FROM {Listed});
        INSERT INTO job_range(job, series, first_at, last_at, known_from, known_until)
            SELECT job, $into, first_at, last_at, known_from, known_until FROM job_range WHERE series = $from
            ON CONFLICT DO UPDATE SET first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at);
        """;

    private const string TakeBack =
        $"UPDATE value_version SET series = $from WHERE series = $into AND (start, length, version) IN (SELECT start, length, version FROM {Listed})";

    /// <summary>Returns the number of values of the target that are new or different.</summary>
    public long Run(string fromId, string intoId)
    {
        if (connection.FindLong("SELECT changed FROM merge WHERE job = $job", ("$job", stamp.JobId)) is { } before)
        {
            return before;
        }

        var (source, target) = (Find(fromId), Find(intoId));
        if (fromId == intoId || (source.MergedInto ?? target.MergedInto) is not null)
        {
            throw new InvalidOperationException($"{fromId} and {intoId} are one already, or one of them was merged into a third.");
        }

        EquipmentChange.ThrowIfVirtual(source, target);

        connection.Execute(
            "INSERT INTO merge(job, equipment, into_equipment) VALUES ($job, $from, $into)", ("$job", stamp.JobId), ("$from", fromId), ("$into", intoId));
        SqliteCatalogue.SaveEquipment(connection, source with { MergedInto = intoId });
        var settlement = new Settlement(connection);
        var changed = SeriesTable.ListAll(connection, fromId, metric: null).Sum(series => Run(settlement, series, Target(series, intoId)));
        Finish(settlement, fromId, intoId);
        connection.Execute("UPDATE merge SET changed = $changed WHERE job = $job", ("$changed", changed), ("$job", stamp.JobId));
        return changed;
    }

    /// <summary>Takes back what the job gave; returns the number of values that changed by it.</summary>
    public long Undo()
    {
        var found = connection.ReadAll(
            row => (From: row.GetString(0), Into: row.GetString(1)), "SELECT equipment, into_equipment FROM merge WHERE job = $job", ("$job", stamp.JobId));
        if (found.Count == 0)
        {
            return 0;
        }

        var (fromId, intoId) = found[0];
        if (Find(intoId).MergedInto is { } third)
        {
            throw new InvalidOperationException($"{intoId} was merged into {third} since: undo that first.");
        }

        SqliteCatalogue.SaveEquipment(connection, Find(fromId) with { MergedInto = null });
        var settlement = new Settlement(connection);
        var changed = SeriesTable.ListAll(connection, fromId, metric: null).Sum(series => Undo(settlement, series, Target(series, intoId)));
        Finish(settlement, fromId, intoId);
        connection.Execute("DELETE FROM merged_version WHERE job = $job; DELETE FROM merge WHERE job = $job", ("$job", stamp.JobId));
        return changed;
    }

    private long Run(Settlement settlement, SeriesRow from, SeriesRow into)
    {
        if (from.FirstAt is not null)
        {
            into = SeriesTable.Renew(connection, into, from.Kind, from.Unit);
        }

        // What was undone altogether fits anything.
        if (from.FirstAt is not null && (into.Kind != from.Kind || into.Unit != from.Unit))
        {
            throw new InvalidOperationException($"{from.Key.Metric} is a {from.Kind} in {from.Unit} here and a {into.Kind} in {into.Unit} there.");
        }

        settlement.LayOut(from);
        LayOutTarget(settlement, into, Extent, ("$from", from.Id));
        connection.Execute(List, Parameters(from, into));
        settlement.Collect(from, AllCells);
        connection.Execute(CurrentToVersions, Parameters(from, into));
        settlement.Leave(from);
        settlement.Collect(into, ListedCells, Parameters(from, into));
        connection.Execute(Give, Parameters(from, into));
        var changed = settlement.Settle(into);
        settlement.Clear();
        return changed;
    }

    private long Undo(Settlement settlement, SeriesRow from, SeriesRow into)
    {
        settlement.LayOut(from);
        LayOutTarget(settlement, into, $"SELECT min(start), max(start) FROM {Listed}", Parameters(from, into));
        settlement.Collect(into, ListedCells, Parameters(from, into));
        connection.Execute(ListedToVersions, Parameters(from, into));
        connection.Execute(TakeBack, Parameters(from, into));
        var changed = settlement.Settle(into);
        settlement.Collect(from, AllCells);
        settlement.Settle(from);
        settlement.Clear();
        return changed;
    }

    /// <summary>Lays out no more of the target than what is given falls into.</summary>
    private void LayOutTarget(Settlement settlement, SeriesRow into, string extent, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var (first, last) = connection.ReadAll(row => (row.FindLong(0), row.FindLong(1)), extent, parameters).Single();
        if (first is not null)
        {
            settlement.LayOut(into, first.Value, last!.Value);
        }
    }

    private SeriesRow Target(SeriesRow from, string intoId) =>
        SeriesTable.Find(connection, from.Key with { EquipmentId = intoId })
        ?? SeriesTable.Add(connection, from.Key with { EquipmentId = intoId }, from.Kind, from.Unit);

    private void Finish(Settlement settlement, string fromId, string intoId)
    {
        FlagCounts.Recount(connection, fromId);
        FlagCounts.Recount(connection, intoId);
        if (EquipmentChange.MovesMeters(fromId, SqliteCatalogue.ListEquipment(connection)))
        {
            UncheckedRanges.AddAll(connection, intoId);
        }

        settlement.Announce(stamp);
    }

    private Equipment Find(string id) =>
        SqliteCatalogue.FindEquipment(connection, id) ?? throw new InvalidOperationException($"There is no equipment {id}.");

    private (string Name, object? Value)[] Parameters(SeriesRow from, SeriesRow into) =>
        [("$job", stamp.JobId), ("$from", from.Id), ("$into", into.Id)];
}
