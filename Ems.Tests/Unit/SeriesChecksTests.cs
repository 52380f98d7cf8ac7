using Ems.Core.Metering;
using FsCheck;
using FsCheck.Xunit;
using NodaTime;

namespace Ems.Tests.Unit;

public sealed class SeriesChecksTests
{
    private const int PerDay = 96;
    private const int Middle = 500;
    private static readonly Instant Origin = Instant.FromUtc(2024, 3, 1, 0, 0);
    private static readonly Duration Quarter = Duration.FromMinutes(15);

    [Fact]
    public void An_ordinary_load_has_nothing_odd_about_it()
    {
        Assert.Empty(Found(QuantityKind.Level, Load(2000)));
        Assert.Empty(Found(QuantityKind.Interval, Load(2000)));
        Assert.Empty(Found(QuantityKind.Register, Registers(Load(2000))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Missing_intervals_are_one_gap(int missing)
    {
        var load = Load(1000);
        load.RemoveRange(Middle, missing);

        Assert.Equal([(Middle, ReadingFlags.Gap)], Found(QuantityKind.Interval, load));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(100, true)]
    public void Instants_are_apart_by_a_gap_above_three_steps(int missing, bool isGap)
    {
        var load = Instants(Load(1000));
        load.RemoveRange(Middle, missing);

        Assert.Equal(isGap ? [(Middle, ReadingFlags.Gap)] : [], Found(QuantityKind.Level, load));
    }

    [Fact]
    public void Months_days_of_25_hours_and_overlapping_intervals_have_no_gap()
    {
        List<Sample> months = [.. Enumerable.Range(1, 12).Select(month => new Sample(
            Instant.FromUtc(2024, month, 1, 0, 0), Duration.FromDays(DateTime.DaysInMonth(2024, month)), month))];
        List<Sample> overlapping = [.. Enumerable.Range(0, 20).Select(i => new Sample(Origin + (Quarter * i), Quarter * 2, i))];

        Assert.Empty(Found(QuantityKind.Interval, months));
        Assert.Empty(Found(QuantityKind.Interval, overlapping));
    }

    [Theory]
    [InlineData(24, 41.5, true)]
    [InlineData(23, 41.5, false)]
    [InlineData(96, 41.5, true)]
    [InlineData(300, 41.5, true)]
    [InlineData(1400, 41.5, true)]
    [InlineData(30 * PerDay, 41.5, true)]
    [InlineData(96, 0, false)]
    public void A_value_that_repeats_itself_for_six_hours_is_stuck_but_zero_is_not(int count, double value, bool isStuck)
    {
        var load = Load(4000);
        Repeat(load, Middle, count, value);

        var expected = isStuck ? Enumerable.Range(Middle, count).Select(i => (i, ReadingFlags.Stuck)) : [];
        Assert.Equal(expected, Found(QuantityKind.Level, load));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1400)]
    [InlineData(3500)]
    public void A_machine_that_waits_for_its_season_is_not_stuck(int count)
    {
        var load = Load(4000);
        Repeat(load, Middle, count, 0.3);
        load[Middle + 100] = load[Middle + 100] with { Value = 40 };

        Assert.DoesNotContain(Found(QuantityKind.Level, load), one => one.Flags.HasFlag(ReadingFlags.Stuck));
    }

    [Fact]
    public void A_run_is_stuck_from_its_first_value_to_its_last_whatever_part_of_it_is_looked_at()
    {
        var load = Load(6000);
        Repeat(load, Middle, 3000, 41.5);
        var checks = new SeriesChecks(QuantityKind.Level, _ => true, load);

        var (first, end) = checks.Affected(load[2000].Start, load[2000].Start);

        Assert.Equal((Middle, Middle + 3000), (first, end));
        Assert.All(checks.Check(first, end), flags => Assert.Equal(ReadingFlags.Stuck, flags));
    }

    [Fact]
    public void Coarse_values_that_often_repeat_themselves_are_not_stuck()
    {
        var load = Load(1000).ConvertAll(sample => sample with { Value = Math.Round(sample.Value / 10) * 10 });
        Repeat(load, Middle, 40, 40);

        Assert.Empty(Found(QuantityKind.Level, load));
    }

    [Fact]
    public void A_value_that_never_changes_is_not_stuck()
    {
        var constant = Load(1000).ConvertAll(sample => sample with { Value = 21 });

        Assert.Empty(Found(QuantityKind.Level, constant));
        Assert.Empty(Found(QuantityKind.Register, Instants(constant)));
    }

    [Fact]
    public void A_register_that_does_not_advance_is_not_stuck()
    {
        var registers = Registers(Load(1000));
        Repeat(registers, Middle, 2 * PerDay, registers[Middle].Value);

        Assert.DoesNotContain(Found(QuantityKind.Register, registers), one => one.Flags == ReadingFlags.Stuck);
    }

    [Theory]
    [InlineData(1, 10, true)]
    [InlineData(3, 10, true)]
    [InlineData(5, 10, false)]
    [InlineData(1, 1.5, false)]
    [InlineData(1, -10, true)]
    public void Few_values_far_away_from_all_around_are_spikes_and_many_are_another_state(int count, double factor, bool isSpike)
    {
        var load = Load(1000);
        for (var i = Middle; i < Middle + count; i++)
        {
            load[i] = load[i] with { Value = load[i].Value * factor };
        }

        var spikes = Found(QuantityKind.Level, load).Where(one => one.Flags.HasFlag(ReadingFlags.Spike)).Select(one => one.Index);
        Assert.Equal(isSpike ? Enumerable.Range(Middle, count) : [], spikes);
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(7, 1, true)]
    [InlineData(7, 1.2, true)]
    [InlineData(1, 2, false)]
    [InlineData(1.3, 1, false)]
    public void What_comes_again_after_whole_days_and_is_alike_is_a_habit_and_no_spike(double days, double likeness, bool isHabit)
    {
        var load = Load(3000);
        var second = Middle + (int)(days * PerDay);
        load[Middle] = load[Middle] with { Value = 500 };
        load[second] = load[second] with { Value = 500 * likeness };

        Assert.Equal(isHabit ? [] : [(Middle, ReadingFlags.Spike), (second, ReadingFlags.Spike)], Found(QuantityKind.Level, load));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(180)]
    public void Values_of_whole_days_have_no_habits(int apart)
    {
        var day = Duration.FromHours(24);
        var random = new Random(3);
        List<Sample> days = [.. Enumerable.Range(0, 700).Select(i => new Sample(Instant.FromUtc(2024, 1, 1, 0, 0) + (day * i), day, 100 + random.NextDouble()))];
        days[300] = days[300] with { Value = 65_535 };
        days[300 + apart] = days[300 + apart] with { Value = 65_535 };

        Assert.Equal([(300, ReadingFlags.Spike), (300 + apart, ReadingFlags.Spike)], Found(QuantityKind.Interval, days));
    }

    [Theory]
    [InlineData(12, 9503, true)]
    [InlineData(36, 9503, true)]
    [InlineData(36, 52, true)]
    [InlineData(36, 800, false)]
    [InlineData(11, 9503, false)]
    public void A_slipped_decimal_point_shows_among_the_bills_of_a_year(int count, double value, bool isSpike)
    {
        var bills = Bills(count);
        bills[7] = bills[7] with { Value = value };

        Assert.Equal(isSpike ? [(7, ReadingFlags.Spike)] : [], Found(QuantityKind.Interval, bills));
    }

    [Fact]
    public void A_bill_of_other_months_than_most_is_no_spike()
    {
        var bills = Bills(24);
        bills[7] = bills[7] with { Length = bills[7].Length + bills[8].Length, Value = bills[7].Value + bills[8].Value };
        bills.RemoveAt(8);
        bills[0] = new Sample(bills[0].Start + Duration.FromDays(25), Duration.FromDays(6), bills[0].Value / 5);

        Assert.Empty(Found(QuantityKind.Interval, bills));
    }

    [Fact]
    public void A_register_that_is_read_once_a_month_ran_too_fast()
    {
        var reading = 0d;
        List<Sample> registers = [.. Bills(24).Select((bill, i) => new Sample(bill.Start, Duration.Zero, reading += i == 9 ? 9_503 : bill.Value))];

        Assert.Equal([(9, ReadingFlags.ImplausibleRate)], Found(QuantityKind.Register, registers));
    }

    [Fact]
    public void Hours_alike_weeks_apart_are_no_habit()
    {
        var hour = Duration.FromHours(1);
        var random = new Random(3);
        List<Sample> hours = [.. Enumerable.Range(0, 2000).Select(i => new Sample(Instant.FromUtc(2024, 1, 1, 0, 0) + (hour * i), hour, 100 + random.NextDouble()))];
        hours[900] = hours[900] with { Value = 65_535 };
        hours[900 + (24 * 20)] = hours[900 + (24 * 20)] with { Value = 65_535 };

        Assert.Equal([(900, ReadingFlags.Spike), (900 + (24 * 20), ReadingFlags.Spike)], Found(QuantityKind.Interval, hours));
    }

    [Fact]
    public void A_register_that_jumps_ran_too_fast_and_one_that_goes_back_was_reset()
    {
        var registers = Registers(Load(1000));
        registers[Middle] = registers[Middle] with { Value = registers[Middle].Value + 100_000 };
        Assert.Equal(
            [(Middle, ReadingFlags.ImplausibleRate), (Middle + 1, ReadingFlags.RegisterReset)], Found(QuantityKind.Register, registers));

        var replaced = Registers(Load(1000));
        for (var i = Middle; i < replaced.Count; i++)
        {
            replaced[i] = replaced[i] with { Value = replaced[i].Value - replaced[Middle - 1].Value };
        }

        Assert.Equal([(Middle, ReadingFlags.RegisterReset)], Found(QuantityKind.Register, replaced));
    }

    [Fact]
    public void Consumption_below_zero_is_odd_where_and_when_no_export_is_declared()
    {
        var load = Load(1000);
        load[Middle] = load[Middle] with { Value = -5 };
        load[Middle + 100] = load[Middle + 100] with { Value = -5 };

        var flags = new SeriesChecks(QuantityKind.Level, at => at > load[Middle].Start, load).Check(0, load.Count);

        Assert.Equal([Middle], Enumerable.Range(0, flags.Length).Where(i => flags[i].HasFlag(ReadingFlags.NegativeConsumption)));
    }

    [Theory]
    [InlineData(100, 99, false)]
    [InlineData(100, 104, false)]
    [InlineData(100, 106, true)]
    [InlineData(-20, 10, true)]
    [InlineData(-20, -20, false)]
    public void Meters_below_another_must_not_count_more_than_it_where_it_is_known(double above, double below, bool isOff)
    {
        var day = Duration.FromHours(24);
        BucketTotal Total(double quantity) => BucketTotal.Empty with { Quantity = quantity, AbsoluteQuantity = Math.Abs(quantity), Covered = day };

        Assert.Equal(isOff, MeterBalance.IsOff(Total(above), [Total(below / 2), Total(below / 2)], day));
        Assert.False(MeterBalance.IsOff(Total(above) with { Covered = day * 0.9 }, [Total(below)], day));
        Assert.False(MeterBalance.IsOff(Total(above) with { EstimatedQuantity = Math.Abs(above) * 0.2 }, [Total(below)], day));
    }

    /// <summary>What is found is the same whether all values are looked at or only those around, and a change changes nothing far away.</summary>
    [Property(MaxTest = 60)]
    public bool What_is_found_depends_on_nothing_beyond_the_reach(int seed, int kindIndex)
    {
        var random = new System.Random(seed);
        var kind = (QuantityKind)Math.Abs(kindIndex % 3);
        var before = RandomSeries(random, kind);
        var after = before.ToList();
        var changed = random.Next(after.Count);
        if (random.Next(2) == 0)
        {
            after.RemoveAt(changed);
        }
        else
        {
            after[changed] = after[changed] with { Value = random.Next(-10, 1000) };
        }

        var at = before[changed].Start;
        var (first, end) = new SeriesChecks(kind, _ => false, after).Affected(at, at);
        var known = Found(kind, before).ToDictionary(one => before[one.Index].Start, one => one.Flags);
        for (var i = first; i < end; i++)
        {
            known.Remove(after[i].Start);
        }

        known.Remove(at);
        var contextFirst = Math.Max(0, first - SeriesChecks.Reach);
        var context = after[contextFirst..Math.Min(after.Count, end + SeriesChecks.Reach)];
        var flags = new SeriesChecks(kind, _ => false, context).Check(first - contextFirst, end - contextFirst);
        for (var i = first; i < end; i++)
        {
            if (flags[i - first] != ReadingFlags.None)
            {
                known[after[i].Start] = flags[i - first];
            }
        }

        return known.OrderBy(one => one.Key).SequenceEqual(
            Found(kind, after).Select(one => KeyValuePair.Create(after[one.Index].Start, one.Flags)).OrderBy(one => one.Key));
    }

    private static List<Sample> RandomSeries(System.Random random, QuantityKind kind)
    {
        var load = Load(400 + random.Next(4000));
        for (var i = random.Next(8); i > 0; i--)
        {
            Repeat(load, random.Next(load.Count), random.Next(random.Next(4) == 0 ? 1200 : 60), 33);
            var at = random.Next(load.Count);
            load[at] = load[at] with { Value = load[at].Value * random.Next(-3, 40) };
        }

        var spike = random.Next(load.Count);
        for (var i = spike; i < load.Count && random.Next(4) > 0; i += PerDay * (1 + random.Next(3)))
        {
            load[i] = load[i] with { Value = 900 };
        }

        var series = kind == QuantityKind.Register ? Registers(load) : random.Next(2) == 0 ? Instants(load) : load;
        for (var i = random.Next(20); i > 0; i--)
        {
            var at = random.Next(series.Count);
            series.RemoveRange(at, Math.Min(random.Next(6), series.Count - at));
        }

        return series;
    }

    private static List<(int Index, ReadingFlags Flags)> Found(QuantityKind kind, List<Sample> samples)
    {
        var flags = new SeriesChecks(kind, _ => false, samples).Check(0, samples.Count);
        return [.. Enumerable.Range(0, flags.Length).Where(i => flags[i] != ReadingFlags.None).Select(i => (i, flags[i]))];
    }

    /// <summary>Mean powers of a building by quarter hours: by night 30, by day up to 70, never twice the same.</summary>
    private static List<Sample> Load(int count)
    {
        var random = new System.Random(7);
        return [.. Enumerable.Range(0, count).Select(i => new Sample(
            Origin + (Quarter * i), Quarter, 50 - (20 * Math.Cos(2 * Math.PI * i / PerDay)) + (random.NextDouble() * 6)))];
    }

    private static List<Sample> Bills(int count)
    {
        var random = new System.Random(7);
        return [.. Enumerable.Range(0, count).Select(i => new LocalDate(2021, 1, 1).PlusMonths(i)).Select(month => new Sample(
            month.AtMidnight().InUtc().ToInstant(), Duration.FromDays(CalendarSystem.Iso.GetDaysInMonth(month.Year, month.Month)), 500 + (random.NextDouble() * 40)))];
    }

    private static List<Sample> Instants(List<Sample> samples) => samples.ConvertAll(sample => sample with { Length = Duration.Zero });

    private static List<Sample> Registers(List<Sample> load)
    {
        var reading = 5_000d;
        return Instants(load).ConvertAll(sample => sample with { Value = reading += Math.Abs(sample.Value) / 4 });
    }

    private static void Repeat(List<Sample> samples, int first, int count, double value)
    {
        for (var i = first; i < Math.Min(first + count, samples.Count); i++)
        {
            samples[i] = samples[i] with { Value = value };
        }
    }
}
