using Ems.Core.Metering;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>
/// Decides whether the written end of an interval is where the next one begins, or its own last month, day, minute or second: from
/// neighbouring intervals of its meter, else from those of all, else from the intervals themselves.
/// </summary>
/// <param name="isTold">Whether the mapping says it, where they leave it open.</param>
internal sealed class IntervalEnds(bool isTold)
{
    private static readonly Duration[] Known = [Duration.Zero, Duration.FromSeconds(1), Duration.FromMinutes(1), Duration.FromDays(1), NominalLength.Month];

    // What somebody begins and ends ends at any minute: where minutes say something, nearly all do, or half of the gaps.
    private const double MostOfMinutes = 1.1;
    private const double HalfOfGaps = 4;
    private const double Any = double.PositiveInfinity;

    private readonly Dictionary<string, (LocalDateTime Start, LocalDateTime End, long[] Votes)> _last = [];
    private readonly long[] _byNeighbours = new long[Known.Length + 1];
    private readonly long[] _byDays = new long[Known.Length + 1];
    private readonly long[] _byThemselves = new long[Known.Length + 1];
    private bool _nameMonths;

    // Of intervals that begin and end on first days of months, those that do so on the same one.
    private bool _areFirstDays = true;
    private long _onSameDay;
    private long _intervals;
    private LocalDateTime? _lastOnSameDay;
    private bool _areSeveral;

    /// <param name="months">How many the end names; zero where it is written as a day or a time.</param>
    /// <param name="days">That the interval is said to have; zero where nothing says it.</param>
    /// <param name="hasValue">Whether any value is of it. One without says only what stands beside it.</param>
    public void Note(string meter, LocalDateTime start, LocalDateTime end, int months, int days, bool hasValue)
    {
        _nameMonths |= months > 0;
        if (_last.TryGetValue(meter, out var last))
        {
            foreach (var votes in new[] { last.Votes, _byNeighbours })
            {
                Vote(votes, Between(last.End, start, months));
                Vote(votes, Between(end, last.Start, months));
            }
        }

        _last[meter] = (start, end, last.Votes ?? new long[Known.Length + 1]);
        if (!hasValue)
        {
            return;
        }

        NoteFirstDays(start, end, months);
        Vote(_byDays, days == 0 ? null : Duration.FromDays(days - Period.DaysBetween(start.Date, end.Date)));
        Vote(_byThemselves, months > 0 ? OfMonths(start, end, months) : OfItself(start, end));
    }

    /// <summary>
    /// Whether all dates are first days of months and stand for these: several intervals begin and end on one of them, and they would be a day
    /// of each month alone. Those that end where a month later begins say otherwise.
    /// </summary>
    private bool AreMonths => _areFirstDays && _areSeveral && _onSameDay > Math.Max(_byNeighbours[0], _byThemselves[0]);

    /// <summary>
    /// The first day of a month on which all of several intervals begin and end, where nothing says whether it stands for the month; null where there is none.
    /// One interval alone is a day, unless the mapping says that it is not.
    /// </summary>
    public LocalDate? LoneFirstDay => _areFirstDays && !_areSeveral && _onSameDay == _intervals && Winner(_byDays, Any) is null
        && (_onSameDay > 1 || (isTold && Winner(_byNeighbours, HalfOfGaps) is null)) ? _lastOnSameDay?.Date : null;

    private void NoteFirstDays(LocalDateTime start, LocalDateTime end, int months)
    {
        _intervals++;
        _areFirstDays &= months == 0 && start is { Day: 1 } && end is { Day: 1 } && start.TimeOfDay == LocalTime.Midnight && end.TimeOfDay == LocalTime.Midnight;
        if (start == end)
        {
            _onSameDay++;
            _areSeveral |= _lastOnSameDay is { } last && last != start;
            _lastOnSameDay = start;
        }
    }

    /// <summary>From the written end to the real one, and why; null when nothing says it.</summary>
    public (Duration After, string Why)? Find() =>
        AreMonths ? (NominalLength.Month, "all dates are first days of months, and intervals begin and end on the same one: a month at the end belongs to the interval")
        : Winner(_byNeighbours, HalfOfGaps) is { } neighbours ? (neighbours, "so each interval begins where the one before ends")
        : Winner(_byDays, Any) is { } said ? (said, "so each interval has as many days as its row says")
        : Winner(_byThemselves, MostOfMinutes) is { } own ? (own, own == Duration.Zero ? "the intervals begin and end on the same day of a month" : "the intervals are whole months, days or hours so")
        : _nameMonths ? (NominalLength.Month, "a month at the end belongs to the interval")
        : null;

    /// <summary>From the written end to the real one as neighbouring intervals of the meter say it; null where they do not.</summary>
    public Duration? Find(string meter) => AreMonths ? null : _last.TryGetValue(meter, out var last) ? Winner(last.Votes, HalfOfGaps) : null;

    /// <param name="votes">For each that is known, and behind them how many could have voted.</param>
    /// <param name="share">The minute or the second needs one of so many.</param>
    private static Duration? Winner(long[] votes, double share)
    {
        var most = votes.Take(Known.Length).Max();
        var winner = Known[Array.IndexOf(votes, most)];
        return most == 0 || (winner > Duration.Zero && winner <= Duration.FromMinutes(1) && most * share < votes[^1]) ? null : winner;
    }

    private static void Vote(long[] votes, Duration? after)
    {
        votes[^1]++;
        var index = after is { } known ? Array.IndexOf(Known, known) : -1;
        if (index >= 0)
        {
            votes[index]++;
        }
    }

    private static Duration? OfItself(LocalDateTime start, LocalDateTime end)
    {
        if (end.TimeOfDay != LocalTime.Midnight)
        {
            var second = end.Second == 59 ? Duration.FromSeconds(1) : Duration.FromMinutes(1);
            return end.Minute % 5 == 4 ? second : null;
        }

        return start.TimeOfDay != LocalTime.Midnight ? null
            : start.Date.PlusMonths(1) == end.Date ? Duration.Zero
            : start.Date.PlusMonths(1) == end.Date.PlusDays(1) || start.Date == end.Date ? Duration.FromDays(1)
            : null;
    }

    private static Duration? OfMonths(LocalDateTime start, LocalDateTime end, int months) =>
        start == end ? NominalLength.Month : start.PlusMonths(months) == end ? Duration.Zero : null;

    private static Duration Between(LocalDateTime from, LocalDateTime to, int months) =>
        months > 0 && from.PlusMonths(months) == to ? NominalLength.Month : to.InUtc().ToInstant() - from.InUtc().ToInstant();
}
