using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>
/// Finds rows of what a register showed beside one of what was used (<c>Opening reading</c>, <c>Closing reading</c>, <c>Consumption</c>): the amounts are what the readings are
/// apart, and no meter of their own. Names alone say nothing: a town is called Reading.
/// </summary>
internal sealed class ReadingRows(SheetFacts facts, string rowsPath)
{
    private const int MostTimes = 1000;
    private const int FewestTimes = 2;
    private const int MostShown = 5;
    private const double MatchingShare = 0.99;
    private const double Tolerance = 0.005;

    // Of amounts that are rounded.
    private const double Rounding = 1;

    private readonly CellReader _cells = new(facts);

    /// <summary>The facts without them, and what this takes.</summary>
    /// <param name="ids">Meters that the mapping has, which are none.</param>
    public (SheetFacts Facts, IReadOnlyList<ImportAssumption> Assumptions) LeaveOut(IReadOnlyDictionary<string, string>? ids)
    {
        if (facts.Layout is not { WholeFile: null, Columns.Count: 1 })
        {
            return (facts, []);
        }

        var groups = facts.Subjects.Index().Where(subject => subject.Item.EquipmentId is { } id && ids?.ContainsKey(id) != true && (IsReading(id) || IsAmount(id)))
            .GroupBy(subject => (RegisterReadings.KeyOf(subject.Item.EquipmentId!.Replace("difference", "", StringComparison.OrdinalIgnoreCase)), subject.Item.Site, subject.Item.SiteName, subject.Item.Type, subject.Item.Metric, subject.Item.Unit, subject.Item.Part))
            .Select(group => (Readings: group.Where(subject => IsReading(subject.Item.EquipmentId!)).ToList(), Amounts: group.Where(subject => IsAmount(subject.Item.EquipmentId!)).ToList()))
            .Where(group => group is { Readings.Count: 1 or 2, Amounts.Count: 1 }).ToList();
        if (groups.Count == 0)
        {
            return (facts, []);
        }

        var numbers = Read(groups.SelectMany(group => group.Readings.Concat(group.Amounts)).Select(subject => subject.Index).ToHashSet());
        var left = groups.FindAll(group => AreApart(numbers[group.Amounts[0].Index], group.Readings.ConvertAll(reading => numbers[reading.Index])));
        if (left.Count == 0)
        {
            return (facts, []);
        }

        var subjects = left.SelectMany(group => group.Readings.Select(reading => reading.Index)).ToHashSet();
        return (
            new SheetFacts(
                facts.Layout, facts.Spool with { LeftOut = subjects.Union(facts.Spool.LeftOut ?? new HashSet<int>()).ToHashSet() },
                [.. facts.Subjects.Select((subject, i) => subjects.Contains(i) ? subject with { EquipmentId = null } : subject)], facts.Order, facts.DecimalComma)
            {
                HasOpenDates = facts.HasOpenDates,
            },
            [.. left.Take(MostShown).Select(group => new ImportAssumption(
                "left_out", string.Join(", ", group.Readings.Select(reading => reading.Item.EquipmentId)),
                $"{group.Amounts[0].Item.EquipmentId} is what these readings of a register are apart; \"equipment\": {{\"{group.Readings[0].Item.EquipmentId}\": \"…\"}} in the mapping keeps it"))]);
    }

    private static bool IsReading(string id) => new HeaderWords(id) is var words && RegisterReadings.AreReadings(words) && !RegisterReadings.NameAmounts(words);

    private static bool IsAmount(string id) => new HeaderWords(id) is var words && (RegisterReadings.NameAmounts(words) || words.Any("units", "difference")) && !RegisterReadings.AreNamedBy(words);

    /// <summary>The numbers of each subject by their times, in the order of the file.</summary>
    private Dictionary<int, OrderedDictionary<WrittenTime, double>> Read(IReadOnlySet<int> subjects)
    {
        var numbers = subjects.ToDictionary(subject => subject, _ => new OrderedDictionary<WrittenTime, double>());
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, facts.Layout.Columns.Count))
        {
            if (row.Time is { } time && numbers.TryGetValue(row.Subject, out var own) && own.Count < MostTimes && _cells.NumberIn(row.Values[0], 0) is { } number)
            {
                own.TryAdd(time, number);
            }
        }

        return numbers;
    }

    /// <summary>Whether amounts are what two readings of their times are apart, or one from that of the time before or behind.</summary>
    private static bool AreApart(OrderedDictionary<WrittenTime, double> amounts, List<OrderedDictionary<WrittenTime, double>> readings)
    {
        if (readings is [var one, var other])
        {
            return Agree(amounts, (time, _) => one.TryGetValue(time, out var first) && other.TryGetValue(time, out var last) ? Math.Abs(last - first) : null);
        }

        return Array.Exists([-1, 1], step => Agree(amounts, (time, i) =>
            i + step >= 0 && i + step < amounts.Count && readings[0].TryGetValue(time, out var at) && readings[0].TryGetValue(amounts.GetAt(i + step).Key, out var beside) ? Math.Abs(at - beside) : null));
    }

    private static bool Agree(OrderedDictionary<WrittenTime, double> amounts, Func<WrittenTime, int, double?> apart)
    {
        var (all, equal, haveUsed) = (0, 0, false);
        for (var i = 0; i < amounts.Count; i++)
        {
            var (time, amount) = amounts.GetAt(i);
            if (apart(time, i) is { } found)
            {
                all++;
                equal += Math.Abs(found - Math.Abs(amount)) <= Math.Max(Tolerance * found, Math.Min(Rounding, found / 2)) ? 1 : 0;
                haveUsed |= amount != 0;
            }
        }

        return all >= FewestTimes && haveUsed && equal >= MatchingShare * all;
    }
}
