using Ems.Core.Metering;
using Ems.Ingestion.Files;
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

    /// <summary>An energy that nothing names beside a volume, a flow and a return is heat, and no water is used.</summary>
    private void TakeHeatMeter()
    {
        if (FindHeatMeter() is not var (energy, volume))
        {
            return;
        }

        var heat = MetricCatalogue.Find(Carriers.Heat)!;
        // What counts water and heat alike, and hardly ever falls, is no amount that rises by chance.
        var saidKind = told.Find(energy.Index)?.Kind;
        var isRegister = saidKind is { } said ? said == QuantityKind.Register : energy.Kind == QuantityKind.Register
            || (table.Told is { } file ? file.HeatRegisters.Contains(energy.Header) : volume is { } water && _evidence.Rises(energy.Index, _subject) && _evidence.Rises(water, _subject));
        if (table.Told is null && energy.Metric != heat.Name && CarrierOfNames is null && Carriers.Find(energy.Header, Dimension.Energy) is null && WhyNoHeat() is { } why)
        {
            var (metric, kind) = isRegister ? ("energy_import_register", QuantityKind.Register) : ("energy", QuantityKind.Interval);
            throw Fault(
                ImportFault.AmbiguousMapping,
                $"The column {energy.Header} stands beside a volume, a flow and a return, as heat does, and {why}. Send its metric in the mapping: heat, or energy (energy_import_register if it is what a register shows) of electricity or cold. A meter of cold has the carrier cooling.",
                energy.Header, [heat.Name, "energy", "energy_import_register"], [_evidence.Propose(energy with { Metric = metric, Kind = kind }, null) with { Confidence = 0.4 }]);
        }

        // In summer it stands still.
        if (!isRegister && saidKind is null && table.Told is null && _evidence.MayBeRegister(energy.Index, _subject))
        {
            throw Fault(
                ImportFault.AmbiguousMapping, $"The column {energy.Header} falls as seldom as a register does, and what it counts is heat, as a volume, a flow and a return beside it say. Send its kind in the mapping: register, or interval if each row has an amount of its own.",
                energy.Header, ["register", "interval"], [_evidence.Propose(energy with { Metric = heat.Name, Kind = QuantityKind.Register }, null) with { Confidence = 0.4 }]);
        }

        if (energy.Metric != heat.Name)
        {
            assumptions.Add(new ImportAssumption("metric", $"{energy.Header}: {heat.Name}", "a volume and the temperatures of flow and return stand beside it, as meters of heat have them"));
        }

        if (isRegister && saidKind is null && energy.Kind != QuantityKind.Register)
        {
            assumptions.Add(new ImportAssumption("kind", $"{energy.Header}: register", "it only grows, and so does the volume beside it"));
        }

        _found[_found.IndexOf(energy)] = energy with { Metric = heat.Name, Unit = heat.Unit, Kind = isRegister ? QuantityKind.Register : heat.Kind, IsKindTold = isRegister };
        if (volume is { } beside && _unnamed.Columns.Any(entry => entry.Column == beside))
        {
            _unnamed.Remove(beside);
            LeaveOut(beside, "it is the water that brings the heat, and none that is used; map it to a metric of your own to keep it");
        }
    }

    /// <summary>The headers alone decide: what is blank in a month, left out or kept under a name of its own belongs to the meter all the same.</summary>
    private (ValueColumn Energy, int? Volume)? FindHeatMeter()
    {
        if (form.Metric is not (null or Carriers.Heat) || CarrierOfNames is not (null or Carriers.Heat)
            || _found.FindAll(column => column.Metric is Carriers.Heat or "energy" or "energy_import_register") is not [{ EquipmentId: null, Part: null } energy] || told.Find(energy.Index) is { Metric: not null }
            || Carriers.Find(energy.Header, Dimension.Energy) is not (null or Carriers.Heat)
            || !(energy.Name.Length == 0 || PartNames.NameNoMeter(Carriers.Without(energy.Name)) || GeneralNames.Have(energy.Name)))
        {
            return null;
        }

        var headers = table.Columns.Select(column => (Column: (int?)column, Reading: HeaderReader.Read(table.HeaderOf(column))))
            .Concat(table.BlankAtEnd.Where(header => header.Length > 0).Select(header => (Column: (int?)null, Reading: HeaderReader.Read(header)))).ToList();
        return headers.FindAll(header => header.Reading is { Metric: null, Unit.Dimension: Dimension.Volume }) is [var volume] && !IsOfOther(volume.Column)
            && headers.Count(header => IsSide(header.Reading)) > 1 ? (energy, volume.Column) : null;
    }

    /// <summary>Whether the texts around the table, or the mapping, say that it is a volume of something else.</summary>
    private bool IsOfOther(int? volume) =>
        volume is { } column && (told.Find(column) is { Metric: { } metric } ? Carriers.Of(metric) == Carriers.Gas : _found.Exists(found => found.Index == column));

    private static bool IsSide(HeaderReading reading) => reading.Metric?.Name == "temperature" && PartNames.IsSide(reading.Rest);

    private string? WhyNoHeat() =>
        NamesMachine ? "the name of the file, the sheet or the equipment is that of a machine, which may use electricity"
        : ReturnsWarmer() ? "the water comes back warmer than it goes, as that of cooling does" : null;

    private bool ReturnsWarmer()
    {
        var sides = table.Columns.Where(column => IsSide(HeaderReader.Read(table.HeaderOf(column)))).ToLookup(column => new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)Returns));
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
}
