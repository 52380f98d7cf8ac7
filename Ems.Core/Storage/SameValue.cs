using Ems.Core.Metering;

namespace Ems.Core.Storage;

/// <summary>Whether a value says what another one says: the same number, and as estimated.</summary>
public static class SameValue
{
    /// <summary>Conversion to the canonical unit may end in another last digit.</summary>
    private const double LastDigit = 1e-12;

    public static bool Is((double Value, ReadingFlags Flags) a, (double Value, ReadingFlags Flags) b) =>
        Math.Abs(a.Value - b.Value) <= LastDigit * Math.Max(Math.Abs(a.Value), Math.Abs(b.Value))
        && ((a.Flags ^ b.Flags) & ReadingFlags.Estimated) == 0;

    /// <summary>No value is the same as none.</summary>
    public static bool Is((double Value, ReadingFlags Flags)? a, (double Value, ReadingFlags Flags)? b) =>
        a is { } one && b is { } other ? Is(one, other) : a is null && b is null;
}
