using Ems.Core.Metering;
using Ems.SamplePlant.Sites;

namespace Ems.SamplePlant.Readings;

/// <summary>Between the units of files and those of live readings.</summary>
internal static class CanonicalUnits
{
    public static double Convert(Channel channel, double value) => UnitOf(channel).ToCanonical(value);

    public static double ToUnit(Channel channel, double canonical)
    {
        var unit = UnitOf(channel);
        return (canonical - unit.Offset) / unit.Factor;
    }

    private static Unit UnitOf(Channel channel) =>
        Units.TryParse(channel.Unit, out var unit) ? unit : throw new InvalidOperationException($"There is no unit {channel.Unit}.");
}
