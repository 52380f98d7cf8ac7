using System.Runtime.InteropServices;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using NodaTime;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Decides from a whole column how its texts write a date.</summary>
internal sealed class DateOrderFinder
{
    private readonly Sequence _dayFirst = new(DateOrder.DayMonthYear);
    private readonly Sequence _monthFirst = new(DateOrder.MonthDayYear);
    private readonly YearFirstDates _yearFirst = new();
    private int _firstOver12;
    private int _firstOver12Row;
    private int _secondOver12;
    private int _secondOver12Row;
    private int _undecided;
    private bool _dotted = true;
    private bool _differ;
    private readonly SwappedDates _swapped = new();

    /// <summary>Takes note of one label; those whose own order is plain, and those that exist in no order, decide nothing.</summary>
    /// <param name="subject">What its row is about; null for the end of an interval.</param>
    public void Note(in WrittenTime text, int row, int? subject)
    {
        _swapped.Note(text, row, subject);
        if (text.Order != DateOrder.Unknown)
        {
            return;
        }

        var exists = !text.IsOfNoYear;
        if (exists || text.DateIn(DateOrder.YearMonthDay) is not null)
        {
            _yearFirst.Note(text, exists);
        }

        if (!exists)
        {
            return;
        }

        _undecided++;
        _dotted &= text.IsDotted;
        _differ |= text.First != text.Second;
        if (text.First > 12)
        {
            _firstOver12++;
            _firstOver12Row = _firstOver12Row == 0 ? row : _firstOver12Row;
        }

        if (text.Second > 12)
        {
            _secondOver12++;
            _secondOver12Row = _secondOver12Row == 0 ? row : _secondOver12Row;
        }

        _dayFirst.Note(text, subject);
        _monthFirst.Note(text, subject);
    }

    /// <summary>Takes note of both ends of one interval.</summary>
    public void NoteInterval(in WrittenTime start, in WrittenTime end)
    {
        if (start.Order == DateOrder.Unknown && end.Order == DateOrder.Unknown)
        {
            _dayFirst.NoteInterval(start, end);
            _monthFirst.NoteInterval(start, end);
        }
    }

    /// <inheritdoc cref="SwappedDates.Refuse"/>
    public void RefuseSwapped(string sheet, string header) => _swapped.Refuse(sheet, header);

    /// <summary>Whether texts of the column say that they are written in another order, and none that they are in this one.</summary>
    public bool Contradicts(DateOrder order) => order switch
    {
        DateOrder.DayMonthYear => _secondOver12 > 0 && _firstOver12 == 0,
        DateOrder.MonthDayYear => _firstOver12 > 0 && _secondOver12 == 0,
        _ => _undecided > 0 && !_yearFirst.MayBe,
    };

    /// <summary>The order of every text of the column whose own order is not plain, and why.</summary>
    /// <exception cref="ImportFaultException">Both orders are possible, or neither is.</exception>
    public (DateOrder Order, string? Why) Decide(string sheet, string header)
    {
        if (_yearFirst.AreSure)
        {
            return (DateOrder.YearMonthDay, "the last number changes most often, and the first one least, as year, month and day do");
        }

        if (_undecided == 0)
        {
            // Dates that exist in no order stay without one.
            return (DateOrder.DayMonthYear, null);
        }

        if (_firstOver12 > 0 && _secondOver12 > 0)
        {
            throw Ambiguous(
                $"dates are written with the day first (row {_firstOver12Row}) and with the month first (row {_secondOver12Row})",
                sheet, Math.Max(_firstOver12Row, _secondOver12Row), header, "dmy", "mdy");
        }

        if (_firstOver12 > 0 && _yearFirst.AreLikely && !_dotted)
        {
            throw Ambiguous("every date can be read with the day or with the year first", sheet, null, header, "dmy", "ymd");
        }

        if (_firstOver12 > 0)
        {
            return (DateOrder.DayMonthYear, $"row {_firstOver12Row} can only have the day first");
        }

        if (_secondOver12 > 0)
        {
            return (DateOrder.MonthDayYear, $"row {_secondOver12Row} can only have the month first");
        }

        if (_dotted || !_differ)
        {
            return (DateOrder.DayMonthYear, _dotted ? "dates with dots have the day first" : "day and month are the same number in all dates: both orders read them alike");
        }

        if (Sequence.Signs.Select(Find).FirstOrDefault(found => found is not null) is { } sure)
        {
            return sure;
        }

        if (new HeaderWords(header).NameBills && !(_dayFirst.IsChain && _monthFirst.IsChain) && Find(Sequence.OfBills) is { } ofBills)
        {
            return ofBills;
        }

        if (!_yearFirst.MayBe && new HeaderWords(header).WriteDayFirst)
        {
            return (DateOrder.DayMonthYear, $"the header {header} is of a language that writes the day first");
        }

        return Find(Sequence.Likely) ?? throw Ambiguous("every date can be read with the day or with the month first", sheet, null, header, _yearFirst.MayBe ? ["dmy", "mdy", "ymd"] : ["dmy", "mdy"]);
    }

    /// <summary>The order that alone has a sign; null where both have it, or none.</summary>
    private (DateOrder Order, string? Why)? Find((Func<Sequence, bool> Fits, string Why) sign) =>
        sign.Fits(_dayFirst) != sign.Fits(_monthFirst) && (sign.Fits(_dayFirst) ? _dayFirst : _monthFirst) is { EndsBeforeItBegins: false } order ? (order.Order, sign.Why) : null;

    private static ImportFaultException Ambiguous(string what, string sheet, int? row, string header, params string[] orders) => new(new ImportFault(
        ImportFault.AmbiguousMapping,
        $"In the column {header} {what}. Say which it is with {string.Join(" or ", orders.Select(order => $"mapping={{\"date_order\":\"{order}\"}} ({NameOf(order)} first)"))}.", sheet, row, header, orders)
    {
        Guess = new ImportMapping { DateOrder = orders[0] },
    });

    private static string NameOf(string order) => order[0] switch { 'd' => "day", 'm' => "month", _ => "year" };

    /// <summary>How the labels follow each other where they are written in one order.</summary>
    internal sealed class Sequence(DateOrder order)
    {
        // What ends before it begins may be a mistake, unless it comes again and again.
        private const int MistakeShare = 4;

        // A day each of two months may be read out as a whole.
        private const int FewestDays = 3;

        /// <summary>What one order has and the other has not, the surest first, and how to say it.</summary>
        public static readonly IReadOnlyList<(Func<Sequence, bool> Fits, string Why)> Signs =
        [
            (sequence => !sequence.EndsBeforeItBegins, "only so intervals end after they begin"),
            (sequence => sequence._all.OneWay, "only so the rows follow each other in time"),
            (sequence => sequence._subjects.Values.All(subject => subject.OneWay), "only so the rows of each meter follow each other in time"),
        ];

        /// <summary>What is weaker than the language of the header.</summary>
        public static readonly (Func<Sequence, bool> Fits, string Why) Likely =
            (sequence => sequence.GoesOnByDay, "only so the times of a day go on the next day");

        /// <summary>Of bills alone: others may be read day by day.</summary>
        public static readonly (Func<Sequence, bool> Fits, string Why) OfBills =
            (sequence => sequence is { _intervals: > 0, _days: 0, _timed: false }, "only so bills are of more than a day");

        private readonly Steps _all = new();
        private readonly Dictionary<int, Steps> _subjects = [];
        private int _intervals;
        private int _endBefore;
        private int _days;
        private int _goneOn;
        private LocalDateTime? _lastEnd;
        private bool _timed;

        public DateOrder Order => order;

        /// <summary>Whether the rows, or those of each meter, follow each other in time.</summary>
        public bool IsInOrder => _all.OneWay || _subjects.Values.All(subject => subject.OneWay);

        /// <summary>Whether there are several intervals, each of which begins where the one before it ends.</summary>
        public bool IsChain => _goneOn > 0 && _goneOn == _intervals - 1;

        /// <summary>Whether for some days the next one mostly goes on where the one before ended. In between rows may be missing, or have an hour twice.</summary>
        private bool GoesOnByDay => _subjects.Values.Any(subject => subject.Changes + 1 >= FewestDays)
            && _subjects.Values.Sum(subject => subject.GoneOn) * 2 > _subjects.Values.Sum(subject => subject.Changes);

        public bool EndsBeforeItBegins => _endBefore > 0 && _endBefore * MistakeShare >= _intervals;

        public void Note(in WrittenTime text, int? subject)
        {
            if (text.ToLocal(order) is not { } time || text.DateIn(order) is not { } date)
            {
                return;
            }

            _all.Note(time, date);
            if (subject is { } own)
            {
                ref var steps = ref CollectionsMarshal.GetValueRefOrAddDefault(_subjects, own, out _);
                (steps ??= new Steps()).Note(time, date);
            }
        }

        public void NoteInterval(in WrittenTime start, in WrittenTime end)
        {
            _intervals++;
            if (start.ToLocal(order) is not { } first || end.ToLocal(order) is not { } last)
            {
                return;
            }

            _endBefore += last < first ? 1 : 0;
            _days += last >= first && last.Date <= first.Date.PlusDays(1) ? 1 : 0;
            _goneOn += first == _lastEnd ? 1 : 0;
            _timed |= first.TimeOfDay != LocalTime.Midnight || last.TimeOfDay != LocalTime.Midnight;
            _lastEnd = last;
        }

        private sealed class Steps
        {
            private LocalDateTime? _last;
            private LocalDate _lastDate;
            private Duration? _step;
            private bool _up;
            private bool _down;

            /// <summary>How often the date is another one than that of the row before.</summary>
            public int Changes { get; private set; }

            /// <summary>How often the other date begins one step, of less than a day, after that row.</summary>
            public int GoneOn { get; private set; }

            public bool OneWay => !(_up && _down);

            /// <param name="date">As it is written: 24:00 is of the day that it ends.</param>
            public void Note(LocalDateTime time, LocalDate date)
            {
                if (_last is { } last)
                {
                    _up |= time > last;
                    _down |= time < last;
                    // The newest may come first.
                    var step = time.InUtc().ToInstant() - last.InUtc().ToInstant();
                    _step ??= step;
                    if (date != _lastDate)
                    {
                        Changes++;
                        GoneOn += step == _step && step < Duration.FromDays(1) && -step < Duration.FromDays(1) ? 1 : 0;
                    }
                }

                (_last, _lastDate) = (time, date);
            }
        }
    }
}
