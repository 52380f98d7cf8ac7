using System.Runtime.InteropServices;

namespace Ems.Ingestion.Imports.Times;

/// <summary>
/// Finds out whether the rows of each date begin later than at midnight and go on past it, up to the time before the first, as those of a gas day do: <c>06:00</c> … <c>23:00</c>,
/// <c>00:00</c> … <c>05:00</c>. What comes from midnight on is then of the day after its date. Every date of every meter has to show it, but for the last, which may be cut off.
/// </summary>
/// <param name="fewest">Whole days that are needed.</param>
internal sealed class NextDays(int fewest)
{
    private readonly Dictionary<int, Place> _places = [];
    private bool _mayBe = true;
    private bool _isAny;
    private TimeSpan _first;
    private TimeSpan? _end;
    private TimeSpan? _step;
    private TimeSpan _earliest = TimeSpan.MaxValue;
    private TimeSpan _latest;
    private int _whole;

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
            _first = _isAny ? _first : ofDay;
            _isAny = true;
            _mayBe &= ofDay == _first && _first > TimeSpan.Zero && (!isKnown || EndsWhole(place));
            place = new Place(date, ofDay, false);
        }
        else
        {
            // An hour may come twice when clocks are put back.
            var isNext = place.IsNext || ofDay < place.Last;
            _mayBe &= (place.IsNext ? ofDay >= place.Last : !isNext || ofDay < place.Last) && (!isNext || ofDay < _first);
            _step ??= ofDay > place.Last ? ofDay - place.Last : null;
            place = place with { Last = ofDay, IsNext = isNext };
        }

        _earliest = ofDay < _earliest ? ofDay : _earliest;
        _latest = ofDay > _latest ? ofDay : _latest;
    }

    /// <summary>The time of day before which times are of the next day; null where they are not.</summary>
    /// <param name="read">The time of day that a noted one stands for; null where it stands for none.</param>
    public TimeSpan? Find(Func<TimeSpan, TimeSpan?> read)
    {
        var whole = _whole + (_mayBe ? _places.Values.Count(place => place.IsNext && place.Last + _step == _first) : 0);
        return _mayBe && whole >= fewest && (_end ?? _first - _step) + _step == _first && read(_first) is { } first && read(_first - _step!.Value) is { } end && read(_latest) is { } latest && read(_earliest) is { } earliest
            && first - end is var step && first > step && first < ClockTime.Day / 2 && earliest <= step && latest + step >= ClockTime.Day ? first : null;
    }

    private bool EndsWhole(in Place place)
    {
        _whole++;
        _end ??= place.Last;
        return place.IsNext && place.Last == _end;
    }

    /// <summary>Where a subject is on its date.</summary>
    /// <param name="IsNext">Whether midnight is past.</param>
    private readonly record struct Place((short First, short Second, short Third) Date, TimeSpan Last, bool IsNext);
}
