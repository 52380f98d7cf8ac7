using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <content>What columns are beside each other, once all of them are found.</content>
internal sealed partial class ColumnFinder
{
    private const double WarmestMonth = 50;

    private static readonly string[] OfWeather = ["temperature", "temp", "temperatur", "température", "temperatura", "outdoor", "outside", "external", "exterior", "ambient", "air", "weather", "average", "avg", "mean", "daily", "monthly", "oat"];

    // Of a site, as halls are.
    private static readonly string[] Places = ["block", "blocks", "nave", "naves", "wing"];

    private readonly Lazy<bool> _isOfMonths = new(() => time.AreMonths(table));
    // Beside it, a current one is a reading, and none of a line.
    private readonly Lazy<bool> _haveReadingBefore = new(() => table.Columns.Any(column => new HeaderWords(table.HeaderOf(column)).Any("previous", "prior", "prev") && table.HoldsNumbers(column)));

    /// <summary>What a header says, and the columns beside it.</summary>
    private HeaderReading ReadHeader(int column, string name)
    {
        var reading = UnclearUnits.Read(name, told.Find(column)?.Unit ?? form.Unit) ?? _analyser.Read(column, HeaderReader.Read(name));
        reading = reading.Metric?.Name == "airflow" && IsOfWater(column, reading) ? reading with { Metric = null, IsFlow = true } : reading;
        return reading is { Metric.Name: "current", Unit: null, Rest.Length: 0 } && _haveReadingBefore.Value ? reading with { Metric = null } : reading;
    }

    /// <summary>Where no row says the unit of what it names, one question is better than as many rejected rows.</summary>
    private void RefuseUnsaidUnit(int column)
    {
        if (form.Unit is null && told.Find(column)?.Unit is null && table.Told is null && !_subject.HasUnitsOf(column) && _subject.Metric is { } metric
            && table.Filled(metric).Select(cell => HeaderReader.Read(HeaderTexts.TextOf(cell))).All(reading => reading is { Unit: null, Metric: null or { Dimension: Dimension.Energy or Dimension.ActivePower or Dimension.Volume } }))
        {
            throw Fault(
                ImportFault.AmbiguousMapping, $"The rows do not say the unit of what {table.HeaderOf(metric)} names. Send metric and unit (metric=energy, unit=kWh).", table.HeaderOf(column), MetricNames,
                [new MappedColumn(table.HeaderOf(column)) { Role = ColumnRole.Value, Metric = "energy", Unit = "kWh", Confidence = 0.3, Reason = "nothing says the unit; this is a guess" }]);
        }
    }

    /// <summary>Whether it is no weather of months in °C.</summary>
    private bool IsTooWarm(int column) =>
        _isOfMonths.Value && new HeaderWords(table.HeaderOf(column)).Except(OfWeather).Count == 0 && (told.Find(column)?.Unit ?? form.Unit) is null && table.Filled(column).Any(cell => DecimalColumn.NumberIn(cell, decimalComma: false) > WarmestMonth);

    private void RefuseSeveralSaidByRow()
    {
        var said = _found.Where(column => column.IsSaidByRow).ToList();
        // A register that stands at zero beside amounts is none of their meter.
        foreach (var column in said.FindAll(column => said.Count > 1 && told.Find(column.Index) is null && RegisterReadings.AreNamedFirmly(new HeaderWords(column.Header)) && table.Filled(column.Index).All(cell => DecimalColumn.NumberIn(cell, decimalComma: false) == 0)).Take(said.Count - 1))
        {
            _found.Remove(column);
            said.Remove(column);
            LeaveOut(column.Index, "it is a register that stands at zero, and another column has values; map it to keep it");
        }

        if (said.Count > 1)
        {
            throw Fault(ImportFault.AmbiguousMapping, "More than one column can hold the values that the rows describe. Say in the mapping which to leave out. " + AsGuess(said), said[0].Header, [.. said.Select(column => column.Header)], ColumnProposals.KeepFirst(said));
        }
    }

    /// <summary>What flows in and out together has what flows in alone in it once more.</summary>
    private void LeaveOutNets()
    {
        var nets = NetNames.FindIn(table, _found.Select(column => column.Index));
        foreach (var column in _found.FindAll(column => nets.Contains(column.Header) && told.Find(column.Index)?.Metric is null))
        {
            _found.Remove(column);
            LeaveOut(column.Index, $"{NetNames.Why}; map it to a meter of its own to keep it");
        }
    }

    /// <summary>Beside an energy, its mean, greatest or least, what was planned and its running total are none of another meter.</summary>
    private void LeaveOutOtherAmounts()
    {
        var energies = _found.FindAll(column => MetricCatalogue.Find(column.Metric)?.Dimension == Dimension.Energy && !column.IsSaidByRow);
        var headers = energies.Select(column => column.Header).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var parts = energies.Where(column => told.Find(column.Index)?.Metric is null && OtherAmounts.WholeOf(column.Header) is { } whole && headers.Contains(whole)).ToHashSet();
        foreach (var column in parts)
        {
            LeaveOut(column.Index, "it is the part with the frequency of the grid of what another column counts in all; map it to keep it");
        }

        _found.RemoveAll(parts.Contains);
        energies.RemoveAll(parts.Contains);
        energies.AddRange(Unnamed().Where(column => MetricCatalogue.Find(column.Metric)?.Dimension == Dimension.Energy));
        var ignored = told.Of(ColumnRole.Ignored).Select(column => (Index: column, Header: table.HeaderOf(column), Reading: HeaderReader.Read(table.HeaderOf(column))))
            .Where(column => column.Reading is { Metric.Dimension: Dimension.Energy, Unit: not null }).Select(column => new ValueColumn(column.Index, column.Header, null, column.Reading.Metric!.Name, column.Reading.Metric.Kind, "", "")).ToHashSet();
        var amounts = new OtherAmounts([.. energies, .. ignored]);
        var others = new HashSet<ValueColumn>();
        foreach (var column in energies.Where(column => told.Find(column.Index)?.Metric is null))
        {
            bool IsBeside(ValueColumn other) => other.Metric == column.Metric && !ignored.Contains(other);

            if (amounts.CountedBeside(column).Any(other => ignored.Contains(other) || other.Kind == column.Kind) || amounts.UsedBeside(column).Any(other => IsBeside(other) && !_evidence.NeverFalls(other.Index, _subject)))
            {
                others.Add(column);
                LeaveOut(column.Index, "means, greatest and least values, factors, targets, differences, amounts of other years and those corrected for the weather are none of what is counted beside it; map it to keep it");
            }
            else if (table.Told is null && amounts.SummedUpBy(column).FirstOrDefault(other => IsBeside(other) && _evidence.NeverFalls(column.Index, _subject) && !_evidence.NeverFalls(other.Index, _subject)) is { } counted)
            {
                others.Add(column);
                LeaveOut(column.Index, $"it only grows, as the running total of {counted.Header} does; map it to a meter of its own to keep it");
            }
        }

        _found.RemoveAll(others.Contains);
        _unnamed.Remove(others.Select(column => column.Index));
        energies.RemoveAll(others.Contains);
        RefuseBesideUsed(amounts.Used, energies);
        RefuseOldBesideNew(energies);
    }

    /// <summary>A volume and the same again, corrected for the weather or for pressure, would count twice.</summary>
    private void RefuseCorrected()
    {
        var volumes = table.Told is not null ? [] : _found.FindAll(column => MetricCatalogue.Find(column.Metric)?.Dimension == Dimension.Volume && told.Find(column.Index)?.Metric is null);
        var byName = volumes.ToLookup(column => (column.Metric, column.Name.Trim().ToUpperInvariant()));
        if (volumes.Select(column => (Corrected: column, Raw: OtherAmounts.CorrectedOf(column.Name) is { } thing ? byName[(column.Metric, thing.ToUpperInvariant())].FirstOrDefault() : null)).FirstOrDefault(pair => pair.Raw is not null) is { Raw: { } raw, Corrected: var corrected })
        {
            throw Several([raw, corrected], $"{corrected.Header} seems to be the same as {raw.Header} once more, corrected. Give the one to keep a metric in the mapping, and the other the role ignored.");
        }
    }

    /// <summary>What was used at other times than those of the rows, or a meter that is called so.</summary>
    private void RefuseOldBesideNew(List<ValueColumn> energies)
    {
        if (table.Told is null && energies is [var one, var other] && one.Metric == other.Metric && OtherAmounts.AreOldAndNew(one.Name, other.Name) && energies.TrueForAll(column => told.Find(column.Index)?.Metric is null && !_evidence.NeverFalls(column.Index, _subject)))
        {
            throw Several([other, one], $"{one.Header} and {other.Header} may be what one meter counted at two times, of which the rows have one, or two meters. Say in the mapping which to take, and which meter each of them belongs to.");
        }
    }

    /// <summary>Beside what was really used stands what was not, or a meter; what it is called may be either.</summary>
    private void RefuseBesideUsed(ValueColumn? used, List<ValueColumn> energies)
    {
        energies = used is null || table.Told is not null ? [] : energies.FindAll(column => column.Metric == used.Metric && column.Kind == used.Kind && told.Find(column.Index)?.Metric is null);
        if (energies.Contains(used!) && energies.Count > 1 && !_evidence.NeverFalls(used!.Index, _subject) && energies.TrueForAll(column => column == used || !(DeviceNames.MayUse(column.Name) || IsPlace(column.Name) || PartNames.TariffIn(column.Name) is not null || Carriers.Find(column.Name) is not null || Directions.NamedIn(column.Header))))
        {
            throw Several([used, .. energies.Where(column => column != used)], $"{used.Header} is what was used, and the others may be something else than meters. Say in the mapping which to take, and which meter each of them belongs to.");
        }
    }

    private static bool IsPlace(string name) => new HeaderWords(name).Any(Places.AsEnumerable()) || OfBuilding().IsMatch(PlainText.Of(name));

    /// <summary>What flows out or is made beside what flows in is no consumption of another meter.</summary>
    private void LeaveOutExports()
    {
        var metrics = _found.Where(column => column is { Metric: "energy" or "active_power" or "energy_import_register", EquipmentId: null, IsSaidByRow: false })
            .Concat(Unnamed().Where(column => column.Metric is "energy" or "active_power")).Where(column => told.Find(column.Index) is null)
            .GroupBy(column => column.Metric).Select(columns => columns.ToList()).ToList();
        metrics.ForEach(LeaveOutBesideRegisters);
        metrics.RemoveAll(columns => columns.Count == 0);
        RefuseOtherMetricOfPlant(metrics);
        foreach (var columns in metrics)
        {
            if (columns[0].Metric == "energy_import_register")
            {
                // Registers of what flows out have a metric of their own.
                foreach (var column in Directions.RegistersOut(columns))
                {
                    _found[_found.IndexOf(column)] = column with { Metric = "energy_export_register" };
                    columns.Remove(column);
                }

                if (columns.Count == 0)
                {
                    continue;
                }
            }

            // Of powers and registers, those that flow in and out are a meter each, if they have names.
            var found = FindExports(columns, metrics);
            if (IsOfPoint && columns[0].Metric == "active_power" && found.Needless.Where(Productions.AreMade).ToList() is { Count: > 0 } given)
            {
                // What is made behind a point of the network is counted there as far as it flows out.
                found = found with { Needless = [.. found.Needless.Except(given)], Out = [.. found.Out, .. given] };
            }

            if (columns[0].Metric == "energy" || found.Alone.Count + found.Out.Count > 0 || Directions.AreSigned(columns) || columns.Exists(Productions.MayBeMade))
            {
                LeaveOutExports(found);
            }
        }
    }

    /// <summary>Beside registers of what flows in, as which they are mapped, what flows out and does not go up and down is no amount, be it that it stands still.</summary>
    private void LeaveOutBesideRegisters(List<ValueColumn> columns)
    {
        var registers = columns[0].Metric == "energy" ? _found.FindAll(column => column is { Metric: "energy_import_register", EquipmentId: null } && told.Find(column.Index) is not null) : [];
        foreach (var column in registers.Count == 0 ? [] : Directions.RegistersOut([.. registers, .. columns]).Intersect(columns).Where(column => !_evidence.GoesUpAndDown(column.Index, _subject)).ToList())
        {
            columns.Remove(column);
            _found.Remove(column);
            _unnamed.Remove(column.Index);
            LeaveOut(column.Index, "it is what flows out, beside registers of what flows in; map it to energy_export_register to keep it");
        }
    }

    /// <summary>What a plant makes is no demand of what is used, which a lone energy beside it may be as well as that of the plant; nor is its energy that of a demand that has another name.</summary>
    private void RefuseOtherMetricOfPlant(List<List<ValueColumn>> metrics)
    {
        if (IsOfOne || IsOfMapped || NamesPlant || table.Told is not null || metrics.Find(columns => columns.TrueForAll(Productions.AreOfPlant) || (columns is [var lone] && Productions.HavePlant(lone.Header))) is not { } made
            || metrics.Find(columns => columns != made && columns[0].Metric == "active_power" != (made[0].Metric == "active_power") && !columns.Exists(column => Productions.AreOfPlant(column) || Productions.HavePlant(column.Header))) is not { } others
            || (!made.TrueForAll(Productions.AreOfPlant) && (others.Count > 1 || DeviceColumns.Find([.. made, .. others], isOfOne: false) is not null))
            || (made[0].Metric == "active_power" ? made.Exists(Productions.MayBeMade) && others.Exists(IsOfConsumer) : made.Exists(Productions.MayBeMade) || !others.Exists(IsOfConsumer)))
        {
            return;
        }

        var (plant, used) = (made[0], others[0]);
        string[] answers = [.. new[] { new MappedColumn(plant.Header) { Metric = plant.Metric }, new MappedColumn(plant.Header) { Metric = plant.Metric, EquipmentId = IdOf(plant), Export = true } }.Select(column => ImportMapping.Written(column))];
        throw Fault(
            ImportFault.AmbiguousMapping,
            $"{plant.Header} is of a plant, and {used.Header} may be of the same, or of what is used beside it. Send {answers[0]} if both are of one meter, and {answers[1]} if the plant is one of its own.",
            plant.Header, answers, [.. made.Select(column => _evidence.Propose(column, null) with { EquipmentId = IdOf(column), Export = true, Confidence = 0.4 })]);
    }

    /// <summary>What becomes of columns of one metric that flow out or are made, beside those of others that a consumer may have.</summary>
    private OutwardColumns FindExports(List<ValueColumn> columns, List<List<ValueColumn>> metrics)
    {
        var isEnergy = columns[0].Metric == "energy";
        if (columns.TrueForAll(column => Directions.IsStream(column.Name)) && table.Headers.Any(header => new HeaderWords(header).Any("nmi")))
        {
            return new OutwardColumns { Out = columns.FindAll(column => Directions.IsExport(column.Name)) };
        }

        var found = Directions.FindExports(columns);
        var beside = found.Alone.Count == 0 ? null : metrics.Find(others => others != columns && others.Exists(IsOfConsumer) && Directions.FindExports(others).Alone.Count == 0);
        if (beside is not null)
        {
            // They are what they would be beside the same metric.
            found = Directions.FindExports([.. columns.Where(column => isEnergy || Productions.MayBeMade(column)), .. beside]);
        }

        var headers = columns.Select(column => column.Header).ToHashSet();
        // The only energy of a file is never left out.
        var needless = isEnergy && beside is not null ? [] : columns.FindAll(column => found.Needless.Contains(column) && (isEnergy || Productions.AreMade(column) || Directions.IsMinusOf(column.Header, headers)));
        return found with
        {
            Needless = needless,
            Out = columns.FindAll(column => found.Out.Contains(column) || (beside is not null && !needless.Contains(column) && (found.Needless.Contains(column) || !Productions.MayBeMade(column)))),
            Unsure = columns.FindAll(found.Unsure.Contains),
            Halls = columns.FindAll(found.Halls.Contains),
        };
    }

    /// <summary>Whether a header speaks of what is used, of the grid or names its meter: <c>Power</c> beside a yield is that of the plant.</summary>
    private bool IsOfConsumer(ValueColumn column) => Directions.NamedIn(column.Header) || (new HeaderWords(column.Header) is var words && !words.Any((IEnumerable<string>)Productions.Plants)
        && (DeviceNames.Find(table.Devices.TryGetValue(column.Index, out var device) ? column.Name.Replace(device, "", StringComparison.Ordinal).Trim() : column.Name).Length > 0 || words.Any("grid", "netz", "electricity", "strom") || (words.Any("total", "gesamt") && column.Metric != "active_power")));

    private void LeaveOutExports(OutwardColumns found)
    {
        if (found.Open.Count > 0)
        {
            throw Several(found.Open, "They count in different directions, and some of it more than once. Say in the mapping which to take, and give others a meter of their own, with \"export\": true where it flows out, or the role ignored.");
        }

        if (found.Unsure is [var unsure, ..])
        {
            string[] answers = [.. new bool?[] { null, true }.Select(flowsOut => ImportMapping.Written(found.Unsure.Select(column => Registered(column, new MappedColumn(column.Header) { Metric = column.Metric, EquipmentId = IdOf(column), Export = flowsOut }))))];
            throw Fault(
                ImportFault.AmbiguousMapping,
                $"{unsure.Header}{(found.Unsure.Count > 1 ? $" and {found.Unsure.Count - 1} more" : "")} may be what a plant makes, or what a consumer uses that makes something. Send {answers[0]}, or {answers[1]} where it flows out.",
                unsure.Header, answers, [.. found.Unsure.Select(column => Registered(column, _evidence.Propose(column, null) with { EquipmentId = IdOf(column), Export = true, Confidence = 0.4 }))]);
        }

        _unnamed.Remove(found.Needless.Select(column => column.Index));
        foreach (var column in found.Needless)
        {
            _found.Remove(column);
            LeaveOut(column.Index, $"it counts what flows out or is produced, which is no consumption; {ImportMapping.Written([new MappedColumn(column.Header) { Metric = column.Metric, Unit = column.SourceUnit.Length > 0 ? column.SourceUnit : null, EquipmentId = IdOf(column), Export = true }])} keeps it");
        }

        foreach (var column in found.Out)
        {
            if (_found.IndexOf(column) is >= 0 and var at)
            {
                _found[at] = column with { IsExport = true };
            }

            _outward.Add(column.Index);
        }

        SayDirection(found.Out, "it is what flows out or a plant makes, which counts below zero on a meter of its own");
        SayDirection(found.Alone, "what flows out or is made is taken as it is, above zero: nothing that flows in is beside it; \"export\": true in the mapping of the column lets it flow out");
        SayDirection(found.Halls, "it is taken for a consumer, as halls are called so; \"export\": true in the mapping of the column lets it flow out, if it is what a plant makes");
    }

    /// <summary>What their names alone say of columns that are meters.</summary>
    private void SayDirections()
    {
        var named = _found.FindAll(column => column is { Metric: "energy" or "active_power", IsSaidByRow: false } && told.Find(column.Index) is null && !_directed.Contains(column.Index));
        SayDirection(named.FindAll(column => column.IsExport && Directions.MayBeMachine(column.Header)), "it is what flows out, which counts below zero on a meter of its own; \"export\": false in the mapping of the column keeps it above, if it is a machine that is called so");
        // Of a file of plants alone it is known.
        var plants = named.FindAll(column => Productions.MayGive(column.Header));
        if (named.Exists(column => !column.IsExport && Directions.FlowsIn(column.Header)))
        {
            SayDirection(plants.FindAll(column => !column.IsExport), "it counts above zero: with what flows in, less what flows out, it makes the total of the site what was used in all; the role ignored in the mapping of the column leaves it out, if the total is to be what came from the grid");
        }

        SayDirection([.. Directions.ThatMayFlowOut(named).Concat(plants.Count < named.Count ? plants : []).Where(column => !column.IsExport && !_directed.Contains(column.Index)).Distinct()], "it is taken as it is, above zero: a consumer may be called so; \"export\": true in the mapping of the column lets it flow out");
    }

    private static string IdOf(ValueColumn column) => EquipmentNames.ToId(column.Name.Length > 0 ? column.Name : column.Header);

    private void SayDirection(IReadOnlyList<ValueColumn> columns, string why)
    {
        _directed.UnionWith(columns.Select(column => column.Index));
        if (columns.Count > 0)
        {
            assumptions.Add(new ImportAssumption("direction", string.Join(", ", columns.Select(column => column.Header)), why));
        }
    }

    private void NameMeters(bool rowsNameCarriers)
    {
        var meters = new MeterColumns(table, form, _found, IsOfOne, _parts, _silent, assumptions) { IsOfMapped = IsOfMapped, IsOfAnyName = IsOfAnyName, Outward = _outward };
        var needless = meters.Name(rowsNameCarriers);
        _parts.UnionWith(meters.LoneParts);
        List<ValueColumn> open = meters.Open.Count > 0 ? [.. meters.Open] : [.. needless.Select(left => left.Column).Where(column => told.Find(column.Index)?.Metric is not null)];
        open.InsertRange(0, meters.Open.Count > 0 ? [] : meters.Totals.Where(total => open.Exists(column => column.Metric == total.Metric)));
        if (open.Count > 0)
        {
            // Of what phases and buildings are called, a total has all in it.
            var first = open.Where(column => column.Name.Length > 0 && PartNames.IsTotal(column.Name)).ToList();
            throw Several(first.Count == 1 && open.TrueForAll(column => column == first[0] || PartNames.MayBePhase(column.Name)) ? [.. first, .. open.Except(first)] : open, "Say in the mapping which to take, or which meter each belongs to.");
        }

        foreach (var (column, why) in needless)
        {
            LeaveOut(column.Index, why);
        }
    }

    private static string AsGuess(IReadOnlyList<ValueColumn> columns) => $"As a guess: {ImportMapping.Written(ColumnProposals.KeepFirst(columns).Take(MostShown))}.";

    /// <summary>What flows in is most often what is wanted, and so comes first.</summary>
    private ImportFaultException Several(IReadOnlyList<ValueColumn> open, string answer) => Fault(
        ImportFault.AmbiguousMapping, $"More than one column is {open[0].Metric}. {answer} {AsGuess(Directions.InwardFirst(open))}", open[0].Header, [.. open.Select(column => column.Header)], ColumnProposals.KeepFirst(Directions.InwardFirst(open)));

    private void LeaveOutWithoutNumbers()
    {
        foreach (var group in _without.GroupBy(_evidence.ContentOf))
        {
            var columns = group.ToList();
            var more = columns.Count > MostShown ? $" and {columns.Count - MostShown} more" : "";
            var why = $"{(columns.Count == 1 ? "it holds" : "they hold")} {group.Key}";
            assumptions.Add(new ImportAssumption("left_out", $"{string.Join(", ", columns.Take(MostShown).Select(table.HeaderOf))}{more}", why));
            columns.ForEach(column => _ignored[column] = ColumnProposals.Ignored(table.HeaderOf(column), $"it holds {group.Key}"));
        }
    }

    [GeneratedRegex(@"(gebäude|halle|haus|werk|building)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfBuilding();
}
