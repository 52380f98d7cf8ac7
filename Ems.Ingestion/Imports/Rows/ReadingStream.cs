using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Times;
using Ems.Ingestion.Sites;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>What rows of one equipment and one time came to.</summary>
/// <param name="Parts">Its values by length: those of the interval and those of the instant. Empty when all were rejected.</param>
/// <param name="Rows">Rows that share the outcome of storing it.</param>
/// <param name="Duplicates">Rows that only repeat what another one says.</param>
/// <param name="Rejected">Rows of which nothing could be taken.</param>
/// <param name="Ordinal">How many rows of the file were read by then.</param>
internal sealed record ImportedReading(
    IReadOnlyList<Reading> Parts, int Rows, int Duplicates, int Rejected, IReadOnlyList<ImportFault> Faults, int Ordinal)
{
    /// <summary>The row of the sheet that gives all of its metrics.</summary>
    public int? OnlyRow { get; init; }

    /// <summary>Where there are several rows, the one that gives each of its metrics.</summary>
    public IReadOnlyList<(string Metric, int Row)> ValueRows { get; init; } = [];

    public int RowOf(string metric) => OnlyRow ?? ValueRows.First(value => value.Metric == metric).Row;
}

/// <summary>Last pass: makes readings of the spooled rows of a sheet. The same spool always gives the same sequence.</summary>
/// <param name="delivered">Which equipment has ever delivered what a reading may miss, in this file or before.</param>
internal sealed class ReadingStream(SheetFacts facts, string rowsPath, string stagingPath, DateTimeZone zone, IReadOnlySet<(string EquipmentId, string Metric)> delivered)
{
    private readonly RowMerge _merge = new(facts, zone, delivered);
    private readonly CellReader _cells = new(facts);

    public IEnumerable<ImportedReading> Read(CancellationToken cancellationToken = default)
    {
        var rows = new TimedRows(facts, rowsPath, zone, cancellationToken);
        var pool = new RowPool(facts.Layout.Columns.Count);
        var ordered = rows.AreInOrder() ? rows.Read(pool) : SortedRows.Sort(rows.Read(pool), stagingPath, pool);
        var open = new Dictionary<string, List<TimedRow>>();
        foreach (var timed in ordered)
        {
            if (FaultOf(timed) is { } rejected)
            {
                yield return rejected;
                pool.GiveBack(timed.Row);
                continue;
            }

            if (_cells.IsEmpty(timed.Row))
            {
                pool.GiveBack(timed.Row);
                continue;
            }

            if (!open.TryGetValue(timed.Key, out var group))
            {
                open[timed.Key] = group = [];
            }

            if (group.Count > 0 && group[0].Time.Start != timed.Time.Start)
            {
                foreach (var reading in _merge.Merge(group))
                {
                    yield return reading;
                }

                group.ForEach(merged => pool.GiveBack(merged.Row));
                group.Clear();
            }

            group.Add(timed);
        }

        foreach (var reading in open.Values.Where(group => group.Count > 0).SelectMany(_merge.Merge))
        {
            yield return reading;
        }
    }

    private ImportedReading? FaultOf(TimedRow timed)
    {
        var layout = facts.Layout;
        var row = timed.Row;
        var fault = timed.Time.Fault switch
        {
            _ when _cells.IsEmpty(row) => null,
            LocalLabels.NonexistentLocalTime => new ImportFault(
                LocalLabels.NonexistentLocalTime, $"This local time does not exist in {zone.Id}: the clocks went forward.{IfOnWinterTime(row)}",
                layout.Sheet, row.RowNumber, layout.Time.Header),
            LocalLabels.AmbiguousLocalTime => new ImportFault(
                LocalLabels.AmbiguousLocalTime,
                $"This local time comes twice in {zone.Id}, and neither the order of the rows nor a mark or an offset says which it is.",
                layout.Sheet, row.RowNumber, layout.Time.Header),
            not null => new ImportFault(
                ImportFault.InvalidTimestamp,
                WhyNoTime(row),
                layout.Sheet, row.RowNumber, layout.Time.Header),
            _ when layout.Subject.Equipment is not null && timed.Key.Length == 0 => new ImportFault(
                ImportFault.DataValidationFailed, "The row names no equipment.", layout.Sheet, row.RowNumber, "equipment_id"),
            _ => null,
        };
        return fault is null ? null : new ImportedReading([], 0, 0, 1, [fault], row.Ordinal);
    }

    /// <summary>The day before its clock was on winter time, which many loggers never leave.</summary>
    private string IfOnWinterTime(SpooledRow row) =>
        row.Time?.ToLocal(facts.Order) is { } local
            && FixedZones.NameOf(zone.GetUtcOffset(zone.AtLeniently(local).ToInstant() - Duration.FromDays(1))) is { } fixedZone
            ? $" If the clock that wrote it stays on winter time all year, undo this import, as its other times are those of another zone too, and send the file again with time_zone={fixedZone}." : "";

    private string WhyNoTime(SpooledRow row) => row switch
    {
        { Time: not null } when facts.TimeOf(row) is null => "Its day does not have this hour: only a day of 25 hours with a row for each of them does.",
        { Time: { } time, End: { } end } when time.ToLocal(facts.Order) is { } start && end.ToLocal(facts.Order) <= start => "The interval does not end after it begins.",
        { Time: { } time, End: { } end } => WhyNoDate(RowTimes.IsTimely(end.ToLocal(facts.Order)) ? time : end),
        { Time: { } time } => WhyNoDate(time),
        { BadTime: { Length: > 0 } bad } => $"'{ImportFault.Shorten(bad)}' is no timestamp as this column writes them.",
        _ => "The row has no timestamp.",
    };

    private static string WhyNoDate(WrittenTime time) => $"The date with the numbers {time.First}, {time.Second}, {time.Third} does not exist, or lies before 1970 or after 2200.";
}
