using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Columns;

/// <content>Meters of heat, which beside it show the water that brings it and how warm that comes and goes.</content>
internal sealed partial class ColumnFinder
{
    private const string Supply = "supply";

    // The noise of sensors is less.
    private const double LeastCold = 1;

    // Of sheets with thousands of columns, they are looked for once.
    private readonly Lazy<List<int>> _ofAir = new(() => [.. table.Columns.Where(column => IsOfAir(table.HeaderOf(column)))]);
    private readonly Lazy<List<int>> _ofHeatOrWater = new(() => [.. table.Columns.Where(column => IsOfHeatOrWater(table.HeaderOf(column)))]);

    // What the same meter counts of cold.
    private ValueColumn? _cold;

    // What is said of water that flows, and what is left of the units of flows.
    private static readonly string[] OfWater =
        ["volume", "volumen", "volumenstrom", "durchfluss", "flow", "flowrate", "rate", "water", "wasser", "débit", "caudal", "portata", "l", "h", "s", "lpm", "gpm"];

    private static readonly string[] Returns = ["return", "rücklauf", "rücklauftemperatur", "rücklauftemp", "outlet", "retour", "ritorno"];

    /// <summary>Whether the names of sheet, file or equipment are of a machine.</summary>
    public bool NamesMachine { get; init; }

    /// <summary>What the sheet, the file and the equipment of the request are called.</summary>
    public string Names { get; init; } = "";

    /// <summary>Whether the names of sheet and file speak of air.</summary>
    public bool NamesAir { get; init; }

    /// <summary>An energy that nothing names beside a volume or what flows, a flow and a return is heat, and no water is used.</summary>
    private void TakeHeatMeters()
    {
        var meters = FindHeatMeters();
        RefuseUnsureHeat(meters.FindAll(meter => table.Told is null && meter.Energy.Metric != Carriers.Heat && CarrierOfNames is null && Carriers.Find(meter.Energy.Header, Dimension.Energy) is null));
        // In summer it stands still.
        RefuseUnsureKind(meters.FindAll(meter => meter.HasVolume && !IsRegister(meter) && told.Find(meter.Energy.Index)?.Kind is null && table.Told is null && _evidence.MayBeRegister(meter.Energy.Index, _subject)));
        if (_cold is { } cold)
        {
            TakeCold(cold, meters);
        }

        meters.ForEach(TakeHeatMeter);
    }

    private void TakeHeatMeter(HeatMeter meter)
    {
        var (energy, heat, isRegister) = (meter.Energy, MetricCatalogue.Find(Carriers.Heat)!, IsRegister(meter));
        if (energy.Metric != heat.Name)
        {
            assumptions.Add(new ImportAssumption("metric", $"{energy.Header}: {heat.Name}", meter.HasNoSides ? $"{meter.Water} stands beside it, and both are numbered as those of meters of heat are" : $"{meter.Water} and the temperatures of flow and return stand beside it, as meters of heat have them"));
        }

        if (isRegister && told.Find(energy.Index)?.Kind is null && energy.Kind != QuantityKind.Register)
        {
            assumptions.Add(new ImportAssumption("kind", $"{energy.Header}: register", "it only grows, and so does the volume beside it"));
        }

        _found[_found.FindIndex(column => column.Index == energy.Index)] = energy with { Metric = heat.Name, Unit = heat.Unit, Kind = isRegister ? QuantityKind.Register : heat.Kind, IsKindTold = isRegister };
        if (meter.Volume is { } beside && _unnamed.Columns.Any(entry => entry.Column == beside))
        {
            _unnamed.Remove(beside);
            LeaveOut(beside, "it is the water that brings the heat, and none that is used; map it to a metric of your own to keep it");
        }

        if (meter.IsNamed)
        {
            // A pump beside it that is called after it has a meter of its own.
            foreach (var column in _found.FindAll(column => meter.Begins(column.Header) && column is { Metric: not "temperature", EquipmentId: null, Part: null }))
            {
                _found[_found.IndexOf(column)] = column.AsMeter(DeviceNames.Find(column.Name) is { Length: > 0 } device ? device : meter.Device, isOfRows: false);
            }
        }
    }

    /// <summary>What counts water and heat alike, and hardly ever falls, is no amount that rises by chance.</summary>
    private bool IsRegister(HeatMeter meter) => told.Find(meter.Energy.Index)?.Kind is { } said ? said == QuantityKind.Register : meter.Energy.Kind == QuantityKind.Register
        || (table.Told is { } file ? file.Registers.Contains(meter.Energy.Header) : meter.Volume is { } water && _evidence.Rises(meter.Energy.Index, _subject) && _evidence.Rises(water, _subject));

    /// <summary>What one of them may be, its likes may be, too.</summary>
    private void RefuseUnsureHeat(List<HeatMeter> meters)
    {
        if (meters.Find(meter => WhyNoHeat(meter) is not null) is { } unsure && WhyNoHeat(unsure) is { } why)
        {
            meters = meters.FindAll(meter => IsNamed(meter) == IsNamed(unsure) || WhyNoHeat(meter) is not null);
            throw Fault(
                ImportFault.AmbiguousMapping,
                $"The column {HeadersOf(meters)} stands beside {meters[0].Beside}, as heat does, and {why}. Send its metric in the mapping: heat, or energy (energy_import_register if it is what a register shows) of electricity or cold. A meter of cold has the carrier cooling.",
                meters[0].Energy.Header, [Carriers.Heat, "energy", "energy_import_register"],
                meters.ConvertAll(meter => Guess(meter, IsRegister(meter) ? "energy_import_register" : "energy", IsRegister(meter) ? QuantityKind.Register : QuantityKind.Interval)));
        }
    }

    private void RefuseUnsureKind(List<HeatMeter> meters)
    {
        if (meters.Count > 0)
        {
            throw Fault(
                ImportFault.AmbiguousMapping,
                $"The column {HeadersOf(meters)} falls as seldom as a register does, and what it counts is heat, as {meters[0].Beside} beside it say. Send its kind in the mapping: register, or interval if each row has an amount of its own.",
                meters[0].Energy.Header, ["register", "interval"], meters.ConvertAll(meter => Guess(meter, Carriers.Heat, QuantityKind.Register)));
        }
    }

    private static string HeadersOf(List<HeatMeter> meters) => meters.Count == 1 ? meters[0].Energy.Header : $"{meters[0].Energy.Header} (and {meters.Count - 1} more)";

    private MappedColumn Guess(HeatMeter meter, string metric, QuantityKind kind) =>
        _evidence.Propose(meter.Energy with { Metric = metric, Kind = kind, EquipmentId = meter.IsNamed ? EquipmentNames.ToId(meter.Device) : null }, null) with { Confidence = 0.4 };

    /// <summary>The headers alone decide: what is blank in a month, left out or kept under a name of its own belongs to the meter all the same.</summary>
    private List<HeatMeter> FindHeatMeters()
    {
        var energies = _found.FindAll(column => column.Metric is Carriers.Heat or "energy" or "energy_import_register");
        if (form.Metric is not (null or Carriers.Heat) || CarrierOfNames is not (null or Carriers.Heat) || energies.Count == 0)
        {
            return [];
        }

        var headers = table.Columns.Select(column => (Column: (int?)column, Header: table.HeaderOf(column)))
            .Concat(table.BlankAtEnd.Where(header => header.Length > 0).Select(header => (Column: (int?)null, Header: header))).ToList();
        if (!headers.Exists(header => HeaderReader.Read(header.Header).Metric?.Name == "temperature") && !energies.Exists(column => HeatNames.HaveNumber(column.Header)))
        {
            return [];
        }

        _cold = FindCold(energies, headers);
        energies.RemoveAll(column => column == _cold);
        return energies is [var only] && NameNoDevice(only)
            ? [.. OfHeat(only, "", headers, isNamed: false)]
            : [.. energies.GroupBy(column => DeviceNames.Find(column.Name), StringComparer.OrdinalIgnoreCase).Where(device => device.Key.Length > 0 && device.Count() == 1)
                .SelectMany(device => OfHeat(device.First(), device.Key, headers, isNamed: !IsOfOne && (energies.Count > 1 || !IsOfMapped)))];
    }

    /// <summary>What a meter counts of cold, by the number that it shows with it beside those of heat, volumes and temperatures; null where there is none.</summary>
    private static ValueColumn? FindCold(List<ValueColumn> energies, List<(int? Column, string Header)> headers)
    {
        var beside = headers.Where(header => HeatNames.HaveNumber(header.Header) && HeaderReader.Read(header.Header) is { Unit.Dimension: Dimension.Volume or Dimension.Temperature }).ToList();
        return energies.TrueForAll(column => HeatNames.HaveNumber(column.Header)) && energies.FindAll(column => HeatNames.HaveNumberOfCold(column.Header)) is [var cold]
            && beside.Exists(header => HeaderReader.Read(header.Header).Unit?.Dimension == Dimension.Volume) && beside.Count + energies.Count > (energies.Count == 1 ? 3 : 2) && energies.Count <= 2 ? cold : null;
    }

    /// <summary>It shows what it counts of heat and of cold alike.</summary>
    private void TakeCold(ValueColumn cold, List<HeatMeter> meters)
    {
        var isRegister = meters.Exists(IsRegister) && told.Find(cold.Index) is null;
        assumptions.Add(new ImportAssumption("carrier", $"{cold.Header}: {Carriers.Cooling}", "meters of heat number so what they count of cold, and the volume and temperatures beside it"));
        _found[_found.IndexOf(cold)] = cold with
        {
            Carrier = Carriers.Cooling,
            Part = meters.Count > 0 && cold.EquipmentId is null ? Carriers.Cooling : cold.Part,
            Metric = isRegister ? "energy_import_register" : cold.Metric,
            Kind = isRegister ? QuantityKind.Register : cold.Kind,
            IsKindTold = isRegister || cold.IsKindTold,
        };
    }

    /// <summary>The meter of an energy and of what its device has beside it; none where that is not as meters of heat have it.</summary>
    private IEnumerable<HeatMeter> OfHeat(ValueColumn energy, string device, List<(int? Column, string Header)> all, bool isNamed)
    {
        var meter = new HeatMeter(energy, device, isNamed);
        if (energy is not { EquipmentId: null, Part: null } || HeatNames.HaveNumberOfCold(energy.Header) || told.Find(energy.Index) is { Metric: not null } || Carriers.Find(energy.Header, Dimension.Energy) is not (null or Carriers.Heat))
        {
            return [];
        }

        var own = all.Where(header => meter.Has(header.Header)).Select(header => (header.Column, header.Header, Reading: meter.Read(header.Header))).ToList();
        var volumes = own.FindAll(header => header.Reading is { Metric: null, Unit.Dimension: Dimension.Volume });
        if (own.Count(header => IsSide(header.Reading)) < 2)
        {
            // Electricity has the number of a register beside no volume or temperatures that have one.
            if (!HeatNames.HaveNumber(energy.Header) || !(volumes.Exists(header => HeatNames.HaveNumber(header.Header)) || (volumes.Count > 0 && own.Count(header => header.Reading is { Metric.Name: "temperature", Rest: "" } && HeatNames.HaveNumber(header.Header)) > 1)))
            {
                return [];
            }

            meter = meter with { HasNoSides = true };
        }

        if (volumes is [var volume, ..] && volumes.TrueForAll(header => header == volume || HeatNames.HaveNumber(header.Header)) && !volumes.Exists(header => IsOfOther(header.Column)))
        {
            meter = meter with { HasVolume = true, Volume = volume.Column };
        }
        else if (volumes.Count > 0 || energy.Metric == Carriers.Heat || NamesAir || _ofAir.Value.Count > 0 || CarrierTexts.NameAir(device, "")
            || !own.Exists(header => header.Reading.IsFlow && Carriers.Find(header.Header) is null or Carriers.Heat or Carriers.Water))
        {
            return [];
        }

        return IsAsEver(meter) || IsNamed(meter) || !all.Exists(header => header.Column != energy.Index && meter.Begins(header.Header) && IsOfOtherEnergy(header.Header)) ? [meter] : [];
    }

    /// <summary>Whether it is the only energy, which counts what a volume brings.</summary>
    private static bool IsAsEver(HeatMeter meter) => meter is { Device.Length: 0, HasVolume: true };

    /// <summary>Whether a name says that it counts heat: that of the meter, or that of sheet, file or title where none is of a thing that may use electricity or gas.</summary>
    private bool IsNamed(HeatMeter meter) => HeatNames.AreMeters($"{meter.Device} {Names}") || Carrier is (Carriers.Heat, _)
        || (!DeviceNames.MayUse($"{meter.Device} {(meter.Device.Length == 0 ? Names : "")}") && HeatNames.AreOf($"{meter.Device} {Names}"));

    /// <summary>Whether a header beside it says that electricity, gas or another energy is counted or measured there.</summary>
    private static bool IsOfOtherEnergy(string header) => HeaderReader.Read(header) is var reading
        && (reading.Metric?.Dimension == Dimension.Energy || reading.Unit?.Dimension == Dimension.Energy || (reading.Metric is { } metric && Carriers.Of(metric.Name) is Carriers.Electricity or Carriers.Gas)
            || ReactiveEnergy.IsSurelyNamedBy(header) || Carriers.FindAll(header).Any(carrier => carrier is Carriers.Electricity or Carriers.Gas));

    private static bool NameNoDevice(ValueColumn column) => NameNoDevice(HeatNames.HaveNumber(column.Header) ? HeaderReader.Read(HeatNames.WithoutNumber(column.Header)).Rest : column.Name);

    private static bool NameNoDevice(string name) => name.Length == 0 || PartNames.NameNoMeter(Carriers.Without(name)) || GeneralNames.Have(name);

    /// <summary>Whether the texts around the table, or the mapping, say that it is a volume of something else.</summary>
    private bool IsOfOther(int? volume) =>
        volume is { } column && (told.Find(column) is { Metric: { } metric } ? Carriers.Of(metric) == Carriers.Gas : _found.Exists(found => found.Index == column));

    private static bool IsSide(HeaderReading reading) => reading.Metric?.Name == "temperature" && PartNames.IsSide(reading.Rest);

    private string? WhyNoHeat(HeatMeter meter) =>
        _cold is not null ? null
        : NamesMachine || Machines.AreNamedIn(meter.Device) ? "the name of the file, the sheet or the equipment is that of a machine, which may use electricity"
        : ReturnsWarmer(meter) ? "the water comes back warmer than it goes, as that of cooling does"
        : !IsAsEver(meter) && !IsNamed(meter) ? "no name says that it counts heat, and what uses electricity or gas may show the same" : null;

    private bool ReturnsWarmer(HeatMeter meter)
    {
        var sides = table.Columns.Where(column => meter.Has(table.HeaderOf(column)) && IsSide(meter.Read(table.HeaderOf(column)))).ToLookup(column => new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)Returns));
        if (sides[false].ToList() is not [var flow] || sides[true].ToList() is not [var back])
        {
            return false;
        }

        var rises = table.Rows.Select(row => NumberOf(row[back]) - NumberOf(row[flow])).OfType<double>().ToList();
        return rises.Count(rise => rise > LeastCold) * 2 > rises.Count;
    }

    private static double? NumberOf(in Cell cell) => DecimalColumn.NumberIn(cell, decimalComma: false) ?? DecimalColumn.NumberIn(cell, decimalComma: true);

    /// <summary>
    /// Whether a flow that is called a supply is of water, as headers of heat and water or the names of sheet and file speak of it. A unit that handles air has
    /// valves of both, and an extract.
    /// </summary>
    private bool IsOfWater(int column, HeaderReading reading) => new HeaderWords(table.HeaderOf(column)) is var words && words.Any(Supply) && reading.Unit?.Symbol.EndsWith("cfm", StringComparison.Ordinal) == false
        && !NamesAir && _ofAir.Value.TrueForAll(other => other == column) && !Carriers.NameAir(string.Join(' ', words.Except([Supply])))
        && (NamesHeat || _ofHeatOrWater.Value.Exists(other => other != column));

    private static bool IsOfAir(string header) =>
        HeaderReader.Read(header).Unit?.Dimension == Dimension.VolumeFlow && Carriers.NameAir(string.Join(' ', new HeaderWords(header).Except([Supply])));

    private static bool IsOfHeatOrWater(string header) => HeaderReader.Read(header) is var reading
        && (reading.Unit?.Dimension ?? reading.Metric?.Dimension) is Dimension.Energy or Dimension.Volume or Dimension.VolumeFlow or Dimension.Temperature
        && Carriers.FindAll(header).Any(carrier => carrier is Carriers.Heat or Carriers.Cooling or Carriers.Water);

    /// <summary>Columns of one meter of heat.</summary>
    /// <param name="Device">What their headers begin with; empty where these name none.</param>
    /// <param name="IsNamed">Whether the device is the meter, and not what the file is of.</param>
    private sealed record HeatMeter(ValueColumn Energy, string Device, bool IsNamed)
    {
        public bool HasVolume { get; init; }

        /// <summary>The column of the volume that brings the heat; null where there is none, or it holds nothing.</summary>
        public int? Volume { get; init; }

        /// <summary>Whether no temperatures of a flow and a return stand beside it.</summary>
        public bool HasNoSides { get; init; }

        public string Beside => HasNoSides ? Water : $"{Water}, a flow and a return";

        public string Water => HasVolume ? "a volume" : "a rate of flow";

        /// <summary>What a header says behind the device.</summary>
        public HeaderReading Read(string header) => HeaderReader.Read(HeatNames.WithoutNumber(header[Device.Length..]));

        /// <summary>Whether a header begins with the device, be it a part of the name of another one.</summary>
        public bool Begins(string header) => Device.Length == 0
            || (header.Length > Device.Length && header.StartsWith(Device, StringComparison.OrdinalIgnoreCase) && !char.IsLetterOrDigit(header[Device.Length])
                && !(header.AsSpan(Device.Length).TrimStart(" _-.") is [var next, ..] && char.IsDigit(next)));

        /// <summary>Whether a header is of this device, and of none with a longer name.</summary>
        public bool Has(string header) => Begins(header) && (Device.Length == 0 || IsSide(Read(header)) || new HeaderWords(Read(header).Rest).Except(OfWater).All(DeviceNames.IsQuantity));
    }
}
