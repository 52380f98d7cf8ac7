using System.Runtime.InteropServices;
using Ems.Core.Metering;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>
/// Tells from the labels that come twice around the repeated hour of autumn what labels at ends show: the clock at the end, or the
/// clock at the start and one step more. And finds labels within that hour that come once only.
/// </summary>
internal sealed class RepeatedLabels(DateTimeZone zone)
{
    private static readonly Duration LongestRepeat = Duration.FromHours(1);

    private readonly Dictionary<(string Key, LocalDateTime Label), int> _counts = [];
    private readonly Dictionary<(string Key, LocalDate Date), Passage> _passages = [];
    private LocalDate? _date;
    private bool _isNearRepeat;

    public void Note(string key, LocalDateTime label)
    {
        if (_date != label.Date)
        {
            _date = label.Date;
            _isNearRepeat = IsNearRepeat(label.Date);
        }

        // Dates stored as fractions of a day are some milliseconds off.
        var meant = label.PlusMilliseconds(500).With(TimeAdjusters.TruncateToSecond);
        if (_isNearRepeat && (Repeats(meant) || Repeats(meant, LongestRepeat)))
        {
            _counts[(key, meant)] = _counts.GetValueOrDefault((key, meant)) + 1;
        }

        if (_isNearRepeat && Repeats(meant))
        {
            ref var passage = ref CollectionsMarshal.GetValueRefOrAddDefault(_passages, (key, meant.Date), out var isKnown);
            passage = isKnown
                ? passage with { Last = meant, Rises = passage.Rises || meant >= passage.Last, Falls = passage.Falls || meant <= passage.Last }
                : new Passage(meant, meant, false, false);
        }
    }

    /// <summary>Labels within the repeated hour that the order of the rows leaves open, as the file goes through that hour once only.</summary>
    /// <param name="seriesOf">Of a key.</param>
    public IEnumerable<(LocalDateTime Label, LabelOrder Order)> FindLone(Func<string, SeriesFacts> seriesOf)
    {
        foreach (var ((key, _), passage) in _passages)
        {
            var (step, order, _) = seriesOf(key);
            var isWholeDay = step >= Duration.FromDays(1) && passage.First.TimeOfDay == LocalTime.Midnight;
            if (!isWholeDay && order switch { LabelOrder.Ascending => !passage.Falls, LabelOrder.Descending => !passage.Rises, _ => false })
            {
                yield return (passage.First, order);
            }
        }
    }

    /// <summary>Whether the ends repeat, and why; null where the file has no label of which it matters.</summary>
    /// <param name="stepOf">Nominal step of a key.</param>
    public (bool Ends, string Why)? Find(Func<string, Duration> stepOf)
    {
        var (isMet, ends, starts) = (false, 0, 0);
        foreach (var ((key, label), count) in _counts)
        {
            var (end, start) = (Repeats(label), Repeats(label, stepOf(key)));
            isMet |= end || start;
            ends += end && !start ? count - 1 : 0;
            starts += start && !end ? count - 1 : 0;
        }

        return !isMet ? null
            : ends > starts ? (true, "the labels that come twice are those of the ends within the repeated hour")
            : (false, starts > ends ? "the labels that come twice are those of the starts within the repeated hour" : "nothing in the file says which labels come twice");
    }

    private bool Repeats(LocalDateTime label, Duration before = default) => zone.MapLocal(label.PlusTicks(-before.BclCompatibleTicks)).Count == 2;

    private bool IsNearRepeat(LocalDate date)
    {
        var (from, to) = (date.PlusDays(-1).AtMidnight().InUtc().ToInstant(), date.PlusDays(2).AtMidnight().InUtc().ToInstant());
        var intervals = zone.GetZoneIntervals(from, to).ToList();
        return intervals.Zip(intervals.Skip(1)).Any(pair => pair.Second.WallOffset < pair.First.WallOffset);
    }

    /// <summary>How the labels of a series go through the repeated hour.</summary>
    private readonly record struct Passage(LocalDateTime First, LocalDateTime Last, bool Rises, bool Falls);
}
