using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>
/// Takes apart what columns of one meter count of several carriers: energy stays with the meter, what is certain to be of another carrier is
/// a part of it. The headers alone decide, for each file with these headers counts the same.
/// </summary>
/// <param name="table">Which has the columns.</param>
/// <param name="carrier">What flows through what names no carrier, as the names of sheet and file or the headers of other columns say it; null where they do not.</param>
/// <param name="namesHeat">Whether these names speak of heat or cold, whatever else they say.</param>
internal sealed class CarrierParts(SheetTable table, string? carrier, bool namesHeat)
{
    // Of what a meter counts, or of what another column counts in another unit: they name no meter.
    private static readonly string[] General =
    [
        "used", "supply", "supplied", "volume", "meter", "metered", "measured", "actual", "estimated", "allocated", "gross", "thermal", "useful",
        "billed", "billable", "invoiced", "charged", "converted", "corrected", "calculated", "computed", "content", "equivalent", "conversion", "factor",
        "abgerechnet", "abrechnung", "berechnet", "umgerechnet", "brennwert", "energiemenge", "energieinhalt", "hs", "ho", "pcs", "pci", "äquivalent", "facturé", "facturée", "converti", "calculé", "facturado", "calculado", "fatturato", "calcolato",
    ];

    // What only electricity feeds.
    private static readonly string[] Electrical =
    [
        "incomer", "incomers", "hvac", "ahu", "rtu", "lighting", "lights", "beleuchtung", "éclairage", "lift", "lifts", "elevator", "elevators", "switchboard", "substation", "transformer", "trafo", "mdb", "msb",
    ];

    // With nothing beside them.
    private static readonly HashSet<string> ElectricalAlone = ["el", "luz", "struja", "curent", "tok", "lys", "ström"];

    // What burns gas, or has one meter of it.
    private static readonly HashSet<string> OfBurners =
    [
        "boiler", "boilers", "kessel", "chaudière", "chaufferie", "caldera", "caldaia", "ketel", "panna", "kedel", "kotel", "kocioł", "burner", "furnace", "heater", "oven", "kiln", "plant",
        "house", "home", "haus", "maison", "casa", "huis", "hus", "site", "building", "gebäude",
    ];

    // What feeds a place, if that of the gas is not called so as well.
    private static readonly string[] Feeds = ["main", "mains", "hauptzähler"];

    // Of each number, as reports round them.
    private const double Rounding = 0.005;

    /// <summary>The only column that is headed as a total and is the sum of the others in each row, which are of a carrier each, and why it is left out; null where there is none.</summary>
    public static (ValueColumn Total, string Why)? FindTotal(SheetTable table, List<ValueColumn> energies)
    {
        var parts = energies.FindAll(column => !PartNames.HaveSum(column.Header) && Carriers.FindAll(column.Header).Count == 1);
        // Where each has a name, the sums of the whole file tell.
        return parts.Count > 1 && parts.Exists(column => PartNames.IsTotal(column.Name)) && energies.Except(parts).ToList() is [var total] && PartNames.HaveSum(total.Name) && PartNames.IsTotal(total.Name)
            && parts.DistinctBy(column => Carriers.Find(column.Header)).Count() == parts.Count && energies.DistinctBy(column => column.SourceUnit).Count() == 1
            && Array.Exists([false, true], decimalComma => AreSum(table, total, parts, decimalComma))
            ? (total, $"it is the sum of {string.Join(" and ", parts.Select(column => column.Header))}, which are of different carriers") : null;
    }

    private static bool AreSum(SheetTable table, ValueColumn total, List<ValueColumn> parts, bool decimalComma)
    {
        var rows = table.Rows.Take(SheetTable.EnoughRows).Select(row => (Total: DecimalColumn.NumberIn(row[total.Index], decimalComma), Sum: parts.Sum(part => DecimalColumn.NumberIn(row[part.Index], decimalComma) ?? 0)))
            .Where(row => row.Total is not null and not 0).ToList();
        return rows.Count > 1 && rows.TrueForAll(row => Math.Abs(row.Total!.Value - row.Sum) <= Rounding * Math.Abs(row.Sum));
    }

    /// <param name="columns">Which are named in place, where nothing has named their meters yet; else they are said to be beside the others.</param>
    /// <param name="blank">Headers of columns that hold nothing in this file.</param>
    /// <param name="isNamed">Whether the sender says what a column is, or whose.</param>
    /// <returns>Those that are parts, by index.</returns>
    public IEnumerable<int> TakeApart(List<ValueColumn> columns, IEnumerable<string> blank, Func<ValueColumn, bool> isNamed, List<ImportAssumption> assumptions)
    {
        var silent = blank.Select(AsColumn).OfType<ValueColumn>().Where(IsMetered).ToList();
        TakeMetersApart(columns, silent, assumptions);
        var metered = columns.FindAll(IsMetered);
        var all = metered.Concat(silent).ToList();
        if (all.DistinctBy(column => column.Metric).Count() < all.Count
            || all.TrueForAll(column => column.Header.Equals(column.Metric, StringComparison.OrdinalIgnoreCase)))
        {
            return TakeVolumesApart(columns, silent, isNamed, assumptions);
        }

        var parts = metered.FindAll(column => IsApart(column, all));
        var haveMeters = metered.Exists(column => isNamed(column) || column.EquipmentId is not null || (column.Part is { } part && part != CarrierOf(column)));
        foreach (var column in parts)
        {
            columns[columns.IndexOf(column)] = haveMeters ? column with { IsBeside = true } : column with { Part = CarrierOf(column) };
        }

        if (haveMeters)
        {
            return [];
        }

        SayApart(parts, assumptions);
        SayGas(columns.Exists(column => Carriers.Of(column.KnownMetric) == Carriers.Electricity) ? [] : [.. metered.Except(parts)], parts, volume => new MappedColumn(volume.Header) { Metric = volume.Metric, Unit = volume.SourceUnit, Part = Carriers.Of(volume.KnownMetric) }, assumptions);
        return parts.Select(column => column.Index);
    }

    /// <summary>Energy that nothing names beside a volume of gas in one meter may be of either.</summary>
    /// <param name="parts">Which are of other carriers for sure.</param>
    /// <exception cref="ImportFaultException">It has a name that nobody knows, which may be one of electricity.</exception>
    private void SayGas(List<ValueColumn> ofOne, List<ValueColumn> parts, Func<ValueColumn, MappedColumn> apart, List<ImportAssumption> assumptions)
    {
        if (carrier is not null || ofOne.Find(column => column.KnownMetric == "gas_volume") is not { IsMeterTold: false } gas
            || ofOne.FindAll(column => NameOf(column).Equals(NameOf(gas), StringComparison.OrdinalIgnoreCase) && CarrierOf(column) is null) is not [var energy, ..])
        {
            return;
        }

        // What has no unit of its own is energy because somebody has said so.
        if (NameOf(gas).Length == 0 && HeaderReader.Read(energy.Header).Unit is not null && NamesOf(energy, "").Except(NamesOf(gas, "")).ToList() is { Count: > 0 } names && !names.Exists(OfBurners.Contains) && !Directions.NameUse(new HeaderWords(energy.Header)) && table.Told is null)
        {
            IReadOnlyList<MappedColumn> guess = [.. parts.Append(gas).Select(apart)];
            MappedColumn[] same = [new(energy.Header) { Metric = energy.Metric, Unit = energy.SourceUnit, Part = Carriers.Gas }, .. guess];
            throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping, $"{energy.Header} may be electricity, or the energy of {gas.Header} beside it. Send {ImportMapping.Written(guess)} if it is electricity, and {ImportMapping.Written(same)} if it is the same gas.",
                table.Sheet, table.HeaderRow, energy.Header, [Carriers.Electricity, Carriers.Gas])
            {
                Guess = new ImportMapping { Columns = guess },
            });
        }

        assumptions.Add(new ImportAssumption("carrier", $"{energy.Header}: {Carriers.Gas}", $"it is taken for the energy of {gas.Header} beside it; if it is electricity, send {ImportMapping.Written(apart(gas))}"));
    }

    /// <summary>Of a place that headers name, each carrier beside its energy has a meter of its own: <c>North</c> and <c>North gas</c>.</summary>
    private void TakeMetersApart(List<ValueColumn> columns, List<ValueColumn> blank, List<ImportAssumption> assumptions)
    {
        var blankOf = blank.ToLookup(column => PlaceOf(column.Name), StringComparer.OrdinalIgnoreCase);
        var apart = new List<ValueColumn>();
        foreach (var place in columns.Select((column, at) => (Column: column, At: at)).Where(named => IsMetered(named.Column)).GroupBy(named => PlaceOf(NameOf(named.Column)), StringComparer.OrdinalIgnoreCase).Where(place => place.Key.Length > 0).ToList())
        {
            var all = place.Select(named => named.Column).Concat(blankOf[place.Key]).ToList();
            foreach (var (column, at) in place.Where(named => !named.Column.IsMeterTold && !Carriers.FindAll(NameOf(named.Column)).Contains(CarrierOf(named.Column)!) && IsApart(named.Column, all, place.Key)))
            {
                var name = $"{NameOf(column)} {CarrierOf(column)}";
                columns[at] = column.AsMeter(all.Select(NameOf).FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name, column.EquipmentId is null) with { Whole = null };
                apart.Add(column);
            }

            SayGas([.. place.Select(named => columns[named.At])], [], gas => new MappedColumn(gas.Header) { Metric = gas.Metric, EquipmentId = $"{NameOf(gas)} {Carriers.Gas}" }, assumptions);
        }

        SayApart(apart, assumptions);
    }

    private static void SayApart(List<ValueColumn> parts, List<ImportAssumption> assumptions)
    {
        if (parts.Count > 0)
        {
            assumptions.Add(new ImportAssumption(
                "layout", $"a meter per carrier: {string.Join(", ", parts.Select(column => column.Header))}", "other columns of the same meter are of another carrier; it is never added together"));
        }
    }

    /// <summary>Gas and water that are left for the meter of the file, whose energies are meters with names.</summary>
    private static List<int> TakeVolumesApart(List<ValueColumn> columns, List<ValueColumn> blank, Func<ValueColumn, bool> isNamed, List<ImportAssumption> assumptions)
    {
        var own = columns.FindAll(column => NameOf(column).Length == 0);
        var volumes = own.FindAll(column => Carriers.Of(column.KnownMetric) is Carriers.Gas or Carriers.Water && !isNamed(column));
        var places = columns.Select(column => PlaceOf(NameOf(column))).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (own.Exists(IsOfEnergy) || own.Count == columns.Count || volumes.Concat(blank.Where(column => !IsOfEnergy(column) && !places.Contains(PlaceOf(column.Name)))).Select(CarrierOf).Distinct().Count() < 2)
        {
            return [];
        }

        foreach (var column in volumes)
        {
            columns[columns.IndexOf(column)] = column with { Part = CarrierOf(column) };
        }

        SayApart(volumes, assumptions);
        return volumes.ConvertAll(column => column.Index);
    }

    private static string NameOf(ValueColumn column) => column.EquipmentId ?? column.Part ?? "";

    private static string PlaceOf(string name) => Carriers.Without(name).Trim(' ', '-', '–', '_', ':', '.', ',', '/', '|');

    /// <summary>Water brings heat and cold, and is no energy itself; gas and heat may be what the energy is of unless the headers tell them apart.</summary>
    /// <param name="place">What all of their headers name.</param>
    private bool IsApart(ValueColumn column, List<ValueColumn> all, string place = "")
    {
        if (CarrierOf(column) is not { } own)
        {
            return false;
        }

        var energy = all.FindAll(other => CarrierOf(other) is null);
        return energy.Count == 0
            ? place.Length > 0 && Carriers.Of(column.KnownMetric) is Carriers.Gas or Carriers.Water && all.Exists(other => CarrierOf(other) != own) && !(own == Carriers.Water && IsOfHeat(all))
            : energy.Exists(IsOfElectricity) || (own == Carriers.Water ? !IsOfHeat(place.Length > 0 && energy.Exists(other => other.KnownMetric != "active_power") ? energy : all) : carrier switch
            {
                Carriers.Electricity => true,
                null => energy.TrueForAll(other => HaveOtherNames(column, other, place, all)),
                _ => false,
            });
    }

    private bool IsOfHeat(List<ValueColumn> all) => namesHeat || all.Exists(column => CarrierOf(column) is Carriers.Heat or Carriers.Cooling || HeatNames.AreMeters(column.Header));

    private static bool IsOfElectricity(ValueColumn column) =>
        Carriers.Find(column.Header) == Carriers.Electricity || (new HeaderWords(column.Header) is var words && (words.Contains(["Strom"]) || (words.Except(Directions.EnergyUnits) is { Count: 1 } alone && alone.IsSubsetOf(ElectricalAlone)) || words.Any((IEnumerable<string>)Electrical))) || IsOfHeatPump(column);

    /// <summary>Whether it is what a machine uses that is called after the heat or cold that it moves.</summary>
    private static bool IsOfHeatPump(ValueColumn column) =>
        column.KnownMetric == "energy" && Carriers.Find(column.Header) is Carriers.Heat or Carriers.Cooling && Carriers.Find(column.Header, Dimension.Energy) is null;

    /// <summary>Whether both have names, or one is of what feeds a place; what has gas and water beside its energy, or energy of gas, is a place as well, and no meter of gas.</summary>
    private static bool HaveOtherNames(ValueColumn column, ValueColumn other, string place, List<ValueColumn> all)
    {
        var (names, others) = (NamesOf(column, place), NamesOf(other, place));
        // Gas that is billed in kWh has one counter.
        var areRegisters = names.Count == 0 && others.Count == 0 && column.Kind == QuantityKind.Register && other is { Kind: QuantityKind.Register, KnownMetric: "energy_import_register" };
        return !names.Overlaps(others)
            && (areRegisters || (names.Count > 0 && others.Count > 0) || others.Overlaps(Feeds) || (place.Length > 0 && CarrierOf(column) == Carriers.Gas && all.Exists(beside => beside.KnownMetric == "water_volume" || (IsOfEnergy(beside) && CarrierOf(beside) == CarrierOf(column)))));
    }

    /// <summary>The words of its own that a header has beside carrier, metric and unit.</summary>
    private static HashSet<string> NamesOf(ValueColumn column, string place) =>
        [.. new HeaderWords(Carriers.Without(column.Name)).Except([.. General, .. place.ToLowerInvariant().Split(' ')]).Where(word => word.Any(char.IsLetter) && !GeneralNames.Have(word) && !DeviceNames.IsQuantity(word))];

    private static ValueColumn? AsColumn(string header) => HeaderReader.Read(header) is { Metric: { } metric, Unit: { } unit }
        ? new ValueColumn(-1, header, null, metric.Name, metric.Kind, metric.Unit, unit.Symbol) : null;

    private static bool IsMetered(ValueColumn column) => column.KnownMetric is "gas_volume" or "water_volume" || IsOfEnergy(column);

    private static bool IsOfEnergy(ValueColumn column) => column.KnownMetric == "active_power" || MetricCatalogue.Find(column.KnownMetric) is { Dimension: Dimension.Energy };

    /// <summary>What it is of beside electricity, as far as that is certain; null where it may be electricity. Water and air are not counted in kWh: what moves them is.</summary>
    private static string? CarrierOf(ValueColumn column) => Carriers.Of(column.KnownMetric)
        ?? (CarrierTexts.OfName(column.Header) is { } named and not (Carriers.Electricity or Carriers.Water or Carriers.CompressedAir) ? named : null);
}
