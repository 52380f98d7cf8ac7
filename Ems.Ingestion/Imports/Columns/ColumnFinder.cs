using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Finds out what the value columns of a table mean.</summary>
internal sealed partial class ColumnFinder(SheetTable table, MappedTable told, TimeColumns time, ImportForm form, List<ImportAssumption> assumptions)
{
    private const int MostShown = 5;

    private static readonly IReadOnlyList<string> MetricNames = [.. MetricCatalogue.All.Select(metric => metric.Name)];

    /// <summary>Words of what is the greatest or the least of an interval, and no mean of it.</summary>
    public static readonly string[] Extremes = ["max", "maximum", "peak", "min", "minimum", "highest", "lowest", "std", "stdev", "spitze", "pmax", "pmin",
        "máx", "máxima", "máximo", "maxímetro", "mín", "mínima", "mínimo", "massima", "massimo", "maximale", "minimale", "atteinte", "maximalleistung", "höchstleistung", "spitzenleistung", "maksymalna", "minimalna"];

    private static readonly string[] Volumes = ["volume", "volumen", "vol"];

    private readonly List<ValueColumn> _found = [];
    private readonly List<(int Column, HeaderReading Reading)> _empty = [];
    private readonly SilentColumns _silent = new(table);
    private readonly List<int> _without = [];
    private readonly List<int> _numbering = [];
    private readonly HashSet<int> _parts = [];
    private readonly HashSet<int> _outward = [];
    private readonly HashSet<int> _directed = [];
    private readonly List<(int Column, string Why)> _refused = [];
    private readonly Dictionary<int, MappedColumn> _ignored = [];
    private readonly Lazy<int?> _standard = new(() => GasEvidence.FindStandardVolume(table));
    private int? _volume;
    private readonly ColumnEvidence _evidence = new(table, time);
    private readonly NumberingColumns _numberingColumns = new(table);
    private readonly Peaks _peaks = new(table, time);
    private readonly QuantityUnits _units = new(table, form, assumptions);
    private SubjectColumns _subject = new();
    private DescribedColumns _described = null!;
    private UnnamedColumns _unnamed = null!;
    private ColumnMetrics _metrics = null!;
    private AnalyserColumns _analyser = null!;

    /// <summary>The header of readings since the one before which amounts are; null where none are.</summary>
    public string? DifferencesOf { get; private set; }

    /// <summary>What the columns were taken for, by index.</summary>
    public IReadOnlyDictionary<int, MappedColumn> Proposal =>
        _found.Select(column => (column.Index, Column: _evidence.Propose(column, told.Find(column.Index)) with { Part = _parts.Contains(column.Index) ? column.Part : null }))
            .Concat(_ignored.Select(entry => (entry.Key, entry.Value)))
            .ToDictionary(entry => entry.Item1, entry => entry.Item2);

    /// <param name="taken">Columns that hold no values.</param>
    /// <param name="isBill">Whether the rows have both ends of their intervals.</param>
    public IReadOnlyList<ValueColumn> Find(IReadOnlyCollection<int> taken, SubjectColumns subject, bool isBill)
    {
        _subject = subject;
        _numberingColumns.Subject = subject;
        var columns = table.Columns.Where(column => !taken.Contains(column)).ToList();
        LeaveOutBesideAmounts(columns);
        var values = columns.FindAll(column => !IsMapped(column) && table.HoldsNumbers(column) && !_numberingColumns.Contains(column));
        _analyser = new AnalyserColumns(table, columns.Where(column => told.Find(column) is not { Purpose: not ColumnRole.Value }), IsUnitAbove);
        _described = new DescribedColumns(table, subject, _evidence, values, _statistics);
        UnclearUnits.Refuse(table, told, values, subject.Unit, _described.Have, form);
        _units.Column = _described.Units;
        _units.Unknown = subject.Unit is not null || values.Exists(column => HeaderReader.Read(table.HeaderOf(column)) is { Metric.Dimension: Dimension.Energy, Unit: not null }) ? null : columns.Cast<int?>().FirstOrDefault(column => !IsMapped(column!.Value) && _units.AreUnknownIn(column.Value));
        _volume = columns.FindAll(column => !IsMapped(column) && HeaderReader.Read(table.HeaderOf(column)) is { Metric: null, Unit.Dimension: Dimension.Volume }) is [var only] ? only : null;
        _unnamed = new UnnamedColumns(table, told, time, subject, form.EquipmentId is not null, LeaveOut) { UnitOfTitles = UnitOfTitles, Fuel = CarrierTexts.FuelIn(Names), OnlyGrows = column => _evidence.OnlyGrows(column, subject) };
        _metrics = new ColumnMetrics(table, _evidence, subject, FormMetric, assumptions)
        {
            DirectionsAreAmounts = columns.Exists(column => !IsMapped(column) && ColumnMetrics.NamesDirection(table.HeaderOf(column), HeaderReader.Read(table.HeaderOf(column)))
                && (isBill ? !_evidence.OnlyGrows(column, subject) : _evidence.GoesUpAndDown(column, subject, fewest: 2))),
            IsAlone = values.Count == 1,
        };
        var substitutes = SubstituteColumns.Find(table, columns.FindAll(column => told.Find(column)?.Purpose is not ColumnRole.Ignored), column => told.Find(column) is null);
        columns.FindAll(column => !substitutes.ContainsValue(column)).ForEach(column => Look(column, isBill));
        if (form.Metric is not null)
        {
            LeaveOutOtherUnnamed();
        }

        foreach (var again in SupplierTariffs.FindAgain(table, _found.Select(column => column.Index).Concat(_unnamed.Columns.Select(entry => entry.Column)).Where(column => told.Find(column) is null)))
        {
            _found.RemoveAll(column => column.Index == again);
            _unnamed.Remove(again);
            LeaveOut(again, SupplierTariffs.Why);
        }

        LeaveOutNets();
        LeaveOutOtherAmounts();
        RefuseCorrected();
        LeaveOutTotalOfCarriers();
        TakeHeatMeters();
        RefusePlaceFlows();
        LeaveOutExports();
        LeaveOutOtherReadings(isBill);
        RefuseSeveralSaidByRow();
        NameMeters(subject.Type is not null);
        TakeUnnamed();
        SayDirections();
        TakeEmpty();
        TakeCarriersApart();
        LeaveOutWithoutNumbers();
        SubstituteColumns.Take(table, substitutes, _found, assumptions, LeaveOut);
        if (_found.Count == 0 && _refused.Count == 0)
        {
            UnclearUnits.RefuseInCells(table, table.Columns.Except(time.Indexes));
        }

        return _found.Count > 0
            ? [.. _found.OrderBy(column => column.Index)]
            : _refused is [var (column, why), ..] ? throw Fault(ImportFault.UnknownUnit, $"{table.HeaderOf(column)}: {why}.", table.HeaderOf(column), MetricNames)
            : throw MissingValues.Find(table, time, table.Columns.Where(column => !taken.Contains(column) && told.Find(column) is null), form.Metric is not null) ?? Fault(
                ImportFault.MissingRequiredColumns,
                _numbering.Count > 0 ? $"No column beside the timestamps holds numbers but {string.Join(", ", _numbering.Take(MostShown).Select(table.HeaderOf))}, whose headers say that they number something. Give those a metric in the mapping that hold values."
                : "No column beside the timestamps holds numbers. If the headers of the values stand in another row, send its number as header_row in the mapping.",
                table.Columns.OrderBy(taken.Contains).Select(table.HeaderOf).FirstOrDefault());
    }

    /// <summary>Whether a line above the table names the device that all of them are of.</summary>
    public bool IsOfDevice { get; init; }

    /// <summary>Whether that line names a point of the network.</summary>
    public bool IsOfPoint { get; init; }

    /// <inheritdoc cref="Layout.Carrier"/>
    public (string Carrier, string Why)? Carrier { get; init; }

    /// <summary>The unit that titles and names say, be it of one of several things; null where they say none.</summary>
    public Unit? UnitOfTitles { get; init; }

    /// <summary>Whether a line above the table says the unit of columns that say none.</summary>
    public bool IsUnitAbove { get; init; }

    /// <summary>What flows through its meters, as the names of sheet and file say it; null where they do not.</summary>
    public string? CarrierOfNames { get; init; }

    /// <summary>Whether the names of sheet and file speak of heat or cold, whatever else they say.</summary>
    public bool NamesHeat { get; init; }

    /// <summary>Whether the names of sheet and file are those of a plant that makes electricity.</summary>
    public bool NamesPlant { get; init; }

    /// <inheritdoc cref="MeterColumns.IsOfAnyName"/>
    public bool IsOfAnyName { get; init; }

    /// <summary>Whether the mapping says which meter the file is of.</summary>
    public bool IsOfMapped { get; init; }

    /// <summary>Whether the columns are of equipment that the rows, the request, a line above them or rejected rows name.</summary>
    private bool IsOfOne => _subject is not { Equipment: null, Part: null } || form.EquipmentId is not null || IsOfDevice || table.Told is { HasParts: true };

    private bool IsMapped(int column) => told.Find(column) is { } said && (said.Purpose != ColumnRole.Value || said.Metric is not null);

    private void Look(int column, bool isBill)
    {
        var name = table.HeaderOf(column);
        if (IsMapped(column))
        {
            TakeMapped(column, name, told.Find(column)!);
            return;
        }

        if (table.ToldColumns is { } columns && !(column < columns.Count && FileColumns.IsValue(columns[column])))
        {
            LeaveOut(column, "it was left out of the file that these rejected rows are of");
            return;
        }

        var reading = ReadHeader(column, name);
        var words = new HeaderWords(name);
        if (UnclearUnits.InCells(table, column) is { } unclear)
        {
            LeaveOut(column, $"the unit {unclear} in its cells can be mega or milli; write {UnclearUnits.Mega(unclear)} there if it is mega");
        }
        else if (!table.HoldsNumbers(column))
        {
            LookAtEmpty(column, reading);
        }
        else if (_analyser.WhyNot(column, IsUnitOfPowerTold(column)) is { } whyNot)
        {
            LeaveOut(column, whyNot);
        }
        else if (_numberingColumns.Contains(column))
        {
            _numbering.Add(column);
            LeaveOut(column, "it numbers something");
        }
        else if (_described.Have(column))
        {
            RefuseUnsaidUnit(column);
            _found.Add(_described.Take(column, told.Find(column), FormMetric(), told.Find(column)?.Unit ?? form.Unit));
        }
        else if (reading.Metric is { Kind: QuantityKind.Level } && (words.Any(Extremes) || ((isBill || time.Days is not null) && words.Any("demand")) || _peaks.AreNamedBy(reading, name, isTold: FormMetric() is not null) || (FormMetric() is null && _peaks.AreShown(column, reading)) || (reading.Metric.Dimension == Dimension.ActivePower && ObisCode.Find(name) is { IsExtreme: true })))
        {
            Refuse(column, "a greatest, agreed or billed value is not the mean of its interval; map it to keep it");
        }
        else if (reading.Metric?.Dimension == Dimension.Temperature && PartNames.IsDifference(name))
        {
            Refuse(column, "a difference of temperatures is no temperature; map it to a metric of your own to keep it");
        }
        else if (reading is { Metric.Dimension: Dimension.Temperature, Unit: null } && IsTooWarm(column))
        {
            LeaveOut(column, "no weather of a month is so warm in °C, and its header names no unit; write °F there, or map it to keep it");
        }
        else if (AmountsPerInterval.WhyNot(reading, table, _evidence) is { } why)
        {
            TakeIfTold(column, reading, why);
        }
        else if (AmountsPerInterval.WhySoFar(column, reading, table, _subject, _evidence) is { } soFar)
        {
            Refuse(column, soFar);
        }
        else if (reading.Metric is null && (ReactiveEnergy.IsSurelyNamedBy(name) || (FormMetric() is { Dimension: Dimension.Energy } && (ReactiveEnergy.IsDirectionIn(name) || ReactiveEnergy.IsNamedBy(name)))))
        {
            Refuse(column, ReactiveEnergy.Why);
        }
        else if (reading is { Metric: null, Unit: null } && FormMetric() is { Dimension: Dimension.Energy } && UnnamedColumns.NameLevel(words))
        {
            Refuse(column, "its header names a power, a voltage or the like, which is no energy; map it with its metric and unit to keep it");
        }
        else if (reading.Metric is null && FormMetric() is { Dimension: Dimension.Energy or Dimension.ActivePower or Dimension.Volume or Dimension.VolumeFlow } && Pressures.AreNamedBy(name))
        {
            Refuse(column, "its header names a pressure, which is never used; map it to a metric of your own to keep it");
        }
        else if (reading.Metric is null && FormMetric()?.Dimension == Dimension.Volume && Carriers.Find(name) == Carriers.CompressedAir)
        {
            Refuse(column, "compressed air is neither gas nor water; map it to a metric of your own to keep it");
        }
        else if (reading.Metric is null && VolumeOf(column, reading) is var (volume, said))
        {
            assumptions.Add(new ImportAssumption("metric", $"{name}: {volume.Name}", said));
            Add(column, name, volume, reading.Unit, told.Find(column)?.EquipmentId);
        }
        else if (reading.Metric is null)
        {
            _unnamed.Add(column, reading);
        }
        else
        {
            Add(column, name, _metrics.Of(column, reading), reading.Unit, told.Find(column)?.EquipmentId);
        }
    }

    /// <summary>What the only column of volumes is of, whose header does not say it, where the texts around the table do; null where they do not.</summary>
    private (Metric Metric, string Why)? VolumeOf(int column, HeaderReading reading) => form.Metric is not null || _subject.Type is not null || Carriers.Find(table.HeaderOf(column)) is not null ? null
        : Carrier is var (carrier, why) && column == _volume && (reading.Rest.Length == 0 || GeneralNames.Have(reading.Rest) || new HeaderWords(reading.Rest).Except(Volumes).Count == 0)
            && Carriers.MetricOf(carrier, Dimension.Volume) is { } metric ? (metric, why)
        : Carrier is null or (Carriers.Gas, _) && column == _standard.Value ? (MetricCatalogue.Find("gas_volume")!, "it stands beside the volume that was measured, as correctors of gas have it")
        : null;

    /// <summary>The request may know what it is all the same.</summary>
    private void TakeIfTold(int column, HeaderReading reading, string why)
    {
        if (FormMetric() is { } wanted && (!reading.IsFlow || wanted.Dimension is Dimension.Volume or Dimension.VolumeFlow))
        {
            _unnamed.Add(column, reading with { Metric = null, Unit = null });
            return;
        }

        Refuse(column, why);
    }

    private void Refuse(int column, string why)
    {
        _refused.Add((column, why));
        LeaveOut(column, why);
    }

    /// <summary>What begins with blanks may hold values farther down.</summary>
    private void LookAtEmpty(int column, HeaderReading reading)
    {
        if (table.IsCut && reading is { Metric: not null, Unit: not null } && table.Rows.All(row => MissingMarkers.IsMissing(row[column])))
        {
            _empty.Add((column, reading));
        }
        else
        {
            _without.Add(column);
        }
    }

    private void TakeEmpty()
    {
        foreach (var (column, reading) in _empty)
        {
            var others = _found.FindAll(found => found.Metric == reading.Metric!.Name);
            if (others.Count == 0)
            {
                Add(column, table.HeaderOf(column), reading.Metric!, reading.Unit, null);
            }
            else if (reading.Rest.Length > 0 && others.TrueForAll(other => other is not { EquipmentId: null, Part: null }))
            {
                Add(column, table.HeaderOf(column), reading.Metric!, reading.Unit, null, reading.Rest);
            }
            else
            {
                LeaveOut(column, "its first rows are empty, and another column has the same metric");
            }
        }
    }

    private void TakeMapped(int column, string name, MappedColumn said)
    {
        if (said.Purpose == ColumnRole.Value)
        {
            var part = told.PartOf(column, isWhole: IsOfOne && form.IsMappingRemembered);
            var mapped = new MappedValues(table, _units, assumptions).Take(column, name, said, HeaderReader.Read(name).Unit);
            _found.Add(mapped with { Part = part, IsMeterTold = said.EquipmentId is not null || part is not null, Phase = PhaseOf(column, mapped.Metric) });
            _parts.UnionWith(part is null ? [] : [column]);
        }
        else
        {
            LeaveOut(column, said.Purpose == ColumnRole.Ignored ? said.Reason ?? "the mapping leaves it out" : "another column has the role that the mapping gives it");
        }
    }

    /// <summary>What a total counts of energy of several carriers, each in a column of its own, is no meter beside them.</summary>
    private void LeaveOutTotalOfCarriers()
    {
        if (table.Told is null && CarrierParts.FindTotal(table, _found.FindAll(column => column is { Metric: "energy", EquipmentId: null, IsSaidByRow: false } && told.Find(column.Index) is null)) is var (total, why))
        {
            _found.Remove(total);
            LeaveOut(total.Index, why);
        }
    }

    /// <summary>By the headers, where the mapping says nothing; equipment that the request or the rows name has all of its metrics.</summary>
    private void TakeCarriersApart()
    {
        if (_subject.Type is null)
        {
            var parts = new CarrierParts(table, GasEvidence.FindFactor(table, NamesHeat ? Carriers.Heat : Carrier?.Carrier) is not null ? Carriers.Gas : CarrierOfNames, NamesHeat);
            var blank = table.Columns.Where(column => !table.HoldsNumbers(column) && !IsMapped(column) && !_found.Exists(found => found.Index == column)).Select(table.HeaderOf)
                .Concat(table.BlankAtEnd).Where(header => !new HeaderWords(header).Any(Extremes));
            _parts.UnionWith(parts.TakeApart(_found, blank, column => IsOfOne || IsOfMapped || IsNamed(column), assumptions));
        }
    }

    /// <summary>Whether the sender says what a column is, but for a volume that its header does not name: whose it is, that does not say.</summary>
    private bool IsNamed(ValueColumn column) => told.Find(column.Index) is { Metric: not null } said
        && !(said is { Metric: "gas_volume" or "water_volume", EquipmentId: null, Part: null } && HeaderReader.Read(column.Header).Metric is null);

    private Metric? FormMetric() => form.Metric is not { } wanted ? null
        : MetricCatalogue.Find(wanted) ?? throw Fault(ImportFault.AmbiguousMapping, $"There is no metric {wanted}.", null, MetricNames);

    /// <param name="meter">What a meter of its own is called that has it; null where it has none.</param>
    private void Add(int column, string name, Metric metric, Unit? headerUnit, string? equipmentId, string? meter = null)
    {
        // Registers of energy have a metric of their own.
        metric = told.Find(column)?.Kind == QuantityKind.Register && !metric.CanBe(QuantityKind.Register) && MetricCatalogue.RegisterOf(metric) is { } register ? _metrics.InDirection(column, register) : metric;
        var ofRow = headerUnit is null ? _units.OfRows(metric) : null;
        var unit = headerUnit ?? ofRow ?? (told.Find(column)?.Unit is { } own ? _units.Parse(own, name) : _units.Assume(name, metric, name));
        if (unit.Dimension != metric.Dimension)
        {
            throw Fault(ImportFault.AmbiguousMapping, $"The column {name} is {metric.Name}, which has no unit {unit.Symbol}.", name, [metric.Unit]);
        }

        var kind = told.Find(column)?.Kind is { } said && metric.CanBe(said) ? said : (QuantityKind?)null;
        var isRegister = metric.CanBe(QuantityKind.Register) && RegisterReadings.AreNamedBy(new HeaderWords(name)) && !_evidence.GoesUpAndDown(column, _subject);
        var found = new ValueColumn(column, name, equipmentId, metric.Name, kind ?? (isRegister ? QuantityKind.Register : metric.Kind), metric.Unit, unit.Symbol)
        {
            HasUnitOfRow = ofRow is not null,
            IsKindTold = kind is not null,
            Phase = PhaseOf(column, metric.Name),
        };
        found = _outward.Contains(column) ? found with { IsExport = true } : found;
        _found.Add(meter is null || equipmentId is not null ? found : found.AsMeter(IsOfOne && found.Name.Length > 0 ? found.Name : meter, IsOfOne));
    }

    private bool IsUnitOfPowerTold(int column) => (told.Find(column)?.Unit ?? form.Unit) is { } said && Units.TryParse(said, out var unit) && unit.Dimension != Dimension.Energy;

    private string? PhaseOf(int column, string metric) => _analyser.Find(column) is { } name && name.Metric == metric ? name.Phase : null;

    private void LeaveOut(int column, string why)
    {
        assumptions.Add(new ImportAssumption("left_out", table.HeaderOf(column), why));
        _ignored[column] = ColumnProposals.Ignored(table.HeaderOf(column), why);
    }

    private ImportFaultException Fault(
        string code, string message, string? column, IReadOnlyList<string>? alternatives = null, IReadOnlyList<MappedColumn>? guess = null) =>
        new(new ImportFault(
            code, told.Unknown is { } unknown ? $"{message} {told.Source} names the column {unknown}, which is not there." : message,
            table.Sheet, table.HeaderRow, column, alternatives)
        {
            Guess = guess is null ? null : new ImportMapping { Columns = guess },
        });
}
