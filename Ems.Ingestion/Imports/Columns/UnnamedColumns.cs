using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Columns of numbers whose headers name no metric, of which the request may say what they measure.</summary>
/// <param name="isNamed">Whether the request names the equipment.</param>
/// <param name="leaveOut">Takes note of a column that is left out, and why.</param>
internal sealed partial class UnnamedColumns(SheetTable table, MappedTable told, TimeColumns time, SubjectColumns subject, bool isNamed, Action<int, string> leaveOut)
{
    private static readonly string[] Accounts =
        [.. SubjectFinder.Customers, "contract", "invoice", "bill", "vertrag", "rechnung", "contrat", "facture", "contrato", "factura", "contratto"];

    private static readonly string[] Lengths = ["duration", "minutes", "mins", "seconds", "dauer", "minuten", "durée", "duración", "durata", "duur"];

    private static readonly string[] Rows = ["record", "records", "rn", "row", "rows", "table", "entry", "entries", "sequence", "seq", "index", "idx", "lfd"];

    // What is counted, set or calculated with beside the values.
    private static readonly string[] Beside =
        ["samples", "sample", "count", "counts", "occupancy", "setpoint", "sollwert", "alarm", "calorific", "brennwert", "zustandszahl", "correction", "factor", "capacity", "efficiency", "irms", "vrms",
        "reactive", "react", "reactiva", "reattiva", "blindenergie", "blindarbeit", "kvarh", "wattage"];

    /// <summary>Of what stands beside energy in reports.</summary>
    public static readonly string[] OfOthers =
    [
        .. Beside, "degree", "hdd", "cdd", "days", "gradtage", "people", "headcount", "employees", "guests", "production", "output", "tonnes", "pieces", "area", "temp", "co2", "produktion", "mitarbeiter", "gäste", "stück",
        "fläche", "wohnfläche", "nutzfläche", "surface", "superficie", "oppervlakte", "yta", "powierzchnia", "plocha", "sqm", "sqft", "qm", "occupants", "personen", "persons", "bewohner", "besucher", "visitors", "rooms", "chambres",
        "buchungskreis", "kostenstelle", "belegnummer", "beleg", "währung", "hauswährung", "currency", "odometer", "dju", "höhe", "peilstand",
    ];

    // What is called so is none, whatever the request says. Tension is that of the grid as well, and Strom what flows through a meter.
    private static readonly string[] OfLevels = ["blindleistung", "scheinleistung", "spannung", "frequenz", "leistungsfaktor", "temperatur", "fréquence", "température", "frecuencia", "temperatura", "frequenza", "frequência"];

    private static readonly string[] OfPower = ["power", "leistung", "wirkleistung", "blindleistung", "puissance", "potencia", "potência", "potenza", "vermogen", "effekt", "moc", "moč", "snaga", "výkon"];

    // What is paid, where no currency says it.
    private static readonly string[] Sums =
    [
        "amount", "montant", "betrag", "rechnungsbetrag", "importe", "importo", "bedrag", "belopp", "beløb", "beløp", "summa", "kwota", "částka", "összeg", "valoare", "valor", "valore", "tutar", "ttc", "vat", "mwst", "tva", "iva", "btw", "moms", "dph", "kdv",
        "koszt", "koszty", "kostnad", "kostnader", "omkostninger", "náklady", "költség", "maliyet", "custo", "costo", "costos", "coût", "coûts", "kosten", "paid", "due", "debit", "credit", "saldo", "balance", "стоимость", "сумма", "вартість", "κόστος", "ποσό", "金額", "料金", "費用", "금액", "요금",
    ];

    // With a unit in them that is not known.
    private static readonly string[] Brackets = ["(", "["];

    private static readonly string[] Fuels = ["oil", "öl", "petrol", "gasoline", "benzin", "fuel", "gasoil", "mazout", "gasolio", "gasóleo"];

    private const double LeastIdentifier = 1e8;
    private const int FewestRows = 3;
    private const int FewestTimes = 23;
    private const int MostShown = 5;

    private readonly List<(int Column, HeaderReading Reading)> _columns = [];
    private Func<int, int, bool> _areBetween = (_, _) => false;

    /// <summary>What the names of sheet and file call a fuel that comes in litres or gallons and is no gas of a pipe; null where they name none.</summary>
    public string? Fuel { get; init; }

    /// <inheritdoc cref="ColumnFinder.UnitOfTitles"/>
    public Unit? UnitOfTitles { get; init; }

    /// <summary>Whether the numbers of a column grow and never fall, for longer than amounts do.</summary>
    public required Func<int, bool> OnlyGrows { get; init; }

    public IReadOnlyList<(int Column, HeaderReading Reading)> Columns => _columns;

    /// <summary>That a header has a unit in brackets behind what it measures that is none that is known, as messages say it; empty where none has.</summary>
    public string UnknownUnit => _columns.Where(entry => entry.Reading.Unit is null).Select(entry => Bracketed().Match(table.HeaderOf(entry.Column))).FirstOrDefault(header => header.Success && (OtherUnit().IsMatch(header.Groups["unit"].Value) || HeaderReader.Read(header.Groups["name"].Value).Metric is not null)) is { } found
        ? $": {found.Groups["unit"].Value} of {found.Value} is no unit that is known" : "";

    /// <summary>So many numbers or times of day in a row of headers are hardly the names of meters.</summary>
    public bool AreTimes => _columns.Count >= FewestTimes && _columns.TrueForAll(entry => told.Find(entry.Column) is null && TimeHeaders.MayBeTime(table.HeaderOf(entry.Column)))
        && !TimeHeaders.AreNumbersOfPlaces([.. _columns.Select(entry => table.HeaderOf(entry.Column))]);

    private void RefuseMoney(IReadOnlyList<ValueColumn> found)
    {
        if (found.Count > 0 || !_columns.Exists(entry => IsMoney(entry.Column)) || !_columns.TrueForAll(entry => told.Find(entry.Column) is null && (IsMoney(entry.Column) || RowFilter.NamesTotal(table.HeaderOf(entry.Column)))))
        {
            return;
        }

        throw new ImportFaultException(new ImportFault(
            ImportFault.MissingRequiredColumns, $"There is only money here ({string.Join(", ", _columns.Take(MostShown).Select(entry => table.HeaderOf(entry.Column)))}), and no energy: send the amounts that were paid for, as columns of kWh or m³.",
            table.Sheet, table.HeaderRow, table.HeaderOf(_columns[0].Column)));
    }

    private bool IsMoney(int column) => (WordsOf(column) is var words && ((words.NameMoney && !words.Any("charge", "charges")) || (words.NameCurrency && !PowerIn().IsMatch(table.HeaderOf(column))))) || table.HeaderOf(column).Any(sign => char.GetUnicodeCategory(sign) == UnicodeCategory.CurrencySymbol);

    public void Add(int column, HeaderReading reading) => _columns.Add((column, reading));

    public void Remove(params IEnumerable<int> columns)
    {
        var removed = columns.ToHashSet();
        _columns.RemoveAll(entry => removed.Contains(entry.Column));
    }

    /// <summary>Leaves out what is something else, as long as there is anything that need not be.</summary>
    /// <param name="wanted">What the request says that values are.</param>
    /// <param name="isUnitSaid">Whether it says their unit as well, which columns without one have then.</param>
    /// <param name="found">Columns whose metric is known.</param>
    /// <param name="areBetween">Whether a column, the first, has readings, and another one what was used between them.</param>
    /// <exception cref="ImportFaultException">There is nothing but money, and the mapping says of none what else it is.</exception>
    public void LeaveOutOthers(Metric? wanted, bool isUnitSaid, IReadOnlyList<ValueColumn> found, Func<int, int, bool> areBetween)
    {
        RefuseMoney(found);
        _areBetween = areBetween;
        var hasOthers = found.Count > 0;
        LeaveOut((header, reading) => reading.IsRatio || header.NameMoney, "it is money, or an amount per unit, which no meter measures", hasOthers);
        LeaveOut((header, _) => DayCounts.AreNamed(header), DayCounts.Why, hasOthers: true);
        LeaveOut((header, _) => header.Any((IEnumerable<string>)Lengths), "it is the length of an interval", hasOthers);
        LeaveOut((header, _) => header.Except(Accounts).Count == 0 || header.Except([.. SubjectFinder.Points, .. SubjectFinder.Ids]).Count == 0, "it numbers something", hasOthers);
        LeaveOut(new TimesAgain(table, time).IsTime, "it is the time of the row, or a part of it, once more", hasOthers);
        LeaveOut(NumbersMeters, "it does not change for a meter, and numbers it", hasOthers);
        LeaveOut(NumbersRows, "it numbers the rows", hasOthers);
        RefuseUnknownMeters();
        LeaveOut(HoldsIdentifiers, "its long numbers come again and again, as those of meters or customers do", hasOthers);
        LeaveOut((header, reading) => header.NamePrice && !header.NameCharge && PartNames.TariffIn(reading.Rest) is null, "it is money, or an amount per something else", found.Any(column => column.Metric == wanted?.Name));
        var nets = NetNames.FindIn(table, _columns.Select(column => column.Column));
        LeaveOut(column => nets.Contains(table.HeaderOf(column)), NetNames.Why, hasOthers: true);
        if (wanted is null)
        {
            return;
        }

        if (subject.Equipment is not null && _columns.FindAll(column => WordsOf(column.Column) is { Count: 1 } words && words.Any((IEnumerable<string>)HeaderTexts.Values)) is [var value])
        {
            // Rows of a historian have their quality and more beside it.
            LeaveOut(column => column != value.Column && HeaderReader.Read(table.HeaderOf(column)).Unit is null, $"the values of the rows are in {table.HeaderOf(value.Column)}; map it to keep it", hasOthers: true);
        }

        if (wanted.Dimension == Dimension.Energy)
        {
            // The answer is of those whose kind nothing says.
            var headers = table.Headers.ToHashSet();
            LeaveOut((header, _) => ReactiveEnergy.IsNamedBy(header), ReactiveEnergy.Why, hasOthers);
            LeaveOut(column => NamesPower(table.HeaderOf(column)), $"its header names a power, which is no {wanted.Name}; map it with its unit to keep it", hasOthers);
            LeaveOut(column => PowerIn().Replace(table.HeaderOf(column), "A") is var active && active != table.HeaderOf(column) && headers.Contains(active), "beside active energy it is a power; map it to keep it", hasOthers);
        }

        if (wanted is { Dimension: Dimension.Energy, Kind: QuantityKind.Register })
        {
            LeaveOut(column => Carriers.Find(table.HeaderOf(column)) is Carriers.Gas or Carriers.Water, "its header names what no register counts in units of energy; map it with its unit to keep it", hasOthers);
        }

        // Where none has a unit of it, the answer is not of this file.
        var withUnit = found.Where(column => HeaderReader.Read(column.Header).Unit?.Dimension == wanted.Dimension).ToList();
        var areUnits = _columns.Exists(column => column.Reading.Unit?.Dimension == wanted.Dimension);
        if (areUnits || withUnit.Count > 0)
        {
            LeaveOut((_, reading) => reading.Unit is { } unit && unit.Dimension != wanted.Dimension, $"its unit is none of {wanted.Name}", hasOthers: true);
        }

        if (areUnits || withUnit.Exists(column => column.Metric == wanted.Name))
        {
            LeaveOut((header, reading) => reading.Unit is null && (!isUnitSaid || header.Any((IEnumerable<string>)Beside) || header.Contains(Brackets)), $"another column has a unit of {wanted.Name}, and this one has none; map it to keep it", hasOthers: true);
        }

        // What is sent is said of what has no unit and no name of something else.
        LeaveOut((header, reading) => reading.Unit is null && ((header.Any((IEnumerable<string>)OfOthers) && header.Except(OfOthers).Count == 0) || header.Any((IEnumerable<string>)Sums)), $"its header names what is no {wanted.Name}; map it to keep it", hasOthers);
        LeaveOut((_, reading) => reading.Unit is { Dimension: Dimension.Ratio or Dimension.Temperature } unit && unit.Dimension != wanted.Dimension, $"its unit is none of {wanted.Name}", hasOthers);
        LeaveOut(column => HasOtherUnit(table.HeaderOf(column)), $"its header has a unit that is none of {wanted.Name}; map it to keep it", hasOthers);
        if (found.Any(column => column.Metric == wanted.Name && !Directions.AreExports(column)))
        {
            LeaveOut((header, _) => Directions.AreNoConsumption(header), "it counts what flows out or is produced, or what is left of it, which is no consumption; map it to a meter of its own to keep it", hasOthers: true);
        }

        if (found.Any(column => column.Metric == wanted.Name && column.Kind == QuantityKind.Interval) || _columns.Exists(column => RegisterReadings.NameAmounts(WordsOf(column.Column))) || (wanted.Kind != QuantityKind.Register && HaveAmounts(areBetween)))
        {
            LeaveOut((header, _) => RegisterReadings.AreReadings(header) && !RegisterReadings.NameAmounts(header), "what was used between the readings stands beside it", hasOthers: true);
        }
    }

    /// <summary>How to say what they are, and what each most likely is by what flows there; a guess where nothing says that.</summary>
    /// <param name="around">What the texts around the table say that flows there.</param>
    /// <param name="areStates">Whether their numbers grow and never fall.</param>
    /// <param name="isExport">Whether the header of a column says that it counts what flows out.</param>
    public (string Answer, IReadOnlyList<MappedColumn> Likely) Advise(string? around, bool areStates, Func<int, bool> isExport)
    {
        if (_columns.FindAll(entry => InOtherUnit(entry) is not null) is { Count: > 0 } others && others[0] == _columns[0])
        {
            var rows = new MeterRows(table, [.. subject.Indexes]);
            List<int> columns = [.. _columns.Select(entry => entry.Column)];
            var kept = _columns.Select((entry, at) => Kept(entry) is var own && own.Kind == QuantityKind.Interval && RegisterReadings.FindSteps(rows, columns, at) is { } states
                ? ColumnProposals.Ignored(own.Column, $"it is what {table.HeaderOf(states)} is above the reading before, which tells it too") : own).ToList();
            return ($"No metric has them as they are: send them in a unit of it, as kWh or m³, or keep them under a name of their own with {ImportMapping.Written(kept.Take(MostShown))}", kept);
        }

        if (HeaderReader.MultipliedIn(table.HeaderOf(_columns[0].Column)) is { } one)
        {
            var metric = MetricCatalogue.All.First(known => known.Dimension == one.Dimension && known.Kind != QuantityKind.Register).Name;
            return (
                $"Send metric and unit (metric={metric}{(one.Dimension == Dimension.Volume ? " or metric=water_volume" : "")}, unit={one.Symbol}) and set multiplier of the meter (PUT data/equipment) to what they are multiplied by{(one.Dimension == Dimension.Energy ? ", or as unit what one of them is (unit=MWh if it is a thousand kWh)" : "")}",
                _columns.ConvertAll(entry => new MappedColumn(table.HeaderOf(entry.Column)) { Role = ColumnRole.Value, Metric = metric, Unit = one.Symbol, Confidence = 0.2, Reason = "its header counts a multiple of a unit; this is a guess" }));
        }

        // Beside what was used readings are needless.
        areStates &= !HaveAmounts(_areBetween);
        var areRegisters = areStates && subject.Equipment is null && !_columns.Exists(column => RegisterReadings.NameAmounts(WordsOf(column.Column)));
        var volume = _columns.Select(entry => entry.Reading.Unit).FirstOrDefault(unit => unit?.Dimension == Dimension.Volume);
        var likely = _columns.ConvertAll(entry => Likely(entry.Column, Carriers.Find(table.HeaderOf(entry.Column)) ?? around, volume, areStates, areRegisters));
        if (likely[0].Kind is not null || (subject.Equipment is null && likely.DistinctBy(column => column.Metric).Count() > 1))
        {
            likely = [.. _columns.Zip(likely, (entry, column) => column.Metric == "energy_import_register" && isExport(entry.Column) ? column with { Metric = "energy_export_register" } : column)
                .Select(column => likely.Count > 1 ? column with { EquipmentId = EquipmentNames.ToId(column.Column) } : column)];
            return ($"Send {ImportMapping.Written(likely.Take(MostShown))}{(likely.Count > MostShown ? " and so on" : "")}", likely);
        }

        var answer = likely[0];
        var meters = new MeterRows(table, [.. subject.Indexes]);
        List<int> numbers = [.. _columns.Select(entry => entry.Column)];
        foreach (var (at, states) in RegisterReadings.FindBetween(table, meters, numbers).Select(found => (numbers.IndexOf(found.Amounts), numbers.IndexOf(found.Readings))))
        {
            likely[at] = ColumnProposals.Ignored(likely[at].Column, $"it is what {likely[states].Column} is above the reading before, which tells it too");
            likely[states] = likely[states] with { Metric = MetricCatalogue.RegisterOf(MetricCatalogue.Find(likely[states].Metric ?? answer.Metric!)!)?.Name ?? likely[states].Metric, Kind = QuantityKind.Register };
        }

        var more = answer.Metric switch
        {
            "gas_volume" => answer.IsGuess ? ", or metric=water_volume" : "; metric=energy, unit=kWh if it is billed so",
            "energy_import_register" => ", as numbers grow here and never fall; metric=energy if each row has an amount of its own",
            _ => "",
        };
        return ($"Send metric and unit (metric={answer.Metric}, unit={answer.Unit}{more})", likely);
    }

    /// <summary>Why a column is left out beside others that are known, and how it is kept.</summary>
    public string WhyLeftOut((int Column, HeaderReading Reading) entry) =>
        Pressures.AreNamedBy(table.HeaderOf(entry.Column)) ? $"its header names a pressure; {ImportMapping.Written(Kept(entry))} keeps it"
        : !entry.Reading.IsRatio && InOtherUnit(entry) is { } unit ? $"no metric has {unit} of it: send it in a unit of one, as kWh or m³, or keep it under a name of its own with {ImportMapping.Written(Kept(entry))}"
        : "its header names no metric; map it to keep it";

    private MappedColumn Kept((int Column, HeaderReading Reading) entry) => new(table.HeaderOf(entry.Column))
    {
        Role = ColumnRole.Value,
        Metric = OwnName(table.HeaderOf(entry.Column)),
        Unit = InOtherUnit(entry) ?? entry.Reading.Unit?.Symbol ?? "1",
        Kind = entry.Reading.IsRatio || Pressures.AreNamedBy(table.HeaderOf(entry.Column)) ? QuantityKind.Level : OnlyGrows(entry.Column) ? QuantityKind.Register : QuantityKind.Interval,
        Confidence = 0.3,
        Reason = "no metric of the system has its unit: it would be kept under its own name",
    };

    /// <summary>The unit of a column that no metric has: one that is not known, or of something that flows in no meter; null where it has none.</summary>
    private string? InOtherUnit((int Column, HeaderReading Reading) entry)
    {
        var header = table.HeaderOf(entry.Column);
        return entry.Reading.IsRatio && !new HeaderWords(header).NamePrice ? "1"
            : entry.Reading.Unit is { Dimension: Dimension.Volume } volume ? IsOfFuel(volume, header) || new HeaderWords(header).Any((IEnumerable<string>)Fuels) || (Carriers.Find(header) is { } carrier && Carriers.MetricOf(carrier, Dimension.Volume) is null) ? volume.Symbol : null
            : EnergyPer().Match(header) is { Success: true } per ? per.Value
            : entry.Reading.Unit is null && Pressures.AreNamedBy(header) ? Pressures.UnitOf(header) ?? "bar"
            : entry.Reading.Unit is null && Bracketed().Match(header) is { Success: true } found && OtherUnit().IsMatch(found.Groups["unit"].Value) ? found.Groups["unit"].Value.Trim() : null;
    }

    /// <summary>Whether a volume that its header says nothing of is that of the fuel which sheet or file are called after: gas and water come in cubic metres.</summary>
    private bool IsOfFuel(Unit volume, string header) => Fuel is not null && volume.Symbol.Any(char.IsLetter) && !volume.Symbol.StartsWith('m') && !volume.Symbol.Contains("ft", StringComparison.Ordinal) && Carriers.Find(header) is null;

    /// <summary>That of no metric of the system.</summary>
    private string OwnName(string header) => OwnNameOf(HeaderReader.Read(header).Unit is { Dimension: Dimension.Volume } volume && IsOfFuel(volume, header) ? $"{Fuel} {header}" : header);

    private static string OwnNameOf(string header) => Signs().Replace(header.Replace('²', '2').Replace('³', '3').ToLowerInvariant(), "_").Trim('_');

    private MappedColumn Likely(int column, string? carrier, Unit? volume, bool areStates, bool areRegisters)
    {
        var metric = carrier == Carriers.Heat ? Carriers.Heat
            : Carriers.MetricOf(carrier, Dimension.Volume)?.Name ?? (volume is not null ? "gas_volume" : areStates ? "energy_import_register" : "energy");
        var known = MetricCatalogue.Find(metric)!;
        return new MappedColumn(table.HeaderOf(column))
        {
            Role = ColumnRole.Value,
            Metric = metric,
            Unit = known.Dimension == Dimension.Volume && volume is not null ? volume.Symbol : UnitOfTitles is { } titled && titled.Dimension == known.Dimension ? titled.Symbol : known.Unit,
            Kind = areRegisters && known.OtherKind is not null ? QuantityKind.Register : null,
            Confidence = carrier is Carriers.Gas or Carriers.Water or Carriers.Heat ? 0.5 : 0.3,
            Reason = "header, sheet or file name what flows there",
        };
    }

    /// <summary>Whether its header says that its whole numbers are of rows, or it is the first of all and goes up by one.</summary>
    private bool NumbersRows(int column)
    {
        var cells = table.Filled(column).ToList();
        var words = WordsOf(column);
        return cells.TrueForAll(cell => cell.Kind == CellKind.Number && cell.Number % 1 == 0)
            && (words.Except(Rows).Count == 0 || words.Any("unnamed")
                || (column == table.Columns.First() && cells.Count >= FewestRows && cells.Zip(cells.Skip(1)).All(pair => pair.Second.Number - pair.First.Number == 1)));
    }

    /// <summary>Whether each of several meters has a whole number of its own.</summary>
    private bool NumbersMeters(int column)
    {
        if (subject.Equipment is not { } equipment)
        {
            return false;
        }

        var meters = table.Rows.Where(row => row[column].Kind != CellKind.Empty).GroupBy(row => HeaderTexts.TextOf(row[equipment])).Select(rows => rows.Select(row => row[column]).ToList()).ToList();
        return meters.Count > 1 && meters.TrueForAll(cells => cells.Count >= FewestRows && cells[0] is { Kind: CellKind.Number, Number: not 0 } && cells[0].Number % 1 == 0 && cells.TrueForAll(cell => cell == cells[0]))
            && meters.Select(cells => cells[0].Number).Distinct().Count() == meters.Count;
    }

    /// <exception cref="ImportFaultException">Rows have different long numbers, which only the sender can tell from those of meters.</exception>
    private void RefuseUnknownMeters()
    {
        if (isNamed || subject is not { Equipment: null, Part: null } || table.Told is not null
            || _columns.Select(column => column.Column).FirstOrDefault(column => told.Find(column) is null && HoldsIdentifiers(column) && table.Filled(column).Distinct().Skip(1).Any(), -1) is not (>= 0 and var found))
        {
            return;
        }

        var header = table.HeaderOf(found);
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping, $"The column {header} has different long numbers, as those of meters or customers are. Give it the role equipment in the mapping if it names the meters, as with {ImportMapping.Written(new MappedColumn(header) { Role = ColumnRole.Equipment })}, else the role ignored.",
            table.Sheet, table.HeaderRow, header, [.. table.Columns.Select(table.HeaderOf)])
        {
            Guess = new ImportMapping { Columns = [new MappedColumn(header) { Role = ColumnRole.Equipment, Confidence = 0.4, Reason = "its long numbers differ, as those of meters do" }] },
        });
    }

    private bool HoldsIdentifiers(int column)
    {
        var cells = table.Filled(column).ToList();
        return cells.TrueForAll(cell => DecimalColumn.NumberIn(cell, decimalComma: false) is >= LeastIdentifier and var number && number % 1 == 0)
            && cells.Select(HeaderTexts.TextOf).Distinct().Count() * FewestRows <= cells.Count;
    }

    private void LeaveOut(Func<HeaderWords, HeaderReading, bool> isOther, string why, bool hasOthers) =>
        LeaveOut(_columns.FindAll(column => told.Find(column.Column) is null && isOther(WordsOf(column.Column), column.Reading)), why, hasOthers);

    private void LeaveOut(Func<int, bool> isOther, string why, bool hasOthers) =>
        LeaveOut(_columns.FindAll(column => told.Find(column.Column) is null && isOther(column.Column)), why, hasOthers);

    private void LeaveOut(List<(int Column, HeaderReading Reading)> others, string why, bool hasOthers)
    {
        if (hasOthers || others.Count < _columns.Count)
        {
            others.ForEach(column => leaveOut(column.Column, why));
            Remove(others.Select(column => column.Column));
        }
    }

    /// <summary>Whether a column has what was used between the readings of another one.</summary>
    private bool HaveAmounts(Func<int, int, bool> areBetween)
    {
        var all = _columns.Where(column => RegisterReadings.AreReadings(WordsOf(column.Column))).Select(column => column.Column).ToHashSet();
        var readings = new RegisterReadings.ReadingColumns(table, [.. subject.Indexes]);
        return all.Count > 0 && _columns.Exists(column => readings.Beside(column.Column).Any(other => all.Contains(other) && (areBetween(other, column.Column) || (!Rises(column.Column) && AreTold(column.Column, other)))));

        // Beside what goes up by one step, what hardly changes is a multiple of it.
        bool Rises(int amount) => subject.Equipment is null && table.Filled(amount).Select(cell => DecimalColumn.NumberIn(cell, decimalComma: false) ?? DecimalColumn.NumberIn(cell, decimalComma: true)).OfType<double>().ToList() is { Count: >= FewestRows } numbers
            && numbers.Zip(numbers.Skip(1)).All(pair => pair.First < pair.Second);

        bool AreTold(int amount, int other) => RegisterReadings.FindDifference(table, readings, [.. subject.Indexes], new ValueColumn(amount, table.HeaderOf(amount), null, "energy", QuantityKind.Interval, "kWh", "kWh"))?.Column == other;
    }

    /// <summary>Whether a header names what is measured at a time, and is never used.</summary>
    public static bool NameLevel(HeaderWords header) => header.Any((IEnumerable<string>)OfLevels);

    /// <summary>Whether a header names a power, and nothing that has it.</summary>
    private static bool NamesPower(string header) => new HeaderWords(header) is var words && words.Any((IEnumerable<string>)OfPower) && HeaderReader.Read(header).Unit is null
        && (PowerIn().IsMatch(header) || words.Except(OfPower).All(word => DeviceNames.IsQuantity(word) || GeneralNames.HaveAny(word)));

    /// <summary>Whether a header has a share, an area, a length or the like where a unit stands.</summary>
    private static bool HasOtherUnit(string header) => HeaderReader.Read(header).Unit is null && UnitOfOthers().IsMatch(header);

    private HeaderWords WordsOf(int column) => new(table.HeaderOf(column));

    // A+ is the active energy that flows in; beside it P+ is a power.
    [GeneratedRegex(@"(?<![\p{L}\p{N}])P(?=[+-])|(?<=[+-])P(?![\p{L}\p{N}])", RegexOptions.CultureInvariant)]
    private static partial Regex PowerIn();

    [GeneratedRegex(@"(?<=[\s(\[_])(%|m²|(?-i:m2)|qm|sqm|sq\.?\s?(m|ft)|ft²|ft2|sqft|cm|mm|km|°|€|\$|£|kr\.?|zł|kč|pcs|stk|pieces)\W*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex UnitOfOthers();

    // Of mass, power of machines, flows and amounts for each of something, and those that count thousands to one and millions to another.
    [GeneratedRegex(@"^((m|k)?lbs?\.?|mbtu|mbh|hl|kg|(?-i:g|t|to)|tonnes?|tons?|rth|trh|gp[mh]|lpm|s?cf[hm]|bbls?|barrels?|.*²|([kmg]?wh?|[km]?btu|[kmg]?j|k?va|kg|g|t|(m|k)?lbs?|l|gal|m[23³])\s*(/|per\b).*)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OtherUnit();

    [GeneratedRegex(@"(?<!\p{L})[kMG]?Wh\s*(/|per\b)\s*\p{L}[^()\[\]]*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex EnergyPer();

    [GeneratedRegex(@"[^\p{L}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();

    [GeneratedRegex(@"^(?<name>[^(\[]*[\p{L}\p{N}])\s*[(\[]\s*(?<unit>[^)\]]*\p{L}[^)\]]*?)\s*[)\]]$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Bracketed();
}
