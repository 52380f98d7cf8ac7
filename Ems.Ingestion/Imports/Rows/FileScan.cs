using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Checks;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>First passes over an upload: find its layouts, copy its rows to a spool and collect what the whole file tells.</summary>
/// <param name="known">Meters that the catalogue has at their places.</param>
internal sealed class FileScan(ITableFile file, ImportForm form, string rowsPath, KnownMeters known)
{
    private const int MostNamed = 5;
    private const string SaidAbove = "the lines above the table say it";

    private readonly List<(SheetFacts Facts, IReadOnlyList<ImportAssumption> Assumptions)> _sheets = [];
    private int _rows;

    /// <summary>What the file says about its meters.</summary>
    public IReadOnlyList<MeterFacts> Meters => MetersOf(_sheets.ConvertAll(sheet => sheet.Facts));

    /// <summary>Whether any of its times is without an offset.</summary>
    public bool HasLocalTimes { get; private set; }

    /// <summary>An abbreviation or a shared name of a zone in a header of its times or above them, and where; null where there is none.</summary>
    public (string Name, string Where)? UnclearZone => _sheets.Select(sheet => UnclearZoneOf(sheet.Facts.Layout)).FirstOrDefault(zone => zone is not null);

    /// <summary>The zone of its feeds, where all of them have the same one.</summary>
    public string? FeedZone => _sheets.Select(sheet => sheet.Facts.Layout.FeedZone).Distinct().ToList() is [{ } only] ? only : null;

    /// <summary>The zones that rows, or else the header of their times or the lines above them, name, and what says so.</summary>
    public IReadOnlyList<(string Zone, string Why)> SaidZones => [.. _sheets.SelectMany(sheet => ZonesOf(sheet.Facts)).Select(said => (said.Zone, said.Why)).DistinctBy(said => said.Zone)];

    /// <summary>Whether these are nothing but offsets in lines. Loggers often keep to that of winter in their settings, and change their clocks all the same.</summary>
    public bool SaysOffsetsAlone => _sheets.TrueForAll(sheet => ZonesOf(sheet.Facts).All(said => said.IsOffset));

    /// <summary>Files of an archive with local times that name no zone.</summary>
    public IReadOnlyList<string> ZonelessMembers { get; private set; } = [];

    /// <summary>The zones that rejected rows come back with, and a file that each of them is of.</summary>
    public IReadOnlyList<(string File, string Zone)> ToldZones =>
    [
        .. _sheets.Select(sheet => sheet.Facts.Layout).Where(layout => layout.WholeFile?.TimeZone is not null)
            .Select(layout => (layout.WholeFile!.File ?? layout.Sheet, layout.WholeFile.TimeZone!)).DistinctBy(told => told.Item2),
    ];

    /// <summary>What to ask for where a row shows that clocks changed which those of a zone did not; null where none does.</summary>
    public ImportFault? FindClockJump(DateTimeZone zone) => _sheets.Select(sheet => new ClockJumps(sheet.Facts, zone).Find(rowsPath)).FirstOrDefault(fault => fault is not null);

    /// <summary>Whether all that it holds is rejected rows that come back with their zone.</summary>
    public bool IsAllTold => _sheets.TrueForAll(sheet => sheet.Facts.Layout.WholeFile?.TimeZone is not null);

    /// <summary>Looks through the whole file.</summary>
    /// <exception cref="ImportFaultException">The file cannot be imported.</exception>
    public void Copy(Action<int, double> progress, CancellationToken cancellationToken)
    {
        var copies = Copy(FindLayouts(null), progress, cancellationToken);
        if (copies.Select(copy => copy.Late).Where(late => late.Rows.Count > 0).ToDictionary(late => late.Sheet, late => late.Rows) is { Count: > 0 } late)
        {
            copies = Copy(FindLayouts(late), progress, cancellationToken);
        }

        if (copies.Count > 0 && copies.TrueForAll(copy => copy.HasNoMeters(form)))
        {
            throw copies[0].AskForMeters();
        }

        var decided = copies.ConvertAll(copy =>
        {
            var (facts, ofCopy) = copy.Decide(form, file.IsCut);
            var (rest, ofTotals) = new TotalRows(facts, rowsPath).LeaveOut(form.Mapping?.Equipment);
            var (used, ofReadings) = new ReadingRows(rest, rowsPath).LeaveOut(form.Mapping?.Equipment);
            var (metered, ofRemainders) = new RemainderRows(used, rowsPath).LeaveOut(form.Mapping?.Equipment);
            return (Facts: metered, Assumptions: (IReadOnlyList<ImportAssumption>)[.. ofCopy, .. ofTotals, .. ofReadings, .. ofRemainders]);
        });
        var sheets = new PlacedMeters(known).Tell(decided.ConvertAll(sheet => sheet.Facts), rowsPath, form, file.Name);
        foreach (var (sheet, ofCopy) in sheets.Zip(decided, (sheet, before) => (sheet, before.Assumptions)))
        {
            var (facts, ofColumns) = new ColumnScan(sheet, form).Run(rowsPath, cancellationToken);
            _sheets.Add((facts, [.. ofCopy, .. ofColumns, .. PlacedMeters.Assume(facts.Layout)]));
        }

        _rows = copies.Sum(copy => copy.RowCount);
        HasLocalTimes = copies.Exists(copy => copy.HasLocalTimes);
        ZonelessMembers =
        [
            .. copies.Zip(_sheets, (copy, sheet) => (copy.Member, copy.HasLocalTimes, NamesZone: sheet.Facts.Layout.WholeFile?.TimeZone is not null || ZonesOf(sheet.Facts).Any()))
                .GroupBy(sheet => sheet.Member).Where(member => member.Key is not null && member.Any(sheet => sheet.HasLocalTimes) && !member.Any(sheet => sheet.NamesZone)).Select(member => member.Key!),
        ];
    }

    /// <summary>Gives sheets what is known of their meters from elsewhere.</summary>
    public async Task TellAsync(Func<SheetFacts, Task<SheetFacts>> tell)
    {
        for (var i = 0; i < _sheets.Count; i++)
        {
            _sheets[i] = _sheets[i] with { Facts = await tell(_sheets[i].Facts) };
        }
    }

    /// <summary>What it tells once it is known where its local times are.</summary>
    public FileFacts Run(DateTimeZone zone, CancellationToken cancellationToken)
    {
        var sheets = new List<SheetFacts>();
        var assumptions = new List<ImportAssumption>();
        var gaps = new Dictionary<string, long>();
        var delivered = new HashSet<(string, string)>();
        foreach (var (copied, found) in _sheets)
        {
            var scan = new SeriesScan(CountedHours.Find(copied, zone, rowsPath, cancellationToken), zone, form.Mapping?.EndsAfter);
            var (facts, more) = scan.Run(rowsPath, form.TimestampLabel, cancellationToken);
            sheets.Add(facts);
            assumptions.AddRange(MetersOf(facts).Where(meter => meter.GuessedBy is not null).Select(meter => new ImportAssumption("carrier", $"{meter.EquipmentId}: {meter.Carrier}", meter.GuessedBy!)));
            assumptions.AddRange([.. facts.Layout.Assumptions, .. found, .. more, .. Multipliers.FindUnused(facts) is { } unused ? (ImportAssumption[])[unused] : []]);
            delivered.UnionWith(scan.Delivered);
            foreach (var (kind, count) in scan.Gaps.Concat(facts.Layout.GapsElsewhere))
            {
                gaps[kind] = gaps.GetValueOrDefault(kind) + count;
            }
        }

        var meters = MetersOf(sheets);
        assumptions.AddRange(SayRenamed(meters));
        assumptions.AddRange(SayMade());
        assumptions.AddRange(SayUnused(meters));
        return new FileFacts(sheets, _rows, [.. sheets.SelectMany(MappingOf)], meters, gaps, delivered, [.. assumptions.Distinct()]);
    }

    /// <summary>Meters that a profile calls otherwise than the file does, which its request does not show.</summary>
    private IEnumerable<ImportAssumption> SayRenamed(IReadOnlyList<MeterFacts> meters)
    {
        if (form is not { IsMappingRemembered: true, Mapping: { } mapping })
        {
            return [];
        }

        var ids = meters.Select(meter => meter.EquipmentId).ToHashSet();
        var renamed = mapping.Equipment.Where(entry => entry.Key != entry.Value).Select(entry => (Name: entry.Key, Id: entry.Value))
            .Concat(mapping.Columns.Where(column => column.IsRenamed).Select(column => (Name: column.Column, Id: column.EquipmentId!)))
            .Where(one => ids.Contains(one.Id)).DistinctBy(one => one.Name).ToList();
        return renamed.Count == 0 ? [] :
        [
            new ImportAssumption(
                "equipment_id", $"{string.Join(", ", renamed.Take(MostNamed).Select(one => $"{one.Name} = {one.Id}"))}{(renamed.Count > MostNamed ? $" and {renamed.Count - MostNamed} more" : "")}",
                "the profile has it"),
        ];
    }

    /// <summary>The request's meter, where the file names all of its own.</summary>
    private IEnumerable<ImportAssumption> SayUnused(List<MeterFacts> meters) =>
        form.EquipmentId is { } id && meters.Count > 0 && meters.All(meter => !meter.EquipmentId.StartsWith(id, StringComparison.Ordinal))
            ? [new ImportAssumption("equipment_id", $"{id}: not used", "the file says itself whose the values are; name another meter for one of its names in the mapping, as \"equipment\"")]
            : [];

    /// <summary>Meters that rows call after what is made or flows out, or after what may be a hall as well.</summary>
    private IEnumerable<ImportAssumption> SayMade() =>
        from sheet in _sheets
        from subject in sheet.Facts.Subjects
        where subject.Outward != OutwardName.None
        group subject.EquipmentId by subject.Outward into named
        let ids = named.Distinct().ToList()
        select new ImportAssumption(
            "direction", $"{string.Join(", ", ids.Take(MostNamed))}{(ids.Count > MostNamed ? $" and {ids.Count - MostNamed} more" : "")}",
            named.Key switch
            {
                OutwardName.Out => "its name is that of what is made or flows out, which counts below zero; \"export\": false in the mapping of the values keeps it as it is, and so does equipment that is there without export before",
                OutwardName.In => "its name is that of what is made or flows out, but the equipment is there without export: it is taken as it is, above zero",
                _ => "its name may be that of what is made or flows out, or of what uses it: it is taken as it is; send its rows alone, with \"export\": true in the mapping of the values, if it flows out",
            });

    private static (string Name, string Where)? UnclearZoneOf(Layout layout) =>
        layout.Time.Zone is var (name, header) ? (name, $"the header {header}")
        : layout.SharedZone is var (shared, line) ? (shared, $"the line {ImportFault.Shorten(line)}") : null;

    private static IEnumerable<(string Zone, string Why, bool IsOffset)> ZonesOf(SheetFacts facts)
    {
        var ofRows = facts.Subjects.Select(subject => subject.Zone is { } text ? ZoneNames.FindId(text, mayBeAbbreviation: true) : null).OfType<string>().Distinct().ToList();
        return ofRows.Count > 0 ? ofRows.Select(zone => (zone, $"the column {facts.Layout.Subject.Zone!.Value.Header} says it", false))
            : facts.Layout.Time.ZoneId is { } ofHeader ? [(ofHeader, "the header of the times has it", false)]
            : facts.Layout.Zone is { } above ? [(above, SaidAbove, false)]
            : facts.Layout.OffsetZone is { } offset ? [(offset, SaidAbove, true)] : [];
    }

    /// <param name="late">Rows of sheets that show more of their columns than the first ones do.</param>
    private IReadOnlyList<Layout> FindLayouts(IReadOnlyDictionary<string, IReadOnlyList<SampleRow>>? late)
    {
        using var source = file.Open();
        return LayoutFinder.Find(source, file.Name, form, late);
    }

    private List<SheetCopy> Copy(IReadOnlyList<Layout> layouts, Action<int, double> progress, CancellationToken cancellationToken)
    {
        using var source = new ReadAhead(file.Open());
        using var spool = new RowSpoolWriter(rowsPath);
        var copies = new List<SheetCopy>();
        do
        {
            if (layouts.FirstOrDefault(layout => layout.Sheet == source.SheetName) is { } layout)
            {
                var copy = new SheetCopy(layout, copies.Sum(before => before.RowCount));
                copy.Run(source, spool, row => progress(row, source.Progress), cancellationToken);
                copies.Add(copy);
            }
        }
        while (source.NextSheet());
        return copies;
    }

    /// <summary>The value columns; one whose rows say what it is, or its unit, once for each meaning that its rows give it.</summary>
    public static IEnumerable<ValueColumn> MappingOf(SheetFacts facts)
    {
        var quantities = new Quantities(facts.Layout, facts.Subjects);
        for (var i = 0; i < facts.Layout.Columns.Count; i++)
        {
            var column = facts.Layout.Columns[i];
            if (facts.TotalColumns.Contains(i))
            {
                continue;
            }

            if (column is { IsSaidByRow: false, HasUnitOfRow: false })
            {
                yield return column;
                continue;
            }

            foreach (var quantity in Enumerable.Range(0, facts.Subjects.Count).Select(subject => quantities.Of(i, subject)).Where(quantity => quantity.Fault is null).Distinct())
            {
                yield return column with { Metric = quantity.Metric, Kind = quantity.Kind, Unit = quantity.CanonicalUnit, SourceUnit = quantity.SourceUnit!.Symbol, IsSaidByRow = false };
            }
        }
    }

    private List<MeterFacts> MetersOf(List<SheetFacts> sheets) =>
    [
        .. sheets.SelectMany(sheet => MetersOf(sheet).Select(meter => (Meter: meter, SiteAbove: SiteAbove(sheet.Layout))))
            .GroupBy(one => one.Meter.EquipmentId)
            .Select(same => (Meter: same.Select(one => one.Meter).OrderBy(meter => meter.Carrier is null).First(), Multiplier: Only(same.Select(one => one.Meter.Multiplier)), Above: same.Select(one => one.SiteAbove).Distinct().ToList()))
            .Select(found => (Meter: found.Meter with { Multiplier = found.Multiplier }, found.Above))
            .Select(found => found is { Meter: { Site: null, SiteName: null }, Above: [{ } above] } ? found.Meter with { SiteName = above } : found.Meter),
    ];

    /// <summary>The site that a line above rows names, where neither these nor the request name one.</summary>
    private string? SiteAbove(Layout layout) =>
        form is { Site: null, Remembered: not { Site: not null } } && layout.Subject is { Site: null, SiteName: null, EquipmentIsPlace: false } ? layout.Site : null;

    private static double? Only(IEnumerable<double?> values) => values.OfType<double>().Distinct().ToList() is [var only] ? only : null;

    private static double? MultiplierOf(Layout layout, IEnumerable<RowSubject> subjects) =>
        Only(subjects.Select(subject => subject.Multiplier)) is { } multiplier && Multipliers.AreOf(layout) ? multiplier : null;

    /// <summary>The meters of a sheet.</summary>
    public static IEnumerable<MeterFacts> MetersOf(SheetFacts facts)
    {
        var measured = new MeasuredCarriers(facts);
        return facts.Subjects.Where(subject => subject.EquipmentId is not null).SelectMany(subject => MetersOf(facts.Layout, subject, facts.BlankVolumes.GetValueOrDefault(subject.EquipmentId!))
                .Select(meter => (meter.Carrier is null || meter.GuessedBy is not null) && measured.Of(subject.EquipmentId!) is { } carrier ? meter with { Carrier = carrier, GuessedBy = null } : meter))
            .Concat(OwnMetersOf(facts.Layout, facts.Subjects).Select(meter => meter.Carrier is null && measured.OfUnnamed is { } carrier && meter.EquipmentId == facts.Layout.EquipmentId ? meter with { Carrier = carrier, GuessedBy = null } : meter));
    }

    /// <summary>The meters of a sheet that no row names.</summary>
    public static IEnumerable<MeterFacts> OwnMetersOf(Layout layout) => OwnMetersOf(layout, []);

    private static IEnumerable<MeterFacts> OwnMetersOf(Layout layout, IReadOnlyList<RowSubject> subjects)
    {
        var unnamed = subjects.Where(subject => subject.EquipmentId is null).ToList();
        var rowsNameAll = layout.Subject.Equipment is not null || (subjects.Count > 0 ? unnamed.Count == 0 : layout.Subject.Part is not null);
        var types = unnamed.Select(subject => Carriers.Find(subject.Type)).OfType<string>().Distinct().ToList();
        return layout.Columns.Where(column => column.EquipmentId is not null || !rowsNameAll)
            .GroupBy(column => column.MeterOf(layout.EquipmentId))
            .Select(columns => Describe(
                layout, columns, unnamed,
                new MeterFacts(columns.Key, null, null, null, null, (types.Count == 1 ? types[0] : null) ?? CarrierOf(layout, columns))
                {
                    Parent = ParentOf(columns, layout.EquipmentId),
                    IsExport = columns.All(column => column.IsExport),
                    Multiplier = MultiplierOf(layout, unnamed) ?? Multipliers.Of(layout, columns),
                }));
    }

    /// <summary>The meter that rows name, or one for each thing that it counts apart.</summary>
    /// <param name="blank">Columns in which it has nothing, though others have.</param>
    private static IEnumerable<MeterFacts> MetersOf(Layout layout, RowSubject subject, IReadOnlySet<int>? blank)
    {
        IReadOnlyCollection<ValueColumn> Filled(IEnumerable<ValueColumn> columns) =>
            columns.Where(column => blank?.Contains(column.Index) != true).ToList() is { Count: > 0 } filled ? filled : [.. columns];

        var parts = layout.Columns.Where(column => column.EquipmentId is null).GroupBy(column => column.MeterOf(subject.EquipmentId!)).ToList();
        return parts.Exists(columns => columns.Key != subject.EquipmentId)
            ? parts.Select(columns => Describe(layout, columns, [subject], new MeterFacts(
                columns.Key, columns.Key == subject.EquipmentId ? subject.Name : null, subject.Type, subject.Site, subject.SiteName, CarrierOf(layout, Filled(columns), subject))
            {
                Parent = ParentOf(columns, subject.EquipmentId!),
                IsExport = subject.IsExport || columns.All(column => column.IsExport),
                Multiplier = MultiplierOf(layout, [subject]),
            }))
            : [Describe(layout, layout.Columns, [subject], new MeterFacts(subject.EquipmentId!, subject.Name, subject.Type, subject.Site, subject.SiteName, CarrierOf(layout, Filled(layout.Columns), subject))
            {
                IsExport = subject.IsExport || layout.Columns.All(column => column.IsExport),
                Multiplier = MultiplierOf(layout, [subject]),
            })];
    }

    /// <summary>With the carrier that only the units, the columns beside or the texts around the table tell, where nothing names one.</summary>
    private static MeterFacts Describe(Layout layout, IEnumerable<ValueColumn> columns, IReadOnlyList<RowSubject> subjects, MeterFacts meter)
    {
        var own = columns.ToList();
        return meter.Carrier is not null ? meter
            : GasEvidence.Find(
                own.Where(column => !column.IsSaidByRow).Select(column => column.SourceUnit), [.. subjects.Select(subject => subject.Unit).OfType<string>()], subjects.Any(subject => subject.HasGasFactor) ? layout.GasFactor?.Header : null) is { } why
                ? meter with { Carrier = Carriers.Gas, GuessedBy = why }
            : own.Where(column => !column.IsSaidByRow).Select(column => column.SourceUnit).Concat(subjects.Select(subject => subject.Unit).OfType<string>()).ToList() is { Count: > 0 } units
                && OnlyIn(units) is var (flows, counted)
                ? meter with { Carrier = flows, GuessedBy = counted }
            // Electricity is what nothing needs to name, and neither water nor air is counted in kWh: what moves them is.
            : layout.Carrier is var (carrier, said) && carrier is not (Carriers.Electricity or Carriers.Water or Carriers.CompressedAir) && (own.Exists(IsOfEnergy) || (own.Exists(column => column is { IsSaidByRow: true, Metric: "" }) && subjects.Any(IsEnergyOfPoint))) && own.TrueForAll(column => Carriers.Of(column) is null)
                ? meter with { Carrier = carrier, GuessedBy = said }
            : meter;
    }

    /// <summary>What alone is counted in these units; null where other things are, too.</summary>
    private static (string Carrier, string Why)? OnlyIn(List<string> units)
    {
        var symbols = units.Select(unit => Units.TryParse(unit, out var known) ? known.Symbol : "").Distinct().ToList();
        return symbols.TrueForAll(symbol => symbol == "ton hour") ? (Carriers.Cooling, "cold is counted in ton hours")
            : symbols.TrueForAll(symbol => symbol is "klb" or "million lb") ? (Carriers.Heat, "steam is counted in pounds") : null;
    }

    /// <summary>Of what a part has, its amounts alone may be of a greater one.</summary>
    private static string? ParentOf(IEnumerable<ValueColumn> columns, string equipmentId) =>
        columns.Select(column => column.ParentOf(equipmentId)).FirstOrDefault(parent => parent is not null);

    /// <summary>The meter's type before its name: gas counted in kBtu is no electricity.</summary>
    private static string? CarrierOf(Layout layout, IReadOnlyCollection<ValueColumn> columns, RowSubject subject) =>
        Carriers.Find(subject.Type) ?? CarrierOf(layout, columns) ?? Carriers.Find(subject.Name, DimensionOf(columns, subject)) ?? Carriers.Find(subject.EquipmentId, DimensionOf(columns, subject));

    /// <summary>Energy where they, or where the rows that say what they are, have nothing else.</summary>
    private static Dimension? DimensionOf(IReadOnlyCollection<ValueColumn> columns, RowSubject subject) =>
        columns.All(column => IsOfEnergy(column) || (column.IsSaidByRow && Units.TryParse(subject.Unit, out var unit) && IsOfEnergy(unit.Dimension))) ? Dimension.Energy : null;

    /// <summary>Only by its unit. What devices are called says what they use: a pump of a room for boilers of gas uses none.</summary>
    private static bool IsEnergyOfPoint(RowSubject subject) => subject is { Metric: null, Type: null } && !IsName(subject.EquipmentId) && !IsName(subject.Name) && Units.TryParse(subject.Unit, out var unit) && IsOfEnergy(unit.Dimension);

    private static bool IsName(string? text) => text?.Any(char.IsLetter) == true && !ServicePoints.IsNumber(text);

    private static bool IsOfEnergy(ValueColumn column) => MetricCatalogue.Find(column.Metric) is { } metric && IsOfEnergy(metric.Dimension);

    private static bool IsOfEnergy(Dimension dimension) => dimension is Dimension.Energy or Dimension.ActivePower;

    /// <summary>What is counted beside a meter's own energy, as the gas of a building, is not what flows through it.</summary>
    private static string? CarrierOf(Layout layout, IEnumerable<ValueColumn> columns)
    {
        var all = columns.ToList();
        var own = all.FindAll(column => !column.IsBeside);
        // What is used beside a flow of air has compressed it.
        var isOfEnergy = own.Exists(IsOfEnergy);
        var carriers = (isOfEnergy ? own : all).Select(Carriers.Of).OfType<string>().Where(carrier => !(isOfEnergy && carrier == Carriers.CompressedAir)).Distinct().ToList();
        var dimension = all.TrueForAll(IsOfEnergy) ? Dimension.Energy : (Dimension?)null;
        return carriers.Count == 1 ? carriers[0]
            : carriers.Count == 0 ? layout.Titles.Select(title => Carriers.Find(title, dimension)).FirstOrDefault(carrier => carrier is not null && !(isOfEnergy && carrier == Carriers.CompressedAir)) : null;
    }
}
