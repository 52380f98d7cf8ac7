using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>
/// Headers that say only beside each other where intervals start and end, as <c>Du</c> and <c>Au</c> do, or <c>Dal</c> and <c>Al</c>:
/// alone each stands before any word, or is a metal.
/// </summary>
internal static class PairedHeaders
{
    private static readonly (string Start, string End)[] Pairs =
    [
        ("du", "au"), ("du", "jusqu"), ("dal", "al"), ("dalla", "alla"), ("del", "al"), ("desde", "al"), ("de", "a"), ("de", "à"), ("de", "hasta"), ("de", "até"),
    ];

    // Among thousands nobody says both ends of one interval.
    private const int MostColumns = 50;

    /// <summary>What each of two columns says; nothing where more than two can be meant.</summary>
    /// <param name="columns">With the words of their headers.</param>
    public static IReadOnlyDictionary<int, LabelMeaning> Find(IReadOnlyDictionary<int, HeaderWords> columns)
    {
        if (columns.Count > MostColumns)
        {
            return new Dictionary<int, LabelMeaning>();
        }

        var found =
            from pair in Pairs
            from start in columns.Where(column => column.Value.Any(pair.Start))
            from end in columns.Where(column => column.Key != start.Key && column.Value.Any(pair.End))
            where end.Value.Except([pair.End, pair.Start, "au", "à"]).IsSubsetOf(start.Value.Except([pair.Start]))
            select (Start: start.Key, End: end.Key);
        return found.Distinct().ToList() is [var only] ? new Dictionary<int, LabelMeaning> { [only.Start] = LabelMeaning.Start, [only.End] = LabelMeaning.End } : [];
    }
}
