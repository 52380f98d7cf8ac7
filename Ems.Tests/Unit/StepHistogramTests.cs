using Ems.Core.Metering;
using NodaTime;

namespace Ems.Tests.Unit;

public sealed class StepHistogramTests
{
    private static readonly LocalDateTime Start = new(2024, 1, 1, 0, 0);
    private static readonly Duration Quarter = Duration.FromMinutes(15);

    [Theory]
    [InlineData(new[] { 0, 0, 15, 30, 600, 615 }, LabelOrder.Ascending)]
    [InlineData(new[] { 615, 600, 30, 15, 0, 0 }, LabelOrder.Descending)]
    [InlineData(new[] { 0, 600, 15, 30, 0, 615 }, LabelOrder.Unknown)]
    public void The_nominal_step_is_the_median_of_the_steps_in_whatever_order(int[] minutes, LabelOrder order)
    {
        var steps = Note(minutes.Select(minute => Start.PlusMinutes(minute)));

        Assert.Equal((Quarter, order), (steps.Step(), steps.Order()));
    }

    [Fact]
    public void The_step_back_of_an_autumn_night_changes_no_direction()
    {
        int[] minutes = [90, 105, 60, 75];

        var steps = Note(minutes.Select(minute => Start.PlusMinutes(minute)));

        Assert.Equal((Quarter, LabelOrder.Ascending), (steps.Step(), steps.Order()));
    }

    [Theory]
    [InlineData(new[] { 0, 30, 60, 90, 60, 90, 120 }, LabelOrder.Ascending)]
    [InlineData(new[] { 120, 90, 60, 90, 60, 30, 0 }, LabelOrder.Descending)]
    [InlineData(new[] { 120, 90, 60, 30, 0 }, LabelOrder.Descending)]
    public void Half_hours_go_the_way_of_most_though_the_autumn_night_goes_back_by_one_of_them(int[] minutes, LabelOrder order) =>
        Assert.Equal(order, Note(minutes.Select(minute => Start.PlusMinutes(minute))).Order());

    [Fact]
    public void Milliseconds_of_noise_make_no_steps_of_their_own()
    {
        var steps = Note(Enumerable.Range(0, 9).Select(hour => Start.PlusHours(hour).PlusMilliseconds((hour % 3) - 1)));

        Assert.Equal(Duration.FromHours(1), steps.Step());
    }

    [Fact]
    public void Months_of_all_lengths_are_one_step() =>
        Assert.Equal(NominalLength.Month, Note(Enumerable.Range(0, 12).Select(month => Start.PlusMonths(month))).Step());

    [Fact]
    public void One_label_has_no_step() => Assert.Null(Note([Start, Start]).Step());

    private static StepHistogram Note(IEnumerable<LocalDateTime> labels)
    {
        var steps = new StepHistogram();
        foreach (var label in labels)
        {
            steps.Note(label);
        }

        return steps;
    }
}
