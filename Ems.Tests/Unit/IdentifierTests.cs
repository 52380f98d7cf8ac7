using Ems.Core.Storage;

namespace Ems.Tests.Unit;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("IKC0073")]
    [InlineData("Zähler 3.OG")]
    [InlineData("..a")]
    [InlineData("عداد")]
    [InlineData("👩‍🔧")]
    public void Free_text_is_an_id(string id) => Assert.Null(Identifier.FaultOf(id));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(" a")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a?")]
    [InlineData("a#b")]
    [InlineData("50%")]
    [InlineData("a\tb")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u2028b")]
    public void Text_that_breaks_addresses_or_cannot_be_seen_is_no_id(string? id) => Assert.NotNull(Identifier.FaultOf(id));

    [Fact]
    public void An_id_has_at_most_128_characters()
    {
        Assert.Null(Identifier.FaultOf(new string('x', 128)));
        Assert.NotNull(Identifier.FaultOf(new string('x', 129)));
        Assert.NotNull(Identifier.FaultOf("\ud800x"));
    }
}
