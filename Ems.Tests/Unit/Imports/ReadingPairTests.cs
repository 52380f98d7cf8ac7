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
        Assert.Equal(6, _bench.Values(headers.Split(',')[0].Replace(" (kWh)", "", StringComparison.Ordinal), "energy").Count());
    }

    [Theory]
    [InlineData("Budget kWh,Actual kWh,Difference kWh")]
    [InlineData("Last year kWh,This year kWh,Difference kWh")]
    [InlineData("Last month kWh,This month kWh,Difference kWh")]
    public void What_was_used_at_other_times_or_planned_is_no_reading(string headers)
    {
        var rows = Enumerable.Range(0, 6).Select(i => $"2024-0{i + 1}-01,{400 + (i * 40)},{440 + (i * 40) + (i % 2)},{40 + (i % 2)}\n");
        _bench.RunText($"Date,{headers}\n{string.Concat(rows)}");

        Assert.Equal($"{headers.Split(',')[2]}; {headers.Split(',')[0]}", _bench.Assumed("left_out"));
        Assert.Equal(Enumerable.Range(0, 6).Sum(i => 440 + (i * 40) + (i % 2)), _bench.Sum("meter", "energy"));
        Assert.DoesNotContain("between the readings", string.Join(' ', _bench.Facts.Assumptions.Select(assumption => assumption.Why)), StringComparison.Ordinal);
        Assert.DoesNotContain(_bench.Readings, reading => reading.Start.ToDateTimeUtc().Year < 2024);
    }

    /// <summary>What is headed as a month or a week is of it, and no day on which somebody read.</summary>
    [Theory]
    [InlineData("Billing month", 1)]
    [InlineData("Monat/Jahr", 1)]
    [InlineData("Week commencing", 1)]
    [InlineData("Date", 0)]
    [InlineData("Reading date", 0)]
    public void Amounts_between_readings_are_of_the_periods_that_their_rows_are_headed_as(string header, int first)
    {
        _bench.RunText($"{header},Start,End,kWh\n2024-01-01,41000,41183,183\n2024-02-01,41183,41350,167\n2024-03-01,41350,41541,191\n2024-04-01,41541,41712,171\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        var starts = _bench.Readings.Where(reading => reading.Values.Any(value => value.Value == 183)).Select(reading => reading.Start.ToDateTimeUtc());
        Assert.Equal([new DateTime(2023, 12, 1).AddMonths(first)], starts);
    }

    [Theory]
    [InlineData("Alpha,Beta,Gamma")]
    [InlineData("V1,V2,V3")]
    public void Numbers_of_rows_are_no_readings(string headers)
    {
        var rows = Enumerable.Range(0, 24).Select(i => $"2024-03-{i + 1:00},{i},{i + 1},1\n");

        _bench.RunText($"Date,{headers}\n{string.Concat(rows)}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.DoesNotContain("between the readings", string.Join(' ', _bench.Facts.Assumptions.Select(assumption => assumption.Why)), StringComparison.Ordinal);
        Assert.Equal(24, _bench.Readings.Count(reading => reading.EquipmentId == headers.Split(',')[0]));
    }

    [Fact]
    public void Meters_that_mostly_idle_stay_meters()
    {
        var rows = Enumerable.Range(0, 192).Select(i => $"2024-01-{8 + (i / 96):00} {i / 4 % 24:00}:{i % 4 * 15:00},{(i % 60 == 20 ? "7.5" : "0")},{(i % 60 == 40 ? "7.25" : "0")},{(i % 60 == 50 ? "3.75" : "0")}\n");

        _bench.RunText($"Time,Charger 1 kWh,Charger 2 kWh,Charger 3 kWh\n{string.Concat(rows)}");

        AssertMeters(192, ["Charger 1", "Charger 2", "Charger 3"]);
    }

    [Fact]
    public void An_idle_meter_beside_two_that_are_alike_is_no_reading()
    {
        int[] used = [900, 800, 0, 0, 0, 0, 0, 0, 0, 500, 700, 850];

        _bench.RunText($"Month,Heating Block A kWh,Heating Block B kWh,Heating Block C kWh\n{string.Concat(used.Select((amount, i) => $"2024-{i + 1:00},0,{amount},{amount}\n"))}");

        // What adds up the others is left out by its numbers.
        AssertMeters(12, ["Heating Block A", "Heating Block B"], "Heating Block C kWh");
    }

    [Fact]
    public void A_constant_meter_and_the_one_above_it_are_no_readings()
    {
        var rows = Enumerable.Range(0, 96).Select(i => i % 10 == 3 ? (Main: "7.9", Ev: "7.5") : (Main: "0.4", Ev: "0"))
            .Select((row, i) => $"2024-01-08 {i / 4:00}:{i % 4 * 15:00},0.4,{row.Main},{row.Ev}\n");

        _bench.RunText($"Time,Base kWh,Main kWh,EV kWh\n{string.Concat(rows)}");

        AssertMeters(96, ["Base", "EV"], "Main kWh");
    }

    [Fact]
    public void Meters_of_small_amounts_stay_meters()
    {
        var rows = Enumerable.Range(0, 96).Select(i => $"2024-01-08 {i / 4:00}:{i % 4 * 15:00},0.001,0.001,0.00{1 + (i / 7 % 2)}\n");

        _bench.RunText($"Time,M1 MWh,M2 MWh,M3 MWh\n{string.Concat(rows)}");

        AssertMeters(96, ["M1", "M2", "M3"]);
    }

    [Theory]
    [InlineData("Previous (kWh),Current (kWh),Difference (kWh)", "Difference", "Previous")]
    [InlineData("Start kWh,End kWh,Used kWh", "Start", "Used")]
    public void Amounts_that_go_up_and_down_are_no_readings_whatever_they_are_called(string headers, params string[] meters)
    {
        int[] before = [750, 524, 862, 814, 658, 634, 893, 701, 640, 777];

        _bench.RunText($"Month,{headers}\n{string.Concat(before.Select((first, i) => $"2024-{i + 1:00},{first},{first + 70 + (i * 13)},{70 + (i * 13)}\n"))}");

        AssertMeters(10, meters, headers.Split(',')[1]);
    }

    [Fact]
    public void Totals_of_meters_that_idle_are_no_running_totals()
    {
        var rows = Enumerable.Range(0, 96).Select(i => $"2024-01-08 {i / 4:00}:{i % 4 * 15:00},{(i is 40 or 70 ? i : 0)},{(i is 41 or 73 ? i : 0)}\n");

        _bench.RunText($"Time,Press kWh,Total kWh\n{string.Concat(rows)}");

        Assert.Equal((110, 114, ""), (_bench.Sum("Press", "energy"), _bench.Sum("Total", "energy"), _bench.Assumed("left_out")));
    }

    private void AssertMeters(int count, string[] meters, string leftOut = "")
    {
        Assert.DoesNotContain("between the readings", string.Join(' ', _bench.Facts.Assumptions.Select(assumption => assumption.Why)), StringComparison.Ordinal);
        Assert.Equal(leftOut, _bench.Assumed("left_out"));
        Assert.All(meters, meter => Assert.Equal(count, _bench.Readings.Count(reading => reading.EquipmentId == meter)));
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

    [Fact]
    public void A_unit_above_reading_and_usage_is_that_of_both()
    {
        _bench.RunText("Datum,Elektřina VT (kWh),,Plyn (m3),\n,stav,spotřeba,stav,spotřeba\n2023-01-31,120450,,56120,\n2023-02-28,122100,1650,57500,1380\n2023-03-31,123400,1300,58400,900\n2023-04-30,125050,1650,58700,300\n");

        Assert.Equal(["kWh", "m³"], _bench.Facts.Mapping.Select(column => column.SourceUnit).Order(StringComparer.Ordinal));
        Assert.Equal(["energy_import_register", "gas_volume"], _bench.Facts.Mapping.Select(column => column.Metric).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Dates_of_old_and_new_readings_are_the_ends_of_what_was_used()
    {
        _bench.RunText("Zähler-Nr.,Datum alt,Stand alt kWh,Datum neu,Stand neu kWh,Verbrauch kWh\n40231000,31.12.2023,1200,31.12.2024,2550,1350\n40231007,31.12.2023,5200,31.12.2024,9035,3835\n");

        Assert.Equal(["40231000 energy 2023-12-31 00:00 366d 1350", "40231007 energy 2023-12-31 00:00 366d 3835"], _bench.Told);
    }

    [Fact]
    public void Amounts_that_were_rounded_apart_from_their_readings_are_no_second_meter()
    {
        double[] index = [1000.1, 1006.4, 1012.5, 1018.9, 1025.0, 1031.3, 1037.6];
        double[] used = [0, 6.2, 6.1, 6.4, 6.2, 6.3, 6.3];

        _bench.RunText($"Date,Index eau (m3),Conso eau (m3)\n{string.Concat(index.Select((state, i) => string.Create(CultureInfo.InvariantCulture, $"2024-03-0{i + 1},{state},{(i == 0 ? "" : used[i])}\n")))}");

        Assert.Single(_bench.Facts.Mapping);
    }
}
