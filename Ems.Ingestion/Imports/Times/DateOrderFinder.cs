using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using NodaTime;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Decides from a whole column how its texts write a date.</summary>
internal sealed class DateOrderFinder
{
    private readonly Direction _dayFirst = new();
    private readonly Direction _monthFirst = new();
    private readonly YearFirstDates _yearFirst = new();
    private int _firstOver12;
    private int _firstOver12Row;
    private int _secondOver12;
    private int _secondOver12Row;
    private int _undecided;
    private bool _dotted = true;
    private bool _differ;

    /// <summary>Takes note of one label; those whose own order is plain, and those that exist in no order, decide nothing.</summary>
    public void Note(in WrittenTime text, int row)
    {
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

        _dayFirst.Note(text.ToLocal(DateOrder.DayMonthYear));
        _monthFirst.Note(text.ToLocal(DateOrder.MonthDayYear));
    }

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

        if (_dayFirst.OneWay != _monthFirst.OneWay)
        {
            return (_dayFirst.OneWay ? DateOrder.DayMonthYear : DateOrder.MonthDayYear, "only so the rows follow each other in time");
        }

        if (!_yearFirst.MayBe && new HeaderWords(header).WriteDayFirst)
        {
            return (DateOrder.DayMonthYear, $"the header {header} is of a language that writes the day first");
        }

        throw Ambiguous("every date can be read with the day or with the month first", sheet, null, header, _yearFirst.MayBe ? ["dmy", "mdy", "ymd"] : ["dmy", "mdy"]);
    }

    private static ImportFaultException Ambiguous(string what, string sheet, int? row, string header, params string[] orders) => new(new ImportFault(
        ImportFault.AmbiguousMapping,
        $"In the column {header} {what}. Say which it is with {string.Join(" or ", orders.Select(order => $"mapping={{\"date_order\":\"{order}\"}} ({NameOf(order)} first)"))}.", sheet, row, header, orders)
    {
        Guess = new ImportMapping { DateOrder = orders[0] },
    });

    private static string NameOf(string order) => order[0] switch { 'd' => "day", 'm' => "month", _ => "year" };

    private sealed class Direction
    {
        private LocalDateTime? _last;
        private bool _up;
        private bool _down;

        public bool OneWay => !(_up && _down);

        public void Note(LocalDateTime? time)
        {
            if (time is { } now)
            {
                _up |= now > _last;
                _down |= now < _last;
                _last = now;
            }
        }
    }
}
