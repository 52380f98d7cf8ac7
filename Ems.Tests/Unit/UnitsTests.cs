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
    [InlineData("gallons (US)", Dimension.Volume, 1, 0.003785411784)]
    [InlineData("Gallons (UK)", Dimension.Volume, 1, 0.00454609)]
    [InlineData("KGal (thousand gallons) (US)", Dimension.Volume, 1, 3.785411784)]
    [InlineData("KGal (thousand gallons) (UK)", Dimension.Volume, 1, 4.54609)]
    [InlineData("MGal (million gallons) (US)", Dimension.Volume, 1, 3785.411784)]
    [InlineData("MGal (million gallons) (UK)", Dimension.Volume, 1, 4546.09)]
    [InlineData("cGal (hundred gallons) (US)", Dimension.Volume, 1, 0.3785411784)]
    [InlineData("cGal (hundred gallons) (UK)", Dimension.Volume, 1, 0.454609)]
    [InlineData("MCF (million cubic feet)", Dimension.Volume, 1, 28316.846592)]
    [InlineData("MCF(million cubic feet)", Dimension.Volume, 1, 28316.846592)]
    [InlineData("mcf (thousand cubic feet)", Dimension.Volume, 1, 28.316846592)]
    [InlineData("kcf (thousand cubic feet)", Dimension.Volume, 1, 28.316846592)]
    [InlineData("ccf (hundred cubic feet)", Dimension.Volume, 1, 2.8316846592)]
    [InlineData("cf (cubic feet)", Dimension.Volume, 1, 0.028316846592)]
    [InlineData("cm (Cubic meters)", Dimension.Volume, 4, 4)]
    [InlineData("Kcm (Thousand Cubic meters)", Dimension.Volume, 4, 4000)]
    [InlineData("MBtu (million Btu)", Dimension.Energy, 1, 293.07107)]
    [InlineData("kWh (thousand Watt-hours)", Dimension.Energy, 3, 3)]
    [InlineData("MWh (million Watt-hours)", Dimension.Energy, 3, 3000)]
    [InlineData("kW (net of losses)", Dimension.ActivePower, 3, 3)]
    [InlineData("°C (dry bulb)", Dimension.Temperature, 3, 3)]
    [InlineData("1000 gal", Dimension.Volume, 1, 3.785411784)]
    [InlineData("m³/h", Dimension.VolumeFlow, 1.69901079552, 1)]
    [InlineData("%", Dimension.Ratio, 95, 0.95)]
    public void Units_convert_to_the_canonical_one(string text, Dimension dimension, double value, double canonical)
    {
        Assert.True(Units.TryParse(text, out var unit), text);
        Assert.Equal(dimension, unit.Dimension);
        Assert.Equal(canonical, unit.ToCanonical(value), 1e-9);
        Assert.True(Units.TryParse(unit.Symbol, out var again) && again == unit, unit.Symbol);
    }

    [Theory]
    [InlineData("mwh")]
    [InlineData("mw")]
    [InlineData("MV")]
    [InlineData("k")]
    [InlineData("furlong")]
    [InlineData("cm")]
    [InlineData("MGal")]
    [InlineData("Gas (m³)")]
    [InlineData("Gas (cubic meters)")]
    [InlineData("m3(n)")]
    [InlineData("")]
    [InlineData("()")]
    [InlineData(null)]
    public void What_could_mean_two_units_or_none_is_unknown(string? text) => Assert.False(Units.TryParse(text, out _));
}
