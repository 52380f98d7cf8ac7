using Ems.Core.Metering;
using NodaTime;

namespace Ems.Core.Storage.Mongo;

/// <summary>What changes in one series. Readings come in order of start.</summary>
internal sealed class SeriesChange
{
    public TouchedRanges Touched { get; } = new();

    public TouchedRanges Changed { get; } = new();

    /// <summary>By which the revision of the series grows.</summary>
    public long Step { get; } = CatalogueRevision.Step();

    /// <summary>The values that came, where nothing else changed; else null.</summary>
    public List<Sample>? New { get; private set; } = [];

    public long Added { get; private set; }

    public long Removed { get; private set; }

    /// <summary>Takes note of what became of a value; says whether it is another one for those who read it.</summary>
    public bool Note(StoredReading reading, StoredValue? before, StoredValue? after)
    {
        if (before?.Write == after?.Write)
        {
            // Two of one write for the same reading: the second one counts.
            New = before == after ? New : null;
            return false;
        }

        var end = reading.Start + reading.Length;
        Touched.Add(reading.Start, end);
        Added += before is null ? 1 : 0;
        Removed += after is null ? 1 : 0;
        if (before is null && after is { } value)
        {
            New?.Add(new Sample(
                Instant.FromUnixTimeMilliseconds(reading.Start), Duration.FromMilliseconds(reading.Length), value.Value, value.Flags));
        }
        else
        {
            New = null;
        }

        if (SameValue.Is(ShownOf(before), ShownOf(after)))
        {
            return false;
        }

        Changed.Add(reading.Start, end);
        return true;
    }

    private static (double Value, ReadingFlags Flags)? ShownOf(StoredValue? value) => value is { } one ? (one.Value, one.Flags) : null;
}

/// <summary>The kind and unit of a series.</summary>
internal readonly record struct SeriesNature(QuantityKind Kind, string Unit);
