namespace Ems.Ingestion.Imports.Times;

/// <summary>
/// Tells whether dates of three numbers of two digits have the year first, as loggers write them: <c>24-01-31</c>. Then the last number
/// changes most often, and the first one least. So do the years of a meter that is read on one day of each, but in a few rows only.
/// </summary>
internal sealed class YearFirstDates
{
    private const int ManyDays = 12;

    private readonly HashSet<short> _thirds = [];
    private WrittenTime? _last;
    private int _firstChanges;
    private int _secondChanges;
    private int _thirdChanges;
    private bool _haveOthers;
    private bool _areWithinDays;

    /// <summary>Whether all dates exist so.</summary>
    public bool MayBe { get; private set; } = true;

    /// <summary>Whether they change as dates do that have the year first.</summary>
    public bool AreLikely => MayBe && _thirdChanges > _firstChanges && _thirdChanges >= _secondChanges && _secondChanges >= _firstChanges;

    /// <summary>Whether nothing else changes so.</summary>
    public bool AreSure => AreLikely && (!_haveOthers || _areWithinDays || _thirds.Count > ManyDays);

    /// <param name="isOther">Whether it exists in another order too.</param>
    public void Note(in WrittenTime date, bool isOther)
    {
        MayBe &= date.DateIn(DateOrder.YearMonthDay) is not null;
        _haveOthers |= isOther;
        _thirds.Add(date.Third);
        if (_last is { } last)
        {
            _firstChanges += last.First != date.First ? 1 : 0;
            _secondChanges += last.Second != date.Second ? 1 : 0;
            _thirdChanges += last.Third != date.Third ? 1 : 0;
            _areWithinDays |= (last.First, last.Second, last.Third) == (date.First, date.Second, date.Third) && last.OfDay != date.OfDay;
        }

        _last = date;
    }
}
