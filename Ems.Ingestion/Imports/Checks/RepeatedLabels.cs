using System.Runtime.InteropServices;
using Ems.Core.Metering;
using Ems.Ingestion.Imports.Rows;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>
/// Tells from the labels that come twice around the repeated hour of autumn what labels at ends show: the clock at the end, or the
/// clock at the start and one step more. And finds labels within that hour that come once only, and which of two equal ones marks are on.
/// </summary>
internal sealed class RepeatedLabels(DateTimeZone zone)
{
    private static readonly Duration LongestRepeat = Duration.FromHours(1);

    private readonly Dictionary<(string Key, LocalDateTime Label), Repeat> _repeats = [];
    private readonly Dictionary<(string Key, LocalDate Date), Passage> _passages = [];
    private LocalDate? _date;
    private bool _isNearRepeat;

    /// <param name="isMarked">See <see cref="Times.WrittenTime.IsMarked"/>.</param>
    public void Note(string key, LocalDateTime label, bool isMarked)
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
            ref var repeat = ref CollectionsMarshal.GetValueRefOrAddDefault(_repeats, (key, meant), out var isRepeat);
            repeat = isRepeat ? repeat with { Count = repeat.Count + 1, MarksDiffer = repeat.MarksDiffer || isMarked != repeat.FirstIsMarked } : new Repeat(1, isMarked, false);
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
        foreach (var ((key, label), (count, _, _)) in _repeats)
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

    /// <summary>Whether the marks are on the first of two equal labels, as the order of the rows has them; else they are on the second.</summary>
    /// <param name="orderOf">Of a key.</param>
    public bool MarkTheFirst(Func<string, LabelOrder> orderOf)
    {
        var votes = 0;
        foreach (var ((key, _), repeat) in _repeats.Where(entry => entry.Value.MarksDiffer))
        {
            votes += orderOf(key) switch
            {
                LabelOrder.Ascending => repeat.FirstIsMarked ? 1 : -1,
                LabelOrder.Descending => repeat.FirstIsMarked ? -1 : 1,
                _ => 0,
            };
        }

        return votes > 0;
    }

    private bool Repeats(LocalDateTime label, Duration before = default) => zone.MapLocal(label.PlusTicks(-before.BclCompatibleTicks)).Count == 2;

    private bool IsNearRepeat(LocalDate date)
    {
        var (from, to) = (date.PlusDays(-1).AtMidnight().InUtc().ToInstant(), date.PlusDays(2).AtMidnight().InUtc().ToInstant());
        var intervals = zone.GetZoneIntervals(from, to).ToList();
        return intervals.Zip(intervals.Skip(1)).Any(pair => pair.Second.WallOffset < pair.First.WallOffset);
    }

    /// <summary>How often a label comes, and whether marks tell its rows apart.</summary>
    private readonly record struct Repeat(int Count, bool FirstIsMarked, bool MarksDiffer);

    /// <summary>How the labels of a series go through the repeated hour.</summary>
    private readonly record struct Passage(LocalDateTime First, LocalDateTime Last, bool Rises, bool Falls);
}
