using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Times;

/// <summary>What the numbers of a column of times count.</summary>
internal enum NumberTimes
{
    /// <summary>They are no times.</summary>
    None,

    /// <summary>Days since 1899-12-30, as workbooks count them.</summary>
    Serial,

    /// <summary>Days since 1904-01-01, as some workbooks count them.</summary>
    Serial1904,

    /// <summary>Seconds since 1970-01-01T00:00Z.</summary>
    EpochSeconds,

    /// <summary>Milliseconds since then.</summary>
    EpochMilliseconds,

    /// <summary>Nanoseconds since then, in 19 digits: identifiers have up to 18.</summary>
    EpochNanoseconds,

    /// <summary>The digits of a date, <c>20160131</c>, with or without those of a time of day.</summary>
    Digits,

    /// <summary>The digits of a month, <c>201601</c>, or its number and its year with a dot between them, <c>01.2016</c>.</summary>
    Months,

    /// <summary>The number of a month and the last two digits of its year: <c>01/24</c>.</summary>
    ShortMonths,
}

/// <summary>Reads cells that hold times.</summary>
internal static partial class TimeCells
{
    // Of a serial.
    private const int FewestDigits = 5;

    private static readonly DateTime SerialZero = new(1899, 12, 30);
    private static readonly DateTime SerialZero1904 = new(1904, 1, 1);

    /// <summary>What numbers of this size count when they are times of meters; each range is free of the others.</summary>
    /// <param name="is1904">Of the number's sheet: see <see cref="ITableSource.Is1904"/>.</param>
    public static NumberTimes MeaningOf(double number, bool is1904) => number switch
    {
        // 1954 to 2119, or 1958 to 2123
        > 20_000 and < 80_000 => is1904 ? NumberTimes.Serial1904 : NumberTimes.Serial,
        // 1985 to 2106
        > 5e8 and < 4.3e9 when number % 1 == 0 => NumberTimes.EpochSeconds,
        > 5e11 and < 4.3e12 when number % 1 == 0 => NumberTimes.EpochMilliseconds,
        >= 1e18 and < 4.3e18 => NumberTimes.EpochNanoseconds,
        >= 19_000_101 and < 22_000_000 or >= 190_001_010_000 and < 220_000_000_000 or >= 19_000_101_000_000 and < 22_000_000_000_000
            when TimeText.TryParse(Digits(number), out _) => NumberTimes.Digits,
        _ when MonthIn(number) is not null => NumberTimes.Months,
        _ => NumberTimes.None,
    };

    public static bool TryRead(in Cell cell, NumberTimes numbers, out WrittenTime time)
    {
        if (cell.Kind == CellKind.Time)
        {
            time = WrittenTime.Of(cell.Time);
            return true;
        }

        if (cell.Kind == CellKind.Text && TimeText.TryParse(cell.Text, out time))
        {
            return true;
        }

        if (numbers == NumberTimes.ShortMonths)
        {
            time = ShortMonthIn(cell) is { } month ? WrittenTime.OfDate(month.Year, month.Month, 1) with { Months = 1 } : default;
            return time.IsMonth;
        }

        time = default;
        return numbers != NumberTimes.None && NumberIn(cell) is { } number && MeaningOf(number, numbers == NumberTimes.Serial1904) == numbers
            && TryRead(number, numbers, out time);
    }

    public static bool TryReadYear(in Cell cell, out WrittenTime time)
    {
        var isYear = (cell.Kind == CellKind.Text ? NumberText.TryParse(cell.Text!, out var number) : (number = cell.Kind == CellKind.Number ? cell.Number : 0) > 0)
            && number % 1 == 0 && number is >= 1900 and < 2200;
        time = isYear ? WrittenTime.OfDate((int)number, 1, 1) with { Months = 12 } : default;
        return isYear;
    }

    /// <summary>A number, or a text of one: programs that convert files write all cells as texts, and serials with a decimal comma are texts too.</summary>
    public static double? NumberIn(in Cell cell) => cell.Kind switch
    {
        CellKind.Number => cell.Number,
        CellKind.Text when cell.Text!.Length >= FewestDigits && char.IsAsciiDigit(cell.Text[0]) && char.IsAsciiDigit(cell.Text[^1])
            && (NumberText.TryParse(cell.Text, out var number) || NumberText.TryParseShort(cell.Text, ',', out number)) => number,
        _ => null,
    };

    /// <summary>A month with the last two digits of its year, which alone may be a day as well.</summary>
    public static (int Year, int Month)? ShortMonthIn(in Cell cell) => cell.Kind == CellKind.Text && ShortMonth().Match(cell.Text!) is { Success: true } found
        ? (WrittenTime.FullYear(int.Parse(found.Groups["year"].Value, CultureInfo.InvariantCulture)), int.Parse(found.Groups["month"].Value, CultureInfo.InvariantCulture)) : null;

    private static bool TryRead(double number, NumberTimes meaning, out WrittenTime time)
    {
        if (meaning == NumberTimes.Digits)
        {
            return TimeText.TryParse(Digits(number), out time);
        }

        if (meaning == NumberTimes.Months)
        {
            time = MonthIn(number)!.Value;
            return true;
        }

        time = meaning is NumberTimes.Serial or NumberTimes.Serial1904
            // To the millisecond, as precise as a serial is.
            ? WrittenTime.Of((meaning == NumberTimes.Serial ? SerialZero : SerialZero1904).AddMilliseconds(Math.Round(number * 86_400_000)))
            : WrittenTime.Of(DateTime.UnixEpoch.AddMilliseconds(meaning switch { NumberTimes.EpochSeconds => number * 1000, NumberTimes.EpochNanoseconds => Math.Round(number / 1e6), _ => number })) with { OffsetMinutes = 0 };
        return true;
    }

    private static WrittenTime? MonthIn(double number)
    {
        var (year, month) = number switch
        {
            >= 199_001 and < 210_000 when number % 1 == 0 => ((int)number / 100, (int)number % 100),
            // Of the years that no decimals of an amount are as a rule.
            > 1 and < 13 when Math.Abs((number * 10_000) - Math.Round(number * 10_000)) < 1e-6 && (int)Math.Round(number % 1 * 10_000) is > 2000 and < 2100 and var behind => (behind, (int)number),
            _ => default,
        };
        return month is >= 1 and <= 12
            ? WrittenTime.OfDate(year, month, 1) with { Months = 1 } : null;
    }

    private static string Digits(double number) => number.ToString("F0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<month>0?[1-9]|1[0-2])\s*[-/.]\s*(?<year>[0-9]{2})$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ShortMonth();
}
