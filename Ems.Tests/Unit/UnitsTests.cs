using System.Globalization;
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
    [InlineData("kWhs", Dimension.Energy, 3, 3)]
    [InlineData("кВт·ч", Dimension.Energy, 3, 3)]
    [InlineData("МВт·ч", Dimension.Energy, 3, 3000)]
    [InlineData("кВт", Dimension.ActivePower, 3, 3)]
    [InlineData("Kilowatthours", Dimension.Energy, 3, 3)]
    [InlineData("tonhr", Dimension.Energy, 10, 35.1685284)]
    [InlineData("TRh", Dimension.Energy, 10, 35.1685284)]
    [InlineData("TR-hr", Dimension.Energy, 10, 35.1685284)]
    [InlineData("kWh Hs", Dimension.Energy, 3, 3)]
    [InlineData("MWh (Ho)", Dimension.Energy, 3, 3000)]
    [InlineData("kWhe", Dimension.Energy, 3, 3)]
    [InlineData("kL", Dimension.Volume, 3, 3)]
    [InlineData("kilolitres", Dimension.Volume, 3, 3)]
    [InlineData("ML", Dimension.Volume, 3, 3000)]
    [InlineData("megalitres", Dimension.Volume, 3, 3000)]
    [InlineData("CCFs", Dimension.Volume, 1, 2.8316846592)]
    [InlineData("gals", Dimension.Volume, 1000, 3.785411784)]
    [InlineData("scm", Dimension.Volume, 4, 4)]
    [InlineData("SCF", Dimension.Volume, 1, 0.028316846592)]
    [InlineData("GJ", Dimension.Energy, 3.6, 1000)]
    [InlineData("kBtu (thousand Btu)", Dimension.Energy, 1, 0.29307107)]
    [InlineData("therms", Dimension.Energy, 1, 29.307107)]
    [InlineData("MMBtu", Dimension.Energy, 1, 293.07107)]
    [InlineData("thm", Dimension.Energy, 1, 29.307107)]
    [InlineData("Dth", Dimension.Energy, 1, 293.07107)]
    [InlineData("dekatherms", Dimension.Energy, 1, 293.07107)]
    [InlineData("Gcal", Dimension.Energy, 2, 2326)]
    [InlineData("kLbs. (thousand pounds)", Dimension.Energy, 1, 349.92685758)]
    [InlineData("Ton-Hours", Dimension.Energy, 10, 35.1685284)]
    [InlineData("Sm3", Dimension.Volume, 4, 4)]
    [InlineData("Nm³", Dimension.Volume, 4, 4)]
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
    [InlineData("M3", Dimension.Volume, 4, 4)]
    [InlineData("NM3", Dimension.Volume, 4, 4)]
    [InlineData("L", Dimension.Volume, 1000, 1)]
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
    [InlineData("ＭＷｈ", Dimension.Energy, 3, 3000)]
    [InlineData("㎿h", Dimension.Energy, 3, 3000)]
    [InlineData("㎥", Dimension.Volume, 3, 3)]
    [InlineData("\u212A", Dimension.Temperature, 293.15, 20)]
    [InlineData("kW\u00A0h", Dimension.Energy, 3, 3)]
    public void Units_convert_to_the_canonical_one(string text, Dimension dimension, double value, double canonical)
    {
        Assert.True(Units.TryParse(text, out var unit), text);
        Assert.Equal(dimension, unit.Dimension);
        Assert.Equal(canonical, unit.ToCanonical(value), 1e-9);
        Assert.True(Units.TryParse(unit.Symbol, out var again) && again == unit, unit.Symbol);
    }

    [Theory]
    [InlineData("MWh", 0.07, 70)]
    [InlineData("MWh", -8.2, -8200)]
    [InlineData("Wh", 1234567, 1234.567)]
    [InlineData("W", 0.1, 0.0001)]
    [InlineData("K", 293.15, 20)]
    [InlineData("°F", 32, 0)]
    [InlineData("°F", 68, 20)]
    [InlineData("GWh", 1.1e15, 1.1e21)]
    [InlineData("MWh", 0, 0)]
    [InlineData("kWh", 0.1 + 0.2, 0.1 + 0.2)]
    [InlineData("GJ", 3.6, 1000)]
    [InlineData("MWh", 1e300, 1e303)]
    [InlineData("J", 1e-300, 1e-300 / 3_600_000)]
    public void Converted_values_have_no_digits_that_they_were_not_written_with(string text, double value, double canonical)
    {
        Assert.True(Units.TryParse(text, out var unit), text);
        Assert.Equal(canonical, unit.ToCanonical(value));
    }

    [Fact]
    public void Converted_values_are_those_of_their_first_fifteen_digits()
    {
        var random = new Random(7);
        foreach (var unit in Units.All.Where(unit => unit.Offset == 0))
        {
            for (var i = 0; i < 2_000; i++)
            {
                var value = Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 9)), random.Next(0, 8));
                var exact = unit.Factor * value;
                Assert.Equal(exact, unit.ToCanonical(value), Math.Abs(exact) * 1e-14);
                Assert.True(unit.Factor == 1 || Math.Abs(exact) < 1e-7 || double.Parse(unit.ToCanonical(value).ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) == unit.ToCanonical(value), $"{value} {unit.Symbol}");
            }
        }
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

    [Theory]
    [InlineData("Гкал", "Gcal")]
    [InlineData("кВт·год", "kWh")]
    [InlineData("㎥", "m³")]
    [InlineData("IG", "UK gal")]
    public void Units_are_written_in_more_ways(string text, string symbol)
    {
        Assert.True(Units.TryParse(text, out var unit));
        Assert.Equal(symbol, unit.Symbol);
    }
}
