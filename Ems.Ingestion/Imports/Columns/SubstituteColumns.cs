using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Finds columns of substitutes for values that were not measured: they have values only where the column beside them has none.</summary>
internal static class SubstituteColumns
{
    /// <summary>Columns of substitutes, by those whose values they stand for.</summary>
    /// <param name="columns">Those that may hold values.</param>
    /// <param name="mayBe">Whether nobody says what a column is.</param>
    public static Dictionary<int, int> Find(SheetTable table, IReadOnlyList<int> columns, Func<int, bool> mayBe)
    {
        var found = new Dictionary<int, int>();
        foreach (var substitute in columns.Where(column => mayBe(column) && QualityMarks.NameSubstitutes(new HeaderWords(table.HeaderOf(column))) && (table.HoldsNumbers(column) || AreFartherDown(table, column))))
        {
            // That of the values on its left, or where there are none, right behind it.
            var value = columns.Where(column => column != substitute && table.HoldsNumbers(column) && IsOfOne(table, column, substitute)).Cast<int?>().ToList() is { Count: > 0 } values
                ? values.FindLast(column => column < substitute) ?? values[0] : null;
            if (value is { } column && table.Rows.All(row => MissingMarkers.IsMissing(row[column]) || MissingMarkers.IsMissing(row[substitute])))
            {
                found.TryAdd(column, substitute);
            }
        }

        return found;
    }

    /// <summary>Whether the first rows, in which nothing was missing, have none.</summary>
    public static bool AreFartherDown(SheetTable table, int column) => table.GoesOn && !table.Filled(column).Any();

    /// <summary>Gives the columns found their substitutes.</summary>
    /// <param name="substitutes">Columns of substitutes, by those whose values they stand for.</param>
    public static void Take(SheetTable table, Dictionary<int, int> substitutes, List<ValueColumn> found, List<ImportAssumption> assumptions, Action<int, string> leaveOut)
    {
        foreach (var (column, substitute) in substitutes)
        {
            var at = found.FindIndex(value => value.Index == column);
            if (at < 0)
            {
                leaveOut(substitute, $"the values of {table.HeaderOf(column)} are left out too");
                continue;
            }

            found[at] = found[at] with { Substitute = substitute };
            assumptions.Add(new ImportAssumption("estimated", $"{table.HeaderOf(substitute)} where {table.HeaderOf(column)} has no value", "it has values there alone"));
        }
    }

    /// <summary>Whether they have one unit, as far as their headers say it.</summary>
    private static bool IsOfOne(SheetTable table, int column, int substitute) =>
        HeaderReader.Read(table.HeaderOf(substitute)).Unit is not { } unit || HeaderReader.Read(table.HeaderOf(column)).Unit?.Symbol == unit.Symbol;
}
