using System.Runtime.InteropServices;

namespace Ems.Ingestion.Imports.Times;

/// <summary>
/// Finds out whether 00:00 is the 24:00 of its date: it always comes last among the rows of that date, one step after the time before; or
/// first, where the rows go backwards. What has no other times than 00:00, as daily values, says nothing about it.
/// </summary>
internal sealed class LastMidnights
{
    private readonly Dictionary<int, Place> _places = [];
    private bool _mayGoForwards = true;
    private bool _mayGoBackwards = true;
    private bool _areLast;
    private bool _areFirst;

    public bool AreFound => (_mayGoForwards && _areLast) || (_mayGoBackwards && _areFirst);

    /// <summary>What has one time only, which is 00:00: nothing says how long it took, so that it stays on its date.</summary>
    public IReadOnlySet<int> Lone => _places.Where(entry => entry.Value.IsLone).Select(entry => entry.Key).ToHashSet();

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
        place = new Place(date, time.OfDay, isSameDate ? place.Last : null)
        {
            MayGoForwards = (!isKnown || place.MayGoForwards) && MayGoForwards(place, isSameDate, time),
            MayGoBackwards = (!isKnown || place.MayGoBackwards) && MayGoBackwards(place, isSameDate, time),
            HasTimes = place.HasTimes || time.OfDay != TimeSpan.Zero,
            IsLone = time.OfDay == TimeSpan.Zero && (!isKnown || (place.IsLone && isSameDate)),
        };
        _mayGoForwards &= place.MayGoForwards || !place.HasTimes;
        _mayGoBackwards &= place.MayGoBackwards || !place.HasTimes;
    }

    private bool MayGoForwards(in Place place, bool isSameDate, in WrittenTime time)
    {
        _areLast |= time.OfDay == TimeSpan.Zero && isSameDate && IsStep(place.Last - place.Before, place.Last);
        return IsLocal(time) && (!isSameDate || place.Last > TimeSpan.Zero);
    }

    private bool MayGoBackwards(in Place place, bool isSameDate, in WrittenTime time)
    {
        var isSecond = isSameDate && place.Before == TimeSpan.Zero;
        _areFirst |= isSecond && IsStep(place.Last - time.OfDay, place.Last);
        return IsLocal(time) && !(isSameDate && time.OfDay == TimeSpan.Zero) && !(isSecond && time.OfDay >= place.Last);
    }

    private static bool IsStep(TimeSpan? step, TimeSpan last) => step > TimeSpan.Zero && last + step == ClockTime.Day;

    /// <summary>An offset, or the end of an interval beside it, leaves nothing open.</summary>
    public static bool IsLocal(in WrittenTime time) => time is { OffsetMinutes: null, IsRange: false, IsMonth: false, IsOffsetOrEnd: false, IsElapsed: false };

    /// <summary>Where a subject is.</summary>
    /// <param name="Last">The last time of day.</param>
    /// <param name="Before">The one before it on the same date.</param>
    private readonly record struct Place((short First, short Second, short Third) Date, TimeSpan Last, TimeSpan? Before)
    {
        public bool MayGoForwards { get; init; }

        public bool MayGoBackwards { get; init; }

        /// <summary>Whether any was another than 00:00.</summary>
        public bool HasTimes { get; init; }

        public bool IsLone { get; init; }
    }
}
