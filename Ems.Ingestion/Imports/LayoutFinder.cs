using Ems.Core.Metering;
using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports;

/// <summary>Finds out where a file keeps its times, its equipment and its values.</summary>
internal static class LayoutFinder
{
    /// <exception cref="ImportFaultException">Nothing can be read as readings, or more than one reading of the file is possible.</exception>
    public static Layout Find(ITableSource source, string fileName, ImportForm form)
    {
        var (samples, headers) = Sample(source, form);
        if (samples.All(sample => sample.Rows.Count == 0))
        {
            throw new ImportFaultException(new ImportFault(ImportFault.InvalidFileFormat, $"{fileName} has no rows."));
        }

        return Describe(ChooseSheet(samples, headers, form), fileName, form);
    }

    private static (List<SheetSample> Samples, List<SheetHeader> Headers) Sample(ITableSource source, ImportForm form)
    {
        var samples = new List<SheetSample>();
        var headers = new List<SheetHeader>();
        var wanted = form.Mapping?.Sheet ?? form.Sheet;
        do
        {
            if (wanted is null || source.SheetName.Equals(wanted, StringComparison.OrdinalIgnoreCase) || source.SheetName.Length == 0)
            {
                var sample = SheetSample.Take(source);
                samples.Add(sample);
                if (SheetHeader.Find(sample, form.Mapping?.HeaderRow) is { } header)
                {
                    headers.Add(header);
                }
            }
        }
        while (source.NextSheet());
        return samples.Count > 0
            ? (samples, headers)
            : throw new ImportFaultException(new ImportFault(
                ImportFault.MissingRequiredColumns, $"The file has no sheet named {wanted}.", wanted));
    }

    private static SheetHeader ChooseSheet(List<SheetSample> samples, List<SheetHeader> headers, ImportForm form)
    {
        var usable = headers.Where(HasNumbers).ToList();
        if (usable.Count == 1)
        {
            return usable[0];
        }

        if (usable.Count > 1)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping, "More than one sheet holds readings. Name one as sheet.",
                Alternatives: [.. usable.Select(header => header.Sheet)]));
        }

        var sheet = headers.Count > 0 ? headers[0].Sheet : samples.First(sample => sample.Rows.Count > 0).Name;
        var row = headers.Count > 0 ? headers[0].Header.Number : form.Mapping?.HeaderRow
            ?? samples.First(sample => sample.Rows.Count > 0).Rows[0].Number;
        throw new ImportFaultException(headers.Count > 0
            ? new ImportFault(
                ImportFault.MissingRequiredColumns, "No column beside the timestamps holds numbers.", sheet, row, headers[0].HeaderOf(headers[0].TimeColumns[0]))
            : new ImportFault(
                ImportFault.MissingRequiredColumns, "No column holds timestamps under a header.", sheet, row, "A"));
    }

    private static bool HasNumbers(SheetHeader header) =>
        Enumerable.Range(0, header.Header.Cells.Length)
            .Any(column => !header.TimeColumns.Contains(column) && header.HeaderOf(column).Length > 0 && header.HoldsNumbers(column) == true);

    private static Layout Describe(SheetHeader header, string fileName, ImportForm form)
    {
        var time = ChooseTime(header, form.Mapping?.TimestampColumn);
        var equipment = FindEquipment(header, form);
        var assumptions = new List<ImportAssumption>();
        var equipmentId = form.EquipmentId ?? EquipmentNames.FromSheetOrFile(header.Sheet, fileName);
        var columns = new ColumnFinder(header, form, assumptions).Find([.. header.TimeColumns, .. equipment is { } e ? [e] : Array.Empty<int>()]);
        if (equipment is null && form.EquipmentId is null && columns.Any(column => column.EquipmentId is null))
        {
            assumptions.Add(new ImportAssumption("equipment_id", equipmentId, "neither the file nor the request names the equipment: taken from the sheet's or the file's name"));
        }

        return new Layout(
            header.Sheet, header.Header.Number, time, header.HeaderOf(time), equipment, equipmentId, columns, assumptions)
        {
            LabelInHeader = HeaderWords.LabelOf(header.HeaderOf(time)),
        };
    }

    private static int ChooseTime(SheetHeader header, string? wanted)
    {
        var columns = header.TimeColumns;
        if (wanted is not null)
        {
            return columns.Cast<int?>().FirstOrDefault(column => Same(header.HeaderOf(column!.Value), wanted))
                ?? throw new ImportFaultException(new ImportFault(
                    ImportFault.MissingRequiredColumns, $"No column of timestamps is headed {wanted}.", header.Sheet, header.Header.Number, wanted));
        }

        var starts = columns.Where(column => HeaderWords.LabelOf(header.HeaderOf(column)) == LabelMeaning.Start).ToList();
        var ends = columns.Where(column => HeaderWords.LabelOf(header.HeaderOf(column)) == LabelMeaning.End).ToList();
        if (columns.Count == 1)
        {
            return columns[0];
        }

        return columns.Count == 2 && starts.Count == 1 && ends.Count == 1
            ? starts[0]
            : throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping, "More than one column holds timestamps. Name one in the mapping, as timestamp_column.",
                header.Sheet, header.Header.Number, header.HeaderOf(columns[0]), [.. columns.Select(header.HeaderOf)]));
    }

    private static int? FindEquipment(SheetHeader header, ImportForm form)
    {
        var wanted = form.Mapping?.EquipmentColumn;
        var named = Enumerable.Range(0, header.Header.Cells.Length)
            .Where(column => !header.TimeColumns.Contains(column))
            .Where(column => wanted is null ? HeaderWords.NamesEquipment(header.HeaderOf(column)) : Same(header.HeaderOf(column), wanted))
            .ToList();
        return named.Count switch
        {
            0 when wanted is not null => throw new ImportFaultException(new ImportFault(
                ImportFault.MissingRequiredColumns, $"No column is headed {wanted}.", header.Sheet, header.Header.Number, wanted)),
            0 => null,
            1 => named[0],
            _ => throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping, "More than one column can hold the equipment. Name one in the mapping, as equipment_column.",
                header.Sheet, header.Header.Number, header.HeaderOf(named[0]), [.. named.Select(header.HeaderOf)])),
        };
    }

    private static bool Same(string header, string wanted) => header.Trim().Equals(wanted.Trim(), StringComparison.OrdinalIgnoreCase);
}
