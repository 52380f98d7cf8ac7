using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

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
/// they fill in part is neither.
/// </summary>
internal sealed class PeriodTotals
{
    public static readonly PeriodTotals None = new();

    // Of an interval that has no months as its label.
    private const int MostDays = 31;

    private readonly HashSet<NamedPeriod> _filled = [];
    private readonly HashSet<NamedPeriod> _begun = [];
    private readonly SortedDictionary<string, SortedSet<int>> _rows = new(StringComparer.Ordinal);

    /// <param name="series">How far the labels of each are apart.</param>
    public static PeriodTotals Find(SheetFacts facts, IReadOnlyDictionary<string, SeriesFacts> series, string rowsPath, CancellationToken cancellationToken)
    {
        var found = new PeriodTotals();
        var cells = new CellReader(facts);
        var months = new Dictionary<(string Series, int Month), Filled>();
        var named = new Dictionary<NamedPeriod, SortedSet<int>>();
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, facts.Layout.Columns.Count))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (row is not { End: null, Time: { } time } || time.ToLocal(facts.Order) is not { } local || cells.IsEmpty(row))
            {
                continue;
            }

            var key = facts.LabelsOf(row);
            if (facts.PeriodOf(row) is { } period)
            {
                named.TryAdd(period, []);
                named[period].Add(row.RowNumber);
                foreach (var month in period.All)
                {
                    Of(key, month).ShortestMonths = Math.Min(Of(key, month).ShortestMonths, period.Months);
                }

                continue;
            }

            for (var day = 0; day < Math.Clamp(series[key].Step.TotalDays, 1, MostDays); day++)
            {
                var date = local.Date.PlusDays(day);
                Of(key, NamedPeriod.MonthOf(date)).Days |= 1u << (date.Day - 1);
            }
        }

        foreach (var (period, rows) in named)
        {
            if (period.All.All(month => Of(period.Series, month).Fills(period, month)))
            {
                found._filled.Add(period);
                found._rows.TryAdd($"{period}", []);
                found._rows[$"{period}"].UnionWith(rows);
            }
            else if (period.All.Any(month => Of(period.Series, month).Begins(period)))
            {
                found._begun.Add(period);
            }
        }

        return found;

        ref Filled Of(string key, int month)
        {
            ref var one = ref CollectionsMarshal.GetValueRefOrAddDefault(months, (key, month), out var exists);
            one = exists ? one : new Filled { ShortestMonths = short.MaxValue };
            return ref one;
        }
    }

    public IEnumerable<ImportAssumption> Assumptions => _rows.Select(entry => new ImportAssumption(
        "left_out", $"{entry.Key} ({RowFilter.NameRows(entry.Value, entry.Value.Count)})", "shorter periods of the same meter fill it: it is their total"));

    /// <summary>Whether the period of a row is the total of others.</summary>
    public bool Have(NamedPeriod? period) => period is { } named && _filled.Contains(named);

    /// <summary>Whether others have a part of the period of a row.</summary>
    public bool HaveBegun(NamedPeriod? period) => period is { } named && _begun.Contains(named);

    /// <summary>What a month of a series has values for.</summary>
    private struct Filled
    {
        /// <summary>Of the labels that name it.</summary>
        public short ShortestMonths;

        /// <summary>A bit for each day that labels of days, weeks or times have.</summary>
        public uint Days;

        public readonly bool Begins(NamedPeriod period) => ShortestMonths < period.Months || Days != 0;

        public readonly bool Fills(NamedPeriod period, int month) => ShortestMonths < period.Months
            || BitOperations.PopCount(Days) == CalendarSystem.Iso.GetDaysInMonth(month / 12, (month % 12) + 1);
    }
}
