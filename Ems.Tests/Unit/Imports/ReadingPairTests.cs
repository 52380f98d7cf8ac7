using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Rows that have two readings of one register and what was used between them.</summary>
public sealed class ReadingPairTests : IDisposable
{
    private const string Used = "12-01+31=energy:900 01-01+31=energy:1500 02-01+29=energy:1200 03-01+31=energy:1300";

    private static readonly int[] Amounts = [900, 1500, 1200, 1300];

    private readonly ImportBench _bench = new();

    private string Values => string.Join(' ', _bench.Readings.OrderBy(reading => reading.Start).Select(reading =>
        string.Create(CultureInfo.InvariantCulture, $"{reading.Start.ToDateTimeUtc():MM-dd}+{reading.Length.TotalDays}={reading.Values[0].Metric}:{reading.Values[0].Value}")));

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Previous,Current,Difference", false)]
    [InlineData("Previous,Present,Usage", false)]
    [InlineData("Last reading,This reading,Units", false)]
    [InlineData("Alter Stand,Neuer Stand,Verbrauch", false)]
    [InlineData("Stand alt,Stand neu,Verbrauch", false)]
    [InlineData("Vorwert,Aktuell,Differenz", false)]
    [InlineData("Ancien index,Nouvel index,Consommation", false)]
    [InlineData("Anterior,Actual,Consumo", false)]
    [InlineData("Old,New,Used", false)]
    [InlineData("Reading 1,Reading 2,Used", false)]
    [InlineData("Start,End,kWh", true)]
    [InlineData("Start kWh,End kWh,Used kWh", true)]
    [InlineData("Previous kWh,Current kWh,Difference kWh", true)]
    [InlineData("Previous reading (kWh),Present (kWh),kWh used", true)]
    public void The_amounts_lie_before_the_date_whatever_the_readings_are_called(string headers, bool isUnitSaid)
    {
        var text = TextOf(headers, 1_204_500);
        var form = new ImportForm();
        if (!isUnitSaid)
        {
            var asked = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
            Assert.Contains("unit=kWh", asked.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("register", asked.Message, StringComparison.Ordinal);
            form = new ImportForm { Unit = "kWh", Metric = asked.Message.Contains("metric=energy", StringComparison.Ordinal) ? "energy" : null };
        }

        _bench.RunText(text, form);

        Assert.Equal(Used, Values);
        Assert.Contains(headers.Split(',')[0], _bench.Assumed("left_out"), StringComparison.Ordinal);
        Assert.Contains(headers.Split(',')[1], _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Current,Previous,kWh")]
    [InlineData("Present kWh,Previous kWh,Used kWh")]
    public void The_later_reading_may_stand_first(string headers)
    {
        _bench.RunText(TextOf(headers, 1_204_500, isLaterFirst: true));

        Assert.Equal(Used, Values);
    }

    [Fact]
    public void Rows_whose_newest_is_first_go_on_as_well()
    {
        var lines = TextOf("Previous,Current,kWh", 5_000).TrimEnd().Split('\n');

        _bench.RunText(string.Join('\n', lines.Take(1).Concat(lines.Skip(1).Reverse())));

        Assert.Equal(Used, Values);
    }

    [Fact]
    public void A_list_of_many_meters_that_were_read_on_one_day_is_known_by_its_names()
    {
        _bench.RunText("Meter,Read date,Previous,Current,Consumption (kWh)\nA,2024-02-01,100,190,90\nB,2024-02-01,7000,7300,300\nC,2024-02-01,40,45,5\n");

        Assert.Equal(["A 90", "B 300", "C 5"], _bench.Readings.Select(reading => $"{reading.EquipmentId} {Assert.Single(reading.Values).Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Units_of_rows_go_with_the_amounts()
    {
        _bench.RunText("Meter,Read date,Previous,Current,Difference,Unit\n" + string.Concat(Rows(88_000).Select(row => $"M1,{row.Date},{row.Before},{row.After},{row.After - row.Before},kWh\n")));

        Assert.Equal(Used, Values);
    }

    [Theory]
    [InlineData("Previous,Current,CT factor,kWh", "{0},{1},40,{3}")]
    [InlineData("Previous,Current,Multiplier,kWh", "{0},{1},40,{3}")]
    [InlineData("Previous,Current,Difference,Multiplier,kWh", "{0},{1},{2},40,{3}")]
    [InlineData("Multiplier,Previous,Current,Units,kWh", "40,{0},{1},{2},{3}")]
    public void Amounts_that_have_been_multiplied_are_taken_as_they_are(string headers, string line)
    {
        _bench.RunText($"Date,{headers}\n" + string.Concat(Rows(5_000).Select(row => $"{row.Date},{string.Format(CultureInfo.InvariantCulture, line, row.Before, row.After, row.After - row.Before, (row.After - row.Before) * 40)}\n")));

        Assert.Equal("12-01+31=energy:36000 01-01+31=energy:60000 02-01+29=energy:48000 03-01+31=energy:52000", Values);
    }

    [Fact]
    public void Readings_whose_multiplier_no_amount_has_are_taken_with_it()
    {
        _bench.RunText("Date,Multiplier,Previous,Current,Difference\n" + string.Concat(Rows(5_000).Select(row => $"{row.Date},40,{row.Before},{row.After},{row.After - row.Before}\n")), new ImportForm { Metric = "energy_import_register", Unit = "kWh" });

        Assert.All(_bench.Readings, reading => Assert.Equal("energy_import_register", Assert.Single(reading.Values).Metric));
        Assert.Equal(40, Assert.Single(_bench.Facts.Meters).Multiplier);
        Assert.Equal([5_900, 7_400, 8_600, 9_900], _bench.Readings.OrderBy(reading => reading.Start).Select(reading => reading.Values[0].Value));
    }

    [Fact]
    public void A_request_for_registers_gets_the_reading_of_each_date()
    {
        _bench.RunText(TextOf("Previous,Current,Difference", 5_000), new ImportForm { Metric = "energy_import_register", Unit = "kWh" });

        Assert.Equal("01-01+0=energy_import_register:5900 02-01+0=energy_import_register:7400 03-01+0=energy_import_register:8600 04-01+0=energy_import_register:9900", Values);
    }

    [Fact]
    public void Of_months_the_amounts_are_of_the_month()
    {
        _bench.RunText("Month" + TextOf("Previous,Current,kWh", 5_000)[4..]);

        Assert.Equal("01-01+31=energy:900 02-01+29=energy:1500 03-01+31=energy:1200 04-01+30=energy:1300", Values);
    }

    [Theory]
    [InlineData("Month,Closing reading kWh,Usage (kWh)")]
    [InlineData("Monat,Zählerstand (kWh),Verbrauch (kWh)")]
    [InlineData("Month,Opening kWh,Closing kWh,Units kWh")]
    public void First_days_of_months_below_Month_are_those_months(string headers)
    {
        _bench.RunText($"{headers}\n" + string.Concat(Rows(5_000).Select(row => headers.Count(c => c == ',') == 3 ? $"{row.Date},{row.Before},{row.After},{row.After - row.Before}\n" : $"{row.Date},{row.After},{row.After - row.Before}\n")));

        Assert.Equal("01-01+31=energy:900 02-01+29=energy:1500 03-01+31=energy:1200 04-01+30=energy:1300", Values);
    }

    [Fact]
    public void Named_readings_beside_a_multiple_of_what_they_tell_are_left_out_as_well()
    {
        _bench.RunText("Date,Meter,Previous reading,Present reading,Difference,Multiplier,kWh\n" + string.Concat(Rows(5_000).Select(row => $"{row.Date},A,{row.Before},{row.After},{row.After - row.Before},40,{(row.After - row.Before) * 40}\n")));

        Assert.Equal("12-01+31=energy:36000 01-01+31=energy:60000 02-01+29=energy:48000 03-01+31=energy:52000", Values);
    }

    [Theory]
    [InlineData("M1,M2,M3")]
    [InlineData("Main (kWh),Sub (kWh),Other (kWh)")]
    [InlineData("Hall A (kWh),Total (kWh),Hall B (kWh)")]
    public void Meters_of_which_one_is_the_difference_of_others_stay_meters(string headers)
    {
        var rows = Enumerable.Range(0, 6).Select(i => $"2024-0{i + 1}-01,{400 + (i * 13 % 7)},{900 + (i * 31 % 17)},{500 + (i * 31 % 17) - (i * 13 % 7)}\n");

        _bench.RunText($"Date,{headers}\n{string.Concat(rows)}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.DoesNotContain("between the readings", string.Join(' ', _bench.Facts.Assumptions.Select(assumption => assumption.Why)), StringComparison.Ordinal);
        Assert.NotEqual("end", _bench.Assumed("timestamp_label"));
    }

    [Theory]
    [InlineData("Budget kWh,Actual kWh,Difference kWh")]
    [InlineData("Last year kWh,This year kWh,Difference kWh")]
    [InlineData("Last month kWh,This month kWh,Difference kWh")]
    public void What_was_used_at_other_times_or_planned_is_no_reading(string headers)
    {
        var rows = Enumerable.Range(0, 6).Select(i => $"2024-0{i + 1}-01,{400 + (i * 40)},{440 + (i * 40) + (i % 2)},{40 + (i % 2)}\n");
        var said = "";
        try
        {
            _bench.RunText($"Date,{headers}\n{string.Concat(rows)}");
            said = string.Join(' ', _bench.Facts.Assumptions.Select(assumption => assumption.Why));
        }
        catch (ImportFaultException fault)
        {
            Assert.Equal(ImportFault.AmbiguousMapping, fault.Fault.Code);
        }

        Assert.DoesNotContain("between the readings", said, StringComparison.Ordinal);
        Assert.DoesNotContain(_bench.Readings, reading => reading.Start.ToDateTimeUtc().Year < 2024);
    }

    [Theory]
    [InlineData("A,B,C")]
    [InlineData("V1,V2,V3")]
    public void Numbers_of_rows_are_no_readings(string headers)
    {
        var rows = Enumerable.Range(0, 24).Select(i => $"2024-03-{i + 1:00},{i},{i + 1},1\n");

        _bench.RunText($"Date,{headers}\n{string.Concat(rows)}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.DoesNotContain("between the readings", string.Join(' ', _bench.Facts.Assumptions.Select(assumption => assumption.Why)), StringComparison.Ordinal);
        Assert.Equal(24, _bench.Readings.Count(reading => reading.EquipmentId == headers.Split(',')[0]));
    }

    private static IEnumerable<(string Date, int Before, int After)> Rows(int first)
    {
        for (var i = 0; i < Amounts.Length; i++)
        {
            yield return ($"2024-0{i + 1}-01", first, first += Amounts[i]);
        }
    }

    private static string TextOf(string headers, int first, bool isLaterFirst = false) =>
        $"Date,{headers}\n" + string.Concat(Rows(first).Select(row => $"{row.Date},{(isLaterFirst ? row.After : row.Before)},{(isLaterFirst ? row.Before : row.After)},{row.After - row.Before}\n"));
}
