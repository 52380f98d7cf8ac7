using Ems.SamplePlant;

namespace Ems.Tests.Unit.SamplePlants;

public sealed class OwnAddressTests
{
    [Theory]
    [InlineData("http://localhost:8000/", "http://localhost:8000")]
    [InlineData("http://localhost:8000/", "http://0.0.0.0:8000")]
    [InlineData("http://localhost:8000/", "http://[::]:8000/")]
    [InlineData("http://localhost:8000/", "http://*:8000")]
    [InlineData("http://192.0.2.7:8000/", "http://192.0.2.7:8000", "http://localhost:5004")]
    [InlineData("http://localhost:8000/", "https://[::]:8443", "http://[::]:8000")]
    [InlineData("https://localhost:8443/", "https://0.0.0.0:8443")]
    public void A_host_is_reached_at_an_address_of_its_own_machine_without_TLS_where_that_can_be(string expected, params string[] addresses) =>
        Assert.Equal(expected, SamplePlantService.OwnAddress(addresses)?.AbsoluteUri);

    [Fact]
    public void A_program_that_is_no_server_has_none() => Assert.Null(SamplePlantService.OwnAddress([]));
}
