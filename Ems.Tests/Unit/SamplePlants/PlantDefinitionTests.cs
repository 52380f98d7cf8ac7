using Ems.SamplePlant;
using Ems.SamplePlant.Sites;
using NodaTime;

namespace Ems.Tests.Unit.SamplePlants;

public sealed class PlantDefinitionTests
{
    [Theory]
    [InlineData(2000, 4, 23)]
    [InlineData(2024, 3, 31)]
    [InlineData(2025, 4, 20)]
    [InlineData(2026, 4, 5)]
    [InlineData(2038, 4, 25)]
    public void Easter_falls_on_its_Sunday(int year, int month, int day) => Assert.Equal(new LocalDate(year, month, day), Holidays.Easter(year));

    [Fact]
    public void Holidays_that_move_fall_on_their_days()
    {
        Assert.Contains(new LocalDate(2026, 11, 26), Holidays.Chicago(2026));
        Assert.Contains(new LocalDate(2026, 5, 25), Holidays.Chicago(2026));
        Assert.Contains(new LocalDate(2026, 5, 14), Holidays.Hamburg(2026));
        Assert.Contains(new LocalDate(2026, 10, 5), Holidays.Adelaide(2026));
    }

    [Fact]
    public void Flags_are_taken_out_of_the_arguments_wherever_they_stand()
    {
        var (flags, others) = PlantFlags.Take(["--load-data", "--urls", "http://127.0.0.1:0", "--simulate"]);

        Assert.Equal(new PlantFlags(LoadData: true, Simulate: true), flags);
        Assert.Equal(["--urls", "http://127.0.0.1:0"], others);
        Assert.False(PlantFlags.Take(["--urls", "http://127.0.0.1:0"]).Flags.Any);
    }
}
