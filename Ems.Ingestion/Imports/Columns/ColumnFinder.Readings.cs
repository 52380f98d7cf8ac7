using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Columns;

/// <content>What registers showed beside what was used, and what has been used so far: of these one is enough.</content>
internal sealed partial class ColumnFinder
{
    private readonly HashSet<int> _totals = [];

    private bool _areOfDays;
    private StatisticColumns? _statistics;

    /// <summary>Whether what registers showed is that of the ends of intervals that are called after their starts.</summary>
    public bool ReadsAtEnd => _statistics is { IsRegister: true } && (time.HasEnds || time.Label is (LabelMeaning.Start, _));

    /// <summary>The header of later readings of rows, beside which the amounts of the rows are what was used since the earlier ones; null where there are none.</summary>
    public string? LastReading { get; private set; }

    /// <summary>Whether the amounts are of the months, or of other periods, of their rows, though these are written as their first days.</summary>
    public bool AreOfPeriods => _areOfDays || time.NameMonths(table) || (time is { HasEnds: false, Date: { } date } && new HeaderWords(table.HeaderOf(date.Index)).NamePeriod);

    /// <summary>Takes from columns those that, as the rows show, add up the amounts beside them, or are the readings between which these were used.</summary>
    private void LeaveOutBesideAmounts(List<int> columns)
    {
        if (table.Told is not null)
        {
            return;
        }

        var wanted = FormMetric();
        var rows = new MeterRows(table, [.. _subject.Indexes]);
        var amounts = columns.FindAll(column => told.Find(column) is null or { Purpose: ColumnRole.Value or ColumnRole.Ignored } && !_numberingColumns.Contains(column) && table.HoldsNumbers(column));
        _statistics = StatisticColumns.Find(table, amounts, rows, wanted?.Kind == QuantityKind.Register, column => told.Find(column) is { Purpose: ColumnRole.Value, Metric: not null });
        foreach (var again in _statistics?.Others ?? [])
        {
            Take(again, $"{table.HeaderOf(_statistics!.Kept)} tells it too");
        }

        if (wanted?.Kind != QuantityKind.Register)
        {
            foreach (var (total, amount) in RunningTotals.Find(table, amounts.FindAll(column => !IsMapped(column)), amounts, rows).ToList())
            {
                _totals.Add(total);
                Take(total, $"it is the running total of {table.HeaderOf(amount)}");
            }
        }

        foreach (var pair in ReadingPairs(rows).ToList())
        {
            if (pair.LacksMultiplier || wanted?.Kind == QuantityKind.Register)
            {
                Take(pair.Before, "it is the reading before, which the row before has");
                Take(pair.Amount, $"it is what {table.HeaderOf(pair.After)} is above the reading before, which tells it too");
                continue;
            }

            Take(pair.Before, "what was used between the readings stands beside it");
            Take(pair.After, "what was used between the readings stands beside it");
            if (pair.Unmultiplied is { } unmultiplied)
            {
                Take(unmultiplied, $"{table.HeaderOf(pair.Amount)} is a multiple of it");
            }

            _areOfDays |= AreOfDays(pair);
            LastReading ??= table.HeaderOf(pair.After);
        }

        if (wanted?.Kind == QuantityKind.Register)
        {
            // What is said of all is not said of what only tells it again.
            foreach (var (amount, reading) in RegisterReadings.FindBetween(table, rows, amounts))
            {
                Take(amount, $"it is what {table.HeaderOf(reading)} is above the reading before, which tells it too");
            }
        }
        else
        {
            foreach (var (difference, one, other) in AmountDifferences.Find(table, amounts, rows).ToList())
            {
                Take(difference, $"it is by how much {table.HeaderOf(one)} and {table.HeaderOf(other)} differ; map it to a meter of its own to keep it");
            }
        }

        IEnumerable<ReadingPair> ReadingPairs(MeterRows meters) => ReadingPair.Find(table, amounts, _subject, meters).Where(pair =>
            told.Find(pair.Before)?.Metric is null && told.Find(pair.After)?.Metric is null && !AreKnown(pair));

        void Take(int column, string why)
        {
            if (told.Find(column) is null && columns.Remove(column))
            {
                amounts.Remove(column);
                LeaveOut(column, why);
            }
        }
    }

    /// <summary>Whether rows are of one day each, and have what the register showed when it began and when it ended.</summary>
    private bool AreOfDays(ReadingPair pair) => new HeaderWords(table.HeaderOf(pair.Before)).Label == LabelMeaning.Start && new HeaderWords(table.HeaderOf(pair.After)).Label == LabelMeaning.End
        && time is { Date: not null, Clock: null, HasEnds: false } && Array.Exists([DateOrder.DayMonthYear, DateOrder.MonthDayYear], order =>
        {
            var days = table.Rows.Take(SheetTable.EnoughRows).Select(row => time.LocalOf(row, order)).OfType<LocalDateTime>().ToList();
            var steps = days.Zip(days.Skip(1), (one, next) => Period.DaysBetween(one.Date, next.Date)).ToList();
            return days.TrueForAll(day => day.TimeOfDay == LocalTime.Midnight) && steps.Count > 1 && steps.Count(step => step is 1 or -1) * 2 > steps.Count;
        });

    /// <summary>Whether their headers say it all: then the readings are taken, which tell when.</summary>
    private bool AreKnown(ReadingPair pair) => pair.IsPlain && new HeaderWords(table.HeaderOf(pair.Before)) is var before && RegisterReadings.NameFirst(before) && RegisterReadings.AreNamedBy(before)
        && RegisterReadings.AreNamedBy(new HeaderWords(table.HeaderOf(pair.After)))
        && (HeaderReader.Read(table.HeaderOf(pair.Amount)).Metric is not null || RegisterReadings.NameAmounts(new HeaderWords(table.HeaderOf(pair.Amount))));

    private void LeaveOutOtherReadings(bool isBill)
    {
        List<ValueColumn> open = [.. _found.Where(column => told.Find(column.Index) is null)];
        var arePeriods = AreOfPeriods;
        foreach (var (column, why) in RegisterReadings.FindNeedless(open, isBill, (readings, amounts) => arePeriods && AreAsMany(readings.Index, amounts.Index)).ToList())
        {
            _found.Remove(column);
            LeaveOut(column.Index, why);
        }

        if (!isBill)
        {
            var registers = _found.Where(column => column.Kind == QuantityKind.Register && told.Find(column.Index) is not null).Select(column => column.Index).ToHashSet();
            var readings = new RegisterReadings.ReadingColumns(table, [.. _subject.Indexes, .. _totals], registers);
            foreach (var amount in _found.FindAll(column => column is { Kind: QuantityKind.Interval, IsSaidByRow: false } && told.Find(column.Index) is null))
            {
                if (arePeriods)
                {
                    LeaveOutMeter(readings, amount);
                }
                else
                {
                    LeaveOutDifferences(readings, amount);
                }
            }
        }
    }

    /// <summary>Of months the amounts are taken, and not what is only called a meter and grows by them.</summary>
    private void LeaveOutMeter(RegisterReadings.ReadingColumns readings, ValueColumn amount)
    {
        if (RegisterReadings.FindDifference(table, readings, [.. _subject.Indexes], amount) is { } found
            && _found.Find(column => column.Index == found.Column && column.Kind == QuantityKind.Interval && told.Find(column.Index) is null && MetricCatalogue.Find(column.Metric)?.Dimension == MetricCatalogue.Find(amount.Metric)?.Dimension) is { } meter)
        {
            OfMeter(meter.Index, amount);
            _found.Remove(meter);
            LeaveOut(meter.Index, "what was used between the readings stands beside it");
        }
    }

    /// <summary>Of readings and what was used between them one is enough: the readings where they tell all of it, as they tell when it was.</summary>
    private void LeaveOutDifferences(RegisterReadings.ReadingColumns readings, ValueColumn amount)
    {
        if (RegisterReadings.FindDifference(table, readings, [.. _subject.Indexes], amount) is not { } found)
        {
            DifferencesOf ??= amount.Metric == "energy" ? RegisterReadings.FindVolumes(table, readings, [.. _subject.Indexes], amount) : null;
            // One row of each meter shows nothing, and is of a file whose others did.
            if (_subject.Multiplier is null && _found.Find(column => column.Kind == QuantityKind.Register && RegisterReadings.AreOf(column, amount) && RegisterReadings.AreOfOne(column, amount)) is { } lone
                && RowsOfMeters().All(rows => rows.Count() == 1))
            {
                _found.Remove(amount);
                LeaveOut(amount.Index, $"{lone.Header} tells it beside the reading before, if that is no multiple of it: else map {amount.Header} and leave {lone.Header} out");
            }

            return;
        }

        amount = OfMeter(found.Column, amount);
        var reading = _found.Find(column => column.Index == found.Column && (column.Kind == QuantityKind.Register ? RegisterReadings.AreOf(column, amount) : column.Metric == amount.Metric && told.Find(column.Index) is null));
        if (reading is { Kind: QuantityKind.Register } && found.Tells)
        {
            _found.Remove(amount);
            LeaveOut(amount.Index, $"it is what {found.Header} is above the reading before, which tells it too, but for what was used before the first one");
            return;
        }

        DifferencesOf ??= found.Header;
        if (reading is not null)
        {
            _found.Remove(reading);
            LeaveOut(reading.Index, $"{amount.Header} is what was used between the readings, of which it is a multiple or tells more");
        }
    }

    /// <summary>Amounts of energy whose header does not say of what they are, as those of what the readings beside them are of: heat, gas.</summary>
    private ValueColumn OfMeter(int readings, ValueColumn amount)
    {
        if (_found.Find(column => column.Index == readings) is not { IsSaidByRow: false } reading || amount is not { Metric: "energy", Carrier: null } || Carriers.Of(amount) is not null
            || Carriers.Of(reading) is not { } carrier || MetricCatalogue.Find(reading.Metric)?.Dimension != Dimension.Energy)
        {
            return amount;
        }

        var of = reading.Metric == Carriers.Heat ? amount with { Metric = reading.Metric, Unit = reading.Unit } : amount with { Carrier = carrier };
        _found[_found.IndexOf(amount)] = of;
        return of;
    }

    private IEnumerable<IEnumerable<SampleRow>> RowsOfMeters() =>
        table.Rows.Take(SheetTable.EnoughRows).GroupBy(row => string.Join('\n', _subject.Indexes.Select(column => HeaderTexts.TextOf(row[column]))));

    /// <summary>Whether each meter has about as many amounts as readings.</summary>
    private bool AreAsMany(int readings, int amounts) =>
        RowsOfMeters().All(rows => rows.Count(row => row[amounts].Kind != CellKind.Empty) * 4 >= rows.Count(row => row[readings].Kind != CellKind.Empty) * 3);
}
