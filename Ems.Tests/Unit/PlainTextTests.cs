using Ems.Core.Metering;

namespace Ems.Tests.Unit;

public sealed class PlainTextTests
{
    [Fact]
    public void Texts_are_not_normalised_as_the_programs_run() => Assert.Equal("ｋ", "ｋ".Normalize(System.Text.NormalizationForm.FormKC));

    [Theory]
    [InlineData("ｋＷｈ", "kWh")]
    [InlineData("電力量（ｋＷｈ）", "電力量(kWh)")]
    [InlineData("㎥", "m3")]
    [InlineData("㎾h", "kWh")]
    [InlineData("m³", "m³")]
    [InlineData("kWh/m²", "kWh/m²")]
    [InlineData("Za\u0308hler", "Zähler")]
    [InlineData("Zähler", "Zähler")]
    [InlineData("e\u0301nergie", "énergie")]
    [InlineData("Ma\u030Atar \u010Das c\u030Cas", "Måtar čas čas")]
    [InlineData("Active\u00A0energy\u202F(kWh)\u2009", "Active energy (kWh) ")]
    [InlineData("Strom\u00ADverbrauch\u200B", "Stromverbrauch")]
    [InlineData("\u00B5A", "\u03BCA")]
    [InlineData("\u212A", "K")]
    [InlineData("\u2126", "\u03A9")]
    [InlineData("℃", "°C")]
    [InlineData("кВт·ч – 45º", "кВт·ч – 45º")]
    [InlineData("\U0001F50C kWh", "\U0001F50C kWh")]
    [InlineData("", "")]
    public void Letters_that_look_like_others_are_those(string written, string plain) => Assert.Equal(plain, PlainText.Of(written));

    [Theory]
    [InlineData("Ｍａｉｎ　（ｋＷｈ）", "Main", "Ｍａｉｎ")]
    [InlineData("Za\u0308hler Su\u0308d kWh", "Zähler Süd", "Za\u0308hler Su\u0308d")]
    [InlineData("Halle\u00AD3\u00A0㎾h", "Halle3", "Halle\u00AD3")]
    [InlineData("Main kWh", "Main", "Main")]
    [InlineData("Ｍａｉｎ", "other", "other")]
    public void A_part_is_as_it_was_written(string written, string part, string expected) => Assert.Equal(expected, new PlainText(written).Written(part));
}
