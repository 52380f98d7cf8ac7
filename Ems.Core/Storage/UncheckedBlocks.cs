namespace Ems.Core.Storage;

/// <summary>Cuts what has to be checked into blocks of time, so that one change does not stretch it over years.</summary>
internal static class UncheckedBlocks
{
    public const long LengthMs = 32 * TouchedRanges.DayMs;

    public static long BlockOf(long instantMs) => (long)Math.Floor((double)instantMs / LengthMs);

    /// <summary>The blocks of changed values, with the first and the last time in each.</summary>
    public static IEnumerable<(long Block, long First, long Last)> Of(TouchedRanges touched) =>
        touched.Ranges.SelectMany(Of).GroupBy(part => part.Block)
            .Select(parts => (parts.Key, parts.Min(part => part.First), parts.Max(part => part.Last)));

    private static IEnumerable<(long Block, long First, long Last)> Of((long Start, long End) range)
    {
        for (var block = BlockOf(range.Start); block * LengthMs <= range.End; block++)
        {
            yield return (block, Math.Max(range.Start, block * LengthMs), Math.Min(range.End, ((block + 1) * LengthMs) - 1));
        }
    }
}
