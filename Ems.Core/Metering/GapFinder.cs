using NodaTime;

namespace Ems.Core.Metering;

/// <summary>
/// Tells which pairs of values that follow each other are farther apart than the gap limit (<see cref="NominalStep.GapLimit"/>). Where
/// all steps around a pair are equal, it is no gap whatever the limit: most are looked at only once for a whole run of equal steps.
/// </summary>
/// <param name="samples">The values of one series in order of start.</param>
internal sealed class GapFinder(IReadOnlyList<Sample> samples)
{
    // The steps numbered from first to before end are equal; step i leads from value i to the next one.
    private (int First, int End, Duration Step) _equal;

    /// <summary>Whether the values at <paramref name="index"/> and behind it are too far apart to belong together.</summary>
    public bool IsGap(int index)
    {
        if (index < _equal.First || index >= _equal.End)
        {
            _equal = EqualAround(index);
        }

        var (from, to) = NominalStep.StepsAround(samples, index);
        return (from < _equal.First || to >= _equal.End || _equal.Step <= Duration.Zero) && StepAt(index) > NominalStep.GapLimit(samples, index);
    }

    private (int First, int End, Duration Step) EqualAround(int index)
    {
        var (step, first, end) = (StepAt(index), index, index + 1);
        while (first > 0 && StepAt(first - 1) == step)
        {
            first--;
        }

        while (end + 1 < samples.Count && StepAt(end) == step)
        {
            end++;
        }

        return (first, end, step);
    }

    private Duration StepAt(int index) => samples[index + 1].Start - samples[index].Start;
}
