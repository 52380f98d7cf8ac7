using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using Ems.Ingestion.Profiles;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Finds out which sheets of a file hold readings, and how each lays them out.</summary>
internal static partial class LayoutFinder
{
    /// <summary>In the order in which they are asked. A new kind of layout gets a class of its own and a place here.</summary>
    private static readonly ILayoutRecogniser[] Recognisers = [new MatrixRecogniser(), new TableRecogniser()];

    /// <summary>A month in a cell is mostly one of a title: headers are looked for where nothing else reads the sheet.</summary>
    private static readonly MatrixRecogniser FewMonths = new(areFew: true);

    private const int MostNamed = 50;

    private const string WithColons = " If it is a time of day, write it with a colon (01:00).";

    /// <summary>One layout for each sheet of readings, in the order of the file.</summary>
    /// <param name="late">Rows far down sheets, of columns that begin there.</param>
    /// <exception cref="ImportFaultException">Nothing can be read as readings, or more than one reading of the file is possible.</exception>
    public static IReadOnlyList<Layout> Find(ITableSource source, string fileName, ImportForm form, IReadOnlyDictionary<string, IReadOnlyList<SampleRow>>? late = null)
    {
        var wanted = form.Mapping?.Sheet ?? form.Sheet;
        var found = new List<Layout>();
        var faults = new List<ImportFault>();
        var names = new List<string>();
        var hidden = new HashSet<string>();
        do
        {
            if (TakeIfWanted(source, wanted, form.Sheet is not null) is { } sample)
            {
                names.Add(source.SheetName);
                if (source.IsHidden)
                {
                    hidden.Add(source.SheetName);
                }

                if (sample.Rows.Count > 0)
                {
                    Recognise(late?.GetValueOrDefault(source.SheetName) is { } more ? sample with { Rows = [.. sample.Rows, .. more] } : sample, fileName, form, found, faults);
                }
            }
        }
        while (source.NextSheet());
        var kept = WithOwnCarriers(WithNames(Choose(found, faults, names, hidden, wanted, fileName, form, source), fileName, form), fileName).ConvertAll(layout => WithIds(layout, fileName, form));
        RefuseUnknownColumns(form, kept, found);
        return kept;
    }

    /// <summary>The first rows of a sheet; null for one that is not asked for. Rejected rows are still of the sheet that they came from.</summary>
    /// <param name="isAsked">Whether the request asks for one: what a profile remembers of workbooks is not said of other files.</param>
    private static SheetSample? TakeIfWanted(ITableSource source, string? wanted, bool isAsked)
    {
        bool IsWanted(string sheet) => wanted is null || (sheet.Length == 0 && !isAsked) || sheet.Equals(wanted, StringComparison.OrdinalIgnoreCase);

        try
        {
            var sample = RejectedHeader.TakeOff(SheetSample.Take(source));
            return IsWanted(source.SheetName) || (sample.Told is { } told && IsWanted(told.Sheet ?? "")) ? sample : null;
        }
        catch (ImportFaultException) when (!IsWanted(source.SheetName))
        {
            // What nobody asks for may be broken.
            return null;
        }
    }

    /// <summary>A mapping of another file would be obeyed in part only.</summary>
    /// <param name="found">Also those that are left out: a profile remembers the columns of sheets that are hidden since.</param>
    private static void RefuseUnknownColumns(ImportForm form, List<Layout> layouts, List<Layout> found)
    {
        var known = found.SelectMany(layout => layout.Proposal).Select(column => MappedColumn.Normal(column.Column)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (form.Mapping?.Columns.FirstOrDefault(told => told.Purpose != ColumnRole.Ignored && !known.Contains(MappedColumn.Normal(told.Column))) is { } unknown)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.MissingRequiredColumns, $"{MappedTable.SourceOf(form)} names the column {unknown.Column}, which the file does not have.",
                layouts[0].Sheet, layouts[0].HeaderRow, unknown.Column, [.. layouts.SelectMany(layout => layout.Proposal).Select(column => column.Column).Distinct().Take(MostNamed)]));
        }
    }

    private static Layout? Recognise(SheetSample sample, string fileName, ImportForm form) =>
        Recognisers.Select(recogniser => recogniser.Recognise(sample, fileName, form)).FirstOrDefault(layout => layout is not null);

    private static void Recognise(SheetSample sample, string fileName, ImportForm form, List<Layout> found, List<ImportFault> faults)
    {
        var asWas = sample.Told is { File: not null } told ? sample with { Name = told.Sheet ?? "" } : sample;
        // Months and days that lack their year are looked for only where nothing else is a time.
        SheetSample? named = null;
        try
        {
            var file = sample.Told?.File ?? fileName;
            var recognised = Recognise(asWas, file, form) ?? ((sample.Told?.Given ?? NamedDate.Find(asWas, file)) is { } date ? Recognise(named = asWas with { Named = date }, file, form) : null)
                ?? (FirstTable(asWas) is { } upper ? Recognise(upper, file, form) : null)
                ?? FewMonths.Recognise(asWas, file, form) ?? (named is null ? null : FewMonths.Recognise(named, file, form) ?? new MonthSheets().Recognise(named, file, form))
                ?? (WithoutEnd(asWas) is { } readings ? Recognise(readings, file, form) : null);
            if (recognised is not null)
            {
                recognised = recognised with { FeedZone = sample.Zone };
                PivotTables.Refuse(asWas, asWas.Rows.Where(row => row.Number < recognised.FirstRow));
                found.Add(sample.Told?.Of(recognised, sample.Name, form.EquipmentId) ?? recognised);
                return;
            }

            var first = string.Join(", ", sample.Rows[0].Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).Take(10));
            faults.Add(FindFlow(sample) ?? DatedHeaders.Find(sample) ?? DatedLines.Find(sample) ?? NamedDate.FindMissing(sample) ?? WholeYears.Find(sample, fileName) ?? UnknownMonths.Find(sample) ?? new ImportFault(
                ImportFault.MissingRequiredColumns,
                sample.Rows.Count == 1 ? $"There are no rows below the headers: {first}. Export it again for a time of which the meter has readings." : $"No column holds timestamps.{UnreadTime(sample)}{(named is { Named.Month: not null } ? " If all rows are of one month, write it beside each, in a column headed Month." : "")} The first row has: {first}. If the headers stand in another row, send its number as header_row in the mapping.",
                sample.Name, sample.Rows[0].Number, "A"));
        }
        catch (ImportFaultException fault)
        {
            // Another sheet may be readings all the same; if none is, this says why.
            faults.Add((fault.Fault.Code == ImportFault.MissingRequiredColumns || fault.Fault.Gaps.Count > 0) && DatedLines.Find(sample) is { } dated ? dated
                // Some of such times of day are ranges of hours, and a table seems to begin there.
                : UnreadTime(sample) is var unread && unread.EndsWith(WithColons, StringComparison.Ordinal) ? new ImportFault(ImportFault.MissingRequiredColumns, unread.TrimStart(), sample.Name, sample.Rows[0].Number, "A") : fault.Fault);
        }
    }

    /// <summary>A file of records as the electricity industry of the United Kingdom exchanges them (D0275, D0036), which is no table.</summary>
    private static ImportFault? FindFlow(SheetSample sample) => sample.Rows[0].Cells is [{ Text: "ZHV" }, ..] ? new ImportFault(
        ImportFault.InvalidFileFormat,
        "This is a data flow of the electricity industry, whose lines are records of many kinds, and no table. Ask your supplier or data collector for the half-hourly consumption as a table: a row for each day with its MPAN, its date and 48 values in kWh, or a row for each half hour.",
        sample.Name, sample.Rows[0].Number, "A") : null;

    /// <summary>The rows above the first empty one that has rows below it; null where there are none.</summary>
    private static SheetSample? FirstTable(SheetSample sample)
    {
        var count = sample.Rows.Zip(sample.Rows.Skip(1)).TakeWhile(pair => pair.First.Number + 1 == pair.Second.Number).Count() + 1;
        return count > 1 && count < sample.Rows.Count ? sample with { Rows = [.. sample.Rows.Take(count)] } : null;
    }

    /// <summary>The rows above the sums and the lone cells at the end, which may be as many as the readings; null where there are none.</summary>
    private static SheetSample? WithoutEnd(SheetSample sample)
    {
        var count = sample.IsCut ? 0 : sample.Rows.ToList().FindLastIndex(row => row.Filled > 1 && !RowFilter.NamesTotal(HeaderTexts.TextOf(row.Cells.First(cell => cell.Kind != CellKind.Empty)))) + 1;
        return count > 1 && count < sample.Rows.Count ? sample with { Rows = [.. sample.Rows.Take(count)] } : null;
    }

    /// <summary>What stands below a header of times and is none.</summary>
    private static string UnreadTime(SheetSample sample)
    {
        foreach (var (headers, below) in sample.Rows.Take(SheetTable.EnoughRows).Zip(sample.Rows.Skip(1)).Where(pair => pair.First.Filled > 1))
        {
            for (var column = 0; column < headers.Cells.Length; column++)
            {
                if (headers[column] is { Kind: CellKind.Text, Text: { } header } && below[column] is { Kind: CellKind.Text, Text: { } text } && new HeaderWords(header) is var words && (words is { Count: 1, NameTime: true } || words.NameTimeBeside("data")) && !TimeText.TryParse(text, out _))
                {
                    return $" Below {SheetTable.Shown(header)} stands '{SheetTable.Shown(text)}', which is no time in a known form.{(TimeCells.ShortMonthIn(below[column]) is not null ? " If it is a month, write all digits of its year (01/2024)." : HyphenClock().IsMatch(text) ? WithColons : "")}";
                }
            }
        }

        return "";
    }

    /// <summary>
    /// Calls what no row names by the file where its sheet is only called by what it holds. Several such sheets of one file stay apart, and so does
    /// what the mapping knows by its sheet.
    /// </summary>
    private static List<Layout> WithNames(List<Layout> layouts, string fileName, ImportForm form)
    {
        // Sheets of one meter that have other names hold what it counts apart, such as its export.
        layouts = layouts.ConvertAll(layout => layout.NamedBy is not null
            && layouts.Exists(other => other.NamedBy is not null && other.FileName == layout.FileName && other.OwnName != layout.OwnName)
            ? layout with { NamedBy = null, FileName = layout.OwnName, EquipmentId = form.EquipmentId ?? layout.OwnName } : layout);
        var names = layouts.ConvertAll(layout =>
            layout is { WholeFile: null, NamedBy: null } ? EquipmentNames.FromSheetOrFile(layout.Sheet, fileName, isAlone: true) : layout.FileName);
        return [.. layouts.Zip(names, (layout, name) => form.Mapping?.Equipment.ContainsKey(layout.FileName) == true && IsMapped(layout, layout.FileName, fileName, form)
                // What knows the sheet of another building may come with what knows this one.
                && !(CalledInPlace(layout, fileName) is { } own && form.Mapping.Equipment.ContainsKey(own)) ? layout
            : name == layout.FileName || names.Count(other => other == name) > 1
                ? layouts.Count > 1 && CalledInPlace(layout, fileName) is { } placed ? layout with { FileName = placed, EquipmentId = form.EquipmentId ?? placed } : layout
            : layout with { FileName = name, EquipmentId = form.EquipmentId ?? name })];
    }

    /// <summary>What a sheet that is only called by what flows is called in the file of a building, as each has an <c>Electricity</c>: <c>Building A Electricity</c>. Null for others.</summary>
    public static string? CalledInPlace(Layout layout, string fileName) =>
        layout is { WholeFile: null, NamedBy: null } && CarrierTexts.NameCarrierAlone(layout.OwnName) && layout.FileOf(fileName) is var file && file != layout.OwnName && CarrierTexts.NamePlace(file)
            ? EquipmentNames.ToId($"{file} {layout.OwnName}") : null;

    /// <summary>In <c>Energy and gas.xlsx</c> a sheet Energy is not of the gas that another sheet is called after.</summary>
    private static List<Layout> WithOwnCarriers(List<Layout> layouts, string fileName) =>
        !CarrierTexts.NameEnergy(Carriers.Without(Path.GetFileNameWithoutExtension(fileName))) ? layouts
        : layouts.ConvertAll(layout => layout.Carrier is (var carrier, CarrierTexts.ByFile) && CarrierTexts.NameEnergy(layout.Sheet) && layouts.Exists(other => CarrierTexts.OfName(other.Sheet) == carrier)
            ? layout with { Carrier = null } : layout);

    /// <summary>Gives equipment the ids that the mapping has for its names, and says where the others come from.</summary>
    private static Layout WithIds(Layout layout, string fileName, ImportForm form)
    {
        string? Mapped(string name) => form.Mapping?.Equipment.GetValueOrDefault(name);

        string? MappedTo(string name) => IsMapped(layout, name, fileName, form) ? Mapped(name) : null;

        string? IdOf(string? name) => name is null ? null : Mapped(name) ?? name;

        string? IdOfPart(ValueColumn column) => IsMapped(layout, layout.FileName, fileName, form) ? Mapped(column.MeterOf(layout.FileName)) : null;

        var named = layout with
        {
            Columns = [.. layout.Columns.Select(column => column with { EquipmentId = column.Part is null ? IdOf(column.EquipmentId) : IdOfPart(column) })],
        };
        if (form.EquipmentId is not null || !layout.NamesItsOwnEquipment)
        {
            return named;
        }

        // A profile knows another file of that name; what the request maps counts before all.
        var told = layout.WholeFile?.EquipmentId;
        var mapped = told is not null && form.IsMappingRemembered ? null
            : MappedTo(layout.FileName) ?? (layout.NamedBy is null ? null : MappedTo(layout.OwnName));
        var own = mapped ?? told ?? layout.FileName;
        var why = mapped is not null && mapped != layout.FileName ? $"the mapping has it for {(MappedTo(layout.FileName) is null ? layout.OwnName : layout.FileName)}, the sheet's or the file's name"
            : mapped is null && told is not null ? "the file that these rejected rows are of was read so"
            : layout.NamedBy is { } header ? $"the lines above the table say it in {header}"
            : "neither the file nor the request names the equipment: taken from the sheet's or the file's name";
        return named with { EquipmentId = own, Assumptions = [.. layout.Assumptions, new ImportAssumption("equipment_id", own, why)] };
    }

    /// <summary>Whether the mapping knows what a sheet is called: a profile of files of other names knows sheets of those.</summary>
    private static bool IsMapped(Layout layout, string name, string fileName, ImportForm form) => (layout.NamedBy is not null && name == layout.FileName)
        || form.MappingFiles is not { } files || layout.FileOf(fileName) is var file && (name == file || files.Contains(file));

    private static List<Layout> Choose(
        List<Layout> found, List<ImportFault> faults, List<string> names, HashSet<string> hidden, string? wanted, string fileName, ImportForm form, ITableSource source)
    {
        if (names.Count == 0)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.MissingRequiredColumns, $"The file has no sheet named {wanted}.", wanted));
        }

        if (found.Count == 0)
        {
            throw new ImportFaultException(
                faults.Find(fault => fault.Code != ImportFault.MissingRequiredColumns && fault.Gaps.Count == 0)
                ?? (faults.Find(fault => fault.Gaps.Count > 0) is { } missing ? missing with { Gaps = GapsOf(faults) } : null)
                ?? faults.FirstOrDefault()
                ?? new ImportFault(ImportFault.InvalidFileFormat, $"{fileName} has no rows."));
        }

        // A summary shows again what other sheets hold.
        var summaries = found.Where(layout => layout.WholeFile is null && Summary().IsMatch(layout.Sheet)).ToList();
        var kept = summaries.Count < found.Count ? found.Except(summaries).ToList() : found;
        // What nobody sees who opens the file is an old state of what it shows, or the like.
        var shown = kept.FindAll(layout => !hidden.Contains(layout.Sheet));
        var unseen = kept.FindAll(layout => hidden.Contains(layout.Sheet)
            && shown.FindAll(other => WorkbookOf(other) == WorkbookOf(layout)) is { Count: > 0 } besides && !IsAskedFor(layout, besides, form));
        kept = kept.Except(unseen).ToList();
        var left = (summaries.Count < found.Count ? summaries : []).Select(layout => new ImportAssumption("left_out", $"sheet {layout.Sheet}", "its name says that it sums up others"))
            .Concat(unseen.Select(layout => new ImportAssumption("left_out", $"sheet {layout.Sheet}", "it is hidden, and one that is not has readings: send it as sheet to import it")))
            .Concat(faults.Select(fault => new ImportAssumption("left_out", $"sheet {fault.Sheet}", fault.Message)))
            .Concat(source.LeftOut.Take(MostNamed).Select(left => new ImportAssumption("left_out", left.What, left.Why)))
            .Concat(source.Assumptions);
        kept[0] = kept[0] with { Assumptions = [.. kept[0].Assumptions, .. left], GapsElsewhere = GapsOf(faults) };
        return kept;
    }

    private static Dictionary<string, long> GapsOf(List<ImportFault> faults) =>
        faults.SelectMany(fault => fault.Gaps).GroupBy(gap => gap.Key).ToDictionary(kind => kind.Key, kind => kind.Sum(gap => gap.Value));

    /// <summary>Of the files of an archive, the one that has the sheet.</summary>
    private static string WorkbookOf(Layout layout) => layout.Sheet[..(layout.Sheet.LastIndexOf(':') + 1)];

    /// <summary>Whether the mapping that was sent names the hidden sheet, or a column that only this one has; or a profile was made of a sheet as it is, and of none that is shown.</summary>
    /// <param name="shown">The sheets of its workbook that are not hidden.</param>
    private static bool IsAskedFor(Layout layout, List<Layout> shown, ImportForm form) => form.IsMappingRemembered
        ? form.Fingerprint is { } of && HeaderFingerprint.Of(layout) == of && !shown.Exists(other => HeaderFingerprint.Of(other) == of)
        : form.Mapping?.Columns.Any(told => told.Purpose != ColumnRole.Ignored && HasColumn(layout, told) && !shown.Exists(other => HasColumn(other, told))) == true;

    private static bool HasColumn(Layout layout, MappedColumn told) => (told.Sheet is null || told.Sheet.Equals(layout.Sheet, StringComparison.OrdinalIgnoreCase))
        && layout.Proposal.Any(column => MappedColumn.Normal(column.Column).Equals(MappedColumn.Normal(told.Column), StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"\b(summary|overview|totals?|pivot|chart|report|dashboard|übersicht|zusammenfassung|auswertung)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Summary();

    [GeneratedRegex(@"[0-9][\s-]+[0-9]{2}-[0-9]{2}$", RegexOptions.CultureInvariant)]
    private static partial Regex HyphenClock();
}
