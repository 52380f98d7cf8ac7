using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Equipments;

namespace Ems.Ingestion.Readings;

/// <summary>Takes parsed readings the rest of the way: instants, checks, flags, store.</summary>
internal sealed class ReadingIntake(
    IReadingStore store, ICatalogue catalogue, StoredComparison comparison, LocalTimes times, NewEquipment unknown, IntakeMeter meter)
{
    /// <summary>Stores what can be stored; when it returns, that is durable.</summary>
    public async Task<IntakeReceipt> StoreAsync(ParsedBatch batch, string actor, CancellationToken cancellationToken)
    {
        var (merged, readings, rejected) = await CheckAsync(batch, cancellationToken);
        var outcomes = readings.Count == 0
            ? []
            : await store.WriteAsync(new ReadingBatch(readings, actor, unknown.Describe), cancellationToken);
        var receipt = Receipt(merged, outcomes, rejected);
        meter.Count(receipt, rejected.Select(one => one.Index).Except(merged.SelectMany(one => one.Indexes)).Count());
        return receipt;
    }

    /// <summary>Says what storing would do, and what is odd about the readings.</summary>
    public async Task<ValidationReceipt> ValidateAsync(ParsedBatch batch, CancellationToken cancellationToken)
    {
        var (merged, readings, rejected) = await CheckAsync(batch, cancellationToken);
        var checkedReadings = merged
            .SelectMany((one, i) => one.Indexes.Select(index => new CheckedReading(
                index, QualityScore.Of(readings[i].Flags), FlagNames.Of(readings[i].Flags))))
            .OrderBy(reading => reading.Index);
        var receipt = Receipt(merged, await comparison.CompareAsync(readings, cancellationToken), rejected);
        return new ValidationReceipt(receipt.Accepted, receipt.Duplicate, receipt.Changed, rejected, [.. checkedReadings]);
    }

    private async Task<(List<ReadingMerge.Merged> Merged, List<Reading> Readings, List<Rejection> Rejected)> CheckAsync(
        ParsedBatch batch, CancellationToken cancellationToken)
    {
        List<Rejection> rejected = [.. batch.Rejected];
        var merge = new ReadingMerge();
        var targets = await FindTargetsAsync(batch, cancellationToken);
        foreach (var sent in batch.Readings)
        {
            var target = targets[sent.EquipmentId];
            var reading = target is null ? sent : sent with { EquipmentId = target.Id };
            var (start, rejection) = target is { Virtual: not null }
                ? (default, new Rejection(sent.Index, IntakeCodes.DataValidationFailed, IntakeCodes.VirtualMeter(target.Id)))
                : await times.ResolveAsync(reading, target?.Site, cancellationToken);
            if (rejection is null)
            {
                merge.Add(reading, start);
            }
            else
            {
                rejected.Add(rejection);
            }
        }

        var merged = merge.Take(rejected);
        var delivered = await DeliveredAsync(merged, cancellationToken);
        var readings = merged.ConvertAll(one => one.ToReading(
            delivered.Contains((one.EquipmentId, "temperature")), delivered.Contains((one.EquipmentId, "airflow"))));
        rejected.Sort((a, b) => a.Index.CompareTo(b.Index));
        return (merged, readings, rejected);
    }

    /// <summary>The equipment that readings belong to, by the id that they were sent for; null where it is new.</summary>
    private async Task<Dictionary<string, Equipment?>> FindTargetsAsync(ParsedBatch batch, CancellationToken cancellationToken)
    {
        var targets = new Dictionary<string, Equipment?>();
        foreach (var id in batch.Readings.Select(reading => reading.EquipmentId).Distinct())
        {
            targets.Add(id, await catalogue.FindTargetAsync(id, cancellationToken));
        }

        return targets;
    }

    /// <summary>Which equipment delivers what a reading may miss: now or at any time before.</summary>
    private async Task<HashSet<(string EquipmentId, string Metric)>> DeliveredAsync(
        List<ReadingMerge.Merged> merged, CancellationToken cancellationToken)
    {
        HashSet<(string, string)> delivered = [];
        if (merged.Count == 0)
        {
            return delivered;
        }

        HashSet<string> equipmentIds = [.. merged.Select(one => one.EquipmentId)];
        foreach (var series in await store.ListSeriesAsync(equipmentIds, ReadingChecks.Expected, cancellationToken))
        {
            delivered.Add((series.Key.EquipmentId, series.Key.Metric));
        }

        foreach (var one in merged)
        {
            foreach (var value in one.Values)
            {
                if (ReadingChecks.Expected.Contains(value.Metric))
                {
                    delivered.Add((one.EquipmentId, value.Metric));
                }
            }
        }

        return delivered;
    }

    private static IntakeReceipt Receipt(
        List<ReadingMerge.Merged> merged, IReadOnlyList<WriteOutcome> outcomes, List<Rejection> rejected)
    {
        int accepted = 0, duplicate = 0, changed = 0;
        for (var i = 0; i < merged.Count; i++)
        {
            duplicate += merged[i].Repeated;
            switch (outcomes[i])
            {
                case WriteOutcome.Stored: accepted += merged[i].Distinct; break;
                case WriteOutcome.Duplicate: duplicate += merged[i].Distinct; break;
                default: changed += merged[i].Distinct; break;
            }
        }

        return new IntakeReceipt(accepted, duplicate, changed, rejected);
    }
}

/// <summary>What became of the readings of a request.</summary>
/// <param name="Accepted">Readings with at least one new value, which are stored now.</param>
/// <param name="Duplicate">Readings that were there already, or came twice in the request.</param>
/// <param name="Changed">Readings that replace a different value; the old one is kept as a version.</param>
/// <param name="Rejected">Readings that were not stored, and why; also each value out of range of a reading whose other values were.</param>
internal sealed record IntakeReceipt(int Accepted, int Duplicate, int Changed, IReadOnlyList<Rejection> Rejected);

/// <summary>What would become of the readings of a request, were they sent to be stored.</summary>
/// <param name="Readings">Score and flags of each reading that is not rejected.</param>
internal sealed record ValidationReceipt(
    int Accepted, int Duplicate, int Changed, IReadOnlyList<Rejection> Rejected, IReadOnlyList<CheckedReading> Readings);

/// <summary>What is odd about a reading.</summary>
/// <param name="Score">From 1 down to 0.</param>
internal sealed record CheckedReading(int Index, double Score, IReadOnlyList<string> Flags);
