using NodaTime;

namespace Ems.SamplePlant.Sites;

/// <summary>Public holidays of the places the sites are in.</summary>
internal static class Holidays
{
    /// <summary>Hamburg, since 2018.</summary>
    public static IEnumerable<LocalDate> Hamburg(int year) =>
    [
        new(year, 1, 1), Easter(year).PlusDays(-2), Easter(year).PlusDays(1), new(year, 5, 1), Easter(year).PlusDays(39),
        Easter(year).PlusDays(50), new(year, 10, 3), new(year, 10, 31), new(year, 12, 25), new(year, 12, 26),
    ];

    /// <summary>What offices in the United States keep.</summary>
    public static IEnumerable<LocalDate> Chicago(int year)
    {
        var thanksgiving = Nth(4, IsoDayOfWeek.Thursday, year, 11);
        return
        [
            new(year, 1, 1), Nth(3, IsoDayOfWeek.Monday, year, 1), Last(IsoDayOfWeek.Monday, year, 5), new(year, 6, 19),
            new(year, 7, 4), Nth(1, IsoDayOfWeek.Monday, year, 9), thanksgiving, thanksgiving.PlusDays(1), new(year, 12, 25),
        ];
    }

    /// <summary>South Australia.</summary>
    public static IEnumerable<LocalDate> Adelaide(int year) =>
    [
        new(year, 1, 1), new(year, 1, 26), Nth(2, IsoDayOfWeek.Monday, year, 3), Easter(year).PlusDays(-2), Easter(year).PlusDays(-1),
        Easter(year).PlusDays(1), new(year, 4, 25), Nth(2, IsoDayOfWeek.Monday, year, 6), Nth(1, IsoDayOfWeek.Monday, year, 10),
        new(year, 12, 25), new(year, 12, 26),
    ];

    /// <summary>Easter Sunday (the anonymous Gregorian computus).</summary>
    public static LocalDate Easter(int year)
    {
        var (century, ofCentury) = Math.DivRem(year, 100);
        var golden = year % 19;
        var moon = ((19 * golden) + century - (century / 4) - ((century - ((century + 8) / 25) + 1) / 3) + 15) % 30;
        var weekday = (32 + (2 * (century % 4)) + (2 * (ofCentury / 4)) - moon - (ofCentury % 4)) % 7;
        var correction = (golden + (11 * moon) + (22 * weekday)) / 451;
        var (month, day) = Math.DivRem(moon + weekday - (7 * correction) + 114, 31);
        return new LocalDate(year, month, day + 1);
    }

    private static LocalDate Nth(int count, IsoDayOfWeek weekday, int year, int month) =>
        LocalDate.FromYearMonthWeekAndDay(year, month, count, weekday);

    private static LocalDate Last(IsoDayOfWeek weekday, int year, int month) =>
        new LocalDate(year, month, 1).PlusMonths(1).Previous(weekday);
}
