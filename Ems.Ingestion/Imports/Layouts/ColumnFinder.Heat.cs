using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Layouts;

/// <content>Meters of heat, which beside it show the water that brings it and how warm that comes and goes.</content>
internal sealed partial class ColumnFinder
{
    private const string Supply = "supply";

    // The noise of sensors is less.
    private const double LeastCold = 1;

    // Of sheets with thousands of columns, they are looked for once.
    private readonly Lazy<List<int>> _ofAir = new(() => [.. table.Columns.Where(column => IsOfAir(table.HeaderOf(column)))]);
    private readonly Lazy<List<int>> _ofHeatOrWater = new(() => [.. table.Columns.Where(column => IsOfHeatOrWater(table.HeaderOf(column)))]);

    private static readonly string[] Returns = ["return", "rücklauf", "outlet", "retour", "ritorno"];

    /// <summary>Whether the names of sheet, file or equipment are of a machine.</summary>
    public bool NamesMachine { get; init; }

    /// <summary>Whether the names of sheet and file speak of air.</summary>
    public bool NamesAir { get; init; }

    /// <summary>An energy that nothing names beside a volume or what flows, a flow and a return is heat, and no water is used.</summary>
    private void TakeHeatMeters()
    {
        var meters = FindHeatMeters();
        RefuseUnsureHeat(meters.FindAll(meter => table.Told is null && meter.Energy.Metric != Carriers.Heat && CarrierOfNames is null && Carriers.Find(meter.Energy.Header, Dimension.Energy) is null && WhyNoHeat(meter) is not null));
        // In summer it stands still.
        RefuseUnsureKind(meters.FindAll(meter => meter.HasVolume && !IsRegister(meter) && told.Find(meter.Energy.Index)?.Kind is null && table.Told is null && _evidence.MayBeRegister(meter.Energy.Index, _subject)));
        meters.ForEach(TakeHeatMeter);
    }

    private void TakeHeatMeter(HeatMeter meter)
    {
        var (energy, heat, isRegister) = (meter.Energy, MetricCatalogue.Find(Carriers.Heat)!, IsRegister(meter));
        if (energy.Metric != heat.Name)
        {
            assumptions.Add(new ImportAssumption("metric", $"{energy.Header}: {heat.Name}", $"{meter.Water} and the temperatures of flow and return stand beside it, as meters of heat have them"));
        }

        if (isRegister && told.Find(energy.Index)?.Kind is null && energy.Kind != QuantityKind.Register)
        {
            assumptions.Add(new ImportAssumption("kind", $"{energy.Header}: register", "it only grows, and so does the volume beside it"));
        }

        _found[_found.IndexOf(energy)] = energy with { Metric = heat.Name, Unit = heat.Unit, Kind = isRegister ? QuantityKind.Register : heat.Kind, IsKindTold = isRegister };
        if (meter.Volume is { } beside && _unnamed.Columns.Any(entry => entry.Column == beside))
        {
            _unnamed.Remove(beside);
            LeaveOut(beside, "it is the water that brings the heat, and none that is used; map it to a metric of your own to keep it");
        }

        if (meter.IsNamed)
        {
            foreach (var column in _found.FindAll(column => meter.Has(column.Header) && column is { Metric: not "temperature", EquipmentId: null, Part: null }))
            {
                _found[_found.IndexOf(column)] = column.AsMeter(meter.Device, isOfRows: false);
            }
        }
    }

    /// <summary>What counts water and heat alike, and hardly ever falls, is no amount that rises by chance.</summary>
    private bool IsRegister(HeatMeter meter) => told.Find(meter.Energy.Index)?.Kind is { } said ? said == QuantityKind.Register : meter.Energy.Kind == QuantityKind.Register
        || (table.Told is { } file ? file.HeatRegisters.Contains(meter.Energy.Header) : meter.Volume is { } water && _evidence.Rises(meter.Energy.Index, _subject) && _evidence.Rises(water, _subject));

    private void RefuseUnsureHeat(List<HeatMeter> meters)
    {
        if (meters.Count > 0)
        {
            throw Fault(
                ImportFault.AmbiguousMapping,
                $"The column {HeadersOf(meters)} stands beside {meters[0].Water}, a flow and a return, as heat does, and {WhyNoHeat(meters[0])}. Send its metric in the mapping: heat, or energy (energy_import_register if it is what a register shows) of electricity or cold. A meter of cold has the carrier cooling.",
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
                $"The column {HeadersOf(meters)} falls as seldom as a register does, and what it counts is heat, as {meters[0].Water}, a flow and a return beside it say. Send its kind in the mapping: register, or interval if each row has an amount of its own.",
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
        if (!headers.Exists(header => HeaderReader.Read(header.Header).Metric?.Name == "temperature"))
        {
            return [];
        }

        return energies is [var only] && NameNoDevice(only)
            ? [.. OfHeat(only, "", headers, isNamed: false)]
            : [.. energies.GroupBy(column => DeviceNames.Find(column.Name), StringComparer.OrdinalIgnoreCase).Where(device => device.Key.Length > 0 && device.Count() == 1)
                .SelectMany(device => OfHeat(device.First(), device.Key, headers, isNamed: !IsOfOne && (energies.Count > 1 || (!IsOfMapped && DeviceNames.IsSure(device.Key)))))];
    }

    /// <summary>The meter of an energy and of what its device has beside it; none where that is not as meters of heat have it.</summary>
    private IEnumerable<HeatMeter> OfHeat(ValueColumn energy, string device, List<(int? Column, string Header)> all, bool isNamed)
    {
        var meter = new HeatMeter(energy, device, isNamed);
        if (energy is not { EquipmentId: null, Part: null } || told.Find(energy.Index) is { Metric: not null } || Carriers.Find(energy.Header, Dimension.Energy) is not (null or Carriers.Heat))
        {
            return [];
        }

        var own = all.Where(header => meter.Has(header.Header)).Select(header => (header.Column, Reading: HeaderReader.Read(header.Header[device.Length..]))).ToList();
        var volumes = own.FindAll(header => header.Reading is { Metric: null, Unit.Dimension: Dimension.Volume });
        return own.Count(header => IsSide(header.Reading)) < 2 ? []
            : volumes is [var volume] && !IsOfOther(volume.Column) ? [meter with { HasVolume = true, Volume = volume.Column }]
            : volumes.Count == 0 && energy.Metric != Carriers.Heat && !NamesAir && _ofAir.Value.Count == 0 && !CarrierTexts.NameAir(device, "") && own.Exists(header => header.Reading.IsFlow) ? [meter]
            : [];
    }

    private static bool NameNoDevice(ValueColumn column) => column.Name.Length == 0 || PartNames.NameNoMeter(Carriers.Without(column.Name)) || GeneralNames.Have(column.Name);

    /// <summary>Whether the texts around the table, or the mapping, say that it is a volume of something else.</summary>
    private bool IsOfOther(int? volume) =>
        volume is { } column && (told.Find(column) is { Metric: { } metric } ? Carriers.Of(metric) == Carriers.Gas : _found.Exists(found => found.Index == column));

    private static bool IsSide(HeaderReading reading) => reading.Metric?.Name == "temperature" && PartNames.IsSide(reading.Rest);

    private string? WhyNoHeat(HeatMeter meter) =>
        NamesMachine || Machines.AreNamedIn(meter.Device) ? "the name of the file, the sheet or the equipment is that of a machine, which may use electricity"
        : ReturnsWarmer(meter) ? "the water comes back warmer than it goes, as that of cooling does" : null;

    private bool ReturnsWarmer(HeatMeter meter)
    {
        var sides = table.Columns.Where(column => meter.Has(table.HeaderOf(column)) && IsSide(HeaderReader.Read(table.HeaderOf(column)[meter.Device.Length..]))).ToLookup(column => new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)Returns));
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

        public string Water => HasVolume ? "a volume" : "a rate of flow";

        public bool Has(string header) => Device.Length == 0
            || (header.Length > Device.Length && header.StartsWith(Device, StringComparison.OrdinalIgnoreCase) && !char.IsLetterOrDigit(header[Device.Length]));
    }
}
