using NodaTime;

namespace Ems.Ingestion.Imports.Times;

/// <summary>
/// Tells whether dates of three numbers of two digits have the year first, as loggers write them: <c>24-01-31</c>. Then the last number
/// changes most often, and the first one least. So do the years of a meter that is read on one day of each, but they pass no month's end.
/// </summary>
internal sealed class YearFirstDates
{
    private const int FewDays = 3;
    private const int ManyDays = 12;
    private const int LongestStep = 15;

    private readonly SortedSet<short> _thirds = [];
    private WrittenTime? _last;
    private LocalDate _latest = LocalDate.MinIsoValue;
    private int _latestThird;
    private int _firstChanges;
    private int _secondChanges;
    private int _thirdChanges;
    private bool _haveOthers;
    private bool _areDotted = true;
    private bool _areWithinDays;
    private bool _passMonths;

    /// <summary>Whether all dates exist so.</summary>
    public bool MayBe { get; private set; } = true;

    /// <summary>Whether they change as dates do that have the year first.</summary>
    public bool AreLikely => MayBe && _thirdChanges > _firstChanges && _thirdChanges >= _secondChanges && _secondChanges >= _firstChanges;

    /// <summary>Whether nothing else changes so.</summary>
    public bool AreSure => AreLikely && (!_haveOthers || _passMonths || (!_areDotted && AreDaysOfOneMonth && AreLaterSo));

    private bool AreDaysOfOneMonth => _firstChanges + _secondChanges == 0 && _thirds.Count >= FewDays && _thirds.Max - _thirds.Min + 1 == _thirds.Count
        && (_areWithinDays || _thirds.Count > ManyDays);

    /// <summary>Whether they have passed, and are nearer to today than with the year last.</summary>
    private bool AreLaterSo
    {
        get
        {
            var today = LocalDate.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            return _latest <= today && (_latestThird > today.Year || _latestThird < _latest.Year);
        }
    }

    /// <param name="isOther">Whether it exists in another order too.</param>
    public void Note(in WrittenTime date, bool isOther)
    {
        var day = date.DateIn(DateOrder.YearMonthDay);
        MayBe &= day is not null;
        _haveOthers |= isOther;
        _areDotted &= date.IsDotted;
        _thirds.Add(date.Third);
        _latest = day > _latest ? day.Value : _latest;
        _latestThird = Math.Max(_latestThird, WrittenTime.FullYear(date.Third));
        if (_last is { } last)
        {
            _firstChanges += last.First != date.First ? 1 : 0;
            _secondChanges += last.Second != date.Second ? 1 : 0;
            _thirdChanges += last.Third != date.Third ? 1 : 0;
            _areWithinDays |= (last.First, last.Second, last.Third) == (date.First, date.Second, date.Third) && last.OfDay != date.OfDay;
            _passMonths |= last.Second != date.Second && day is { } now && last.DateIn(DateOrder.YearMonthDay) is { } before && Math.Abs(Period.DaysBetween(before, now)) <= LongestStep;
        }

        _last = date;
    }
}
