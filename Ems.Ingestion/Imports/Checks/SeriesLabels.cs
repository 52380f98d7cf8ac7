using Ems.Core.Metering;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>The labels of an equipment, or of one of its metrics.</summary>
/// <param name="ofEquipment">All those of its equipment; null for these.</param>
/// <param name="areByDate">Whether each row has a time of day of many dates: then those of one date follow each other.</param>
internal sealed class SeriesLabels(SeriesLabels? ofEquipment, bool areByDate)
{
    // Two rows that are hours apart say nothing about how long each of them is; three that are equally far apart do.
    private const long FewestSteps = 3;
    private const long FewestEqualSteps = 2;

    // So many alike on both sides are no gaps in a file of one step.
    private const int LeastOfChange = 12;

    private readonly StepHistogram _steps = new();
    private readonly StepHistogram _ofDates = new();
    private LocalDate? _date;
    private LocalDateTime? _first;
    private LocalDateTime? _last;
    private int _greatestDay;
    private int _innerDay;
    private bool _isInnerOne = true;
    private bool _areDates = true;
    private IsoDayOfWeek? _dayOfWeek;
    private bool _isOneDayOfWeek = true;
    private (LocalDateTime Begin, Duration Step, int Count) _run;
    private Duration? _stepBefore;
    private int _changes;
    private LocalDateTime? _before;

    public SeriesLabels OfEquipment => ofEquipment ?? this;

    public LocalDateTime First => _first.GetValueOrDefault();

    public LocalDateTime Last => _last.GetValueOrDefault();

    public LabelOrder Order => _steps.Order();

    /// <summary>What comes only a few times has the step of what else its meter measures.</summary>
    public Duration? Step => (SaysItsStep ? this : OfEquipment)._steps.Step();

    /// <summary>How far labels are apart for long, and from which one on for long otherwise, in their order; null where that is nowhere.</summary>
    public (Duration Before, LocalDateTime From, Duration After)? Change { get; private set; }

    /// <summary>The change in the order of time, where it is the only one, of amounts of a day or less; null where nobody knows how long each amount is.</summary>
    public (Duration Earlier, LocalDateTime Border, Duration Later)? OnlyChange => Change is not var (before, from, after) || _changes != 1 || Duration.Max(before, after) > Duration.FromDays(1) ? null
        : Order switch
        {
            LabelOrder.Ascending => (before, from, after),
            LabelOrder.Descending => (after, from, before),
            _ => null,
        };

    private bool SaysItsStep => _steps.Count >= FewestSteps || (_steps.Count >= FewestEqualSteps && _steps.AreEqual);

    /// <summary>The fewest that a label names; zero where none names any.</summary>
    public short Months { get; private set; }

    /// <summary>How far labels are apart that are dates, beside those that name more months together: their totals say nothing of them. Null where they are no months.</summary>
    /// <param name="fewestMonths">That any label of the file names.</param>
    public Duration? StepOfDates(short fewestMonths) => fewestMonths > 1 && _ofDates.Step() is { } step && NominalLength.IsMonths(step) ? step : null;

    /// <summary>The day of the month of all labels, in a shorter month its last; zero where they have no one day.</summary>
    public int DayOfMonth => _innerDay == 0 ? 31 : _isInnerOne && _innerDay == _greatestDay ? _innerDay : 0;

    /// <summary>Whether the labels are last days of months.</summary>
    public bool AreLastDays => _areDates && _innerDay == 0;

    /// <summary>Whether the labels are dates of one day of the week that may be its last: what ends on a Monday ends where it begins.</summary>
    public bool MayBeLastDaysOfWeeks => _areDates && _isOneDayOfWeek && _dayOfWeek != IsoDayOfWeek.Monday;

    /// <summary>Whether the labels begin one step after a midnight and end at one.</summary>
    public bool EndWholeDays => Step is { } step && step > Duration.Zero && step < Duration.FromDays(1)
        && _first is { } first && _last is { } last && IsAt(first, step) && IsAt(last, Duration.Zero) && last.Date > first.Date;

    public void Note(LocalDateTime label, bool isMonth)
    {
        _date ??= label.Date;
        if (!areByDate || label.Date == _date)
        {
            _steps.Note(label);
        }

        if (!isMonth)
        {
            _ofDates.Note(label);
        }

        NoteRun(label);
        _first = !(_first <= label) ? label : _first;
        _last = !(_last >= label) ? label : _last;
        NoteDay(label);
        ofEquipment?.Note(label, isMonth);
    }

    private void NoteRun(LocalDateTime label)
    {
        if (_before is { } before && label != before)
        {
            var step = NominalLength.Of(Duration.FromTicks(Math.Abs((label.InUtc().ToInstant() - before.InUtc().ToInstant()).TotalTicks)));
            _run = step == _run.Step ? _run with { Count = _run.Count + 1 } : (before, step, 1);
            if (_run.Count == LeastOfChange)
            {
                if (_stepBefore is { } other && other != step)
                {
                    Change ??= (other, _run.Begin, step);
                    _changes++;
                }

                _stepBefore = step;
            }
        }

        _before = label;
    }

    public void NoteMonths(short months) => Months = Months == 0 ? months : Math.Min(Months, months);

    private void NoteDay(LocalDateTime label)
    {
        _areDates &= label.TimeOfDay == LocalTime.Midnight;
        _isOneDayOfWeek &= label.DayOfWeek == (_dayOfWeek ??= label.DayOfWeek);
        _greatestDay = Math.Max(_greatestDay, label.Day);
        if (label.Day < label.Calendar.GetDaysInMonth(label.Year, label.Month))
        {
            _isInnerOne &= _innerDay == 0 || _innerDay == label.Day;
            _innerDay = label.Day;
        }
    }

    private static bool IsAt(LocalDateTime label, Duration ofDay)
    {
        var distance = (label.InUtc().ToInstant() - label.Date.AtMidnight().InUtc().ToInstant() - ofDay).TotalSeconds;
        return Math.Abs(distance) <= 1 || Math.Abs(distance - 86_400) <= 1;
    }
}
