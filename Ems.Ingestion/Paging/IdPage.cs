using System.Buffers.Text;
using System.Text;

namespace Ems.Ingestion.Paging;

/// <summary>A page of a list that is ordered by id. The cursor names the last id of the page before.</summary>
internal static class IdPage
{
    public const int MaxLimit = 1_000;
    public const int DefaultLimit = 100;

    /// <summary>What is wrong with the query; null when nothing is.</summary>
    public static string? FaultOf(int? limit, string? cursor) =>
        limit is < 1 or > MaxLimit ? $"limit is {limit}; it must be 1 to {MaxLimit}."
        : cursor is not null && !Base64Url.IsValid(cursor) ? "cursor is not one that this list gave out: leave it out to start again."
        : null;

    public static (List<T> Items, string? NextCursor) Of<T>(IEnumerable<T> all, Func<T, string> id, int? limit, string? cursor)
    {
        var after = cursor is null ? null : Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        var size = limit ?? DefaultLimit;
        var items = all
            .Where(item => after is null || string.CompareOrdinal(id(item), after) > 0)
            .OrderBy(id, StringComparer.Ordinal)
            .Take(size + 1)
            .ToList();
        if (items.Count <= size)
        {
            return (items, null);
        }

        items.RemoveAt(size);
        return (items, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id(items[^1]))));
    }
}
