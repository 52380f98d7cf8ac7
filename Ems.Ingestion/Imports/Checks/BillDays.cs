using Ems.Core.Metering;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>
/// Tells from rows of one date and a number of days, as bills have them, whether the days lie before the date or begin with it, and by how
/// many they differ from those between two dates, where both ends are counted, or none.
/// </summary>
internal sealed class BillDays
{
    private const int Most = 1;

    private readonly Dictionary<string, (LocalDate Date, int Days)> _last = [];
    private readonly int[] _before = new int[(2 * Most) + 1];
    private readonly int[] _behind = new int[(2 * Most) + 1];
    private int _pairs;
    private int _even;
    private int _ofOwnMonth;
    private int _ofMonthBefore;

    /// <summary>Whether any row says its days.</summary>
    public bool AreSaid { get; private set; }

    /// <summary>Whether they go with the dates: numbers of days in a row of dates that are one day apart are none of intervals.</summary>
    public bool GoWithDates => Math.Max(_before.Sum(), _behind.Sum()) * 2 >= _pairs;

    /// <summary>Whether they are none of intervals though a header says where the dates lie: these are whole weeks or months apart, and other lengths than the days.</summary>
    public bool AreOfOthers => !GoWithDates && _even * 2 >= _pairs;

    /// <summary>Where the days fit by one and the same difference most often; of equals where they fit more often at all, then without a difference.</summary>
    public LabelMeaning Meaning => (_behind.Max(), _behind.Sum(), _behind[Most], _ofOwnMonth).CompareTo((_before.Max(), _before.Sum(), _before[Most], _ofMonthBefore)) > 0
        ? LabelMeaning.Start : LabelMeaning.End;

    public void Note(string meter, LocalDate date, int days)
    {
        AreSaid = true;
        if (date.Day == 1)
        {
            _ofOwnMonth += days == DaysIn(date) ? 1 : 0;
            _ofMonthBefore += days == DaysIn(date.PlusMonths(-1)) ? 1 : 0;
        }

        if (_last.TryGetValue(meter, out var last))
        {
            _pairs++;
            var (earlier, later) = last.Date < date ? (last, (date, days)) : ((date, days), last);
            var between = Period.DaysBetween(earlier.Item1, later.Item1);
            _even += between % 7 == 0 || earlier.Item1.PlusMonths(1) == later.Item1 || (IsLast(earlier.Item1) && IsLast(later.Item1)) ? 1 : 0;
            Vote(_before, between - later.Item2);
            Vote(_behind, between - earlier.Item2);
        }

        _last[meter] = (date, days);
    }

    /// <summary>How many days more an interval has than its row says; none where nothing says which of several it is.</summary>
    public int MoreThanSaid(LabelMeaning? label)
    {
        var votes = label == LabelMeaning.Start ? _behind : _before;
        return votes[Most] == votes.Max() ? 0 : Array.IndexOf(votes, votes.Max()) - Most;
    }

    /// <summary>Whether the days between two dates are those that a row says, give or take what is counted at the ends.</summary>
    public static bool Fit(int said, LocalDate from, LocalDate to) => Math.Abs(Period.DaysBetween(from, to) - said) <= Most;

    private static void Vote(int[] votes, int more)
    {
        if (Math.Abs(more) <= Most)
        {
            votes[more + Most]++;
        }
    }

    private static bool IsLast(LocalDate date) => date.Day == DaysIn(date);

    private static int DaysIn(LocalDate month) => CalendarSystem.Iso.GetDaysInMonth(month.Year, month.Month);
}
