using Ems.Core.Metering;
using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Layouts;

/// <content>Meters of heat, which beside it show the water that brings it and how warm that comes and goes.</content>
internal sealed partial class ColumnFinder
{
    private const string Supply = "supply";

    /// <summary>An energy that nothing names beside a volume, a flow and a return is heat, and no water is used.</summary>
    private void TakeHeatMeter()
    {
        if (FindHeatMeter() is not var (energy, volume))
        {
            return;
        }

        var heat = MetricCatalogue.Find(Carriers.Heat)!;
        // What counts water and heat alike, and never falls, is no amount that rises by chance.
        var isRegister = energy.Kind == QuantityKind.Register || (table.Told is { } file ? file.HeatRegisters.Contains(energy.Header) : _evidence.OnlyGrows(energy.Index, _subject) && _evidence.OnlyGrows(volume, _subject));
        // In summer it stands still.
        if (!isRegister && table.Told is null && _evidence.NeverFalls(energy.Index, _subject))
        {
            throw Fault(
                ImportFault.AmbiguousMapping, $"The column {energy.Header} never falls, as a register does not, and what it counts is heat, as a volume, a flow and a return beside it say. Send its kind in the mapping.",
                energy.Header, ["register", "interval"], [_evidence.Propose(energy with { Metric = heat.Name, Kind = QuantityKind.Register }, null) with { Confidence = 0.4 }]);
        }

        if (energy.Metric != heat.Name)
        {
            assumptions.Add(new ImportAssumption("metric", $"{energy.Header}: {heat.Name}", "a volume and the temperatures of flow and return stand beside it, as meters of heat have them"));
        }

        if (isRegister && energy.Kind != QuantityKind.Register)
        {
            assumptions.Add(new ImportAssumption("kind", $"{energy.Header}: register", "it only grows, and so does the volume beside it"));
        }

        _found[_found.IndexOf(energy)] = energy with { Metric = heat.Name, Unit = heat.Unit, Kind = isRegister ? QuantityKind.Register : energy.Kind, IsKindTold = isRegister };
        if (table.ToldColumns is not null)
        {
            return;
        }

        _unnamed.Remove(volume);
        LeaveOut(volume, "it is the water that brings the heat, and none that is used; map it to a metric of your own to keep it");
    }

    private (ValueColumn Energy, int Volume)? FindHeatMeter() =>
        form.Metric is null or Carriers.Heat && _volume is { } volume && (table.ToldColumns is not null || _unnamed.Columns.Any(entry => entry.Column == volume)) && CarrierOfNames is null or Carriers.Heat
        && _found.Count(column => column.Metric == "temperature" && PartNames.IsSide(column.Name)) > 1
        && _found.FindAll(column => column.Metric is Carriers.Heat or "energy" or "energy_import_register") is [{ EquipmentId: null, Part: null } energy] && told.Find(energy.Index) is null
        && Carriers.Find(energy.Header, Dimension.Energy) is null or Carriers.Heat && (energy.Name.Length == 0 || PartNames.NameNoMeter(Carriers.Without(energy.Name)) || GeneralNames.Have(energy.Name)) ? (energy, volume) : null;

    /// <summary>Whether a flow that is called a supply is of water, as other headers or the names of sheet and file speak of it or of heat.</summary>
    private bool IsOfWater(int column, HeaderReading reading) => new HeaderWords(table.HeaderOf(column)) is var words && words.Any(Supply) && reading.Unit?.Symbol.EndsWith("cfm", StringComparison.Ordinal) == false
        && !Carriers.NameAir(string.Join(' ', words.Except([Supply])))
        && (NamesHeat || table.Columns.Any(other => other != column && Carriers.FindAll(table.HeaderOf(other)).Any(carrier => carrier is Carriers.Heat or Carriers.Cooling or Carriers.Water)));
}
