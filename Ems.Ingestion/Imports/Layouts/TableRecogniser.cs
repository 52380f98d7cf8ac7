using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>
/// Recognises tables with a row for each time: long (a column names the meter), wide (a column for each metric or meter), and bills
/// (a column each for start and end).
/// </summary>
internal sealed class TableRecogniser : ILayoutRecogniser
{
    public Layout? Recognise(SheetSample sample, string fileName, ImportForm form)
    {
        // Lines about a meter have dates too, and its readings may be a table below them.
        SheetTable? above = null;
        Func<Layout>? otherwise = null;
        Func<Layout>? without = null;
        for (var i = 0; i < sample.Rows.Count; i++)
        {
            // Below a table without values only headers that name a time begin another.
            if (!CouldBeFirst(sample, i, form.Mapping?.HeaderRow) || (without is not null && !HeadTimes(sample.Rows[i - 1])))
            {
                continue;
            }

            var table = SheetTable.From(sample, i);
            var told = new MappedTable(table, form.Mapping, MappedTable.SourceOf(form));
            var times = new TimeColumnFinder(table, told);
            if (told.Missing(ColumnRole.Time) is { } wanted)
            {
                otherwise ??= () => throw new ImportFaultException(new ImportFault(
                    ImportFault.MissingRequiredColumns, $"{told.Source} says that the column {wanted} has the times, but no column is headed so.", table.Sheet, table.HeaderRow, wanted));
            }
            else if (FindList(table, times, form) is { } list)
            {
                (above, otherwise) = (above ?? table, otherwise ?? (() => throw new ImportFaultException(list)));
            }
            else if ((above is null || times.Times().Any(time => new HeaderWords(table.HeaderOf(time.Index)) is { NameTime: true } or { NameAnEndAlone: true })) && times.Find() is { } time)
            {
                if (!(sample.Rows[i].Number < sample.Told?.Row || IsLine(table, time) || StandsAboveHeaders(sample, i, form.Mapping?.HeaderRow)))
                {
                    try
                    {
                        return Describe(table, told, time, fileName, form, above, LinesAbove(sample, table));
                    }
                    catch (ImportFaultException fault) when ((fault.Fault.Code == ImportFault.MissingRequiredColumns || fault.Fault.Gaps.Count > 0) && table.ToldColumns is null)
                    {
                        // Where no other table has values, a column of few numbers has them, and the rest of its cells is told of.
                        without ??= () => Describe(table with { AnyNumberDoes = true }, told, time, fileName, form, above, LinesAbove(sample, table));
                        continue;
                    }
                }

                (above, otherwise) = (above ?? table, otherwise ?? (() => Describe(table, told, time, fileName, form, null, LinesAbove(sample, table))));
            }
        }

        return (without ?? otherwise)?.Invoke();
    }

    private static bool HeadTimes(SampleRow headers)
    {
        var words = headers.Filled > 1 ? headers.Cells.Where(cell => cell.Kind == CellKind.Text).Select(cell => new HeaderWords(cell.Text!)).ToList() : [];
        return words.Exists(header => header.NameTime) || (words.Exists(header => header is { NameAnEndAlone: true, Label: LabelMeaning.Start }) && words.Exists(header => header is { NameAnEndAlone: true, Label: LabelMeaning.End }));
    }

    /// <summary>Whether its first row alone has a time.</summary>
    private static bool IsLine(SheetTable table, TimeColumns time) =>
        table.ToldColumns is null && time is { Date: { } date, Clock: null } && table.Rows.Count > 2 && table.Rows.Count(row => row[date.Index].Kind != CellKind.Empty) == 1;

    /// <summary>Whether the row below it has more cells, all of them texts and one of them the name of a time, and times below it: <c>Created | 2026-02-03 08:00</c> is a line of a report.</summary>
    private static bool StandsAboveHeaders(SheetSample sample, int index, int? headerRow) => index + 2 < sample.Rows.Count && sample.Rows[index + 1] is var below && below.Filled > sample.Rows[index].Filled
        && below.Cells.All(cell => cell.Kind == CellKind.Empty || (cell.Kind == CellKind.Text && !DecimalColumn.IsNumber(cell))) && HeadTimes(below) && CouldBeFirst(sample, index + 2, headerRow);

    /// <summary>A list of buildings has dates too, but each row is of another one, and nothing in it is a metric.</summary>
    private static ImportFault? FindList(SheetTable table, TimeColumnFinder times, ImportForm form)
    {
        var taken = times.Times().Select(time => time.Index).ToList();
        return taken.Count > 0 && form.Mapping is null && !(table.FirstRow > table.Told?.Row) && new SubjectFinder(table, new MappedTable(table, null), taken, [], isNamed: form.EquipmentId is not null).Find() is { Equipment: { } column, SayWhatIsMeasured: false }
            && table.Rows.Count > 1 && table.Rows.Select(row => HeaderTexts.TextOf(row[column])).Distinct().Count() == table.Rows.Count
            && !table.Columns.Any(value => HeaderReader.Read(table.HeaderOf(value)) is { Metric: not null } or { Unit: not null } && (table.HoldsNumbers(value) || MissingValues.AreMarkedIn(table, value)))
            ? new ImportFault(
                ImportFault.MissingRequiredColumns,
                $"Each row has another {table.HeaderOf(column)}, and no column is a quantity that meters measure: this is a list, and no series of readings. "
                + $"Found: {string.Join(", ", table.Columns.Take(10).Select(table.HeaderOf))}. Send the export of the meters' readings, whose rows have a time and a value each.",
                table.Sheet, table.HeaderRow, table.HeaderOf(column))
            : null;
    }

    /// <param name="above">Lines about the meter, which may say the unit of values that say nothing themselves.</param>
    /// <param name="lines">All that stands above its headers.</param>
    public static Layout Describe(SheetTable table, MappedTable told, TimeColumns time, string fileName, ImportForm form, SheetTable? above, IReadOnlyList<SampleRow> lines)
    {
        var reactive = ReactiveRows.TakeOut(table, told, [.. time.Indexes]);
        table = reactive?.Table ?? table;
        var invoice = InvoiceLines.Find(table, told, [.. time.Indexes]);
        (table, told) = (invoice?.Table ?? table, invoice?.Told ?? told);
        var assumptions = new List<ImportAssumption>(time.Given?.Assume(time) ?? []);
        assumptions.AddRange(time.Clock is { IsByRows: true, Header: var clock } ? [new ImportAssumption("time", clock, "it has the times of day of the rows: those of one date go on by it from each to the next")] : (ImportAssumption[])[]);
        var subject = new SubjectFinder(table, told, [.. time.Indexes], [], form.EquipmentId is not null) { Time = time }.Find();
        assumptions.AddRange(MergedTypes.Assume(table, subject));
        if (subject is { MetricNamesDevices: true, Metric: { } metric })
        {
            assumptions.Add(NamedDevices.Assume(table.HeaderOf(metric)));
        }

        if (subject is { Own.Count: > 0, Part: { } measured })
        {
            assumptions.Add(new ImportAssumption("layout", $"{table.HeaderOf(measured)}: {string.Join(", ", subject.Own.Order(StringComparer.Ordinal))} are of the meter itself", "others that rows measure are of one metric, or flow out: each of those is a part of it"));
        }

        assumptions.AddRange(Multipliers.AssumeIn(table, lines) is { } multiplier ? [multiplier] : (ImportAssumption[])[]);
        if (time.Offsets is { } offsets)
        {
            assumptions.Add(new ImportAssumption("offset", table.HeaderOf(offsets.Index), "its cells say how far the times of their rows are from UTC"));
        }

        var isOfOne = subject is { Equipment: null, Part: null, MetricNamesDevices: false };
        var device = isOfOne && table.Devices.Count == 0 ? MeterLines.FindDevice(lines) ?? MeterLines.FindAbove([.. table.Columns.Except(time.Indexes)], lines) : null;
        var carrier = CarrierTexts.Find(form.EquipmentId, lines, table.Sheet, fileName, table.Headers);
        var named = device ?? MeterLines.Find(lines) ?? (isOfOne && !NamesDevices(table, time) ? FindDevice(table, time, lines, fileName) : null);
        // Another file with the same headers is of another meter.
        var isOfNamed = isOfOne && named is not null;
        var ownName = EquipmentNames.FromSheetOrFile(table.Sheet, fileName);
        var name = named is var (id, _) ? EquipmentNames.ToId(id) : ownName;
        RememberedUnits.Refuse(table, form, (above is null ? null : UnitLines.FindIn(above)) ?? UnitLines.Find(lines), lines.SelectMany(line => line.Cells).Select(HeaderTexts.TextOf));
        string[] names = [table.Sheet, Path.GetFileNameWithoutExtension(fileName)];
        var request = WithUnitAbove(table, [.. time.Indexes, .. subject.Indexes], above, lines, names, form, assumptions);
        RefuseMoney(table, [.. time.Indexes, .. subject.Indexes], lines, names, form, request);
        RefuseThousands(table, [.. time.Indexes, .. subject.Indexes], lines, form, request);
        subject = request.Unit is null ? subject : subject with { WithUnits = null };
        var finder = new ColumnFinder(table, told, time, request, assumptions)
        {
            UnitOfTitles = UnitLines.FindAny(lines, names),
            IsOfDevice = isOfNamed,
            IsOfPoint = isOfNamed && new HeaderWords(named!.Value.Header).Any((IEnumerable<string>)SubjectFinder.Points),
            Carrier = carrier,
            IsUnitAbove = form.Unit is null && request.Unit is not null,
            CarrierOfNames = CarrierTexts.Find(null, [], table.Sheet, fileName)?.Carrier,
            NamesHeat = CarrierTexts.NameHeat(table.Sheet, fileName),
            NamesMachine = Machines.AreNamedIn($"{table.Sheet} {Path.GetFileNameWithoutExtension(fileName)} {form.EquipmentId}"),
            Names = $"{table.Sheet} {Path.GetFileNameWithoutExtension(fileName)} {form.EquipmentId}",
            NamesPlant = Productions.NamePlant($"{table.Sheet} {Path.GetFileNameWithoutExtension(fileName)}"),
            NamesAir = CarrierTexts.NameAir(table.Sheet, fileName),
            IsOfAnyName = GeneralNames.HaveNoMeter(ownName),
            IsOfMapped = form.Mapping is { } mapping
                && Array.Exists([table.Told?.Name ?? name, ownName, EquipmentNames.FromSheetOrFile(table.Sheet, fileName, isAlone: true)], mapping.NamesWhole),
        };
        var columns = finder.Find([.. time.Indexes, .. subject.Indexes], subject, isBill: time.End is not null);
        if (carrier is null && form.Mapping is null && CarrierTexts.FindPlant(lines, table.Sheet, fileName) is var (text, made) && columns.Any(column => column.KnownMetric is "energy" or "energy_import_register" && Carriers.Of(column) is null))
        {
            assumptions.Add(new ImportAssumption("carrier", $"{name}: {Carriers.Electricity}", $"'{text}' may be what such a plant uses: if it is the {made} that it delivers, set the carrier of the equipment to {made} (PUT data/equipment)"));
        }

        var apart = new ApartColumns(table, told, time, subject);
        apart.RefuseBlankDates(columns);
        apart.RefuseUnknownMeters(columns);
        apart.RefuseOverlaps([.. columns.Select(column => column.Index)], assumptions);
        var flows = named is null || form.EquipmentId is not null || subject.Equipment is not null ? columns : MeterLines.WithDirection(columns, lines, ownName, assumptions);
        var differences = (finder.AreOfPeriods ? null : finder.DifferencesOf) ?? columns.Select(column => column.Header).FirstOrDefault(RegisterReadings.AreSinceLast);
        var timed = differences is { } last && time is { Label: null, HasEnds: false } ? time with { Label = RegisterReadings.LabelOf(last) } : time;
        // Numbers that were cut are none of meters where the request names it.
        subject = form.EquipmentId is not null && subject.Equipment is { } ids && table.Filled(ids).All(cell => EquipmentNames.IsCut(HeaderTexts.TextOf(cell))) ? subject with { Equipment = null } : subject;
        var layout = new Layout(table.Sheet, table.HeaderRow, table.FirstRow, timed, subject, form.EquipmentId ?? name, flows, assumptions)
        {
            ReadsAtEnd = finder.ReadsAtEnd || (time.NameMonths(table) && MonthReads.AreAtEnd(table, columns, table.Columns.Except([.. time.Indexes, .. subject.Indexes]), form, assumptions)),
            LaterMeters = apart.FindLater(columns),
            Reactive = reactive?.Rows,
            Invoice = invoice?.Lines,
            GasFactor = GasEvidence.FindFactor(table, CarrierTexts.NameHeat(table.Sheet, fileName) ? Carriers.Heat : carrier?.Carrier),
            Multipliers = table.Multipliers,
            UnitsBeside = table.UnitsBeside,
            Carrier = carrier,
            Place = PlaceLines.Find(lines, ownName),
            Site = PlaceLines.FindSite(lines),
            SiteLines = PlaceLines.FindSites(lines),
            FileName = name,
            OwnName = ownName,
            NamedBy = named?.Header,
            IsOfDevice = isOfNamed,
            Zone = ZoneLines.Find(lines),
            OffsetZone = ZoneLines.FindOffset(lines),
            SharedZone = ZoneLines.FindShared(lines),
            LastReading = (finder.AreOfPeriods ? null : finder.LastReading ?? RegisterReadings.FindLast(table, columns)) ?? differences,
            NamesRegisters = lines.SelectMany(line => line.Cells).Select(HeaderTexts.TextOf).Append(table.Sheet).Append(fileName).Any(RegisterReadings.AreTitled),
            HasReadingBefore = finder.LastReading is not null || RegisterReadings.HaveEarlier(table),
            Rising = FindRising(new ColumnEvidence(table, time), subject, columns),
            NotBegun = table is { IsCut: true, ToldColumns: null } ? [.. table.NotBegun.Except([.. time.Indexes, .. subject.Indexes]).Where(column => told.Find(column) is null)] : [],
            Proposal = ColumnProposals.Of(table, time, subject, finder.Proposal),
        };
        if (layout.CarrierOfVolumes is var (of, said) && subject.Unit is { } units && columns.Any(column => column is { IsSaidByRow: true, Metric: "" }) && table.Filled(units).Any(cell => Units.TryParse(HeaderTexts.TextOf(cell), out var unit) && unit.Dimension == Dimension.Volume))
        {
            assumptions.Add(new ImportAssumption("metric", $"volumes: {Carriers.MetricOf(of, Dimension.Volume)!.Name}", said));
        }

        return OneCustomer.Watch(table, told, OneDirection.Watch(table, told, layout, columns.Select(column => column.Index)), form);
    }

    private static HashSet<int> FindRising(ColumnEvidence evidence, SubjectColumns subject, IReadOnlyList<ValueColumn> columns) =>
        evidence.AreMixed(subject) ? [.. columns.Where(column => column.Kind == QuantityKind.Interval && evidence.OnlyGrows(column.Index, subject)).Select(column => column.Index)] : [];

    /// <summary>The device that lines are of; by its number only where headers say what is measured: others may be names of meters that a logger has.</summary>
    private static (string Id, string Header)? FindDevice(SheetTable table, TimeColumns time, IReadOnlyList<SampleRow> lines, string fileName) =>
        MeterLines.FindDeviceAt(lines, EquipmentNames.FromSheetOrFile(table.Sheet, fileName))
        ?? (table.Columns.Except(time.Indexes).Where(table.HoldsNumbers).Any(column => HeaderReader.Read(table.HeaderOf(column)) is { Metric: not null } or { Unit: not null }) ? MeterLines.FindSerial(lines) : null);

    /// <summary>Whether any header of values has a device of its own in front of what is measured.</summary>
    private static bool NamesDevices(SheetTable table, TimeColumns time) => table.Columns.Except(time.Indexes).Where(table.HoldsNumbers).Select(column => HeaderReader.Read(table.HeaderOf(column)))
        .Any(reading => reading.Metric is not null && DeviceNames.Find(reading.Rest).Length > 0);

    /// <summary>All that stands above the headers of a table.</summary>
    public static List<SampleRow> LinesAbove(SheetSample sample, SheetTable table) => [.. sample.Rows.TakeWhile(row => row.Number < Math.Max(table.HeaderRow, sample.Told?.Row ?? 0))];

    /// <summary>The request with the unit that the lines above the table say; and where nothing else says what is measured, with its metric.</summary>
    private static ImportForm WithUnitAbove(SheetTable table, IReadOnlyCollection<int> taken, SheetTable? above, IReadOnlyList<SampleRow> lines, string[] names, ImportForm form, List<ImportAssumption> assumptions)
    {
        if (form.Unit is not null
            || ((above is null ? null : UnitLines.FindIn(above)) ?? UnitLines.Find(lines) ?? (SayNothing(table, taken) ? UnitLines.FindInTitles(lines, AreOfPlaces(table, taken), table.Columns.Except(taken).Count(table.HoldsNumbers) == 1 ? names : []) : null)) is not var (unit, header)
            || Carriers.MetricOf(Carriers.Find(header, unit.Dimension), unit) is not { } metric)
        {
            return form;
        }

        var wanted = form.Metric is { } asked ? MetricCatalogue.Find(asked) : null;
        if (form.Metric is not null && wanted?.Dimension != unit.Dimension)
        {
            return form;
        }

        assumptions.Add(new ImportAssumption("unit", $"{(wanted ?? metric).Name} in {unit.Symbol}", names.Contains(header) ? $"the name of the sheet or the file says it: {header}" : $"the lines above the table say it in {header}"));
        if (wanted is not null)
        {
            return form with { Unit = unit.Symbol };
        }

        return form with { Metric = table.Columns.Except(taken).Any(column => table.HoldsNumbers(column) && HeaderReader.Read(table.HeaderOf(column)).Metric == metric) ? null : metric.Name, Unit = unit.Symbol };
    }

    /// <exception cref="ImportFaultException">A title says that values are in thousands, and nobody says of which unit.</exception>
    private static void RefuseThousands(SheetTable table, IReadOnlyCollection<int> taken, IReadOnlyList<SampleRow> lines, ImportForm form, ImportForm request)
    {
        if (table.Told is not null || form.Mapping is not null || (form.Unit is null && request.Unit is not null) || UnitLines.FindThousands(lines) is not { } title)
        {
            return;
        }

        var values = table.Columns.Except(taken).Where(table.HoldsNumbers).Select(table.HeaderOf).ToList();
        var ofHeaders = values.Select(header => (Header: header, HeaderReader.Read(header).Unit)).Where(value => value.Unit is { Dimension: Dimension.Energy or Dimension.ActivePower or Dimension.Volume } && !value.Header.Contains("000", StringComparison.Ordinal)).ToList();
        // A header's unit counts before the one that is sent.
        if (ofHeaders is [{ Unit: { } unit }, ..] && !(form.Unit is { } sent && Units.TryParse(sent, out var said) && ofHeaders.Exists(value => value.Unit == said)))
        {
            throw Fault($"Write it into the headers, as in {unit.Symbol} (x1000), or send unit={unit.Symbol} if the numbers are not in thousands.", ofHeaders[0].Header, unit.Symbol);
        }

        if (form.Unit is null && SayNothing(table, taken) && values.Count > 0)
        {
            throw Fault("Send metric and the unit that they count (metric=energy, unit=MWh if it is a thousand kWh).", values[0], "MWh");
        }

        ImportFaultException Fault(string answer, string column, string alternative) => new(new ImportFault(
            ImportFault.AmbiguousMapping, $"'{ImportFault.Shorten(title)}' stands above the values, whose headers do not say that they are in thousands. {answer}", table.Sheet, table.HeaderRow, column, [alternative]));
    }

    /// <summary>Whether each header of values is that of a part of a site, or of all of them.</summary>
    private static bool AreOfPlaces(SheetTable table, IReadOnlyCollection<int> taken) =>
        table.Columns.Except(taken).Where(table.HoldsNumbers).Select(table.HeaderOf).All(header => CarrierTexts.NamePartOfSite(header) || PartNames.IsTotal(header));

    /// <exception cref="ImportFaultException">A title says that values are money, and no header says otherwise.</exception>
    private static void RefuseMoney(SheetTable table, IReadOnlyCollection<int> taken, IReadOnlyList<SampleRow> lines, string[] names, ImportForm form, ImportForm request)
    {
        if (table.Told is null && form.Mapping is null && request is { Metric: null, Unit: null } && SayNothing(table, taken) && UnitLines.FindMoney(lines, names) is { } title)
        {
            throw UnitLines.Money(title, table);
        }
    }

    /// <summary>Whether no header of values says what they are, nor that they may be something else.</summary>
    private static bool SayNothing(SheetTable table, IReadOnlyCollection<int> taken) =>
        table.Columns.Except(taken).Where(table.HoldsNumbers).Select(table.HeaderOf).All(header => HeaderReader.Read(header) is { Metric: null, Unit: null, IsRatio: false }
            && Carriers.Find(header) is null && new HeaderWords(header) is { NamePrice: false } words && !words.Any((IEnumerable<string>)UnnamedColumns.OfOthers));

    /// <summary>
    /// Whether a row may be the first of values: it has what may be a time where the row above has none. A time alone is the date of a
    /// title, unless the row below has one too. Of rejected rows it is known.
    /// </summary>
    public static bool CouldBeFirst(SheetSample sample, int index, int? headerRow)
    {
        var row = sample.Rows[index];
        if (sample.Told is { } told && row.Number >= told.Row)
        {
            return row.Number > told.Row && (index == 0 || sample.Rows[index - 1].Number <= told.Row);
        }

        if (row.Number <= headerRow)
        {
            return false;
        }

        if (MonthsOfYears.AreNamedIn(row) && (index == 0 || !MonthsOfYears.AreNamedIn(sample.Rows[index - 1])))
        {
            return true;
        }

        // Halls are numbered so as well: months go on from row to row.
        if (sample.Named is not null && index + 1 < sample.Rows.Count && MonthNames.FindRoman(row[0].Text) is > 0 and var month && MonthNames.FindRoman(sample.Rows[index + 1][0].Text) == month + 1 && (index == 0 || MonthNames.FindRoman(sample.Rows[index - 1][0].Text) == 0))
        {
            return true;
        }

        for (var column = 0; column < row.Cells.Length; column++)
        {
            if (MayBeTime(row.Cells[column], sample.Named) && (index == 0 || !MayBeTime(sample.Rows[index - 1][column], sample.Named))
                && (row.Filled > 1 || (index + 1 < sample.Rows.Count && MayBeTime(sample.Rows[index + 1][column], sample.Named))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MayBeTime(Cell cell, NamedDate? named) => cell.Kind switch
    {
        CellKind.Time => true,
        CellKind.Text => TimeText.TryParse(cell.Text, out _) || TimeCells.ShortMonthIn(cell) is not null || (named is not null && MonthNames.Find(cell.Text) > 0)
            || (TimeCells.NumberIn(cell) is { } number && TimeCells.MeaningOf(number, is1904: false) != NumberTimes.None),
        CellKind.Number => (named is { Month: not null } or { IsOfFile: false } && cell.Number is 1) || TimeCells.MeaningOf(cell.Number, is1904: false) != NumberTimes.None || cell.Number is >= 1900 and < 2200,
        _ => false,
    };
}
