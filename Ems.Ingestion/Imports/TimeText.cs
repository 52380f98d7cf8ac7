using System.Globalization;
using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports;

/// <summary>In which order a column writes day, month and year.</summary>
internal enum DateOrder { Unknown, YearMonthDay, DayMonthYear, MonthDayYear }

/// <summary>A time as its text has it, before the order of its date is known.</summary>
/// <param name="First">First number of the date, with <paramref name="Second"/> and <paramref name="Third"/> as they stand.</param>
/// <param name="TimeOfDay">Up to 24:00.</param>
/// <param name="OffsetMinutes">From UTC, when written.</param>
/// <param name="Order">When the text alone says it: a four-digit year first, or a month by name.</param>
/// <param name="Marked">Whether a daylight-saving mark follows.</param>
internal readonly record struct TimeText(
    short First, short Second, short Third, TimeSpan TimeOfDay, short? OffsetMinutes, DateOrder Order, bool Dotted, bool Marked)
{
    /// <param name="order">Of the column; counts when the text alone does not say it.</param>
    public DateTime? ToLocal(DateOrder order)
    {
        var (year, month, day) = (Order == DateOrder.Unknown ? order : Order) switch
        {
            DateOrder.YearMonthDay => (First, Second, Third),
            DateOrder.DayMonthYear => (Third, Second, First),
            _ => (Third, First, Second),
        };
        var fullYear = year < 100 ? year + (year < 70 ? 2000 : 1900) : year;
        return month is < 1 or > 12 || fullYear > 9998 || day < 1 || day > DateTime.DaysInMonth(fullYear, month)
            ? null
            : new DateTime(fullYear, month, day).Add(TimeOfDay);
    }

    public static bool TryParse(string text, out TimeText time)
    {
        time = default;
        if (text.Length is < 5 or > 48 || !TimeTextPattern.Full().Match(text).Groups.TryGetMatch(out var groups))
        {
            return false;
        }

        var second = groups["b"].ValueSpan;
        var named = char.IsLetter(second[0]);
        var month = named ? MonthOf(second) : short.Parse(second, CultureInfo.InvariantCulture);
        if (month < 0 || !TryTimeOfDay(groups, out var timeOfDay))
        {
            return false;
        }

        var first = short.Parse(groups["a"].ValueSpan, CultureInfo.InvariantCulture);
        var third = short.Parse(groups["c"].ValueSpan, CultureInfo.InvariantCulture);
        var order = groups["a"].Length == 4 ? DateOrder.YearMonthDay : named ? DateOrder.DayMonthYear : DateOrder.Unknown;
        if (!TryOffset(groups["zone"].ValueSpan, out var offset))
        {
            return false;
        }

        time = new TimeText(first, month, third, timeOfDay, offset, order, groups["s"].ValueSpan is ".", groups["mark"].Success);
        return true;
    }

    private static bool TryTimeOfDay(GroupCollection groups, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        if (!groups["h"].Success)
        {
            return true;
        }

        var hour = Number(groups["h"]);
        var minute = Number(groups["m"]);
        var second = groups["sec"].Success ? Number(groups["sec"]) : 0;
        var half = groups["half"].ValueSpan;
        if (half.Length > 0)
        {
            if (hour is < 1 or > 12)
            {
                return false;
            }

            hour = (hour % 12) + (half[0] is 'P' or 'p' ? 12 : 0);
        }

        var fraction = groups["f"].Success
            ? double.Parse($"0.{groups["f"].ValueSpan}", CultureInfo.InvariantCulture) : 0;
        time = new TimeSpan(hour, minute, second) + TimeSpan.FromTicks((long)Math.Round(fraction * TimeSpan.TicksPerSecond));
        return minute < 60 && second < 60 && time <= TimeSpan.FromDays(1);
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out short? minutes)
    {
        minutes = text switch
        {
            "" => null,
            "Z" or "z" or "UTC" or "GMT" => 0,
            "EST" => -300,
            "EDT" => -240,
            "CST" => -360,
            "CDT" => -300,
            "MST" => -420,
            "MDT" => -360,
            "PST" => -480,
            "PDT" => -420,
            "CET" => 60,
            "CEST" => 120,
            _ => short.MaxValue,
        };
        if (minutes != short.MaxValue)
        {
            return true;
        }

        var digits = text.ToString().Replace(":", "", StringComparison.Ordinal);
        var hours = int.Parse(digits.AsSpan(1, 2), CultureInfo.InvariantCulture);
        var rest = digits.Length > 3 ? int.Parse(digits.AsSpan(3), CultureInfo.InvariantCulture) : 0;
        minutes = (short)(((hours * 60) + rest) * (text[0] == '-' ? -1 : 1));
        return hours <= 18 && rest < 60;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    private static short MonthOf(ReadOnlySpan<char> name)
    {
        for (short month = 1; month <= 12; month++)
        {
            var full = CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month);
            if (name.Length >= 3 && full.AsSpan().StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return month;
            }
        }

        return -1;
    }
}

internal static partial class TimeTextPattern
{
    [GeneratedRegex(
        @"^(?<a>\d{4}|\d{1,2})(?<s>[-/. ])(?<b>\d{1,2}|[A-Za-z]{3,9})\k<s>(?<c>\d{4}|\d{1,2})"
        + @"(?:[T ,]\s*(?<h>\d{1,2}):(?<m>\d{2})(?::(?<sec>\d{2})(?:[.,](?<f>\d{1,9}))?)?\s*(?<half>[AaPp]\.?[Mm]\.?)?)?"
        + @"\s*(?<zone>Z|z|UTC|GMT|[ECMP][SD]T|CEST|CET|[+-]\d{2}(?::?\d{2})?)?\s*(?<mark>\(?DST\)?|\*)?$",
        RegexOptions.CultureInvariant)]
    public static partial Regex Full();

    public static bool TryGetMatch(this GroupCollection all, out GroupCollection groups)
    {
        groups = all;
        return all[0].Success;
    }
}
