using System.Text.Json;
using Ems.Core.Metering;

namespace Ems.Ingestion.Readings;

/// <summary>Written names of flags.</summary>
internal static class FlagNames
{
    private static readonly (ReadingFlags Flag, string Name)[] Names =
    [
        .. Enum.GetValues<ReadingFlags>()
            .Where(flag => flag != ReadingFlags.None)
            .Select(flag => (flag, JsonNamingPolicy.SnakeCaseLower.ConvertName(flag.ToString()))),
    ];

    /// <summary>One name for each flag that is set, such as <c>power_exceeds_apparent</c>.</summary>
    public static IReadOnlyList<string> Of(ReadingFlags flags) =>
        flags == ReadingFlags.None ? [] : [.. Names.Where(pair => flags.HasFlag(pair.Flag)).Select(pair => pair.Name)];
}
