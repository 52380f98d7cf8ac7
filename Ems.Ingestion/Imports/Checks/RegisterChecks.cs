using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>Holds what headers say about registers against the values of a whole sheet.</summary>
internal sealed class RegisterChecks(SheetFacts facts, ImportForm form, Growth growth)
{
    private const int MostNamed = 5;

    private readonly Quantities _quantities = new(facts.Layout, facts.Subjects);
    private readonly Lazy<IReadOnlySet<string>> _exports = new(() => Directions.FindExports(facts.Layout.Columns.Select(column => column.Header)));

    // Of thousands of columns each is compared with those that fall, once.
    private readonly Lazy<ILookup<(string Metric, string Unit), int>> _falling = new(() => Enumerable.Range(0, facts.Layout.Columns.Count).Where(column => growth.Falls(column, _ => true))
        .ToLookup(column => (facts.Layout.Columns[column].Metric, facts.Layout.Columns[column].SourceUnit)));

    /// <summary>The facts with the kinds of values that their rows describe, and the assumptions that this takes.</summary>
    /// <exception cref="ImportFaultException">A column may be a register, or none.</exception>
    public (SheetFacts Facts, IReadOnlyList<ImportAssumption> Assumptions) Settle()
    {
        var registers = FindSureRegisters();
        RefuseUndeclaredRegisters(registers);
        RefuseRememberedRegisters();
        // A few corrected rows tell nothing that the whole file had not told.
        var isAmounts = facts.Layout.Columns.Select((column, i) => facts.Layout.WholeFile is null && RegisterReadings.MayBeAmounts(column) && form.Metric != column.Metric
            && growth.GoesUpAndDown(i, subject => _quantities.Of(i, subject) is { Kind: QuantityKind.Register, Fault: null })).ToList();
        RefuseFallingRegisters(isAmounts);
        var columns = facts.Layout.Columns.Select((column, i) => isAmounts[i] ? column with { Kind = QuantityKind.Interval }
            : registers.Contains(i) ? column with { Kind = QuantityKind.Register, Metric = RegisterOf(column), IsRegisterByValues = true } : column).ToList();
        var settled = facts.Layout with { Columns = columns, Proposal = WithRegisters([.. columns.Where((_, i) => registers.Contains(i))]) };
        return (
            new SheetFacts(settled, facts.Spool, facts.Subjects, facts.Order, facts.DecimalComma) { HasOpenDates = facts.HasOpenDates },
            [.. AssumeRegisters([.. columns.Where((_, i) => registers.Contains(i))]), .. columns.Where((column, i) => isAmounts[i] || (column is { IsSaidByRow: true, IsKindTold: false } && IsReading(column))).Select(Assume)]);
    }

    /// <summary>Columns of energy and volumes that nobody calls registers, but whose values are those of registers beyond doubt; none where other columns may be amounts of the same.</summary>
    private HashSet<int> FindSureRegisters()
    {
        var columns = facts.Layout.Columns;
        var all = Enumerable.Range(0, columns.Count).Where(i => columns[i].Kind == QuantityKind.Interval);
        if (facts.Layout.WholeFile is { } told)
        {
            var registers = told.Registers.ToHashSet();
            return [.. all.Where(i => registers.Contains(columns[i].Header))];
        }

        if (facts.Layout.Time.HasEnds || facts.Layout.Matrix.Count > 0 || form.Metric is not null)
        {
            return [];
        }

        var amounts = all.Where(i => MetricCatalogue.Find(columns[i].Metric) is { Dimension: Dimension.Energy or Dimension.Volume }).ToList();
        var still = amounts.Where(i => growth.StandsStill(i, _ => true)).ToHashSet();
        return still.Count < amounts.Count && amounts.TrueForAll(i => MaySurelyBeRegister(columns[i]) && (still.Contains(i) || growth.IsSurelyRegister(i, _ => true, mayBeDays: NamesRegister(columns[i]))))
            && AreApart(amounts) && HavePowers(amounts) ? [.. amounts] : [];
    }

    /// <summary>Whether each power is one of a meter that has a register: what is of no other may be the same once more.</summary>
    private bool HavePowers(List<int> registers)
    {
        var meters = registers.Select(i => facts.Layout.Columns[i].EquipmentId).ToHashSet();
        return facts.Layout.Columns.All(column => column.Metric != "active_power" || meters.Contains(column.EquipmentId));
    }

    /// <summary>Whether no meter would have two registers of one metric, as headers have them that do not tell which of them is of what.</summary>
    private bool AreApart(List<int> registers)
    {
        var keys = facts.Layout.Columns.Select((column, i) => (column.EquipmentId, column.Part, Metric: registers.Contains(i) ? RegisterOf(column) : column.Metric)).ToList();
        return keys.Distinct().Count() == keys.Count;
    }

    private static bool NamesRegister(ValueColumn column) => new HeaderWords(column.Header) is var words && (RegisterReadings.NameMeter(words) || RegisterReadings.AreRead(words));

    private static bool MaySurelyBeRegister(ValueColumn column) => column is { IsKindTold: false, IsSaidByRow: false, HasUnitOfRow: false, IsExport: false, IsMeterTold: false } && MetricCatalogue.RegisterOf(MetricCatalogue.Find(column.Metric)!) is not null
        && new HeaderWords(column.Header) is var words && !RegisterReadings.NameAmounts(words) && !Directions.NameUse(words) && !HeaderReader.Read(column.Header).IsExport && !Directions.NameNoConsumption(column.Header);

    private string RegisterOf(ValueColumn column) => MetricCatalogue.Find(column.Metric)! is var metric && metric.OtherKind is null && _exports.Value.Contains(column.Header) ? "energy_export_register" : MetricCatalogue.RegisterOf(metric)!.Name;

    /// <summary>The proposal with what columns are by their values.</summary>
    private IReadOnlyList<MappedColumn> WithRegisters(List<ValueColumn> registers)
    {
        var byPosition = registers.ToDictionary(column => column.Index + 1);
        var byHeader = registers.DistinctBy(column => column.Header).ToDictionary(column => column.Header);
        return registers.Count == 0 ? facts.Layout.Proposal
            : [.. facts.Layout.Proposal.Select(column => (column.Position is { } position ? byPosition.GetValueOrDefault(position) : byHeader.GetValueOrDefault(column.Column)) is not { } register ? column
                : column with { Metric = register.Metric, Kind = QuantityKind.Register, Confidence = 0.8, Reason = "its values only grow, and by little of what they show, as those of a register do" })];
    }

    private static IEnumerable<ImportAssumption> AssumeRegisters(List<ValueColumn> registers)
    {
        if (registers.Count == 0)
        {
            yield break;
        }

        var headers = $"{string.Join(", ", registers.Take(MostNamed).Select(column => column.Header))}{(registers.Count > MostNamed ? $" and {registers.Count - MostNamed} more" : "")}";
        // A volume has one metric for both kinds.
        var answer = registers.Find(column => MetricCatalogue.Find(column.Metric)!.OtherKind is not null) is { } volume
            ? ImportMapping.Written(new MappedColumn(volume.Header) { Metric = volume.Metric, Unit = volume.SourceUnit, Kind = QuantityKind.Interval }) : "metric=energy";
        yield return new ImportAssumption("kind", $"{headers}: register", $"the values only grow, and by little of what they show, as those of a register do; send {answer} if each row has an amount of its own");
    }

    private static ImportAssumption Assume(ValueColumn column) => column.Kind == QuantityKind.Register
        ? new ImportAssumption("kind", $"{column.Header}: register", "the header names what a register shows")
        : AssumeAmounts(column.Header);

    public static ImportAssumption AssumeAmounts(string header) => new("kind", $"{header}: interval", "the values are not those of a register, which only grow");

    private static bool IsReading(ValueColumn column) => new HeaderWords(column.Header) is var words && RegisterReadings.AreNamedBy(words) && !RegisterReadings.NameAmounts(words);

    /// <summary>Between both ends of a run, as logs of generators have them, the meter is read once.</summary>
    private static bool IsCalledMeter(ValueColumn column) => new HeaderWords(column.Header) is var words && words.Any("meter") && !RegisterReadings.NameAmounts(words);

    /// <summary>Registers of energy are a metric of their own, which the sender has to choose.</summary>
    private void RefuseFallingRegisters(List<bool> isAmounts)
    {
        if (facts.Layout.Columns.Where((column, i) => isAmounts[i] && !column.IsSaidByRow && MetricCatalogue.Find(column.Metric) is { OtherKind: null }).FirstOrDefault() is { } falling)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping, $"The column {falling.Header} goes up and down, as amounts do, but its header names a register. Send metric=energy, or metric={falling.Metric} if it is one all the same.",
                facts.Layout.Sheet, facts.Layout.HeaderRow, falling.Header, ["energy", falling.Metric])
            {
                Guess = new ImportMapping
                {
                    Columns = [Amounts(falling)],
                },
            });
        }
    }

    /// <summary>Answers are kept for files of a name: where values show that they are not those of another one, they are asked for again.</summary>
    private void RefuseRememberedRegisters()
    {
        if (form is { IsMappingRemembered: true, Profile: null, Mapping.Columns.Count: 0, Metric: { } answer } && facts.Layout.WholeFile is null && MetricCatalogue.Find(answer) is { Kind: QuantityKind.Register }
            && facts.Layout.Columns.Where((column, i) => column is { IsKindTold: false, IsSaidByRow: false } && column.Metric == answer && growth.GoesUpAndDown(i, _ => true)).ToList() is { Count: > 0 } falling)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping, $"The column {falling[0].Header} goes up and down, as amounts do, and metric={answer} was sent for a file with these headers before. Send metric=energy, or metric={answer} if it is a register all the same.",
                facts.Layout.Sheet, facts.Layout.HeaderRow, falling[0].Header, ["energy", answer])
            {
                Guess = new ImportMapping { Columns = falling.ConvertAll(Amounts) },
            });
        }
    }

    private static MappedColumn Amounts(ValueColumn falling) => new(falling.Header)
    {
        Role = ColumnRole.Value,
        Metric = "energy",
        Unit = falling.HasUnitOfRow ? null : falling.SourceUnit,
        EquipmentId = falling.EquipmentId,
        Confidence = 0.6,
        Reason = "its values go up and down, as amounts do",
    };

    /// <param name="sure">What is taken for registers without a question.</param>
    private void RefuseUndeclaredRegisters(HashSet<int> sure)
    {
        var open = Enumerable.Range(0, facts.Layout.Columns.Count).Where(i => !sure.Contains(i) && !facts.Layout.Columns[i].IsKindTold && (!facts.Layout.Time.HasEnds || IsCalledMeter(facts.Layout.Columns[i])) && facts.Layout.WholeFile is not ({ ReadingsAreAmounts: true } or { Columns: not null })).ToList();
        if (FindUndeclared(open, isBeside: false).Count == 0)
        {
            return;
        }

        // Beside a register, what never falls is one as well, be it that it stands still at night.
        var found = FindUndeclared(open, isBeside: true);
        var (first, metric, falls) = found[0];
        var grows = falls ? "grows and falls now and then, as a register does that rolls over, is exchanged, begins again or is not read rightly" : "only grows, as a register does";
        var hasOwnMetric = !first.IsSaidByRow && metric.OtherKind is null;
        IReadOnlyList<MappedColumn> guess = [.. found.Select(entry => Register(entry.Column, entry.Metric, entry.Falls))];
        var others = found.Count == 1 ? "" : $" So {(found.Count == 2 ? "does" : "do")} {string.Join(", ", found.Skip(1).Take(MostNamed).Select(one => one.Column.Header))}{(found.Count > MostNamed + 1 ? $" and {found.Count - MostNamed - 1} more" : "")}: where there are several, send the mapping that the preview proposes.";
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            hasOwnMetric ? $"The column {first.Header} {grows}, but its header names energy. Send metric={MetricCatalogue.RegisterOf(metric)!.Name}, or metric={metric.Name} if each row has an amount of its own.{others}"
            : $"The column {first.Header} {grows}, but nothing says that it is one of {metric.Name}. Send {ImportMapping.Written(guess[0] with { Position = null })}, or the kind interval if each row has an amount of its own.{others}",
            facts.Layout.Sheet, facts.Layout.HeaderRow, first.Header, hasOwnMetric ? [MetricCatalogue.RegisterOf(metric)!.Name, metric.Name] : ["register", "interval"])
        {
            Guess = new ImportMapping { Columns = guess },
        });
    }

    private List<(ValueColumn Column, Metric Metric, bool Falls)> FindUndeclared(List<int> columns, bool isBeside) =>
        [.. columns.Select(i => (Column: facts.Layout.Columns[i], Found: UndeclaredRegisterIn(i, isBeside))).Where(found => found.Found is not null).Select(found => (found.Column, found.Found!.Value.Metric, found.Found.Value.Falls))];

    /// <summary>What the values of a column are taken for, though they only grow, but where a register rolls over; null where they do not, or what they are is told.</summary>
    private (Metric Metric, bool Falls)? UndeclaredRegisterIn(int column, bool isBeside)
    {
        var header = facts.Layout.Columns[column].Header;
        var words = new HeaderWords(header);
        var areRead = facts.Layout.NamesRegisters || new HeaderWords(facts.Layout.Time.Header).NameReadDate;
        var amounts = Enumerable.Range(0, facts.Subjects.Count).Where(subject => _quantities.Of(column, subject) is { Kind: QuantityKind.Interval, Fault: null } quantity
            && quantity.Metric != header && quantity.Metric != facts.Subjects[subject].Metric);
        var found = amounts.GroupBy(subject => _quantities.Of(column, subject).Metric).Select(subjects => (Metric: MetricCatalogue.Find(subjects.Key), Subjects: subjects.ToHashSet()))
            .Where(group => group.Metric is { } metric && MetricCatalogue.RegisterOf(metric) is not null && !(metric.OtherKind is null && form.Metric == metric.Name))
            .FirstOrDefault(group => facts.Layout.Time.HasEnds ? growth.GrowsLong(column, group.Subjects.Contains, areRead: true)
                : facts.Layout.Rising.Contains(facts.Layout.Columns[column].Index) || growth.IsRegister(column, group.Subjects.Contains, IsReading(facts.Layout.Columns[column])) || (isBeside && growth.NeverFalls(column, group.Subjects.Contains))
                || IsSmall(group.Subjects.Contains)
                || (!RegisterReadings.NameAmounts(words) && (growth.GrowsLong(column, group.Subjects.Contains, areRead) || (areRead && growth.MayBeFewReadings(column, group.Subjects.Contains, isBeside)))));
        return found.Metric is { } register ? (register, growth.Falls(column, found.Subjects.Contains)) : null;

        // Of several columns of amounts one rises by chance.
        bool IsSmall(Func<int, bool> isOf) => !_falling.Value[(facts.Layout.Columns[column].Metric, facts.Layout.Columns[column].SourceUnit)].Any(other => other != column) && !RegisterReadings.NameAmounts(words) && !Directions.NameUse(words) && growth.IsSmallRegister(
            column, isOf, areRead || RegisterReadings.NameMeter(words), new HeaderWords(facts.Layout.Time.Header).NamePeriod || growth.AreMonths(isOf), isBeside);
    }

    private MappedColumn Register(ValueColumn column, Metric metric, bool falls) => new(facts.Layout.Matrix.Count > 0 ? ImportMapping.Matrix : column.Header)
    {
        Position = facts.Layout.Matrix.Count > 0 ? null : column.Index + 1,
        Role = ColumnRole.Value,
        Metric = column.IsSaidByRow ? null : RegisterOf(column),
        Unit = column.IsSaidByRow || column.HasUnitOfRow ? null : column.SourceUnit,
        Kind = QuantityKind.Register,
        EquipmentId = column.EquipmentId,
        // Which others are left out beside it, tariffs tell once more.
        Part = Carriers.Find(column.Part) is null ? null : column.Part,
        Confidence = 0.6,
        Reason = falls ? "its values grow and fall now and then, as those of a register do that rolls over, is exchanged or begins again" : "its values only grow, as those of a register do",
    };
}
