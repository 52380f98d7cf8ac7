using System.Globalization;
using System.Text.Json;
using Ems.Core.Json;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>Minutes that stand in a column of their own.</summary>
public sealed class MinuteColumnTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Date,Hour,Minute,Energy (kWh)", "{0:yyyy-MM-dd},{0:%H},{0:%m}")]
    [InlineData("Year,Month,Day,Hour,Minute,Energy (kWh)", "{0:yyyy},{0:%M},{0:%d},{0:%H},{0:%m}")]
    [InlineData("Date,Hour,Quarter,Energy (kWh)", "{0:yyyy-MM-dd},{0:%H},{1}")]
    [InlineData("Date,Hour,Min,Energy (kWh)", "{0:yyyy-MM-dd},{0:%H},{0:mm}")]
    [InlineData("Date,Hr,Mins,Energy (kWh)", "{0:yyyy-MM-dd},{0:%H},{0:mm}")]
    [InlineData("Datum,Stunde,Minute,Energie (kWh)", "{0:yyyy-MM-dd},{0:%H},{0:%m}")]
    [InlineData("Datum,Stunde,Viertelstunde,Energie (kWh)", "{0:yyyy-MM-dd},{0:%H},{1}")]
    [InlineData("Date,Heure,Minute,Énergie (kWh)", "{0:yyyy-MM-dd},{0:%H},{0:%m}")]
    public void Minutes_beside_hours_are_read(string header, string form)
    {
        var start = new DateTime(2024, 6, 13, 0, 0, 0, DateTimeKind.Unspecified);
        var times = Enumerable.Range(0, 192).Select(i => start.AddMinutes(15 * i)).ToList();

        _bench.RunText($"{header}\n{string.Concat(times.Select((time, i) => $"{string.Format(CultureInfo.InvariantCulture, form, time, (time.Minute / 15) + 1)},{3 + (i % 2)}\n"))}");

        Assert.Equal(times.Select(time => (time, TimeSpan.FromMinutes(15))), _bench.Readings.Select(reading => (reading.Start.ToDateTimeUtc(), reading.Length.ToTimeSpan())));
        Assert.Equal(192 * 3.5, _bench.Sum(_bench.Readings[0].EquipmentId, "energy"));
    }

    [Theory]
    [InlineData("7,22,37,52")]
    [InlineData("14,29,44,59")]
    [InlineData("0,30")]
    [InlineData("0,5,10,15,20,25,30,40,45,50,55")]
    public void They_begin_at_any_minute_and_may_lack_some(string numbers)
    {
        var all = numbers.Split(',');

        _bench.RunText($"Date,Hour,Minute,kW\n{string.Concat(Enumerable.Range(0, 24 * all.Length).Select(i => $"2024-06-13,{i / all.Length},{all[i % all.Length]},{3 + (i % 5)}\n"))}");

        Assert.Equal(24 * all.Length, _bench.Readings.Select(reading => reading.Start).Distinct().Count());
    }

    [Fact]
    public void Hours_that_come_twice_and_rows_that_do_are_read_beside_them()
    {
        var rows = Enumerable.Range(0, 4 * 73).Select(i => Instant.FromUtc(2024, 10, 25, 22, 0).Plus(Duration.FromMinutes(15 * i)).InZone(DateTimeZoneProviders.Tzdb["Europe/Berlin"]).LocalDateTime)
            .Select((time, i) => $"{time:yyyy-MM-dd},{time.Hour},{time.Minute},{3 + (i % 5)}\n").ToList();

        _bench.RunText($"Date,Hour,Minute,kWh\n{string.Concat(rows.Append(rows[^1]))}", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Equal(4 * 73, _bench.Readings.Select(reading => reading.Start).Distinct().Count());
    }

    [Theory]
    [InlineData("0,8,22,35,42,57", 0)]
    [InlineData("0,15,30,45", 9)]
    public void What_says_the_hours_of_the_clock_is_asked_about_and_read_as_answered(string numbers, int firstHour)
    {
        var all = numbers.Split(',');
        var text = $"Date,Hour,Minute,kW\n{string.Concat(Enumerable.Range(0, 8 * all.Length).Select(i => $"2024-06-13,{firstHour + (i / all.Length)},{all[(i + (i / all.Length)) % all.Length]},{3 + (i % 5)}\n"))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        using var answered = new ImportBench();

        answered.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal(8 * all.Length, answered.Readings.Select(reading => reading.Start).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"columns":[{"column":"Hour","role":"time"},{"column":"Minute","role":"time"}]}""")]
    [InlineData("""{"columns":[{"column":"Date","role":"time"},{"column":"Minute","role":"time"},{"column":"Hour","role":"time"}]}""")]
    [InlineData("""{"columns":[{"column":"Minute","role":"time"}]}""")]
    public void A_mapping_says_it(string mapping)
    {
        _bench.RunText($"Date,Minute,Hour,kWh\n{string.Concat(Enumerable.Range(0, 96).Select(i => $"2024-06-13,{i % 4 * 15},{i / 4},{3 + (i % 5)}\n"))}", new ImportForm { Mapping = JsonSerializer.Deserialize<ImportMapping>(mapping, EmsJson.Options) });

        Assert.Equal(96, _bench.Readings.Select(reading => reading.Start).Distinct().Count());
    }

    [Theory]
    [InlineData("Date,Hour,Minute,kWh", 1, 0, 15)]
    [InlineData("Date,Hour,Minute,kWh", 0, 15, 15)]
    [InlineData("Date,Hour,Quarter,kWh", 0, 0, 1)]
    public void Minutes_that_cannot_be_read_with_their_hours_are_asked_about(string header, int firstHour, int firstMinute, int step)
    {
        var rows = Enumerable.Range(0, 96).Select(i => $"2024-06-13,{firstHour + (i / 4)},{firstMinute + (i % 4 * step)},{3 + (i % 2)}\n");

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{header}\n{string.Concat(rows)}")).Fault;

        Assert.Contains("one column, as 13:15", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Date,Hour,Machine,kWh,Minutes", "50,45,30,52")]
    [InlineData("Date,Hour,Meter,kWh,Min", "5,6,7,8")]
    [InlineData("Date,Hour,Meter,kWh,Quarter", "2,3,4,1")]
    [InlineData("Date,Hour,Machine,kWh,Minutes", "0,15,30,45")]
    public void How_long_a_machine_ran_and_a_least_value_are_no_minutes_of_the_time(string header, string numbers)
    {
        var all = numbers.Split(',');

        _bench.RunText($"{header}\n{string.Concat(Enumerable.Range(0, 96).Select(i => $"2024-06-{13 + (i / 48)},{i / 2 % 24},{(i % 2 == 0 ? "M1" : "M2")},{3 + (i % 5)},{all[((i / 2) + i) % 4]}\n"))}");

        Assert.Equal(96, _bench.Readings.Count);
        Assert.Equal(["M1", "M2"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.All(_bench.Readings, reading => Assert.Equal(0, reading.Start.ToDateTimeUtc().Minute));
    }

    [Theory]
    [InlineData("M1", "M2")]
    [InlineData("4711", "4712")]
    public void Minutes_of_several_meters_are_read_for_each(string first, string second)
    {
        _bench.RunText($"Date,Hour,Minute,Meter,kWh\n{string.Concat(Enumerable.Range(0, 192).Select(i => $"2024-06-13,{i / 8},{i / 2 % 4 * 15},{(i % 2 == 0 ? first : second)},{3 + (i % 5)}\n"))}");

        Assert.Equal([96, 96], _bench.Readings.GroupBy(reading => reading.EquipmentId).Select(meter => meter.Select(reading => reading.Start).Distinct().Count()));
    }

    [Theory]
    [InlineData("Date,Hour,Quarter,kWh", 2)]
    [InlineData("Date,Hour,Minute,kWh", 0)]
    public void What_is_the_same_in_all_rows_of_an_hour_tells_no_time(string header, int same)
    {
        _bench.RunText($"{header}\n{string.Concat(Enumerable.Range(0, 48).Select(i => $"2024-06-{13 + (i / 24)},{i % 24},{same},{3 + (i % 2)}\n"))}");

        Assert.Equal(48, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.Equal((0, 60), (reading.Start.ToDateTimeUtc().Minute, (int)reading.Length.TotalMinutes)));
    }
}
