namespace Ems.Tests.EndToEnd;

[Collection("Processes")]
public sealed class SamplePlantStartTests
{
    private static readonly TimeSpan RefusalLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_value_that_is_not_allowed_gives_one_line_with_the_setting_the_value_and_what_is_allowed()
    {
        using var plant = ProgramProcess.Start("Ems.SamplePlant", ["--load-data"], ("Ems__AdminKey", "a-key"), ("Ems__SamplePlant__Days", "0"));

        Assert.Equal(1, await plant.WaitForExitAsync(RefusalLimit));
        Assert.Equal("Ems__SamplePlant__Days is '0'; it must be a whole number from 1 to 366.", Assert.Single(plant.Output.Split('\n')));
    }
}
