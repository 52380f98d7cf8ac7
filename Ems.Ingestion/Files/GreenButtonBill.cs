using System.Globalization;
using System.Xml;

namespace Ems.Ingestion.Files;

/// <summary>A usage summary of a Green Button feed: what a usage point has consumed in the period of a bill.</summary>
/// <param name="Start">Of the period, in seconds since 1970; null where it says none, as the others.</param>
/// <param name="Duration">In seconds.</param>
internal sealed record GreenButtonBill(long? Start, long? Duration, long? Value, int Unit, int PowerOfTen)
{
    private const string Period = "billingPeriod";
    private const string Consumption = "currentBillingPeriodOverAllConsumption";

    /// <summary>Whether it says when, and how much.</summary>
    public bool IsWhole => this is { Start: not null, Duration: > 0, Value: not null };

    /// <summary>That of the current element.</summary>
    public static GreenButtonBill Read(XmlReader reader)
    {
        var bill = new GreenButtonBill(null, null, null, 0, 0);
        var buffer = new char[64];
        var (depth, part) = (reader.Depth, "");
        var content = reader.Content();
        while (content.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (reader.Depth == depth + 1)
            {
                part = reader.LocalName;
            }
            else
            {
                bill = (part, reader.LocalName) switch
                {
                    (Period, "start") => bill with { Start = Number() },
                    (Period, "duration") => bill with { Duration = Number() },
                    (Consumption, "value") => bill with { Value = Number() },
                    (Consumption, "uom") => bill with { Unit = (int)(Number() ?? 0) },
                    (Consumption, "powerOfTenMultiplier") => bill with { PowerOfTen = (int)(Number() ?? 0) },
                    _ => bill,
                };
            }
        }

        return bill;

        long? Number() => long.TryParse(buffer.AsSpan(0, reader.ReadText(buffer)).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
