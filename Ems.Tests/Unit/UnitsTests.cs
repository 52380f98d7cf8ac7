using Ems.Core.Metering;

namespace Ems.Tests.Unit;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("MW", Dimension.ActivePower, 2, 2000)]
    [InlineData("mW", Dimension.ActivePower, 2, 0.000002)]
    [InlineData("W", Dimension.ActivePower, 500, 0.5)]
    [InlineData("KWH", Dimension.Energy, 3, 3)]
    [InlineData("MWH", Dimension.Energy, 3, 3000)]
    [InlineData("GJ", Dimension.Energy, 3.6, 1000)]
    [InlineData("kBtu (thousand Btu)", Dimension.Energy, 1, 0.29307107)]
    [InlineData("therms", Dimension.Energy, 1, 29.307107)]
    [InlineData("MMBtu", Dimension.Energy, 1, 293.07107)]
    [InlineData("Kvar", Dimension.ReactivePower, 3, 3)]
    [InlineData("kVAR", Dimension.ReactivePower, 3, 3)]
    [InlineData("MVAR", Dimension.ReactivePower, 3, 3000)]
    [InlineData("[kVA]", Dimension.ApparentPower, 3, 3)]
    [InlineData("kV", Dimension.Voltage, 11, 11000)]
    [InlineData("mA", Dimension.Current, 5, 0.005)]
    [InlineData("°F", Dimension.Temperature, 212, 100)]
    [InlineData("deg F", Dimension.Temperature, 32, 0)]
    [InlineData("K", Dimension.Temperature, 273.15, 0)]
    [InlineData("m3", Dimension.Volume, 4, 4)]
    [InlineData("m^3", Dimension.Volume, 4, 4)]
    [InlineData("CCF", Dimension.Volume, 1, 2.8316846592)]
    [InlineData("gal", Dimension.Volume, 1000, 3.785411784)]
    [InlineData("m³/h", Dimension.VolumeFlow, 1.69901079552, 1)]
    [InlineData("%", Dimension.Ratio, 95, 0.95)]
    public void Units_convert_to_the_canonical_one(string text, Dimension dimension, double value, double canonical)
    {
        Assert.True(Units.TryParse(text, out var unit), text);
        Assert.Equal(dimension, unit.Dimension);
        Assert.Equal(canonical, unit.ToCanonical(value), 1e-9);
    }

    [Theory]
    [InlineData("mwh")]
    [InlineData("mw")]
    [InlineData("MV")]
    [InlineData("k")]
    [InlineData("furlong")]
    [InlineData("")]
    [InlineData("()")]
    [InlineData(null)]
    public void What_could_mean_two_units_or_none_is_unknown(string? text) => Assert.False(Units.TryParse(text, out _));
}
