using Ems.Core.Metering;

namespace Ems.Core.Storage.Sqlite;

/// <summary>A value as it stands in the file. Instants and lengths are milliseconds.</summary>
/// <param name="SourceValue">What was delivered; null where it is the value.</param>
/// <param name="SourceUnit">In which it was delivered; null where it is the unit of the series.</param>
internal readonly record struct StoredValue(
    long Start, long Length, double Value, long Version, ReadingFlags Flags, double? SourceValue = null, string? SourceUnit = null)
{
    public (long Start, long Length) Key => (Start, Length);

    public static int ByKey(StoredValue a, StoredValue b) => a.Key.CompareTo(b.Key);
}
