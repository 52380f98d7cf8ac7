using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Imports.Rows;
using NodaTime;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>
/// Finds since when amounts at read dates are stored. The first row of a file does not say when its meter was read before, while the
/// file before it may have: the same bill has to be the same reading in both.
/// </summary>
internal sealed class StoredReads(IReadingStore store)
{
    // No amount at a read date is of more.
    private static readonly Duration Longest = Duration.FromDays(370);

    public async Task<FileFacts> CompleteAsync(FileFacts facts, DateTimeZone zone, CancellationToken cancellationToken)
    {
        var sheets = new List<SheetFacts>();
        foreach (var sheet in facts.Sheets)
        {
            var series = new Dictionary<string, SeriesFacts>();
            foreach (var (key, found) in sheet.Series)
            {
                series[key] = found.ReadDates is { Length: > 0 } dates
                    ? found with { ReadSince = await FindAsync(sheet, key, found.Step, dates, zone, cancellationToken) }
                    : found;
            }

            sheets.Add(sheet with { Series = series });
        }

        return facts with { Sheets = sheets };
    }

    /// <summary>The first day of what is stored, by the day on which it ends.</summary>
    private async Task<IReadOnlyDictionary<LocalDate, LocalDate>> FindAsync(
        SheetFacts sheet, string labels, Duration length, LocalDate[] dates, DateTimeZone zone, CancellationToken cancellationToken)
    {
        var since = new Dictionary<LocalDate, LocalDate>();
        var meter = SheetFacts.MeterOf(labels) is { Length: > 0 } named ? named : sheet.Layout.EquipmentId;
        var meters = sheet.Layout.Columns.Select(column => column.MeterOf(meter)).Distinct().ToList();
        var (from, to) = (zone.AtStartOfDay(dates[0]).ToInstant() - Longest, zone.AtStartOfDay(dates[^1]).ToInstant());
        foreach (var series in (await store.ListSeriesAsync(meters, null, cancellationToken)).Where(series => series.Kind == QuantityKind.Interval && series.Key.Length == length))
        {
            foreach (var sample in await store.ReadAsync(series.Key, from, to, 0, cancellationToken))
            {
                var (start, end) = (sample.Start.InZone(zone).LocalDateTime, sample.End.InZone(zone).LocalDateTime);
                if (start.TimeOfDay == LocalTime.Midnight && end.TimeOfDay == LocalTime.Midnight)
                {
                    since.TryAdd(end.Date, start.Date);
                }
            }
        }

        return since;
    }
}
