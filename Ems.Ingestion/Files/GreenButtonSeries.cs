using Ems.Core.Metering;

namespace Ems.Ingestion.Files;

/// <summary>A series of a Green Button feed: what one meter measures in one way.</summary>
/// <param name="MeterId">The usage point's, marked where it delivers what flows the other way.</param>
/// <param name="MeterType">What flows, as ENERGY STAR calls it, and whether it flows out; empty when the feed says neither.</param>
/// <param name="Unit">Of its values; empty where they have none.</param>
/// <param name="PowerOfTen">From the feed's whole numbers to the unit that it counts in.</param>
internal sealed record GreenButtonSeries(string MeterId, string MeterName, string MeterType, string Metric, string Unit, int PowerOfTen)
{
    private Unit? Counted { get; init; }

    /// <summary>Of the column of its values.</summary>
    public string Header => Unit.Length == 0 ? Metric : $"{Metric} ({Unit})";

    public double ToValue(double number)
    {
        var counted = PowerOfTen < 0 ? number / Math.Pow(10, -PowerOfTen) : number * Math.Pow(10, PowerOfTen);
        return Counted?.ToCanonical(counted) ?? counted;
    }

    /// <summary>The series with its values in the metric's own unit.</summary>
    public GreenButtonSeries InOwnUnit() => Units.TryParse(Unit, out var unit) ? this with { Unit = MetricCatalogue.Find(Metric)!.Unit, Counted = unit } : this;
}
