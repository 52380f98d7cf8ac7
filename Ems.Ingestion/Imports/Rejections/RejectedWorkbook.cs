using Ems.Core.Tables;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Rejections;

/// <summary>Writes the rejected rows of an import as a workbook that can be corrected and imported.</summary>
internal static class RejectedWorkbook
{
    public static void Write(Stream stream, ImportJob job, ITableFile file, IReadOnlyList<SheetFacts> sheets, RejectedRows rejected)
    {
        using var workbook = new XlsxWriter(stream);
        using var source = file.Open();
        do
        {
            if (sheets.FirstOrDefault(sheet => sheet.Layout.Sheet == source.SheetName) is { } facts && rejected.HasAny(source.SheetName))
            {
                new RejectedSheet(workbook, facts, job, rejected).Write(source);
            }
        }
        while (source.NextSheet());
        if (rejected.Beyond > 0)
        {
            workbook.BeginSheet("Note");
            workbook.WriteRow([$"There are more than {RejectedRows.MaxRows} rejected rows. Correct these and import this workbook, or correct the file and import it again: what is stored already counts as duplicate."]);
        }
    }

    /// <summary>For an import that rejected nothing.</summary>
    public static void WriteEmpty(Stream stream)
    {
        using var workbook = new XlsxWriter(stream);
        workbook.BeginSheet("Rejected");
        workbook.WriteRow(["No row was rejected."]);
    }
}
