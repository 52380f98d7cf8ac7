namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Tells types whose cells are merged from those that only some rows have.</summary>
internal static class MergedTypes
{
    /// <summary>Whether it stands before what it is of, and no text comes again right after itself: what only some rows say is theirs alone.</summary>
    /// <param name="of">The column of meters or times.</param>
    public static bool AreIn(SheetTable table, int type, int of) => table.ToldColumns is null && type < of
        && table.Filled(type).Select(HeaderTexts.TextOf).ToList() is var texts && texts.Zip(texts.Skip(1)).All(pair => pair.First != pair.Second);
}
