using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>
/// Recognises matrices: a part of the time is in the headers, the rest in the row. A row per day and a column per hour, a row per meter
/// and a column per month, a row per year and a column per month, and the like.
/// </summary>
/// <param name="areFew">Whether a single month in the headers, or two of them, are enough.</param>
internal sealed class MatrixRecogniser(bool areFew = false) : ILayoutRecogniser
{
    private const int FewestTimes = 3;
    private const int HoursOfDay = 24;

    public Layout? Recognise(SheetSample sample, string fileName, ImportForm form)
    {
        var wanted = form.Metric is { } metric ? MetricCatalogue.Find(metric) : null;
        for (var i = 0; i < sample.Rows.Count; i++)
        {
            if (TimeHeaders.FindAt(sample, i, wanted, areFew) is not var (headers, table))
            {
                continue;
            }

            var cells = headers.Cells.ToHashSet();
            var told = new MappedTable(table, form.Mapping, MappedTable.SourceOf(form));
            if (!areFew && !sample.Rows.Take(i).Any(row => Array.Exists(row.Cells, cell => cell.Kind == CellKind.Number)) && MissingValues.FindInMatrix(table, cells, () => FindTime(table, told, headers, cells)) is { } missing)
            {
                throw missing;
            }

            if (headers.Columns.Count(column => table.HoldsNumbers(column.Index)) * 2 > headers.Columns.Count && FindTime(table, told, headers, cells) is { } time
                && !IsRowOfValues(sample.Rows[i], time) && (headers.Columns[0].Part.Year is null || time.Indexes.Any() || !sample.Rows.Take(i).Any(row => Array.Exists(row.Cells, cell => cell.Kind == CellKind.Number))) && new Matrix(table, told, headers, cells, time) is var matrix && (!areFew || AreHeaders(matrix, form)))
            {
                matrix = matrix with { Headers = DayHours.Settle(headers, table, time, form.TimestampLabel) };
                return matrix.Headers.Fault is { } open ? throw new ImportFaultException(open) : Describe(matrix, [.. sample.Rows.Take(i + 1)], fileName, form);
            }
        }

        return null;
    }

    /// <summary>Whether what was taken for headers stands beside a month or a date itself: <c>2023, Feb, 2022</c> has a year and a value.</summary>
    private static bool IsRowOfValues(SampleRow headers, TimeColumns time) =>
        (time.Date is { } date && date.TryRead(headers[date.Index], out _)) || time.Month is { } month && (MonthNames.Find(headers[month].Text) > 0 || headers[month] is { Kind: CellKind.Number, Number: >= 1 and <= 12 });

    /// <summary>
    /// Whether few months head values, and are none of a title or a cover: a header beside them says that the rows are of days, meters or years. Where
    /// another column has an amount of its own, or the difference of both, they may have readings of registers.
    /// </summary>
    private static bool AreHeaders(Matrix matrix, ImportForm form)
    {
        var (table, told, headers, cells, time) = matrix;
        return time.Day is not null || (time.Year ?? SubjectOf(matrix, form).Equipment) is { } rows
            && (rows == time.Year || told.Find(rows) is { Purpose: ColumnRole.Equipment } || SubjectFinder.HeadsRows(TimeHeaders.WithoutUnit(table.HeaderOf(rows))))
            && !table.Columns.Except([.. cells, .. time.Indexes, rows]).Where(table.HoldsNumbers)
                .Any(column => HeaderReader.Read(table.HeaderOf(column)) is { Metric: not null } or { Unit: not null } || IsDifference(table, headers.Columns, column));
    }

    private static bool IsDifference(SheetTable table, IReadOnlyList<MatrixColumn> months, int column)
    {
        var steps = table.Rows.Take(SheetTable.EnoughRows)
            .Select(row => NumberIn(row, months[^1].Index) - NumberIn(row, months[0].Index) - NumberIn(row, column)).OfType<double>().ToList();
        return months.Count > 1 && steps.Count(step => Math.Abs(step) < 0.01) * 2 > steps.Count;

        static double? NumberIn(SampleRow row, int column) => DecimalColumn.NumberIn(row[column], decimalComma: false);
    }

    /// <summary>The part of the time that the rows have; null when they have none that fits.</summary>
    private static TimeColumns? FindTime(SheetTable table, MappedTable told, TimeHeaders headers, HashSet<int> cells)
    {
        var finder = new TimeColumnFinder(table, told, cells);
        var part = headers.Columns[0].Part;
        if (part.Clock is not null)
        {
            return finder.Find() is { Clock: null, End: null } time && (time.Date is { } dates ? finder.IsDateOnly(dates) : time is { Day: not null, Given: not null }) ? time with { Label = headers.Label } : null;
        }

        if (part.Day is not null)
        {
            return MonthDays.FindMonths(table, finder, headers);
        }

        if ((part is { Month: not null, Months: 1 } || part.Date is { Months: 1 }) && MonthDays.FindDays(table, finder, headers) is { } days)
        {
            return days;
        }

        if (part.Month is not null || part.Year is not null)
        {
            return MatrixYears.Find(table, finder, headers);
        }

        // Dates in the headers: rows of times in columns of their own make a table.
        return finder.Times().Count > 0 ? null
            : (finder.FindClock() ?? FindClock(table, told, cells)) is { } clock ? new TimeColumns(clock.Header) { Clock = clock, Label = finder.LabelOf(clock.Index), IsLabelledByNumbers = finder.LabelOf(clock.Index) is null }
            : new TimeColumns(table.HeaderOf(headers.Columns[0].Index)) { Label = part.Date!.Value.IsMonth ? MonthLabel : null };
    }

    /// <summary>
    /// The first column beside the dates, where its cells are times of day and it has no header, or some rows of sums and the like stand among
    /// them. Null where a mapping says what it is.
    /// </summary>
    private static ClockColumn? FindClock(SheetTable table, MappedTable told, HashSet<int> cells)
    {
        if (table.Told is not null || table.Columns.Cast<int?>().FirstOrDefault(column => !cells.Contains(column!.Value) && table.Filled(column.Value).Any()) is not { } first || told.Find(first) is not null)
        {
            return null;
        }

        var clock = new ClockCells(ClockNumbers.Clock);
        var (times, others) = (new List<Cell>(), 0);
        foreach (var cell in table.Filled(first))
        {
            if (cell.Kind != CellKind.Number && clock.TryRead(cell, out _))
            {
                times.Add(cell);
            }
            else
            {
                others++;
            }
        }

        return times.Count >= FewestTimes && others * 3 <= times.Count && times.Distinct().Count() > 1 ? new ClockColumn(first, table.HeaderOf(first), clock)
            : times.Count == 0 && others >= HoursOfDay - 1 && new HeaderWords(table.HeaderOf(first)) is var words && (words.NameTime || table.HeaderOf(first) == HeaderTexts.Letters(first + 1)[first])
                && ClockCells.Of([.. table.Filled(first)]) is { } numbers ? new ClockColumn(first, table.HeaderOf(first), numbers)
            : null;
    }

    private static (LabelMeaning, string) MonthLabel => (LabelMeaning.Start, "the headers name whole months");

    private static Layout Describe(Matrix matrix, IReadOnlyList<SampleRow> above, string fileName, ImportForm form)
    {
        var reactive = ReactiveRows.TakeOut(matrix.Table, matrix.Told, [.. matrix.Cells, .. matrix.Time.Indexes]);
        matrix = matrix with { Table = reactive?.Table ?? matrix.Table };
        var (table, told, headers, cells, time) = matrix;
        var assumptions = new List<ImportAssumption>(time.Given?.Assume(time) ?? []);
        var subject = SubjectOf(matrix, form);
        assumptions.AddRange(MergedTypes.Assume(table, subject));
        SectionRows.Refuse(table, subject, cells);
        new ApartColumns(table, told, time, subject).RefuseUnknownRows(cells);
        if (!subject.SayWhatIsMeasured)
        {
            MixedRows.Refuse(table, subject.Part, subject.Equipment, subject.Name, subject.Type);
        }

        var line = MeterLines.Find([.. above.SkipLast(1)]) ?? (subject.Equipment is null ? MeterLines.FindSerial([.. above.SkipLast(1)]) : null);
        var ownName = EquipmentNames.FromSheetOrFile(table.Sheet, fileName);
        var own = line is var (id, _) ? EquipmentNames.ToId(id) : ownName;
        foreach (var column in table.Columns.Where(column => !cells.Contains(column) && !time.Indexes.Contains(column) && !subject.Indexes.Contains(column)))
        {
            assumptions.Add(new ImportAssumption("left_out", table.HeaderOf(column), "it is no interval of the matrix"));
        }

        assumptions.AddRange(DayHours.Assume(headers, table) is { } nextDay ? [nextDay] : (ImportAssumption[])[]);
        assumptions.AddRange(headers.Beside.Select(beside => new ImportAssumption("left_out", $"{beside.Text} of each time", beside.Why)));

        var first = headers.Columns[0].Index;
        var titles = above.SelectMany(row => row.Cells.Where((_, column) => !ReferenceEquals(row, above[^1]) || !cells.Contains(column)))
            .Select(HeaderTexts.TextOf).Prepend(headers.Text ?? "").Append(table.Sheet).Append(fileName).Where(text => text.Length > 0).ToList();
        RememberedUnits.Refuse(table, form, null, titles);
        var areReadings = FewClocks.AreReadings(table, headers, subject.Equipment, titles);
        var isRegister = areReadings || (!(headers.Text is { } text && RegisterReadings.NameAmounts(new HeaderWords(text))) && AreRegisters(matrix, titles));
        var value = subject.SayWhatIsMeasured && told.OfMatrix?.Metric is null
            ? UnclearUnits.SettleRows(table, subject.Unit, ValueColumn.SaidByRow(first, "values", told.OfMatrix?.Kind, isRegister) with { SourceUnit = subject.Unit is null ? UnitOfAll(told, form, headers, titles) : "" }, told.OfMatrix?.Unit ?? form.Unit) : new MatrixQuantity(table, told, form, assumptions).Find(first, titles, headers.Unit, isRegister);
        if (areReadings && form.Metric is null && value.Kind == QuantityKind.Register)
        {
            assumptions.Add(FewClocks.Assume(table, headers));
        }

        FewClocks.RefuseUneven(table, headers, value);
        MatrixYears.RefuseRegisters(table, headers, time, value);
        IReadOnlyList<ValueColumn> values = line is null || form.EquipmentId is not null || subject.Equipment is not null ? [value] : MeterLines.WithDirection([value], [.. above.SkipLast(1)], ownName, assumptions);
        var layout = new Layout(table.Sheet, table.HeaderRow, table.FirstRow, time, subject, form.EquipmentId ?? own, values, assumptions)
        {
            ReadsAtEnd = headers.Columns[0].Part is { Day: null, Clock: null } part && (part.Month is not null || part.Date is { IsMonth: true })
                && MonthReads.AreAtEnd(table, values, table.Columns.Where(column => !cells.Contains(column)), form, assumptions),
            Reactive = reactive?.Rows,
            GasFactor = GasEvidence.FindFactor(table),
            Carrier = CarrierTexts.Find(form.EquipmentId, [.. above.SkipLast(1)], table.Sheet, fileName),
            Place = PlaceLines.Find(above.SkipLast(1), ownName),
            Site = PlaceLines.FindSite(above.SkipLast(1)),
            SiteLines = PlaceLines.FindSites(above.SkipLast(1)),
            FileName = own,
            OwnName = ownName,
            NamedBy = line?.Header,
            Matrix = [.. headers.Columns.Select(column => column with { Header = NameOf(column, table.HeaderOf(column.Index)) })],
            Proposal = ColumnProposals.Of(table, time, subject, ColumnProposals.OfMatrix(table, told, headers, value)),
            Titles = titles,
        };
        return OneCustomer.Watch(table, told, OneDirection.Watch(table, told, layout, cells), form);
    }

    /// <summary>That of rows which do not say their own, as the request, the headers or the titles have it; empty where none does.</summary>
    private static string UnitOfAll(MappedTable told, ImportForm form, TimeHeaders headers, IReadOnlyList<string> titles) =>
        (told.OfMatrix?.Unit ?? form.Unit) is { } sent ? HeaderReader.UnitAlone(sent)?.Symbol ?? "" : (headers.Unit ?? MatrixQuantity.TitleWithUnit(titles).Reading?.Unit)?.Symbol ?? "";

    /// <summary>What the header shows: a time of day may be a part of the day as a number.</summary>
    private static string NameOf(MatrixColumn column, string header) =>
        column.Part.Clock is { OfDay: var time } && double.TryParse(header, CultureInfo.InvariantCulture, out var share) && share % 1 != 0 ? time.ToString(@"hh\:mm", CultureInfo.InvariantCulture) : header;

    private static SubjectColumns SubjectOf(Matrix matrix, ImportForm form)
    {
        var subject = new SubjectFinder(matrix.Table, matrix.Told, [.. matrix.Time.Indexes], matrix.Cells, form.EquipmentId is not null) { Time = matrix.Time }.Find();
        subject = subject.Equipment is null && FirstText(matrix, subject) is { } named ? subject with { Equipment = named, EquipmentIsLabel = SubjectColumns.IsLabel(matrix.Table.HeaderOf(named)) } : subject;
        return subject with { EquipmentIsTenant = subject.Equipment is { } names && SubjectFinder.HeadsTenants(matrix.Table.HeaderOf(names)) };
    }

    /// <summary>Whether a title says that the cells are what registers showed, and they mostly grow along the row, as those do.</summary>
    private static bool AreRegisters(Matrix matrix, IReadOnlyList<string> titles)
    {
        if (!titles.Select(title => new HeaderWords(title)).Any(title => RegisterReadings.AreNamedFirmly(title) && !RegisterReadings.NameAmounts(title)))
        {
            return false;
        }

        var steps = matrix.Table.Rows.Take(SheetTable.EnoughRows).SelectMany(row =>
        {
            var numbers = matrix.Headers.Columns.Select(column => DecimalColumn.NumberIn(row[column.Index], decimalComma: false)).OfType<double>().ToList();
            return numbers.Zip(numbers.Skip(1), (a, b) => b - a);
        }).ToList();
        return Math.Min(steps.Count(step => step > 0), steps.Count(step => step < 0)) * 4 <= steps.Count(step => step != 0);
    }

    /// <summary>With dates in the headers, the first column of texts names what the rows are of.</summary>
    private static int? FirstText(Matrix matrix, SubjectColumns subject) => matrix.Time.Date is not null ? null : matrix.Table.Columns.Cast<int?>().FirstOrDefault(column => !(column == subject.Type && subject.TypeFillsDown) &&
        !matrix.Cells.Contains(column!.Value) && !matrix.Time.Indexes.Contains(column.Value) && matrix.Told.Allows(column.Value, ColumnRole.Equipment) && matrix.Table.HoldsTexts(column.Value, text => !DecimalColumn.LooksNumeric(text)) && MayNameRows(matrix, column.Value));

    /// <summary>Where each row is of a month or a year of its own, only one text for all of them names what they are of: others say something about these times.</summary>
    private static bool MayNameRows(Matrix matrix, int column)
    {
        if ((matrix.Time.Month ?? matrix.Time.Year ?? matrix.Time.YearDay) is not { } time)
        {
            return true;
        }

        var rows = matrix.Table.Rows.Where(row => row[time].Kind != CellKind.Empty).ToList();
        return rows.Count < matrix.Table.Rows.Count(row => row.Filled > 1) || rows.Select(row => row[time]).Distinct().Count() < rows.Count
            || rows.Select(row => row[column]).Distinct().Count() == 1;
    }

    private sealed record Matrix(SheetTable Table, MappedTable Told, TimeHeaders Headers, HashSet<int> Cells, TimeColumns Time);
}

/// <summary>Finds out what the cells of a matrix measure: from the request, from the unit in its headers, or from the titles around it.</summary>
internal sealed class MatrixQuantity(SheetTable table, MappedTable told, ImportForm form, List<ImportAssumption> assumptions)
{
    /// <exception cref="ImportFaultException">Nothing says it.</exception>
    public ValueColumn Find(int column, IReadOnlyList<string> titles, Unit? ofHeaders, bool isRegister)
    {
        var title = TitleWithUnit(titles);
        if (told.OfMatrix is { Purpose: ColumnRole.Value, Metric: not null } mapped)
        {
            return new MappedValues(table, new QuantityUnits(table, form, assumptions), assumptions).Take(column, ImportMapping.Matrix, mapped, ofHeaders ?? title.Reading?.Unit);
        }

        // What meters of gas show is a volume; what was used of it is as often billed in kWh.
        var carrier = titles.Select(Carriers.Find).FirstOrDefault(found => found is not null);
        var likely = (carrier == Carriers.Water || (carrier == Carriers.Gas && isRegister) ? Carriers.MetricOf(carrier, Dimension.Volume) : null) ?? MetricCatalogue.Find(isRegister ? "energy_import_register" : "energy")!;
        var metric = form.Metric is { } wanted ? MetricCatalogue.Find(wanted)
            : ofHeaders is not null ? MetricOf(titles, ofHeaders)
            : Named(title.Reading, titles);
        if (metric is null)
        {
            throw ofHeaders is null && UnitLines.FindMoney([], titles) is { } money ? UnitLines.Money(money, table) : new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping, $"Neither the headers nor the titles say what the cells measure{(isRegister ? ", but that they are what registers showed" : "")}. Send metric and unit (metric={likely.Name}, unit={likely.Unit}), or write the unit into a line above the table.",
                table.Sheet, table.HeaderRow, table.HeaderOf(column), [.. MetricCatalogue.All.Select(known => known.Name)])
            {
                Guess = new ImportMapping
                {
                    Columns = [new MappedColumn(ImportMapping.Matrix)
                    {
                        Role = ColumnRole.Value, Metric = likely.Name, Unit = likely.Unit, Kind = isRegister ? QuantityKind.Register : null, Confidence = 0.2, Reason = $"nothing says what the cells measure; {(likely.Dimension == Dimension.Energy ? "most tables of this form hold energy" : "the titles name what flows")}",
                    }],
                },
            });
        }

        var name = title.Text ?? ofHeaders?.Symbol ?? "values";
        var unit = (ofHeaders ?? title.Reading?.Unit) is { } said && said.Dimension == metric.Dimension ? said : new QuantityUnits(table, form, assumptions).Assume(name, metric, ImportMapping.Matrix);
        // Volumes have one metric for what was used and what a register showed; of energy the request has chosen.
        var read = isRegister && (form.Metric is null || metric.OtherKind is not null) ? MetricCatalogue.RegisterOf(metric) : null;
        return new ValueColumn(column, name, null, (read ?? metric).Name, read is null ? metric.Kind : QuantityKind.Register, metric.Unit, unit.Symbol);
    }

    /// <summary>The first that has a unit; null where none has.</summary>
    public static (string? Text, HeaderReading? Reading) TitleWithUnit(IReadOnlyList<string> titles) => titles.Select(text => (Text: (string?)text, Reading: (HeaderReading?)HeaderReader.Read(text.Trim(':'))))
        .Concat(titles.SelectMany(text => HeaderReader.UnitsWithin(text).Select(unit => (Text: (string?)text, Reading: (HeaderReading?)HeaderReader.Read(unit)))))
        .FirstOrDefault(entry => entry.Reading?.Unit is not null);

    private static Metric? Named(HeaderReading? title, IReadOnlyList<string> titles) =>
        title?.Metric ?? (title?.Unit is { } unit ? MetricOf(titles, unit) : null);

    private static Metric? MetricOf(IReadOnlyList<string> titles, Unit unit) =>
        Carriers.MetricOf(titles.Select(title => Carriers.Find(title, unit.Dimension)).FirstOrDefault(carrier => carrier is not null), unit, [.. titles]);
}
