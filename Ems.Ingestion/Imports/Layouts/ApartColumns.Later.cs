using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Subjects;

namespace Ems.Ingestion.Imports.Layouts;

/// <content>Columns that have one text in the first rows.</content>
internal sealed partial class ApartColumns
{
    // Texts that stay say little where there are many.
    private const int MostLater = 16;

    /// <summary>Columns that may tell meters apart farther down.</summary>
    public IReadOnlyList<LaterMeters> FindLater(IReadOnlyList<ValueColumn> values)
    {
        if (table.Told is not null || table.Rows.Count == 0)
        {
            return [];
        }

        var key = subject.Indexes.Except(subject.Quality.Select(quality => quality.Index)).ToList();
        var taken = values.Select(column => column.Index).Concat(time.Indexes).Concat(subject.Indexes).ToHashSet();
        return [.. table.Columns.Where(column => !taken.Contains(column) && told.Find(column) is null && table.HeaderOf(column).Length > 0 && (MayNameMeters(column) || new HeaderWords(table.HeaderOf(column)) is { Count: 1 } words && words.Any("channel")) && !new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)SubjectFinder.Remarks))
            .Select(column => LaterMeters.Find(table, time, column, key, why => Ambiguous(column, why))).OfType<LaterMeters>().Take(MostLater)];
    }
}
