using System.Text.RegularExpressions;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>Finds rows of what a list leaves of its main meter when all others are taken off (<c>Unmetered</c>, <c>Net</c>): no meter counts it, and the main one has it already.</summary>
internal sealed partial class RemainderRows(SheetFacts facts, string rowsPath)
{
    private const int EnoughTimes = 1000;
    private const double Tolerance = 1e-5;

    // Of numbers that are rounded one by one.
    private const double RoundingOfEach = 0.5;
    private const double RoundingOfDecimals = 0.05;
    private const double MostRounded = 0.02;

    // A list of a main meter, one below it and what that leaves.
    private const int FewestOthers = 2;
    private const double MatchingShare = 0.99;

    private readonly CellReader _cells = new(facts);

    /// <summary>The facts without them, and what this takes.</summary>
    /// <param name="ids">Meters that the mapping has, which are none.</param>
    public (SheetFacts Facts, IReadOnlyList<ImportAssumption> Assumptions) LeaveOut(IReadOnlyDictionary<string, string>? ids)
    {
        var named = facts.Layout.WholeFile is not null ? [] : facts.Subjects.Index()
            .Where(subject => subject.Item.EquipmentId is { } id && Name().IsMatch(id) && ids?.ContainsKey(id) != true)
            .ToDictionary(subject => subject.Index, subject => new Remainder(subject.Item.EquipmentId!, PlaceOf(subject.Item)));
        if (named.Count == 0)
        {
            return (facts, []);
        }

        var (all, ofPlaces) = ReadLists(named);
        var left = named.GroupBy(subject => subject.Value).Where(meter => AreLeft(all, meter.Key with { Place = null }) || AreLeft(ofPlaces, meter.Key)).ToList();
        if (left.Count == 0)
        {
            return (facts, []);
        }

        var subjects = left.SelectMany(meter => meter.Select(subject => subject.Key)).ToHashSet();
        return (
            new SheetFacts(
                facts.Layout, facts.Spool with { LeftOut = subjects.Union(facts.Spool.LeftOut ?? new HashSet<int>()).ToHashSet() },
                [.. facts.Subjects.Select((subject, i) => subjects.Contains(i) ? subject with { EquipmentId = null } : subject)], facts.Order, facts.DecimalComma)
            {
                HasOpenDates = facts.HasOpenDates,
            },
            [.. left.GroupBy(meter => meter.Key.Id).Select(meter => new ImportAssumption(
                "left_out", meter.Count() == named.Values.Distinct().Count(other => other.Id == meter.Key) ? meter.Key : $"{meter.Key} of {string.Join(", ", meter.Select(one => one.Key.Place))}",
                $"it is what the other rows of its times leave of the greatest of them, which has it already; \"equipment\": {{\"{meter.Key}\": \"…\"}} in the mapping keeps it"))]);
    }

    /// <summary>What stands at each time, in all places together and in each of them.</summary>
    private (List<List> All, List<List> OfPlaces) ReadLists(Dictionary<int, Remainder> named)
    {
        var (all, ofPlaces) = (new Dictionary<(WrittenTime Time, string Scope, int Column), List>(), new Dictionary<(WrittenTime Time, string Scope, int Column), List>());
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, facts.Layout.Columns.Count))
        {
            if (row.Time is not { } time)
            {
                continue;
            }

            var subject = facts.Subjects[row.Subject];
            for (var i = 0; i < row.Values.Length; i++)
            {
                if (_cells.NumberIn(row.Values[i], i) is { } number)
                {
                    var measured = $"{subject.Metric}\n{subject.Unit}\n{subject.Type}";
                    var rest = named.TryGetValue(row.Subject, out var found) ? found : (Remainder?)null;
                    ListAt(all, (time, measured, i))?.Note(number, rest is { } any ? any with { Place = null } : null);
                    ListAt(ofPlaces, (time, $"{measured}\n{PlaceOf(subject)}", i))?.Note(number, rest);
                }
            }
        }

        return ([.. all.Values], [.. ofPlaces.Values]);
    }

    private static string? PlaceOf(RowSubject subject) => subject.Site ?? subject.SiteName;

    /// <summary>Null where there are enough.</summary>
    private static List? ListAt(Dictionary<(WrittenTime Time, string Scope, int Column), List> lists, (WrittenTime Time, string Scope, int Column) key) =>
        lists.TryGetValue(key, out var list) ? list : lists.Count < EnoughTimes ? lists[key] = new List() : null;

    private static bool AreLeft(List<List> lists, Remainder meter) => lists.FindAll(list => list.HasOthers && list.Rest!.Value.Of == meter) is { Count: > 0 } own
        && own.Count(list => list.IsLeft) >= MatchingShare * own.Count;

    [GeneratedRegex(
        @"^\W*(un-?\s?metered|not metered|un-?\s?accounted( for)?|remaind(er|ing)|remaining|residual|rest|restverbrauch|nicht gemessen|ungemessen|non mesuré|non compté|reste|no medido|resto|non misurato|não medido|niet gemeten|loss(es)?|verluste?|pertes?|pérdidas?|perdite|perdas|verlie(s|zen)|(im)?balance|variance|diff(erenz|erence|érence)?|net|netto|saldo)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    /// <param name="Place">Null of all places together.</param>
    private readonly record struct Remainder(string Id, string? Place);

    /// <summary>The numbers of one time.</summary>
    private sealed class List
    {
        private double _sum;
        private double _greatest = double.NegativeInfinity;
        private int _others;
        private int _rests;
        private bool _haveDecimals;

        public (Remainder Of, double Number)? Rest { get; private set; }

        public bool HasOthers => Rest is not null && _others >= FewestOthers && _greatest > 0;

        /// <summary>Whether the greatest is the sum of all the rest. Of two, either may be taken off the other.</summary>
        public bool IsLeft => HasOthers && _rests == 1 && (IsNear(Rest!.Value.Number) || (_others == FewestOthers && IsNear(-Rest!.Value.Number)));

        private bool IsNear(double number) => Math.Abs(number - ((2 * _greatest) - _sum)) <= Math.Max(Tolerance * _greatest, Math.Min(MostRounded * _greatest, (_haveDecimals ? RoundingOfDecimals : RoundingOfEach) * (_others + 1)));

        public void Note(double number, Remainder? rest)
        {
            _haveDecimals |= number % 1 != 0;
            if (rest is { } found)
            {
                (Rest, _rests) = ((found, number), _rests + 1);
                return;
            }

            _sum += number;
            _greatest = Math.Max(_greatest, number);
            _others++;
        }
    }
}
