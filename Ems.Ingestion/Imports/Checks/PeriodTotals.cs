using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>Months of the calendar that a label of a series names.</summary>
/// <param name="Series">Of <see cref="SheetFacts.LabelsOf"/>.</param>
/// <param name="First">Counted from year 0.</param>
internal readonly record struct NamedPeriod(string Series, int First, short Months)
{
    public IEnumerable<int> All => Enumerable.Range(First, Months);

    public override string ToString() => Months == 1 ? NameOf(First) : $"{NameOf(First)} to {NameOf(First + Months - 1)}";

    public static int MonthOf(LocalDate date) => (date.Year * 12) + date.Month - 1;

    public static string NameOf(int month) => string.Create(CultureInfo.InvariantCulture, $"{month / 12:0000}-{(month % 12) + 1:00}");

    /// <summary>Null where the label names no month.</summary>
    public static NamedPeriod? Of(string series, in WrittenTime time, LocalDateTime local) =>
        time.IsMonth ? new NamedPeriod(series, MonthOf(local.Date), time.Months) : null;
}

/// <summary>
/// Quarters and years among months, months among days: what shorter labels of its series fill adds them up, and is no reading beside them. What
/// they fill in part is neither. Each column of values has its own: what only the longer ones have stays.
/// </summary>
internal sealed class PeriodTotals
{
    public static readonly PeriodTotals None = new();

    // Of an interval that has no months as its label.
    private const int MostDays = 31;

    private readonly HashSet<(NamedPeriod Period, int Column)> _filled = [];
    private readonly HashSet<(NamedPeriod Period, int Column)> _begun = [];
    private readonly SortedDictionary<string, SortedSet<int>> _rows = new(StringComparer.Ordinal);

    /// <param name="series">How far the labels of each are apart.</param>
    public static PeriodTotals Find(SheetFacts facts, IReadOnlyDictionary<string, SeriesFacts> series, string rowsPath, CancellationToken cancellationToken)
    {
        var found = new PeriodTotals();
        var cells = new CellReader(facts);
        int[] columns = [.. Enumerable.Range(0, facts.Layout.Columns.Count).Except(facts.TotalColumns)];
        var months = new Dictionary<(string Series, int Month), Filled[]>();
        var named = new Dictionary<NamedPeriod, Dictionary<int, SortedSet<int>>>();
        var valued = new List<int>();
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, facts.Layout.Columns.Count))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (row is not { End: null, Time: { } time } || time.ToLocal(facts.Order) is not { } local)
            {
                continue;
            }

            valued.Clear();
            valued.AddRange(columns.Where(column => !cells.IsMissing(row, column)));
            var key = facts.LabelsOf(row);
            if (facts.PeriodOf(row) is { } period)
            {
                Note(period, row.RowNumber);
                continue;
            }

            for (var day = 0; day < (time.IsWeek ? 7 : Math.Clamp(series[key].Step.TotalDays, 1, MostDays)); day++)
            {
                var date = local.Date.PlusDays(day);
                var filled = Of(key, NamedPeriod.MonthOf(date));
                valued.ForEach(column => filled[column].Days |= 1u << (date.Day - 1));
            }
        }

        foreach (var (period, rows) in named)
        {
            found.Decide(period, rows, period.All.Select(month => (month, Of(period.Series, month))).ToList(), facts.Layout.Columns);
        }

        return found;

        Filled[] Of(string key, int month)
        {
            ref var ofColumns = ref CollectionsMarshal.GetValueRefOrAddDefault(months, (key, month), out _);
            return ofColumns ??= new Filled[facts.Layout.Columns.Count];
        }

        void Note(NamedPeriod period, int row)
        {
            foreach (var column in valued)
            {
                named.TryAdd(period, []);
                named[period].TryAdd(column, []);
                named[period][column].Add(row);
                foreach (var month in period.All)
                {
                    ref var filled = ref Of(period.Series, month)[column];
                    filled.ShortestMonths = filled.ShortestMonths == 0 ? period.Months : Math.Min(filled.ShortestMonths, period.Months);
                }
            }
        }
    }

    public IEnumerable<ImportAssumption> Assumptions => _rows.Select(entry => new ImportAssumption(
        "left_out", $"{entry.Key} ({RowFilter.NameRows(entry.Value, entry.Value.Count)})", "shorter periods of the same meter fill it: it is their total"));

    /// <summary>Takes the values out of a row that are totals of others; whether it has none besides.</summary>
    public bool Empty(SpooledRow row, NamedPeriod? period, CellReader cells)
    {
        var isAny = false;
        for (var column = 0; period is { } named && _filled.Count > 0 && column < row.Values.Length; column++)
        {
            if (_filled.Contains((named, column)))
            {
                isAny = true;
                row.Values[column] = Cell.Empty;
            }
        }

        return isAny && cells.IsEmpty(row);
    }

    /// <summary>Whether others have a part of the period of a value.</summary>
    public bool HaveBegun(NamedPeriod period, int column) => _begun.Contains((period, column));

    /// <param name="rows">Those with a value, by column.</param>
    /// <param name="months">Of the period, with what each column has of them.</param>
    private void Decide(NamedPeriod period, Dictionary<int, SortedSet<int>> rows, List<(int Month, Filled[] Columns)> months, IReadOnlyList<ValueColumn> columns)
    {
        var filled = rows.Keys.Where(column => months.TrueForAll(month => month.Columns[column].Fills(period, month.Month))).ToList();
        _filled.UnionWith(filled.Select(column => (period, column)));
        _begun.UnionWith(rows.Keys.Except(filled).Where(column => months.Exists(month => month.Columns[column].Begins(period))).Select(column => (period, column)));
        var kept = rows.Where(entry => !filled.Contains(entry.Key)).SelectMany(entry => entry.Value).ToHashSet();
        foreach (var column in filled)
        {
            Name($"{period}", rows[column].Except(kept));
            Name($"{columns[column].Header} of {period}", rows[column].Intersect(kept));
        }
    }

    private void Name(string what, IEnumerable<int> rows)
    {
        foreach (var row in rows)
        {
            _rows.TryAdd(what, []);
            _rows[what].Add(row);
        }
    }

    /// <summary>What a column has of a month of a series.</summary>
    private struct Filled
    {
        /// <summary>Of the labels that name it; zero where none does.</summary>
        public short ShortestMonths;

        /// <summary>A bit for each day that labels of days, weeks or times have.</summary>
        public uint Days;

        public readonly bool Begins(NamedPeriod period) => HasShorter(period) || Days != 0;

        public readonly bool Fills(NamedPeriod period, int month) => HasShorter(period)
            || BitOperations.PopCount(Days) == CalendarSystem.Iso.GetDaysInMonth(month / 12, (month % 12) + 1);

        private readonly bool HasShorter(NamedPeriod period) => ShortestMonths > 0 && ShortestMonths < period.Months;
    }
}
