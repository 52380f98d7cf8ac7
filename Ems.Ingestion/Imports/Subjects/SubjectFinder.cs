using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>Finds <see cref="SubjectColumns"/> by whole words of their headers and by what they hold.</summary>
/// <param name="times">Columns of times.</param>
/// <param name="cells">Columns of values, where their headers have a part of the time.</param>
/// <param name="isNamed">Whether the request names the equipment.</param>
internal sealed partial class SubjectFinder(SheetTable table, MappedTable told, IReadOnlyCollection<int> times, IReadOnlyCollection<int> cells, bool isNamed)
{
    private const int RankOfPoint = 1;
    private const int MostMultipliers = 3;
    private const int LongestChannel = 2;

    private readonly Dictionary<int, HeaderWords> _words = table.Columns
        .Where(column => !times.Contains(column) && !cells.Contains(column) && told.Find(column)?.Purpose is not (ColumnRole.Value or ColumnRole.Ignored or ColumnRole.Time or ColumnRole.End)
            && (told.Find(column) is not null || !IsQuantity(table, column)))
        .ToDictionary(column => column, column => new HeaderWords(table.HeaderOf(column)));

    // F1, F2 …, of which each interval of a matrix has one; that of an hour of autumn may be blank.
    private readonly Lazy<HashSet<int>> _flags = new(() => table.Columns.Where(column => !cells.Contains(column) && !times.Contains(column) && told.Find(column) is null && table.HeaderOf(column) is [.., >= '0' and <= '9'])
        .GroupBy(column => table.HeaderOf(column).TrimEnd([.. "0123456789"])).Where(flags => flags.Key.Length > 0 && flags.Count() == cells.Count
            && flags.SelectMany(table.Filled).Any() && flags.All(column => table.Filled(column).All(cell => cell.Kind == CellKind.Text && QualityMarks.IsMark(cell.Text!)))).SelectMany(flags => flags).ToHashSet());

    /// <summary>What the columns of times say; null where it is not known yet.</summary>
    public TimeColumns? Time { get; init; }

    /// <exception cref="ImportFaultException">More than one can hold the equipment, or the table lacks one that the mapping names.</exception>
    public SubjectColumns Find() => table.ToldColumns is null ? FindNew() : FindAgain();

    /// <summary>What they were in the file that the rows are of, and what the mapping says now.</summary>
    private SubjectColumns FindAgain()
    {
        int? At(ColumnRole role, FileColumn was) => FirstOf(told.Of(role), _ => true) ?? FirstOf(table.ToldAs(was), column => told.Allows(column, role));

        var found = new SubjectColumns
        {
            Equipment = At(ColumnRole.Equipment, FileColumn.Equipment),
            Name = At(ColumnRole.Name, FileColumn.Name),
            Site = At(ColumnRole.Site, FileColumn.Site),
            SiteName = At(ColumnRole.SiteName, FileColumn.SiteName),
            Type = At(ColumnRole.Type, FileColumn.Type),
            Metric = At(ColumnRole.Metric, FileColumn.Metric) ?? At(ColumnRole.Metric, FileColumn.Devices),
            MetricNamesDevices = table.ToldAs(FileColumn.Devices).Any(),
            Unit = At(ColumnRole.Unit, FileColumn.Unit),
            WithUnits = WithUnits,
            Part = At(ColumnRole.Part, FileColumn.Part),
            Quality = [.. table.ToldAs(FileColumn.Quality).Where(column => told.Allows(column, ColumnRole.Quality)).Union(told.Of(ColumnRole.Quality)).Select(column => new HeadedColumn(column, table.HeaderOf(column)))],
        };
        return new PartFinder(table, told, times, []).Settle(Settle(found) with { EquipmentFillsDown = false });
    }

    private SubjectColumns FindNew()
    {
        var unit = Find(ColumnRole.Unit, column => !_words[column].Any((IEnumerable<string>)ApartColumns.Shifts) && (table.HoldsTexts(column, text => Units.TryParse(text, out _) || UnclearUnits.IsOne(text)) ? NameUnits(_words[column]) || HasLongUnits(column)
            // Beside amounts, what they cost.
            : NameUnits(_words[column]) && HasLongUnits(column) && (TextsOf(column).All(text => Units.TryParse(text, out _) || new HeaderWords(text).NameMoney) || HoldsSomeUnits(column)))
            && !NumbersMachines(column));
        var types = _words.Keys.Where(column => column != unit && IsType(column) && (table.HoldsTexts(column, text => Carriers.Find(text) is not null && !(Carriers.IsCode(text) && IsAbout(column, "utility", "service"))) || NamesVolumes(column, unit))).ToList();
        // Beside a carrier, what it is used for is none.
        var type = Find(ColumnRole.Type, column => types.Contains(column) && (types.Count == 1 || !CarrierTexts.MayBeUses(table, column))) ?? Find(ColumnRole.Type, types.Contains) ?? (unit is null && cells.Count > 0 ? FirstOf(_words.Keys.Where(column => told.Find(column) is null), NamesCarriersAlone) : null);
        // Beside a column of registers, codes only say which register it is.
        var hasRegisters = table.Columns.Any(column => HeaderReader.Read(table.HeaderOf(column)) is { Metric.Kind: QuantityKind.Register, Unit: not null });
        var metric = Find(ColumnRole.Metric, column => column != unit && column != type && !IsAbout(column, Meters) && !(NamesDevices(column) && !HasUnitsBehindDevices(column, unit)) && !Directions.NameBoth(_words[column])
            && (table.HoldsTexts(column, text => HeaderReader.Read(text) is { Metric: not null } reading && (reading.Sure || IsAbout(column, Measured)) && !(hasRegisters && reading.IsCode)) || NamesSomeMetrics(column)));
        var zone = Find(ColumnRole.TimeZone, HoldsZones) is { } named && !times.Contains(named) ? named : (int?)null;
        int?[] found = [unit, type, metric, zone];
        var left = _words.Keys.Except(found.OfType<int>()).Where(column => told.Find(column) is null).ToList();
        var quality = left.Where(IsQuality).ToList();
        left = [.. left.Except(quality).Where(MayBeId)];
        quality.AddRange(told.Of(ColumnRole.Quality));
        var (id, name) = FindTold() ?? FindMeter(left, type);
        name ??= id is { } described ? FirstOf(left, column => column != id && Describes(column, described)) ?? FirstOf(left, column => column != id && NamesIds(column, described)) : null;
        var site = FirstOf(told.Of(ColumnRole.Site), _ => true) ?? FirstOf(left, column => column != id && column != name && IsAbout(column, Places) && IsAbout(column, Ids) && !IsAbout(column, Others));
        var siteName = FirstOf(told.Of(ColumnRole.SiteName), _ => true) ?? FirstOf(left, column => column != id && column != name && column != site && IsAbout(column, Places) && !IsAbout(column, Others) && !IsAbout(column, Ids));
        siteName ??= !isNamed && id is null && name is null && site is null ? FirstOf(left, NamesPlants) : null;
        if (metric is not null && !isNamed && id is null && name is null && site is null && siteName is null)
        {
            id = FirstOf(left, column => _words[column].Count <= 2 && IsAbout(column, "source", "quelle"));
        }

        var mayNameDevices = metric is { } what && id is null && name is null && !isNamed && told.Find(what) is null;
        site ??= siteName is { } place && id is { } meter ? FirstOf(left, column => column != id && IsIdOfPlace(column, meter, place)) : null;
        quality.AddRange(left.Where(column => column != id && column != name && column != site && column != siteName && !IsAbout(column, Meters) && !IsAbout(column, Places) && !_words[column].NamePrice && !IsAbout(column, Remarks) && !IsType(column) && HoldsMarks(column) && QualityMarks.AreSure(table.Filled(column).Select(cell => cell.Text!))));
        return WithMultiplier(new PartFinder(table, told, times, [.. _words.Keys.Where(column => told.Find(column) is not null || !table.Mostly(column, IsFraction))]).Find(Settle(new SubjectColumns
        {
            Equipment = id,
            Name = name,
            Site = site,
            SiteName = siteName,
            Type = type,
            Metric = metric,
            MetricNamesDevices = mayNameDevices && DeviceNames.AreOfSeveral(TextsOf(metric!.Value)),
            MetricMayNameDevices = mayNameDevices,
            Unit = unit,
            WithUnits = unit is null ? WithUnits : null,
            Quality = [.. quality.Select(HeadedAt)],
            Zone = zone is { } zones ? HeadedAt(zones) : null,
        })));
    }

    /// <summary>Unless somebody says what it measures.</summary>
    private int? WithUnits => table.WithUnits is { } column && told.Find(column) is null or { Purpose: ColumnRole.Value, Metric: null } ? column : null;

    private HeadedColumn HeadedAt(int column) => new(column, table.HeaderOf(column));

    private SubjectColumns WithMultiplier(SubjectColumns found)
    {
        var column = FirstOf(told.Of(ColumnRole.Multiplier), _ => true)
            ?? FirstOf(_words.Keys.Where(column => told.Find(column) is null && !found.Indexes.Contains(column)), column => HoldsMultipliers(column, found.Equipment));
        return found with { Multiplier = column is { } multiplier ? HeadedAt(multiplier) : null };
    }

    /// <summary>Whether each meter has one value or, when its transformer was replaced, a few.</summary>
    private bool HoldsMultipliers(int column, int? equipment) => Multipliers.AreNamedBy(_words[column]) && table.Mostly(column, cell => Multipliers.ValueOf(cell) is not null)
        && table.Rows.GroupBy(row => equipment is { } meter ? HeaderTexts.TextOf(row[meter]) : "").All(rows => rows.Select(row => Multipliers.ValueOf(row[column])).OfType<double>().Distinct().Count() <= MostMultipliers);

    private bool HoldsZones(int column) => table.Filled(column).Any()
        && table.Filled(column).All(cell => cell.Kind == CellKind.Text && ZoneNames.FindId(cell.Text!, mayBeAbbreviation: _words[column].NameTimeZone) is not null);

    /// <summary>Without a meter, a place is what was measured; without an id, a name is one.</summary>
    private SubjectColumns Settle(SubjectColumns found)
    {
        var settled = found switch
        {
            { Equipment: { } place } => found.Name is not null ? found : found with { EquipmentIsPlace = HeadsPlaces(table.HeaderOf(place)), EquipmentIsLabel = SubjectColumns.IsLabel(table.HeaderOf(place)) },
            { Name: not null } => found with { Equipment = found.Name },
            { Site: not null } => found with { Equipment = found.Site, Name = found.SiteName, Site = null, SiteName = null, EquipmentIsPlace = true },
            { SiteName: not null } => found with { Equipment = found.SiteName, SiteName = null, EquipmentIsPlace = true },
            _ => found,
        };
        var finder = new TimeColumnFinder(table, told);
        return settled with
        {
            EquipmentFillsDown = settled.Equipment is { } column && finder.FillsDown(column),
            // A place of a device is its own.
            SiteFillsDown = (settled.Site ?? settled.SiteName) is { } site && finder.FillsDown(site) && !(_words.TryGetValue(site, out var words) && words.Any((IEnumerable<string>)Meters)),
            TypeFillsDown = settled.Type is { } type && finder.FillsDown(type) && MergedTypes.AreIn(table, settled, type, settled.Equipment ?? times.DefaultIfEmpty(int.MaxValue).Min()),
        };
    }

    /// <summary>The meter that the mapping names; null when it names none.</summary>
    private (int? Id, int? Name)? FindTold()
    {
        if (told.Missing(ColumnRole.Equipment) is { } missing)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.MissingRequiredColumns, $"{told.Source} says that the column {missing} names the equipment, but no column is headed so.",
                table.Sheet, table.HeaderRow, missing));
        }

        var (id, name) = (FirstOf(told.Of(ColumnRole.Equipment), _ => true), FirstOf(told.Of(ColumnRole.Name), _ => true));
        return id is null && name is null ? null : (id, name);
    }

    private (int? Id, int? Name) FindMeter(List<int> columns, int? type)
    {
        // A time zone is no zone of a building.
        var meters = columns.Where(column => IsAbout(column, Meters) && !IsAbout(column, Others) && !(IsAbout(column, "zone") && _words[column].NameTime)).ToList();
        var name = FirstOf(meters, column => IsAbout(column, OfNames));
        var ids = meters.Where(column => column != name).ToList();
        var best = BestOf(ids);
        best = best.Count == 0 && name is null && !isNamed ? Sessions.ChargersIn(table, Time, columns) : best;
        if (best.Count == 0 && name is null)
        {
            var parts = columns.FindAll(column => (_words[column].Count <= 2 || _words[column].Except([.. Ids, .. OfParts]).Count == 1) && IsAbout(column, Parts) && !PartColumn.HoldsDirections(table, column));
            // What rows of systems are about comes again; a number of each row does not.
            var sure = parts.FindAll(column => !IsAbout(column, Names));
            best = sure.Count > 0 ? sure : parts.FindAll(column => table.Rows.Count == 1 || Different([column]) * 2 <= table.Rows.Count);
            // Everybody has a channel 1.
            if (!isNamed && best is [var channel] && NumbersChannels(channel))
            {
                best = columns.FindAll(column => IsAbout(column, "recorder") && _words[column].Except([.. Ids, .. OfNames, "recorder"]).Count == 0);
                name = best.Count > 0 ? null : FirstOf(_words.Keys.Where(column => told.Find(column) is null), NamesCustomers);
                best = best.Count > 0 || name is not null || _words.Keys.Any(place => told.Find(place) is null && HeadsPlaces(table.HeaderOf(place))) ? best : [channel];
            }
        }

        if (best.Count == 0 && name is null && !isNamed)
        {
            best = Sessions.RepeatedChargersIn(table, columns);
            best = best.Count > 0 ? best : [.. columns.Where(IsSerialNumber).Concat(columns.Where(HoldsServicePoints)).Take(1)];
            // Nobody's number is that of a meter: what flows through each tells them apart, as those of one name.
            name = best.Count == 0 && !_words.Keys.Any(place => IsAbout(place, Places)) ? FindCustomers(type) : null;
        }

        return best.Count <= 1 ? (best.Count == 0 ? null : best[0], name) : throw Ambiguous(best);
    }

    /// <summary>Whether it describes meters of heat among others, each in words that are always the same: <c>Heat meter building</c>.</summary>
    private bool Describes(int column, int meter) => _words[column].Except([]).Any(word => word is "description" or "designation" or "désignation" or "descrizione" or "descripción" or "omschrijving" || word.EndsWith("beschreibung", StringComparison.Ordinal))
        && !IsAbout(column, Others) && !IsAbout(column, Places) && !_words[column].NamePrice && table.HoldsTexts(column, _ => true) && Decides(meter, column) && Different([meter]) < table.Rows.Count
        // What heats or is heated may take electricity.
        && TextsOf(column).Any(HeatNames.AreMeters);

    /// <summary>Whether it is headed <c>Name</c> alone beside ids of meters, each of which has one of its own.</summary>
    private bool NamesIds(int column, int meter) => IsAbout(meter, Ids) && _words[column] is { Count: 1 } words && words.Any("name", "bezeichnung", "nom", "nombre")
        && table.HoldsTexts(column, _ => true) && Decides(meter, column) && Decides(column, meter);

    /// <summary>A number that devices come with, of several rows each: <c>Serial No</c> may also number the rows. A place that has but one device names it better.</summary>
    private bool IsSerialNumber(int column) => ((IsAbout(column, Serials) && (IsAbout(column, Ids) || !IsAbout(column, "geräte"))) || (IsAbout(column, "s") && IsAbout(column, "n"))) && _words[column].Except([.. Serials, .. Ids, "s", "n"]).Count == 0
        && Different([column]) * 2 <= table.Rows.Count && !_words.Keys.Any(place => IsAbout(place, Places) && Decides(place, column));

    /// <summary>Whether its numbers are of points of the network by the way they are made, whatever its header is.</summary>
    private bool HoldsServicePoints(int column) => table.Filled(column).Any()
        && table.Filled(column).All(cell => ServicePoints.IsNumber(HeaderTexts.TextOf(cell)) || (IsAbout(column, "pce") && ServicePoints.IsNumberOfGas(HeaderTexts.TextOf(cell))));

    private bool NumbersChannels(int column) => _words[column] is { Count: 1 } words && words.Any("channel") && table.Filled(column).All(cell => HeaderTexts.TextOf(cell) is { Length: <= LongestChannel } text && text.All(char.IsAsciiDigit));

    private bool NamesCustomers(int column) => IsAbout(column, Customers) && _words[column].Except([.. Customers, .. Ids, .. OfNames]).Count == 0 && table.Rows.All(row => !MissingMarkers.IsMissing(row[column]));

    private int? FindCustomers(int? type) => new CustomerColumn(table, times, Time) is var customers
        ? FirstOf(_words.Keys.Where(column => told.Find(column) is null && CustomerColumn.AreNamedBy(_words[column])), column => customers.TellsApart(column, type)) : null;

    /// <summary>Those with the most explicit headers. Where there are several points of the network, or one is not all of them, their devices count.</summary>
    private List<int> BestOf(List<int> ids)
    {
        var ranks = ids.GroupBy(RankOfId).OrderBy(group => group.Key).Select(group => group.ToList()).ToList();
        if (ranks.Count == 0 || RankOfId(ranks[0][0]) != RankOfPoint)
        {
            return ranks.FirstOrDefault() ?? [];
        }

        var points = ranks[0];
        if (ranks.Skip(1).FirstOrDefault() is [var device] && RankOfId(device) == RankOfPoint + 1
            && (points.Count > 1 || table.Rows.Any(row => row[points[0]].Kind == CellKind.Empty) || Different([points[0], .. times]) < Different([points[0], device, .. times])))
        {
            return [device];
        }

        return points.Count > 1 && points.TrueForAll(point => Decides(points[0], point) && Decides(point, points[0]))
            ? [points.Find(point => IsAbout(point, "melo", "messlokation")) is > 0 and var place ? place : points[0]]
            : points;
    }

    /// <summary>Whether it is headed <c>Plant Name</c>, as portals of inverters call whose their reports are.</summary>
    private bool NamesPlants(int column) => IsAbout(column, "plant") && IsAbout(column, OfNames) && _words[column].Except(["plant", .. OfNames]).Count == 0;

    /// <summary>Whether its texts are names of systems below a header of ids (<c>entity_id</c>), or several of them are of one metric, which then are those of several devices.</summary>
    private bool NamesDevices(int column) => IsAbout(column, Names) && _words[column].Count <= 2 && ((IsAbout(column, Ids) && TextsOf(column).All(IsPath)) || PartFinder.HasOneMetric(table, column));

    /// <summary>Whether a text is written as systems write names within names: <c>sensor.grid_power</c>.</summary>
    public static bool IsPath(string text) => text.AsSpan(1).IndexOfAny("./:") >= 0 && !text.Any(char.IsWhiteSpace) && HeaderReader.Read(text).Unit is null;

    /// <summary>
    /// Whether it is headed as what is measured, and any of its texts names a metric, where no header of values does: what the others name is nothing that the
    /// request speaks of.
    /// </summary>
    private bool NamesSomeMetrics(int column) => IsAbout(column, Measured) && TextsOf(column).Any(text => HeaderReader.Read(text) is { Sure: true, IsCode: false })
        && !TextsOf(column).Any(Directions.AreDirection) && !table.Columns.Any(other => table.HoldsNumbers(other) && IsQuantity(table, other));

    private bool HasUnitsBehindDevices(int column, int? unit) => unit is null && TextsOf(column).All(text => HeaderReader.Read(text).Unit is not null) && DeviceNames.AreOfSeveral(TextsOf(column));

    private IEnumerable<string> TextsOf(int column) => table.Filled(column).Where(cell => cell.Kind == CellKind.Text).Select(cell => cell.Text!).Distinct();

    /// <summary>The most explicit header first. A point of the network stays when its device is changed.</summary>
    private int RankOfId(int column) => IsAbout(column, "id") ? 0 : IsAbout(column, Points) ? RankOfPoint : IsAbout(column, Ids) ? RankOfPoint + 1 : RankOfPoint + 2;

    private ImportFaultException Ambiguous(List<int> columns)
    {
        // Circuits are numbered anew in each panel: only both together name one.
        var together = columns is [var outer, var inner] && !Decides(outer, inner) && !Decides(inner, outer) && Different([outer, .. times]) < Different([outer, inner, .. times]) && Different([inner, .. times]) < Different([outer, inner, .. times]);
        IReadOnlyList<MappedColumn> guess = [.. columns.Select((column, i) => new MappedColumn(table.HeaderOf(column))
        {
            Role = i == 0 ? ColumnRole.Equipment : together ? ColumnRole.Part : ColumnRole.Ignored,
            Confidence = 0.4,
            Reason = "more than one column can name the equipment; this is a guess",
        })];
        return new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping, $"More than one column can hold the equipment. Give one the role equipment, and the others another, as with {ImportMapping.Written(guess)}.",
            table.Sheet, table.HeaderRow, table.HeaderOf(columns[0]), [.. columns.Select(table.HeaderOf)])
        {
            Guess = new ImportMapping { Columns = guess },
        });
    }

    /// <summary>An id beside the name of a place that every meter has one of, and that is never shared by two names. That of a meter is none: a serial number, or what nothing but the meter decides.</summary>
    private bool IsIdOfPlace(int column, int meter, int place) => IsAbout(column, Ids) && !IsAbout(column, Others) && !IsAbout(column, Meters) && !IsAbout(column, Serials)
        && !(Decides(column, meter) && (!Decides(place, column) || Math.Abs(column - meter) < Math.Abs(column - place)))
        && Decides(meter, column) && Decides(column, place) && table.Rows.Select(row => HeaderTexts.TextOf(row[column])).Distinct().Count() < table.Rows.Count;

    private bool Decides(int column, int other) => table.Rows.GroupBy(row => HeaderTexts.TextOf(row[column]))
        .All(rows => rows.Select(row => HeaderTexts.TextOf(row[other])).Distinct().Count() == 1);

    /// <summary>Whether a text says that it names a meter or a place.</summary>
    public static bool NamesSubject(string text) => new HeaderWords(text) is var words && (words.Any((IEnumerable<string>)Meters) || words.Any((IEnumerable<string>)Places));

    /// <summary>Whether a header may name what the rows are of, be it a meter, a place or a point.</summary>
    public static bool NamesPoints(string header) => NamesSubject(header) || (new HeaderWords(header) is var words && (words.Any((IEnumerable<string>)Parts) || words.Any((IEnumerable<string>)Measured) || words.Any((IEnumerable<string>)OfNames)));

    /// <summary>Whether it has no other words than those of meters, places and their numbers.</summary>
    public static bool NamesSubjectAlone(string text) => NamesSubject(text) && new HeaderWords(text).Except([.. Meters, .. Places, .. Ids]).Count == 0;

    /// <summary>Whether a header says that the rows below it are of meters or places, by their numbers or names, and nothing else.</summary>
    public static bool HeadsRows(string header) => new HeaderWords(header) is var words && (NamesSubject(header) || words.Any((IEnumerable<string>)OfNames))
        && words.Except([.. Meters, .. Places, .. Ids, .. OfNames]).Count == 0;

    /// <summary>Whether a title names a place: <c>Building C</c>.</summary>
    public static bool NamesPlace(string title) => new HeaderWords(title) is var words && words.Any((IEnumerable<string>)Places) && words.Except([.. Places, .. Ids]).Count > 0;

    /// <summary>Whether a name is that of places, as <c>Property</c> is, and of nothing else.</summary>
    public static bool HeadsPlaces(string name) => new HeaderWords(name) is var words && words.Any((IEnumerable<string>)Places) && words.Except([.. Places, .. Ids, "name"]).Count == 0;

    /// <summary>Whether a header says that what stands below it are places, or who is there.</summary>
    public static bool HeadsTenants(string name) => new HeaderWords(name).Any([.. Places, .. Tenants, .. Customers]);

    public static bool NameUnits(HeaderWords header) => header.Any((IEnumerable<string>)OfUnits);

    /// <summary>Whether they name units and nothing else.</summary>
    public static bool NameUnitsAlone(HeaderWords header) => NameUnits(header) && header.Except([.. OfUnits, "of", "code"]).Count == 0;

    private bool IsType(int column) =>
        IsAbout(column, "type", "commodity", "fuel", "utility", "carrier", "medium", "service", "energieträger", "sparte", "resource", "energy", "énergie", "energía",
            "art", "energieart", "geräteart", "gerätetyp", "zählerart", "zählertyp") && !IsAbout(column, Addresses)
        // What is made is called after water and steam, too.
        || (IsAbout(column, "product", "produkt") && table.HoldsTexts(column, text => Carriers.Find(text) is not null && Carriers.Without(text).Trim().Length == 0));

    private bool IsQuality(int column) => (QualityMarks.AreNamedBy(_words[column]) || (QualityMarks.MayBeNamedBy(_words[column]) && HoldsMarks(column)) || IsNumberedQuality(column))
        && HeaderReader.Read(table.HeaderOf(column)).Unit is null
        && !(QualityMarks.NameSubstitutes(_words[column]) && SubstituteColumns.AreFartherDown(table, column))
        && table.Filled(column).All(cell => (cell.Kind == CellKind.Text && (cell.Text is "0" or "1" || !DecimalColumn.LooksNumeric(cell.Text!))) || (cell.Kind == CellKind.Number && cell.Number is 0 or 1));

    /// <summary>Whether it is one of those that stand beside the intervals of a matrix: <c>Flag01</c>.</summary>
    private bool IsNumberedQuality(int column) => cells.Count > 0 && (QualityMarks.AreNamedBy(new HeaderWords(WithoutNumber(column))) || _flags.Value.Contains(column));

    private string WithoutNumber(int column) => table.HeaderOf(column).TrimEnd([.. "0123456789"]);

    private bool HoldsMarks(int column) => table.Filled(column).Any() && table.Filled(column).All(cell => cell.Kind == CellKind.Text && QualityMarks.IsMark(cell.Text!));

    private bool MayBeId(int column) => table.Filled(column).Any(cell => !MissingMarkers.IsMissing(cell))
        && UnclearUnits.InCells(table, column) is null && (NamesNumbers(column) || !table.Mostly(column, IsFraction)) && !IsAbout(column, "cost", "price") && (!table.HoldsNumbers(column) || MayNumber(column));

    private static bool IsFraction(Cell cell) =>
        DecimalColumn.NumberIn(cell, decimalComma: false) % 1 is not (null or 0) || DecimalColumn.NumberIn(cell, decimalComma: true) % 1 is not (null or 0);

    /// <summary>
    /// Whether numbers are those of meters or places: the header says so, or there are other values, and either these numbers come again
    /// and again or the times do.
    /// </summary>
    private bool MayNumber(int column) => NamesNumbers(column) || IsAbout(column, Points) || table.Told?.MeterColumn == table.HeaderOf(column)
        || (!table.HeaderOf(column).Any(char.IsDigit) && HasOtherValues(column)
            && (table.Rows.Count == 1 || Different([column]) * 3 <= table.Rows.Count * 2 || Different(times) < table.Rows.Count));

    private bool NamesNumbers(int column) => IsAbout(column, Ids) && !_words[column].HaveNumber;

    private bool HasOtherValues(int column) => cells.Count > 0 || table.Columns.Any(other =>
        other != column && !times.Contains(other) && table.HoldsNumbers(other)
        && !(_words.ContainsKey(other) && (IsAbout(other, Meters) || IsAbout(other, Parts) || IsAbout(other, Places))));

    /// <summary>How many rows differ in these columns.</summary>
    private int Different(IReadOnlyCollection<int> columns) =>
        table.Rows.Select(row => string.Join('\n', columns.Select(column => HeaderTexts.TextOf(row[column])))).Distinct().Count();

    /// <summary>Whether a type that is no carrier in most rows says what the volumes of others are of.</summary>
    private bool NamesVolumes(int column, int? unit) => unit is { } units && _words[column].Count == 1 && table.HoldsTexts(column, _ => true)
        && table.Rows.Any(row => Units.TryParse(HeaderTexts.TextOf(row[units]), out var found) && found.Dimension == Dimension.Volume && Carriers.Find(HeaderTexts.TextOf(row[column])) is not null);

    /// <summary>Whether the rows of a matrix are called after what is counted as energy and nothing else, whatever stands above them: its unit is that of the cells, and of none of them alone.</summary>
    private bool NamesCarriersAlone(int column) => !IsAbout(column, Measured) && TextsOf(column).Where(text => !RowFilter.NamesTotal(text)).ToList() is { Count: > 0 } texts
        && texts.TrueForAll(text => Carriers.Find(text) is Carriers.Electricity or Carriers.Gas or Carriers.Heat or Carriers.Cooling && Carriers.Without(text).Trim().Length == 0);

    /// <summary>Whether it is headed as units and nothing else, and some of its cells are none that are known. Flats are numbered so, too: <c>10 A</c>.</summary>
    private bool HoldsSomeUnits(int column) => NameUnitsAlone(_words[column]) && !(_words[column] is { Count: 1 } words && words.Any("measure")) && table.Filled(column).All(cell => cell.Kind == CellKind.Text && !DecimalColumn.LooksNumeric(cell.Text!))
        && TextsOf(column).Any(text => text.Length > 1 && !char.IsDigit(text[0]) && !Units.IsNameToo(text) && Units.TryParse(text, out _));

    /// <summary>Whether it has M1, M2 … beside M3, which is a machine or a meter as they are.</summary>
    private bool NumbersMachines(int column) => TextsOf(column).Any(Units.IsNameToo) && TextsOf(column).Any(text => text is ['M', _, ..] && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0 && !Units.IsNameToo(text));

    private bool HasLongUnits(int column) => table.Filled(column).Any(cell => cell.Text?.Length > 1 && Units.TryParse(cell.Text, out _));

    /// <summary>Numbers below a header with a unit (<c>Load MW</c>, <c>Building 7 kWh</c>, <c>Building 7 kvarh</c>) or a metric (<c>Load</c>) are values, whatever its words are.</summary>
    private static bool IsQuantity(SheetTable table, int column) =>
        (HeaderReader.Read(table.HeaderOf(column)) is { Unit: not null } or { Sure: true } or { IsRatio: true } || ReactiveEnergy.IsSurelyNamedBy(table.HeaderOf(column))) && table.HoldsNumbers(column);

    private bool IsAbout(int column, params ReadOnlySpan<string> words) => _words[column].Any(words);

    private bool IsAbout(int column, string[] words) => _words[column].Any((IEnumerable<string>)words);

    /// <summary>The column that the mapping gives the role, else the first that it says nothing about and that fits.</summary>
    private int? Find(ColumnRole role, Func<int, bool> fits) =>
        FirstOf(told.Of(role), _ => true) ?? FirstOf(_words.Keys.Where(column => told.Find(column) is null), fits);

    private static int? FirstOf(IEnumerable<int> columns, Func<int, bool> fits) => columns.Where(fits).Cast<int?>().FirstOrDefault();
}
