using Ems.SamplePlant.Readings;
using NodaTime;

namespace Ems.SamplePlant.Faults;

/// <summary>A fault that comes back every so many weeks, at another time of the week each time.</summary>
/// <param name="everyWeeks">At most 7, so that two months contain it; more for what need not be in them.</param>
internal sealed class FaultRule(ulong seed, DateTimeZone zone, FaultKind kind, string equipmentId, string? metric, int everyWeeks)
{
    // A Monday.
    private static readonly LocalDate FirstWeek = new(2024, 1, 1);
    private static readonly LocalTime Morning = new(8, 0);

    private readonly Noise _noise = new(seed, $"{kind} {equipmentId} {metric}");
    private PlantedFault? _last;
    private int _lastWeek = int.MinValue;

    public FaultKind Kind => kind;

    public string EquipmentId => equipmentId;

    public string? Metric => metric;

    /// <summary>The fault whose turn it is at this instant, whether or not it has begun or is over.</summary>
    public PlantedFault At(Instant instant)
    {
        var week = WeekOf(instant);
        if (week != _lastWeek)
        {
            (_last, _lastWeek) = (Make(week), week);
        }

        return _last!;
    }

    public PlantedFault Before(PlantedFault fault) => Make(WeekOf(fault.Start) - everyWeeks);

    public IEnumerable<PlantedFault> Between(Instant from, Instant to)
    {
        for (var week = WeekOf(from); week <= WeekOf(to); week += everyWeeks)
        {
            var fault = Make(week);
            if (fault.Start < to && (fault.End > from || (fault.Start == fault.End && fault.Start >= from)))
            {
                yield return fault;
            }
        }
    }

    /// <summary>The week, counted from the first one, in which the turn of this instant began.</summary>
    private int WeekOf(Instant instant)
    {
        var week = (int)Math.Floor(Period.DaysBetween(FirstWeek, instant.InZone(zone).Date) / 7.0);
        return week - Modulo(week - _noise.Pick(0, everyWeeks), everyWeeks);
    }

    private PlantedFault Make(int week)
    {
        var monday = FirstWeek.PlusWeeks(week);
        int Pick(int part, int count) => _noise.Pick(1 + (week * 8L) + part, count);
        Instant At(int day, LocalTime time) => zone.AtLeniently(monday.PlusDays(day) + time).ToInstant();

        // Monday to Thursday: no gap hides a change of the clocks on Sunday, nor an exchange of the meter on Friday.
        var start = At(Pick(0, 3), LocalTime.Midnight.PlusMinutes(15 * Pick(1, 96)));
        var working = At(1 + Pick(0, 3), Morning.PlusMinutes(15 * Pick(1, 32)));
        var friday = At(4, Morning.PlusMinutes(15 * Pick(1, 32)));
        Instant After(int quarters) => start + (Moment.Quarter * quarters);
        PlantedFault Fault(Instant from, Instant to, double? factor, string planted) => new(kind, equipmentId, metric, from, to, factor, planted);

        return kind switch
        {
            FaultKind.Gap => Fault(start, After(12 + Pick(2, 68)), null, "no readings"),
            FaultKind.RegisterReset => Fault(friday, friday, null, "the meter was exchanged after this reading; the new one starts at 0"),
            FaultKind.StuckValue => Fault(start, After(72 + Pick(2, 24)), null, "the value of the start is repeated"),
            FaultKind.Spike => Spike(working, 8 + Pick(3, 8)),
            FaultKind.LeftOn => Fault(At(5, LocalTime.Midnight), At(7, LocalTime.Midnight), null, "ran all weekend as on a working day"),
            FaultKind.RisingBaseLoad => Rising(At(0, LocalTime.Midnight), At(28, LocalTime.Midnight), (16 + Pick(3, 5)) / 10.0),
            _ => throw new InvalidOperationException($"No rule makes a {kind}."),
        };

        PlantedFault Spike(Instant at, double factor) =>
            Fault(at, at + Moment.Quarter, factor, FormattableString.Invariant($"one value is {factor} times too high"));

        PlantedFault Rising(Instant from, Instant to, double factor) =>
            Fault(from, to, factor, "the base load grows until it is repaired");
    }

    private static int Modulo(int value, int by) => ((value % by) + by) % by;
}
