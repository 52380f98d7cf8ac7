using System.Runtime.InteropServices;

namespace Ems.Ingestion.Imports.Times;

/// <summary>
/// Finds out whether the rows of a date begin later than at midnight and go on past it, as those of a gas day do: <c>06:00</c> … <c>23:00</c>, <c>00:00</c> … <c>05:00</c>. What comes from midnight
/// on is then of the day after its date. Dates that are cut off or lack times go with the others; none may begin at or before the last time past midnight, or go back twice.
/// </summary>
/// <param name="fewest">Dates that have to go on past midnight.</param>
internal sealed class NextDays(int fewest)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Dictionary<int, Place> _places = [];
    private bool _mayBe = true;
    private TimeSpan _first = TimeSpan.MaxValue;
    private TimeSpan _lastOfNext;
    private TimeSpan? _step;
    private TimeSpan _earliest = TimeSpan.MaxValue;
    private TimeSpan _latest;
    private int _found;

    /// <param name="subject">What the row is about.</param>
    public void Note(in WrittenTime time, int subject)
    {
        if (!_mayBe)
        {
            return;
        }

        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, subject, out var isKnown);
        var (date, ofDay) = ((time.First, time.Second, time.Third), time.OfDay);
        _mayBe = LastMidnights.IsLocal(time);
        if (!isKnown || place.Date != date)
        {
            place = new Place(date, ofDay, false);
            _first = ofDay < _first ? ofDay : _first;
        }
        else
        {
            var isBack = ofDay < place.Last;
            // An hour comes twice when clocks are put back.
            _mayBe &= !isBack || !place.IsNext || place.Last - ofDay + _step == Hour;
            _found += isBack && !place.IsNext ? 1 : 0;
            _step = ofDay > place.Last && !(ofDay - place.Last >= _step) ? ofDay - place.Last : _step;
            place = place with { Last = ofDay, IsNext = place.IsNext || isBack };
        }

        _lastOfNext = place.IsNext && ofDay > _lastOfNext ? ofDay : _lastOfNext;
        _earliest = ofDay < _earliest ? ofDay : _earliest;
        _latest = ofDay > _latest ? ofDay : _latest;
    }

    /// <summary>The time of day before which times are of the next day; null where they are not.</summary>
    /// <param name="read">The time of day that a noted one stands for; null where it stands for none.</param>
    public TimeSpan? Find(Func<TimeSpan, TimeSpan?> read) =>
        _mayBe && _found >= fewest && _first > _lastOfNext && _step is { } between
            && read(_first) is { } first && read(_first - between) is { } before && read(_latest) is { } latest && read(_earliest) is { } earliest
            && first - before is var step && first > step && first < ClockTime.Day / 2 && latest + step == earliest + ClockTime.Day ? first : null;

    /// <summary>Where a subject is on its date.</summary>
    /// <param name="IsNext">Whether midnight is past.</param>
    private readonly record struct Place((short First, short Second, short Third) Date, TimeSpan Last, bool IsNext);
}
