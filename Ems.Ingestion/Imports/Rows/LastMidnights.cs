using System.Runtime.InteropServices;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>
/// Finds out whether 00:00 is the 24:00 of its date: it always comes last among the rows of that date, one step after the time before; or
/// first, where the rows go backwards.
/// </summary>
internal sealed class LastMidnights
{
    private readonly Dictionary<int, Place> _places = [];
    private bool _mayGoForwards = true;
    private bool _mayGoBackwards = true;
    private bool _areLast;
    private bool _areFirst;

    public bool AreFound => (_mayGoForwards && _areLast) || (_mayGoBackwards && _areFirst);

    /// <param name="subject">What the row is about.</param>
    public void Note(in WrittenTime time, int subject)
    {
        if (!_mayGoForwards && !_mayGoBackwards)
        {
            return;
        }

        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, subject, out var isKnown);
        var date = (time.First, time.Second, time.Third);
        var isSameDate = isKnown && place.Date == date;
        NoteForwards(place, isSameDate, time);
        NoteBackwards(place, isKnown, isSameDate, time);
        place = new Place(date, time.OfDay, isSameDate ? place.Last : null);
    }

    private void NoteForwards(in Place place, bool isSameDate, in WrittenTime time)
    {
        var isMidnight = time.OfDay == TimeSpan.Zero;
        _mayGoForwards &= IsLocal(time) && (isMidnight ? isSameDate && place.Last > TimeSpan.Zero : !isSameDate || place.Last > TimeSpan.Zero);
        _areLast |= isMidnight && isSameDate && IsStep(place.Last - place.Before, place.Last);
    }

    private void NoteBackwards(in Place place, bool isKnown, bool isSameDate, in WrittenTime time)
    {
        var isAfterMidnight = isKnown && place.Last == TimeSpan.Zero;
        var isSecond = isSameDate && place.Before == TimeSpan.Zero;
        _mayGoBackwards &= IsLocal(time) && (time.OfDay == TimeSpan.Zero ? !isSameDate && !isAfterMidnight : isSameDate || !isAfterMidnight)
            && !(isSecond && time.OfDay >= place.Last);
        _areFirst |= isSecond && IsStep(place.Last - time.OfDay, place.Last);
    }

    private static bool IsStep(TimeSpan? step, TimeSpan last) => step > TimeSpan.Zero && last + step == ClockTime.Day;

    /// <summary>An offset, or the end of an interval beside it, leaves nothing open.</summary>
    private static bool IsLocal(in WrittenTime time) => time is { OffsetMinutes: null, IsRange: false, IsMonth: false, IsOffsetOrEnd: false, IsElapsed: false };

    /// <param name="Last">The last time of day.</param>
    /// <param name="Before">The one before it on the same date.</param>
    private readonly record struct Place((short First, short Second, short Third) Date, TimeSpan Last, TimeSpan? Before);
}
