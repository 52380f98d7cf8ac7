using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>Tells meters that are called total, sum or the like from rows of that name that only add up the others.</summary>
internal sealed class TotalRows(SheetFacts facts, string rowsPath)
{
    private const int EnoughRows = 1000;
    private const double Exactly = 1e-5;

    private readonly CellReader _cells = new(facts);
    private readonly Layout _layout = facts.Layout;
    private readonly bool[] _counts = CountsOf(facts.Layout.Columns);
    private readonly Dictionary<int, Named> _named = [];
    private readonly List<(WrittenTime Time, Named Meter, int Subject, double?[] Numbers, bool IsRunningSum)> _rows = [];
    private readonly Dictionary<(WrittenTime Time, string Scope, int Column), Amount> _others = [];

    /// <summary>The facts without the rows that are sums, and what this takes.</summary>
    /// <param name="ids">Meters that the mapping has, which are none.</param>
    public (SheetFacts Facts, IReadOnlyList<ImportAssumption> Assumptions) LeaveOut(IReadOnlyDictionary<string, string>? ids)
    {
        // Rejected rows were none in their file.
        if (_layout.WholeFile is null)
        {
            Find(ids);
        }

        if (_named.Count == 0)
        {
            return (facts, []);
        }

        ReadTotals();
        ReadOthers();
        _rows.ForEach(Judge);
        var sums = _named.Where(entry => entry.Value.IsSum).Select(entry => entry.Key).ToHashSet();
        var left = _named.Values.Distinct().Where(meter => meter.IsSum).ToList();
        IReadOnlyList<ImportAssumption> assumptions =
        [
            .. RowFilter.AssumeLeftOut([.. left.SelectMany(meter => meter.FirstRows).Order()], left.Sum(meter => meter.RowCount)),
            .. _named.Values.Distinct().Where(meter => !meter.IsSum && (meter.Misses > 0 || meter.HasLosses)).Select(meter => new ImportAssumption(
                "layout", $"{meter.Id} is a meter", "its values are not the sum of the other rows of their times")),
        ];
        return sums.Count == 0 ? (facts, assumptions) : (
            new SheetFacts(
                _layout, facts.Spool with { LeftOut = sums.Union(facts.Spool.LeftOut ?? new HashSet<int>()).ToHashSet() }, [.. facts.Subjects.Select((subject, i) => sums.Contains(i) ? subject with { EquipmentId = null } : subject)],
                facts.Order, facts.DecimalComma)
            {
                HasOpenDates = facts.HasOpenDates,
            },
            assumptions);
    }

    private void Find(IReadOnlyDictionary<string, string>? ids)
    {
        var meters = new Dictionary<(string Id, string? Place), Named>();
        for (var i = 0; i < facts.Subjects.Count; i++)
        {
            if (facts.Subjects[i] is { EquipmentId: { } id } subject && (RowFilter.IsTotalName(id) || NetNames.IsAlone(id)) && ids?.ContainsKey(id) != true)
            {
                var key = (id, PlaceOf(subject));
                if (!meters.TryGetValue(key, out var meter))
                {
                    meters[key] = meter = new Named(id);
                }

                _named[i] = meter;
            }
        }
    }

    /// <summary>Takes their rows, and compares them with what stands above: all of it, and what does since the last one.</summary>
    private void ReadTotals()
    {
        var running = new Dictionary<WrittenTime, Running>();
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, _counts.Length))
        {
            var numbers = NumbersOf(row);
            // A row of a matrix comes once for each of its times.
            var key = _layout.Matrix.Count > 0 ? row.Time.GetValueOrDefault() : default;
            if (!running.TryGetValue(key, out var sums))
            {
                running[key] = sums = new Running { Above = NewAmounts(), Since = NewAmounts() };
            }

            if (!_named.TryGetValue(row.Subject, out var meter))
            {
                sums.Since = sums.IsBehindTotal ? NewAmounts() : sums.Since;
                sums.IsBehindTotal = false;
                for (var i = 0; i < numbers.Length; i++)
                {
                    sums.Above[i].Add(numbers[i]);
                    sums.Since[i].Add(numbers[i]);
                }

                continue;
            }

            sums.IsBehindTotal = true;
            meter.NoteRow(row.RowNumber);
            if (_rows.Count < EnoughRows && row.Time is { } time)
            {
                _rows.Add((time, meter, row.Subject, numbers, Enumerable.Range(0, numbers.Length).Any(i => numbers[i] is { } number
                    && (sums.Above[i].AddUpTo(number) || sums.Since[i].AddUpTo(number) || (meter.IsOfSubMeters && sums.Above[i].AddUpBelow(number))))));
            }
        }
    }

    /// <summary>Adds up what the other rows have at their times.</summary>
    private void ReadOthers()
    {
        var times = _rows.Select(row => row.Time).ToHashSet();
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, _counts.Length))
        {
            if (row.Time is not { } time || !times.Contains(time) || _named.ContainsKey(row.Subject))
            {
                continue;
            }

            var numbers = NumbersOf(row);
            foreach (var scope in ScopesOf(facts.Subjects[row.Subject]))
            {
                for (var i = 0; i < numbers.Length; i++)
                {
                    var key = (time, scope, i);
                    if (!_others.TryGetValue(key, out var amount))
                    {
                        _others[key] = amount = new Amount();
                    }

                    amount.Add(numbers[i]);
                }
            }
        }
    }

    private void Judge((WrittenTime Time, Named Meter, int Subject, double?[] Numbers, bool IsRunningSum) row)
    {
        var (isComparable, isSum) = (false, row.IsRunningSum);
        (double Number, double Sum, double Rounding)? nearest = null;
        foreach (var scope in ScopesOf(facts.Subjects[row.Subject]))
        {
            for (var i = 0; i < row.Numbers.Length; i++)
            {
                if (row.Numbers[i] is { } number && _others.TryGetValue((row.Time, scope, i), out var amount) && amount.CanBeCompared(number))
                {
                    isComparable = true;
                    isSum |= amount.AddUpTo(number) || amount.HaveMean(number) || (row.Meter.IsOfSubMeters && amount.AddUpBelow(number));
                    nearest = amount.AddUpTo(number) && !(nearest is var (one, other, _) && OffOf(one, other) <= OffOf(number, amount.Sum)) ? (number, amount.Sum, amount.RoundingOf(number)) : nearest;
                }
            }
        }

        if (nearest is var (total, sum, rounding))
        {
            row.Meter.NoteSide(total, sum, rounding);
        }

        row.Meter.Sums += isSum ? 1 : 0;
        row.Meter.Misses += isComparable && !isSum ? 1 : 0;
    }

    /// <summary>What a total may be of: all rows of a time, those of its place, or of what flows through its meters.</summary>
    private static IEnumerable<string> ScopesOf(RowSubject subject)
    {
        var measured = $"{subject.Metric}\n{subject.Unit}";
        return [measured, $"{measured}\nplace\n{PlaceOf(subject)}", $"{measured}\ntype\n{subject.Type}"];
    }

    private static double OffOf(double number, double sum) => Math.Abs(number - sum) / Math.Max(Math.Abs(number), Math.Abs(sum));

    private static string? PlaceOf(RowSubject subject) => subject.Site ?? subject.SiteName;

    private double?[] NumbersOf(SpooledRow row) => [.. row.Values.Select((value, i) => _counts[i] ? _cells.NumberIn(value, i) : null)];

    private Amount[] NewAmounts() => [.. _counts.Select(_ => new Amount())];

    /// <summary>Those that add up; where none does, all.</summary>
    private static bool[] CountsOf(IReadOnlyList<ValueColumn> columns)
    {
        var addUp = columns.Select(column => column.IsSaidByRow || column.Kind != QuantityKind.Level || column.Metric == "active_power").ToArray();
        return addUp.Contains(true) ? addUp : [.. columns.Select(_ => true)];
    }

    /// <summary>What stands above a row, and what of it does so since the last total.</summary>
    private sealed class Running
    {
        public required Amount[] Above { get; init; }

        public required Amount[] Since { get; set; }

        public bool IsBehindTotal { get; set; }
    }

    private sealed class Named(string id)
    {
        private readonly SumSides _sides = new();
        private readonly HashSet<(double Number, double Sum)> _numbers = [];
        private int _lastRow;

        public string Id { get; } = id;

        /// <summary>Whether it says that the main meter is none of those that it sums up.</summary>
        public bool IsOfSubMeters { get; } = RowFilter.IsTotalOfSubMeters(id);

        /// <summary>As many as are shown.</summary>
        public List<int> FirstRows { get; } = [];

        public int RowCount { get; private set; }

        public int Sums { get; set; }

        public int Misses { get; set; }

        public bool HasLosses => _sides.AreLosses;

        public bool IsSum => Sums > Misses && !HasLosses;

        /// <summary>Equal rows are rounded alike, and to one side.</summary>
        public void NoteSide(double number, double sum, double rounding)
        {
            if (_numbers.Add((number, sum)))
            {
                _sides.Note(number - sum, Exactly * Math.Max(Math.Abs(number), Math.Abs(sum)), rounding);
            }
        }

        /// <summary>A row of a matrix comes once for each of its times.</summary>
        public void NoteRow(int number)
        {
            if (number == _lastRow)
            {
                return;
            }

            _lastRow = number;
            RowCount++;
            if (FirstRows.Count < RowFilter.MostShown)
            {
                FirstRows.Add(number);
            }
        }
    }

    /// <summary>Numbers that one may be the sum or the mean of.</summary>
    private sealed class Amount
    {
        private const double Tolerance = 0.005;

        // Of numbers that are rounded.
        private const double MostRounded = 0.05;
        private const int MostDecimals = 4;

        // A main meter and some below it.
        private const int FewestBelow = 3;

        private double _sum;
        private double _greatest = double.NegativeInfinity;
        private int _count;
        private int? _decimals = 0;

        public void Add(double? number)
        {
            if (number is { } added)
            {
                _sum += added;
                _greatest = Math.Max(_greatest, added);
                _count++;
                _decimals = MoreOf(_decimals, DecimalsOf(added));
            }
        }

        /// <summary>Nothing at all adds up to nothing, whatever is counted.</summary>
        public bool CanBeCompared(double number) => _count > 0 && !(_sum == 0 && number == 0);

        public bool AddUpTo(double number) => CanBeCompared(number) && IsNear(number, _sum);

        /// <summary>Whether all but the greatest, which is the main one, do.</summary>
        public bool AddUpBelow(double number) => _count >= FewestBelow && CanBeCompared(number) && IsNear(number, _sum - _greatest);

        public double Sum => _sum;

        public bool HaveMean(double number) => CanBeCompared(number) && IsNear(number, _sum / _count);

        /// <summary>By how much a sum may be off that is rounded as these numbers are; 0 when they are not.</summary>
        public double RoundingOf(double number) => MoreOf(_decimals, DecimalsOf(number)) is { } decimals ? (_count + 1) / 2.0 / Math.Pow(10, decimals) : 0;

        private bool IsNear(double number, double wanted) =>
            Math.Abs(number - wanted) <= Math.Max(Tolerance * Math.Abs(wanted), Math.Min(MostRounded * Math.Abs(wanted), RoundingOf(number)));

        /// <summary>How many decimals a number is written with; null where it is not rounded.</summary>
        private static int? DecimalsOf(double number)
        {
            for (var decimals = 0; decimals <= MostDecimals; decimals++)
            {
                var scaled = Math.Abs(number) * Math.Pow(10, decimals);
                if (Math.Abs(scaled - Math.Round(scaled)) <= 1e-9 * Math.Max(1, scaled))
                {
                    return decimals;
                }
            }

            return null;
        }

        private static int? MoreOf(int? one, int? other) => one is { } some && other is { } more ? Math.Max(some, more) : null;
    }
}
