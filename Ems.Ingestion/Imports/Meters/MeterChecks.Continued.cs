using System.Globalization;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using NodaTime;

namespace Ems.Ingestion.Imports.Meters;

/// <content>Values that go on from what a register has shown, and would be stored as amounts.</content>
internal sealed partial class MeterChecks
{
    // Above what a register showed, or of what it has counted in as much time before.
    private const double MostRise = 0.25;
    private const int MostTimesFaster = 4;

    /// <summary>
    /// Meters of which only a register is known, with values that a file would store as amounts though they begin with its last state, or a little above it, and never fall: a few rows do not show
    /// by themselves that they are states. What the request, its mapping or a profile says of them is obeyed.
    /// </summary>
    /// <param name="read">The readings of a sheet.</param>
    public async Task<IReadOnlyList<ImportFault>> FaultsOfContinuedAsync(ImportForm form, FileFacts facts, Func<SheetFacts, IEnumerable<ImportedReading>> read, CancellationToken cancellationToken)
    {
        var open = facts.Mapping.Where(column => column.Kind == QuantityKind.Interval && !IsTold(form, column)).Select(column => MetricCatalogue.Find(column.Metric)).OfType<Metric>()
            .Where(metric => MetricCatalogue.RegisterOf(metric) is not null).Distinct().ToList();
        if (open.Count == 0 || facts.Sheets.All(sheet => sheet.Layout.WholeFile is not null))
        {
            return [];
        }

        var ids = facts.Meters.Select(meter => meter.EquipmentId).Distinct().ToList();
        var targetOf = await catalogue.FindTargetsAsync(ids, cancellationToken);
        var targets = ids.ToLookup(id => targetOf(id)?.Id ?? id);
        var registers = new Dictionary<(string Meter, string Metric), Register>();
        foreach (var meter in (await readings.ListSeriesAsync([.. targets.Select(target => target.Key)], null, cancellationToken)).GroupBy(series => series.Key.EquipmentId))
        {
            foreach (var metric in open.Where(metric => !meter.Any(series => series.Key.Metric == metric.Name && series.Kind == QuantityKind.Interval)))
            {
                if (meter.FirstOrDefault(series => series.Kind == QuantityKind.Register && series.Key.Metric == MetricCatalogue.RegisterOf(metric)!.Name) is { } series && await RegisterOfAsync(series, cancellationToken) is { } register)
                {
                    foreach (var id in targets[meter.Key])
                    {
                        registers[(id, metric.Name)] = register;
                    }
                }
            }
        }

        if (registers.Count == 0)
        {
            return [];
        }

        var found = new List<(SheetFacts Sheet, ValueColumn Column, string Meter, Register Register)>();
        foreach (var sheet in facts.Sheets.Where(sheet => sheet.Layout.WholeFile is null))
        {
            var states = new Dictionary<(string Meter, string Metric), (double Last, bool GoesOn)>();
            foreach (var part in read(sheet).SelectMany(reading => reading.Parts))
            {
                foreach (var value in part.Values.Where(value => value.Meaning.Kind == QuantityKind.Interval && registers.ContainsKey((part.EquipmentId, value.Metric))))
                {
                    var key = (part.EquipmentId, value.Metric);
                    // A label may be either end of what is taken for an interval.
                    if (part.Start + (part.Length / 2) >= registers[key].LastAt)
                    {
                        states[key] = states.TryGetValue(key, out var before) ? (value.Value, before.GoesOn && value.Value >= before.Last) : (value.Value, registers[key].MayShow(value.Value, part.Start + part.Length));
                    }
                }
            }

            found.AddRange(
                from state in states
                where state.Value.GoesOn
                let column = FileScan.MappingOf(sheet).Where(column => column.Metric == state.Key.Metric && IsOf(column, state.Key.Meter)).MaxBy(column => column.Part?.Length)
                where column is not null && !IsTold(form, column)
                select (sheet, column!, state.Key.Meter, registers[state.Key]));
        }

        return found.Count == 0 ? [] : [Continued(facts, found)];
    }

    private static bool IsOf(ValueColumn column, string meter) => column.EquipmentId is { } own ? own == meter : string.IsNullOrEmpty(column.Part) || meter.EndsWith(column.Part, StringComparison.Ordinal);

    private static bool IsTold(ImportForm form, ValueColumn column) => column.IsKindTold || form.Metric == column.Metric
        || form.Mapping?.Columns.Any(told => told.Metric == column.Metric && (told.Column == ImportMapping.Matrix || MappedColumn.Normal(told.Column).Equals(MappedColumn.Normal(column.Header), StringComparison.OrdinalIgnoreCase))) == true;

    /// <summary>Null where it shows nothing that values could go on from.</summary>
    private async Task<Register?> RegisterOfAsync(SeriesInfo series, CancellationToken cancellationToken)
    {
        return await StateAsync(series.LastAt) is { } last && last > 0
            ? new Register(last, series.LastAt, (last - (await StateAsync(series.FirstAt) ?? last)) / Math.Max(1, (series.LastAt - series.FirstAt).TotalSeconds)) : null;

        async Task<double?> StateAsync(Instant at) =>
            (await readings.ReadAsync(series.Key, at, at + Duration.FromMilliseconds(1), 0, cancellationToken)).Select(sample => (double?)sample.Value).FirstOrDefault();
    }

    private static ImportFault Continued(FileFacts facts, List<(SheetFacts Sheet, ValueColumn Column, string Meter, Register Register)> found)
    {
        var (sheet, column, meter, register) = found[0];
        var metric = MetricCatalogue.Find(column.Metric)!;
        var counter = MetricCatalogue.RegisterOf(metric)!;
        var headers = found.Select(one => one.Column.Header).ToHashSet();
        // One answer is of all columns that may have it.
        var isOfAll = metric.OtherKind is null && facts.Mapping.All(other => other.Metric != metric.Name || headers.Contains(other.Header)) && found.TrueForAll(one => one.Column.Metric == metric.Name);
        IReadOnlyList<MappedColumn> guess =
        [
            .. found.Select(one => one.Column with { IsSaidByRow = one.Sheet.Layout.Columns.Any(own => own.Index == one.Column.Index && own.IsSaidByRow), Index = one.Sheet.Layout.Matrix.Count > 0 ? -1 : one.Column.Index })
                .DistinctBy(column => column.Header).Select(own => new MappedColumn(own.Index < 0 ? ImportMapping.Matrix : own.Header)
                {
                    Role = ColumnRole.Value,
                    Metric = own.IsSaidByRow ? null : MetricCatalogue.RegisterOf(MetricCatalogue.Find(own.Metric)!)!.Name,
                    Unit = own.IsSaidByRow || own.HasUnitOfRow ? null : own.SourceUnit,
                    Kind = QuantityKind.Register,
                    EquipmentId = own.EquipmentId,
                    Part = own.Part,
                    Confidence = 0.6,
                    Reason = "its values go on from what the register of this meter has shown",
                }),
            // Beside a column that a mapping names, another one is alone, and would be called after its file.
            .. facts.Sheets.SelectMany(one => one.Layout.Columns).Where(other => other is { EquipmentId: not null, IsSaidByRow: false, Kind: QuantityKind.Interval } && !headers.Contains(other.Header) && found.Exists(one => one.Column.Metric == other.Metric))
                .DistinctBy(other => other.Header).Select(other => new MappedColumn(other.Header) { Role = ColumnRole.Value, Metric = other.Metric, Unit = other.HasUnitOfRow ? null : other.SourceUnit, EquipmentId = other.EquipmentId }),
        ];
        var others = found.Select(one => one.Meter).Where(other => other != meter).Distinct().ToList();
        return new ImportFault(
            ImportFault.AmbiguousMapping,
            string.Create(CultureInfo.InvariantCulture, $"{meter} has {counter.Name}, last {register.Last:0.######} {metric.Unit}, and the values of {column.Header} go on from there and never fall, as those of a register do, but nothing says that they are.")
            + (others.Count == 0 ? "" : $" So do those of {string.Join(", ", others.Take(MostNamed))}{(others.Count > MostNamed ? $" and {others.Count - MostNamed} more" : "")}.")
            + (isOfAll ? $" Send metric={counter.Name}, or metric={metric.Name} if each row has an amount of its own."
                : $" Send {(guess.Count > MostWritten ? "the mapping that the preview proposes" : ImportMapping.Written(guess))}, or the kind interval if each row has an amount of its own."),
            sheet.Layout.Sheet, sheet.Layout.HeaderRow, column.Header, isOfAll ? [counter.Name, metric.Name] : ["register", "interval"])
        {
            Guess = new ImportMapping { Columns = guess },
        };
    }

    /// <summary>What a register showed last.</summary>
    /// <param name="Rate">What it has counted in a second since it was first read.</param>
    private sealed record Register(double Last, Instant LastAt, double Rate)
    {
        public bool MayShow(double state, Instant at) => state >= Last && state <= Math.Max(Last * (1 + MostRise), Last + (MostTimesFaster * Rate * (at - LastAt).TotalSeconds));
    }
}
