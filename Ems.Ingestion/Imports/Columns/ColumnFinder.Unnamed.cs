using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <content>Columns whose headers name no metric: those that the request or the rows describe, and those that are asked about.</content>
internal sealed partial class ColumnFinder
{
    // What is counted, or flows at a time.
    private static readonly string[] OfEnergy = ["energy", "power", "ep", "energie", "wirkenergie", "wirkarbeit", "wirkleistung", "énergie", "energía", "energia", "puissance", "potencia", "potenza"];

    /// <summary>Columns of which only the request says what they are.</summary>
    private IEnumerable<ValueColumn> Unnamed() => FormMetric() is not { } wanted ? []
        : _unnamed.Columns.Where(entry => entry.Reading.Unit is null).Select(entry => new ValueColumn(entry.Column, table.HeaderOf(entry.Column), null, wanted.Name, wanted.Kind, wanted.Unit, form.Unit ?? wanted.Unit));

    /// <summary>What is proposed of an energy whose numbers rise as only those of a register do: the register of its direction.</summary>
    private MappedColumn Registered(ValueColumn column, MappedColumn proposal) => column is { Metric: "energy", Kind: QuantityKind.Interval } && (_evidence.AreStates(column.Index, _subject) || _evidence.OnlyGrows(column.Index, _subject))
        ? proposal with { Metric = proposal.Export == true ? "energy_export_register" : "energy_import_register", Kind = proposal.Kind is null ? null : QuantityKind.Register } : proposal;

    private void LeaveOutOtherUnnamed()
    {
        var readings = _unnamed.Columns.Select(entry => entry.Column).Where(column => RegisterReadings.AreReadings(new HeaderWords(table.HeaderOf(column)))).ToList();
        LeaveOutUnnamedReadings();
        _unnamed.LeaveOutOthers(FormMetric(), form.Unit is not null, _found, (reading, amount) => _evidence.AreSteps(amount, reading, _subject));
        if (readings is [var states] && _unnamed.Columns is [var amount] && amount.Column != states && _evidence.AreSteps(amount.Column, states, _subject))
        {
            DifferencesOf ??= table.HeaderOf(states);
        }
    }

    /// <summary>Of what the request calls amounts, the columns are none that grow by those beside them.</summary>
    private void LeaveOutUnnamedReadings()
    {
        if (FormMetric() is null or { Kind: QuantityKind.Register } || table.Told is not null)
        {
            return;
        }

        var rows = new MeterRows(table, [.. _subject.Indexes]);
        List<int> columns = [.. _unnamed.Columns.Select(entry => entry.Column).Where(column => told.Find(column) is null).Order()];
        foreach (var (amount, reading) in RegisterReadings.FindBetween(table, rows, columns))
        {
            _unnamed.Remove(reading);
            LeaveOut(reading, "what was used between the readings stands beside it");
            if (!RunningTotals.Begin(rows, reading, amount))
            {
                DifferencesOf ??= table.HeaderOf(reading);
            }
        }
    }

    private void TakeUnnamed()
    {
        var metric = FormMetric();
        if (metric is null)
        {
            LeaveOutOtherUnnamed();
        }

        var unnamed = _unnamed.Columns;
        if (unnamed.Count == 0)
        {
            return;
        }

        if (metric is null && _found.Count == 0 && unnamed is [{ Reading.Unit: null } only] && _subject.HasUnitsOf(only.Column))
        {
            _found.Add(_described.Take(only.Column, told.Find(only.Column), null, told.Find(only.Column)?.Unit ?? form.Unit));
            return;
        }

        if (metric is null)
        {
            // Levels alone are not what a file is sent for that counts energy as well.
            if (_found.Count == 0 || (table.Told is null && _found.TrueForAll(column => MeterColumns.IsOfOnePhase(column.KnownMetric)) && unnamed.Any(entry => told.Find(entry.Column) is null && new HeaderWords(table.HeaderOf(entry.Column)).Any((IEnumerable<string>)OfEnergy))))
            {
                _units.RefuseUnknown();
                var (answer, likely) = _unnamed.Advise(Carrier?.Carrier, LastReading is null && AreMostStates([.. unnamed.Select(entry => entry.Column)]), _metrics.IsExport);
                throw _unnamed.AreTimes ? MayBeTimes(unnamed) : Fault(
                    ImportFault.AmbiguousMapping,
                    $"The headers do not say what the columns measure{_unnamed.UnknownUnit}. {answer}{(_subject.Equipment is { } names ? $", if they are those of all that {table.HeaderOf(names)} names; else {MixedRows.Advice}" : "")}.",
                    table.HeaderOf(unnamed[0].Column), [.. likely.Select(column => column.Metric).OfType<string>().Concat(MetricNames).Distinct()],
                    [.. unnamed.Zip(likely, (entry, column) => column is { EquipmentId: null, Kind: null, IsGuess: true } && MetricCatalogue.Find(column.Metric!) is not null ? _evidence.Guess(entry.Column, entry.Reading.Unit) : column)]);
            }

            RefuseElectricityWithoutUnit();
            unnamed.ToList().ForEach(entry => LeaveOut(entry.Column, _unnamed.WhyLeftOut(entry)));
            return;
        }

        if (_unnamed.AreTimes)
        {
            throw MayBeTimes(unnamed);
        }

        var hasMeters = false;
        foreach (var ofMetric in unnamed.GroupBy(entry => _metrics.InDirection(entry.Column, metric)).ToList())
        {
            var areMeters = ofMetric.Count() > 1 || _found.Exists(column => column.Metric == ofMetric.Key.Name && column is { EquipmentId: null, Part: null })
                || ofMetric.Any(entry => _silent.AreBeside(table.HeaderOf(entry.Column), entry.Reading.Rest));
            hasMeters |= areMeters;
            foreach (var (column, reading) in ofMetric)
            {
                var name = table.HeaderOf(column);
                Add(column, name, ofMetric.Key, reading.Unit, told.Find(column)?.EquipmentId, areMeters || table.Legend.Contains(column) ? name : null);
            }
        }

        if (hasMeters)
        {
            assumptions.Add(new ImportAssumption("layout", "a column per meter", "more than one column holds numbers under a header that names no metric"));
        }
    }

    /// <summary>Whether the numbers of the first grow and never fall; of columns that are only numbered, as floors are, those of most.</summary>
    private bool AreMostStates(List<int> columns) => columns.TrueForAll(column => !table.HeaderOf(column).Any(char.IsLetter))
        ? columns.Count(column => AreStates(column)) * 2 >= columns.Count : AreStates(columns[0]);

    /// <summary>Whether numbers most likely are those of registers: of what is headed as readings, any that never fall.</summary>
    private bool AreStates(int column) => _evidence.AreStates(column, _subject) || _evidence.OnlyGrows(column, _subject) || _evidence.AreFewStates(column, _subject)
        || (RegisterReadings.AreReadings(new HeaderWords(table.HeaderOf(column))) && _evidence.NeverFalls(column, _subject));

    /// <exception cref="ImportFaultException">A column without a unit has electricity beside columns of nothing but volumes and heat.</exception>
    private void RefuseElectricityWithoutUnit()
    {
        if (!_found.TrueForAll(column => column.Metric is "gas_volume" or "water_volume" or "heat") || _unnamed.Columns.Where(entry => entry.Reading.Unit is null && Carriers.Find(table.HeaderOf(entry.Column)) == Carriers.Electricity).ToList() is not { Count: > 0 } open)
        {
            return;
        }

        var guess = open.ConvertAll(entry => new MappedColumn(table.HeaderOf(entry.Column))
        {
            Role = ColumnRole.Value,
            Metric = AreStates(entry.Column) ? "energy_import_register" : "energy",
            Unit = "kWh",
            Confidence = 0.4,
            Reason = "its header names electricity; the unit is a guess",
        });
        throw Fault(
            ImportFault.AmbiguousMapping, $"The header of {guess[0].Column} names electricity, and not in which unit. Send {ImportMapping.Written(guess.Take(MostShown))} if they are kWh, or the role ignored.", guess[0].Column, MetricNames, guess);
    }

    private ImportFaultException MayBeTimes(IReadOnlyList<(int Column, HeaderReading Reading)> unnamed) => Fault(
        ImportFault.AmbiguousMapping,
        $"The columns {table.HeaderOf(unnamed[0].Column)} to {table.HeaderOf(unnamed[^1].Column)} are headed by numbers or times, and do not make a day, nor the days of months that lack some of them: they may be intervals, days or meters. "
        + "If they are meters, send metric and unit and give each an equipment_id in the mapping, else head them by the times of the intervals or the dates of the days.",
        table.HeaderOf(unnamed[0].Column), MetricNames, [.. unnamed.Select(entry => _evidence.Guess(entry.Column, entry.Reading.Unit))]);
}
