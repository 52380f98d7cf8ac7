using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Finds out whose the columns of values are that are several of one metric, or of several carriers.</summary>
/// <param name="columns">Those found, which are named in place.</param>
/// <param name="isOfOne">Whether the rows or the request name the equipment, of which columns are parts then.</param>
/// <param name="told">Columns of which the sender says which parts they are.</param>
internal sealed partial class MeterColumns(SheetTable table, ImportForm form, List<ValueColumn> columns, bool isOfOne, IReadOnlySet<int> told, SilentColumns silent, List<ImportAssumption> assumptions)
{
    private const string Temperature = "temperature";
    private const double Tolerance = 0.005;

    // Few values of two digits each are rounded by as much.
    private const double Clearly = 0.05;

    // A battery may take more from it in winter than is used, and less in summer: it is the same part.
    private static readonly string[] Grids = ["grid", "netz", "réseau", "red", "rete", "net"];

    private readonly List<(ValueColumn Column, string Why)> _needless = [];
    private readonly List<int> _loneParts = [];
    private int _next;

    /// <summary>Whether a mapping names the equipment that the file is of.</summary>
    public bool IsOfMapped { get; init; }

    /// <summary>Whether the names of sheet and file are those of any file, and name no meter.</summary>
    public bool IsOfAnyName { get; init; }

    /// <summary>Columns of what is made, which are meters beside those that have names.</summary>
    public IReadOnlySet<int> Outward { get; init; } = new HashSet<int>();

    /// <summary>Parts that flow out, of which no other column of their metric tells that they are some.</summary>
    public IReadOnlyList<int> LoneParts => _loneParts;

    /// <summary>Columns of one metric of which nothing says whose they are; empty where there are none.</summary>
    public IReadOnlyList<ValueColumn> Open { get; private set; } = [];

    /// <summary>Names the meters of the columns, and takes out those whose values another column has too.</summary>
    /// <param name="rowsNameCarriers">Whether the rows say what flows through their meters.</param>
    public IReadOnlyList<(ValueColumn Column, string Why)> Name(bool rowsNameCarriers)
    {
        if (!rowsNameCarriers)
        {
            NameCarriers();
        }

        LeaveOutSums();
        NameByLegend();
        NamePoints();
        NameDevices();
        var meters = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in Unnamed().GroupBy(column => (column.Metric, column.Part)).Where(group => group.Count() > 1).Select(group => group.ToList()).ToList())
        {
            if (!TakePhases(group) && !TakeTariffs(group) && (group.Exists(column => told.Contains(column.Index)) || !TakeMeters(group, meters)))
            {
                Open = group;
                return [];
            }
        }

        foreach (var column in Untold().Where(column => column.Part is null || !meters.ContainsKey(column.Part)))
        {
            if (meters.Keys.Where(meter => IsOf(meter, column)).MaxBy(meter => meter.Length) is { } name)
            {
                TakeMeter(column, column, name, meters[name]);
            }
        }

        // The outdoor temperature is that of the file's meter, and a return has a flow, be they blank: what another one is called does not hang on it.
        if (HasBlankTemperature() && Untold().FindAll(column => column is { Metric: Temperature, Part: null }) is [{ Name.Length: > 0 } only] && !TakeMeters([only], meters))
        {
            Open = [only];
            return [];
        }

        // So is a meter whose neighbours are silent for as long as the file is, or whose file is called as any is.
        foreach (var lone in Untold().GroupBy(column => (column.Metric, column.Part)).Where(group => group.Key.Part is null && group.Count() == 1).Select(group => group.Single()).ToList())
        {
            // A path that a system has for each of its points is the name of one beside the others.
            if (silent.AreBeside(lone.Header, lone.Name) || (meters.ContainsValue(false) && !isOfOne && !IsOfMapped && DeviceNames.IsPath(lone.Name)) || (IsOfAnyName && !isOfOne && !IsOfMapped && Untold().Count == 1 && SilentColumns.NameMeter(lone.Header, lone.Name) && lone.Name.Any(char.IsDigit)))
            {
                TakeMeters([lone], meters);
            }
        }

        foreach (var column in Untold().Where(column => column is { Part: null, Name.Length: > 0 } && Outward.Contains(column.Index)))
        {
            var isPart = isOfOne || (!meters.ContainsValue(false) && PartNames.NameNoMeter(column.Name));
            TakeMeter(column, column, column.Name, isPart);
            _loneParts.AddRange(isPart ? [column.Index] : []);
        }

        columns.RemoveAll(column => _needless.Exists(needless => needless.Column == column));
        NameWholes();
        return _needless;
    }

    private List<ValueColumn> Untold() => Unnamed().FindAll(column => !told.Contains(column.Index));

    private List<ValueColumn> Unnamed() => [.. columns.Where(column => column is { EquipmentId: null, IsSaidByRow: false })];

    /// <summary>Parts are sub-meters where the meter counts beside them what they count, and are counted apart where it does not.</summary>
    private void NameWholes()
    {
        var own = Unnamed().Where(column => column.Metric is "active_power" or "energy" or "energy_import_register").Select(column => column.Part ?? "").ToHashSet();
        foreach (var column in Unnamed().Where(column => column.Whole is { } whole && !(own.Contains(whole) && MetricCatalogue.Find(column.Metric) is { Dimension: Dimension.Energy or Dimension.ActivePower })))
        {
            Replace(column, column with { Whole = null });
        }

        if (Unnamed().Where(column => column.Whole is not null).ToList() is { Count: > 0 } parts)
        {
            assumptions.Add(new ImportAssumption("layout", $"sub-meters: {HeadersOf(parts)}", "the meter has values of its own, which have these in them"));
        }
    }

    private void NameByLegend()
    {
        foreach (var column in Untold().Where(column => table.Legend.Contains(column.Index)))
        {
            var name = column.Name.Length > 0 ? column.Name : column.Header;
            TakeMeter(column, column, name, isOfOne);
        }
    }

    /// <summary>By the number of a point that a header has beside what is measured there, unless others of its metric have the same.</summary>
    private void NamePoints()
    {
        var points = isOfOne ? [] : Untold().Where(column => column.Part is null).Select(column => (Column: column, Number: ServicePoints.FindIn(column.Header)))
            .Where(named => named.Number is not null).GroupBy(named => (named.Column.Metric, named.Number)).Where(same => same.Count() == 1).SelectMany(same => same);
        foreach (var (column, number) in points.ToList())
        {
            TakeMeter(column, column, number!, isPart: false);
        }
    }

    private void NameDevices()
    {
        var open = Untold().FindAll(column => column.Part is null);
        var above = open.Where(column => table.Devices.ContainsKey(column.Index)).ToDictionary(column => column, column => table.Devices[column.Index]);
        if ((above.Count > 0 && above.DistinctBy(column => (column.Key.Metric, column.Value)).Count() == above.Count ? above : DeviceColumns.Find(open, isOfOne || IsOfMapped)) is not { } devices)
        {
            return;
        }

        foreach (var (column, device) in devices)
        {
            var phase = IsOfOnePhase(column.Metric) && devices.Count(other => other.Key.Metric == column.Metric && other.Value.Equals(device, StringComparison.OrdinalIgnoreCase)) > 1
                ? DeviceNames.PhaseIn(column.Name, device) : null;
            TakeMeter(phase is null ? column : OfPhase(column, phase), column, device, isOfOne);
        }

        assumptions.Add(new ImportAssumption("layout", $"a meter per device: {string.Join(", ", devices.Values.Distinct(StringComparer.OrdinalIgnoreCase))}", "the headers name it in front of what is measured"));
    }

    /// <summary>What flows in and out together is neither.</summary>
    private void LeaveOutSums()
    {
        var registers = Untold().FindAll(column => column.Metric is "energy_import_register" or "energy_export_register");
        if (registers.Find(column => column.Metric == "energy_import_register" && PartNames.IsTotal(column.Name)) is { } total
            && registers.FindAll(column => column != total) is { Count: > 1 } others && others.FindAll(column => column.Metric == "energy_import_register") is var imports
            && imports.Count < others.Count && IsSum(total, others) && !IsSum(total, imports))
        {
            columns.Remove(total);
            _needless.Add((total, "it is the sum of what flows in and out"));
        }
    }

    private void Replace(ValueColumn column, ValueColumn named)
    {
        // Most are named in their order: a search from the first one would take thousands of columns their square of time.
        var at = columns.IndexOf(column, Math.Min(_next, columns.Count));
        at = at < 0 ? columns.IndexOf(column) : at;
        columns[at] = named;
        _next = at + 1;
    }

    /// <summary>Columns that are named only by what flows through their meters are a meter for each carrier.</summary>
    private void NameCarriers()
    {
        var metered = Untold().Where(IsMetered).ToList();
        var carriers = metered.Select(Carriers.Of).OfType<string>().Distinct().ToList();
        if (carriers.Count < 2 || !(metered.TrueForAll(IsNamedByCarrier) || AreOfGasAndWater(metered)) || metered.Exists(column => Carriers.Of(column) is null && PartNames.HaveSum(column.Header)) || AreOfOne(metered))
        {
            return;
        }

        foreach (var column in metered)
        {
            Replace(column, column with { Part = Carriers.Of(column) ?? (carriers.Contains(Carriers.Electricity) ? Carriers.Electricity : null) });
        }

        assumptions.Add(new ImportAssumption("layout", $"a meter per carrier: {string.Join(", ", carriers)}", "the headers name what flows through the meters; it is never added together"));
    }

    /// <summary>Whether what it counts is of one carrier, and not of another.</summary>
    public static bool IsMetered(ValueColumn column) =>
        column.KnownMetric is "active_power" || Carriers.Of(column.KnownMetric) is not null || MetricCatalogue.Find(column.KnownMetric) is { Dimension: Dimension.Energy };

    /// <summary>Whether one meter has them all: the sender names it, or the headers are those of its metrics, of which none is of two carriers.</summary>
    private bool AreOfOne(List<ValueColumn> metered) =>
        (form.EquipmentId is not null || metered.TrueForAll(column => column.Header.Equals(column.Metric, StringComparison.OrdinalIgnoreCase)))
        && metered.GroupBy(column => column.Metric).All(columns => columns.Select(Carriers.Of).Distinct().Count() == 1);

    /// <summary>Whether one counts gas and another water, which no meter does, where the headers name no devices.</summary>
    private bool AreOfGasAndWater(List<ValueColumn> metered) =>
        metered.Count == 2 && metered.TrueForAll(column => column.KnownMetric is "gas_volume" or "water_volume") && metered[0].Metric != metered[1].Metric
        && !isOfOne && !IsOfMapped && !metered.Exists(column => told.Contains(column.Index)) && !metered.TrueForAll(column => DeviceNames.IsSure(DeviceNames.Find(column.Name)));

    private static bool IsNamedByCarrier(ValueColumn column) =>
        CarrierTexts.Rest(column.Name) is var rest && (rest.Length == 0 || GeneralNames.Have(rest) || Directions.AreAll(new HeaderWords(rest))
            || PartNames.TariffIn(rest) is not null || PhaseOf(column) is not null);

    /// <summary>The tariffs of one meter: their total alone, or a meter for each, whose registers roll over on their own.</summary>
    private bool TakeTariffs(List<ValueColumn> group)
    {
        var tariffs = group.Where(column => PartNames.TariffIn(column.Name) is not null).ToList();
        var totals = group.Except(tariffs).ToList();
        if (tariffs.Count < 2 || tariffs.DistinctBy(column => PartNames.TariffIn(column.Name)).Count() < tariffs.Count
            || totals.Count > 1 || !totals.TrueForAll(column => PartNames.IsTotal(column.Name) && IsSum(column, tariffs)))
        {
            return false;
        }

        if (totals is [var total])
        {
            _needless.AddRange(tariffs.Select(column => (column, $"it is of one tariff, and {total.Header} is the sum of all; map it to a meter of its own to keep it")));
            return true;
        }

        tariffs.ForEach(column => TakePart(column, PartNames.TariffIn(column.Name)!));
        assumptions.Add(new ImportAssumption("layout", $"a meter per tariff: {HeadersOf(tariffs)}", "each is counted apart, and a virtual meter adds them"));
        return true;
    }

    private void TakePart(ValueColumn column, string part) => Replace(column, column with { Part = column.Part is null ? part : $"{column.Part} {part}", Whole = column.Part ?? "" });

    private bool IsSum(ValueColumn total, List<ValueColumn> parts) => IsSum(total, parts, decimalComma: false) || IsSum(total, parts, decimalComma: true);

    private bool IsSum(ValueColumn total, List<ValueColumn> parts, bool decimalComma)
    {
        double all = 0, sum = 0;
        foreach (var row in table.Rows)
        {
            var numbers = parts.ConvertAll(part => InUnit(part, row, decimalComma));
            // A row may have the amount of the tariff that runs alone; registers go on.
            if (InUnit(total, row, decimalComma) is { } number && (total.Kind == QuantityKind.Register ? !numbers.Contains(null) : numbers.Exists(part => part is not null)))
            {
                all += number;
                sum += numbers.Sum() ?? 0;
            }
        }

        return all != 0 && Math.Abs(all - sum) <= Tolerance * Math.Abs(all);
    }

    private static double? InUnit(ValueColumn column, SampleRow row, bool decimalComma) =>
        DecimalColumn.NumberIn(row[column.Index], decimalComma) is { } number && Units.TryParse(column.SourceUnit, out var unit) ? unit.ToCanonical(number) : null;

    /// <summary>Several columns of one metric are several meters, if their headers name them; so are those of their other metrics.</summary>
    /// <param name="meters">Their names, and whether they are parts of equipment that others name.</param>
    private bool TakeMeters(List<ValueColumn> group, Dictionary<string, bool> meters)
    {
        if (group[0].Metric == Temperature && group.FindAll(column => column.Name.Length == 0) is [var own])
        {
            group = [.. group.Where(column => column != own)];
        }

        var names = group.ConvertAll(column => column.Name);
        if (names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < names.Count || names.Exists(name => name.Length == 0 || PartNames.MayBePhase(name))
            || (group.Count(column => PartNames.TariffIn(column.Name) is not null) > 1
                && group.Exists(column => PartNames.IsTotal(column.Name) && !IsSum(column, [.. group.Where(other => other != column)]))))
        {
            return false;
        }

        // What has no name of a meter is called by its file, as another file has the same.
        var namesNone = names.TrueForAll(PartNames.NameNoMeter);
        var areParts = isOfOne || namesNone;
        var exports = group[0].Metric is "energy" or "active_power" ? Directions.ExportsIn(group) : [];
        var whole = namesNone ? FindWhole(group) : null;
        if (whole is not null && table.ToldColumns is null && group.Exists(part => part != whole && !new HeaderWords(part.Name).Any(Grids) && IsMore(part, whole)))
        {
            return false;
        }

        foreach (var (column, name) in group.Zip(names).Where(named => named.First != whole))
        {
            meters[name] = areParts;
            TakeMeter(column with { IsExport = column.IsExport || (!column.IsDirectionTold && exports.Count < group.Count && exports.Contains(column)) }, column, name, areParts);
        }

        assumptions.Add(new ImportAssumption(
            "layout", areParts ? $"a meter per column of each that the rows, the request or the file name: {HeadersOf(group)}" : "a column per meter", $"more than one column is {group[0].Metric}"));
        return true;
    }

    /// <summary>The column that has all others in it, as its name says: <c>Consumption</c> beside <c>Consumption from grid</c>. Null where none has. For each file with these headers it is the same.</summary>
    private ValueColumn? FindWhole(List<ValueColumn> group)
    {
        static bool IsIn(ValueColumn part, ValueColumn whole) =>
            new HeaderWords(whole.Name).AreWithin(new HeaderWords(part.Name)) && !Directions.NameNoConsumption(part.Header) && !PartNames.HaveSum(part.Name);

        return table.ToldColumns is not null ? group.Find(whole => whole.Header == table.Told!.Whole)
            : group[0].Metric is not ("energy" or "active_power") ? null : group.Find(whole => group.TrueForAll(part => part == whole || IsIn(part, whole)));
    }

    /// <summary>Whether a part clearly counts more than its whole, however its numbers are read.</summary>
    private bool IsMore(ValueColumn part, ValueColumn whole)
    {
        var sums = Array.ConvertAll([false, true], decimalComma => table.Rows.Select(row => (Part: InUnit(part, row, decimalComma), Whole: InUnit(whole, row, decimalComma)))
            .Where(pair => pair is { Part: not null, Whole: not null }).ToList());
        return sums.Any(pairs => pairs.Count > 0)
            && sums.All(pairs => pairs.Count == 0 || pairs.Sum(pair => pair.Part) > pairs.Sum(pair => pair.Whole) + (Clearly * Math.Abs(pairs.Sum(pair => pair.Whole!.Value))));
    }

    private bool HasBlankTemperature() => table.Columns.Where(column => !table.HoldsNumbers(column)).Select(table.HeaderOf).Concat(table.BlankAtEnd)
        .Any(header => HeaderReader.Read(header) is { Metric.Name: Temperature, Rest: var rest } && (rest.Length == 0 || PartNames.IsSide(rest)));

    private void TakeMeter(ValueColumn named, ValueColumn column, string name, bool isPart) =>
        Replace(column, named.AsMeter(IsHeatBesideEnergy(column) ? $"{name} {Carriers.Heat}" : name, isPart) with { Whole = isPart ? "" : null });

    /// <summary>Whether it is the heat of what has another energy as well, which flows through another meter.</summary>
    private bool IsHeatBesideEnergy(ValueColumn column) => column.Metric == Carriers.Heat
        && columns.Exists(other => other.Metric is "energy" or "energy_import_register" && other.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the header is the meter's name, or goes on behind it with what is measured: <c>Chiller 2 kW</c> is none of <c>Chiller</c>.</summary>
    private static bool IsOf(string meter, ValueColumn column)
    {
        if (meter.Length == 0 || meter.Equals(column.Name, StringComparison.OrdinalIgnoreCase))
        {
            return meter.Length > 0;
        }

        if (!column.Header.StartsWith(meter, StringComparison.OrdinalIgnoreCase) || column.Header.Length == meter.Length || char.IsLetterOrDigit(column.Header[meter.Length]))
        {
            return false;
        }

        var behind = HeaderReader.Read(column.Header[meter.Length..]);
        return behind.Rest.Length == 0 || (!char.IsDigit(behind.Rest[0]) && (behind.Sure || PartNames.MayBePhase(behind.Rest)));
    }

    private static string HeadersOf(List<ValueColumn> some) => string.Join(", ", some.Select(column => column.Header));
}
