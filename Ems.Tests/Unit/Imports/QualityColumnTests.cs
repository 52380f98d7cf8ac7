using System.Globalization;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Which values several columns of qualities are about.</summary>
public sealed class QualityColumnTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Austrian_networks_number_what_is_real_and_its_substitutes()
    {
        _bench.RunText("Time;kWh;Qualität\n2024-01-01 00:00;5;L1\n2024-01-01 01:00;6;L2\n2024-01-01 02:00;4;L3\n");

        Assert.Equal([false, true, true], _bench.Readings.Select(reading => reading.Flags.HasFlag(ReadingFlags.Estimated)));
    }

    [Theory]
    [InlineData(48)]
    [InlineData(50)]
    public void Of_intervals_that_have_a_letter_each_it_is_about_its_own(int intervals)
    {
        var numbers = Enumerable.Range(1, intervals).ToList();
        string Row(int day) => $"2024-01-{day:00},{string.Join(',', numbers.Select(i => i > 48 ? "," : $"{i + 0.5},{((day, i) == (2, 4) ? "E" : "A")}"))}\n";

        _bench.RunText($"Date,{string.Join(',', numbers.Select(i => $"HH{i},F{i}"))}\n{string.Concat(Enumerable.Range(1, 5).Select(Row))}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(240, _bench.Readings.Count);
        Assert.Equal("2024-01-02 01:30", Assert.Single(_bench.Readings, reading => reading.Flags.HasFlag(ReadingFlags.Estimated)).Start.ToDateTimeUtc().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("Time,Chiller kW,Chiller Status,Boiler kW,Boiler Status", "10,Good,0,Bad")]
    [InlineData("Time,Chiller kW,Boiler kW,Boiler Status,Chiller Status", "10,0,Bad,Good")]
    [InlineData("Time,Chiller Status,Chiller kW,Boiler Status,Boiler kW", "Good,10,Bad,0")]
    [InlineData("Time,Chiller kW,Status,Boiler kW,Status", "10,Good,0,Bad")]
    [InlineData("Time,Status,Chiller kW,Status,Boiler kW", "Good,10,Bad,0")]
    [InlineData("Time,Chiller kW,Quality,Estimated,Boiler kW,Quality,Estimated", "10,Good,No,0,Bad,No")]
    [InlineData("Time,Quality,Chiller kW,Status,Boiler kW,Status", "ok,10,Good,0,Bad")]
    [InlineData("Time,Chiller kW,Chiller kW Quality,Boiler kW,Boiler kW Quality,Data Quality", "10,Good,0,Bad,ok")]
    public void A_bad_value_takes_no_other_with_it(string header, string cells)
    {
        _bench.RunText($"{header}\n2024-01-01 00:00,{cells}\n2024-01-01 01:00,{cells}\n");

        Assert.Equal(["Chiller active_power 2024-01-01 00:00 10", "Chiller active_power 2024-01-01 01:00 10"], _bench.Told);
        Assert.Equal(2, Assert.Single(_bench.Facts.Gaps).Value);
    }

    [Fact]
    public void An_estimated_value_marks_its_own_meter_alone()
    {
        _bench.RunText("Time,Chiller kW,Chiller Status,Boiler kW,Boiler Status\n2024-01-01 00:00,10,Good,5,Estimated\n2024-01-01 01:00,11,Estimated,6,Good\n");

        Assert.Equal(
            ["Boiler 00:00", "Chiller 01:00"],
            _bench.Readings.Where(reading => reading.Flags.HasFlag(ReadingFlags.Estimated))
                .Select(reading => $"{reading.EquipmentId} {reading.Start.ToString("HH:mm", CultureInfo.InvariantCulture)}").Order());
    }

    [Theory]
    [InlineData("Time,energy (kWh),active_power (kW),Quality,Estimated", "1,4,Good,Yes")]
    [InlineData("Time,energy (kWh),Estimated,active_power (kW)", "1,Yes,4")]
    public void Marks_that_no_value_has_alone_are_about_the_row(string header, string cells)
    {
        _bench.RunText($"{header}\n2024-01-01 00:00,{cells}\n2024-01-01 01:00,{cells}\n");

        Assert.Equal(4, _bench.Told.Count);
        Assert.All(_bench.Readings, reading => Assert.True(reading.Flags.HasFlag(ReadingFlags.Estimated)));
    }

    [Theory]
    [InlineData("Status,kWh,Estimated", "OK,5,Yes", "1 0")]
    [InlineData("Estimated,kWh,Status", "Yes,5,OK", "1 0")]
    [InlineData("Estimated,kWh,Quality", "No,0,Bad", "0 1")]
    [InlineData("Quality,kWh,Estimated", "Bad,0,No", "0 1")]
    [InlineData("Status,Chiller kWh,Boiler kWh,Estimated", "OK,5,6,Yes", "2 0")]
    [InlineData("Estimated,Chiller kWh,Boiler kWh,Quality", "Yes,0,0,Bad", "0 2")]
    [InlineData("Chiller kWh,Chiller Status,Data Quality,Boiler kWh,Estimated", "5,OK,OK,6,Yes", "1 0")]
    public void Marks_on_both_sides_of_the_values_all_count(string header, string cells, string estimatedAndMissing)
    {
        _bench.RunText($"Date,{header}\n2024-01-01,{cells}\n");

        Assert.Equal(
            estimatedAndMissing,
            $"{_bench.Readings.Count(reading => reading.Flags.HasFlag(ReadingFlags.Estimated))} {_bench.Facts.Gaps.Values.Sum()}");
    }

    [Theory]
    [InlineData("OK", "Yes", 24, 0)]
    [InlineData("Bad", "No", 0, 24)]
    [InlineData("OK", "No", 0, 0)]
    public void A_matrix_may_have_a_mark_of_the_day_before_its_intervals_and_one_behind(string status, string answer, int estimated, int missing)
    {
        string Day(string date, string before, string behind) => $"{date},{before},{string.Join(',', Enumerable.Range(1, 24))},{behind}\n";
        var hours = string.Join(',', Enumerable.Range(0, 24).Select(hour => string.Create(CultureInfo.InvariantCulture, $"{hour:00}:00")));
        _bench.RunText($"kWh\nDate,Status,{hours},Estimated\n{Day("2024-01-01", "OK", "No")}{Day("2024-01-02", status, answer)}");

        Assert.Equal(48 - missing, _bench.Told.Count);
        Assert.Equal(estimated, _bench.Readings.Count(reading => reading.Flags.HasFlag(ReadingFlags.Estimated)));
    }

    [Fact]
    public void A_matrix_may_have_a_mark_behind_each_interval()
    {
        string[] intervals = [.. Enumerable.Range(1, 48).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i / 2:00}:{i % 2 * 30:00}"))];
        string Day(int estimated, string mark) => string.Join(',', intervals.Select((_, i) => $"{i + 1},{(i == estimated ? mark : "A")}"));
        _bench.RunText($"kWh\nDate,{string.Join(',', intervals.Select(clock => $"{clock},A/E"))}\n2024-01-01,{Day(3, "E")}\n2024-01-02,{Day(5, "Missing")}\n");

        Assert.Equal(48 + 47, _bench.Told.Count);
        var estimated = Assert.Single(_bench.Readings, reading => reading.Flags.HasFlag(ReadingFlags.Estimated));
        Assert.Equal(4, estimated.Values[0].Value);
        Assert.DoesNotContain(_bench.Told, told => told.StartsWith("meter energy 2024-01-02 02:30", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Metodo_obtencion", "R", "E", "R", "2")]
    [InlineData("Obtained", "Real", "Estimada", "Real", "2")]
    [InlineData("Quality", "A", "S51", "F71", "2 3")]
    [InlineData("Quality", "A", "E52", "V", "2")]
    [InlineData("Quality", "A", "S", "F", "2 3")]
    [InlineData("Quality Method", "A", "N99", "A", "", "2")]
    [InlineData("Status", "{ok}", "{fault}", "\"{down,alarm}\"", "", "2 3")]
    [InlineData("Status", "{ok}", "{null}", "{overridden}", "", "2")]
    [InlineData("Estimated", "F", "T", "F", "2")]
    // Of a season, and a building.
    [InlineData("Season", "S", "W", "S", "")]
    public void Marks_of_utilities_and_controllers_are_known(string header, string first, string second, string third, string estimated, string missing = "")
    {
        _bench.RunText($"Time,kWh,{header}\n2024-01-01 00:00,1,{first}\n2024-01-01 01:00,2,{second}\n2024-01-01 02:00,3,{third}\n");

        Assert.Equal(estimated, string.Join(' ', _bench.Readings.Where(reading => reading.Flags.HasFlag(ReadingFlags.Estimated)).Select(reading => reading.Values[0].Value)));
        Assert.Equal(missing, string.Join(' ', new[] { 1.0, 2, 3 }.Except(_bench.Values("meter", "energy").Select(value => value.Value))));
    }

    [Theory]
    [InlineData("Ersatzwert", ";", ",")]
    [InlineData("Ersatzwert (kWh)", ";", ".")]
    [InlineData("Substitute value", ",", ".")]
    [InlineData("Estimated", ",", ".")]
    public void Substitutes_stand_where_nothing_was_measured(string header, string delimiter, string point)
    {
        var text = $"Messzeitpunkt;Gemessener Verbrauch (kWh);{header}\n2024-01-01 00:00;0.125;\n2024-01-01 00:15;;0.150\n2024-01-01 00:30;0.225;\n2024-01-01 00:45;;0.1\n";
        _bench.RunText(text.Replace(".", point, StringComparison.Ordinal).Replace(";", delimiter, StringComparison.Ordinal));

        Assert.Equal(["0.125 measured", "0.15 estimated", "0.225 measured", "0.1 estimated"], _bench.Readings.Select(Marked));
        Assert.StartsWith(header, _bench.Assumed("estimated"), StringComparison.Ordinal);
        using var again = new ImportBench();
        again.RunText(text.Replace(".", point, StringComparison.Ordinal).Replace(";", delimiter, StringComparison.Ordinal), new ImportForm { Mapping = new() { Columns = _bench.Facts.Sheets[0].Layout.Proposal } });
        Assert.Equal(_bench.Told, again.Told);
    }

    [Theory]
    [InlineData("Ersatzwert", "0.15 estimated")]
    [InlineData("Ersatzwert (kWh)", "0.15 estimated")]
    public void Substitutes_may_begin_far_down(string header, string expected)
    {
        string Row(int i) => $"{new DateTime(2024, 1, 1).AddMinutes(15 * i):yyyy-MM-dd HH:mm};{(i == 700 ? ";0,150" : $"0,{100 + (i % 7)};")}\n";
        _bench.RunText($"Messzeitpunkt;Gemessener Verbrauch (kWh);{header}\n{string.Concat(Enumerable.Range(0, 900).Select(Row))}");

        Assert.Equal((900, expected), (_bench.Readings.Count, Marked(_bench.Readings[700])));
    }

    [Fact]
    public void Estimates_beside_measured_values_are_no_substitutes_of_them()
    {
        _bench.RunText("Time,Actual (kWh),Estimated (kWh)\n2024-01-01 00:00,1,2\n2024-01-01 01:00,3,4\n");

        Assert.Equal(4, _bench.Told.Count);
        Assert.DoesNotContain(_bench.Readings, reading => reading.Flags.HasFlag(ReadingFlags.Estimated));
    }

    [Theory]
    [InlineData("HH{0:00},Flag{0:00}", "{0},{1}")]
    [InlineData("Flag{0:00},HH{0:00}", "{1},{0}")]
    public void The_numbered_flag_beside_an_interval_is_its_mark(string headers, string cells)
    {
        string Of(string form, Func<int, string> mark) => string.Join(',', Enumerable.Range(1, 48).Select(i => string.Format(CultureInfo.InvariantCulture, form, i, mark(i))));
        _bench.RunText($"MPAN,Date,{Of(headers, _ => "")}\n1200012345688,2024-01-01,{Of(cells, i => i == 7 ? "E" : "A")}\n1200012345688,2024-01-02,{Of(cells, i => i == 9 ? "E" : "A")}\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(96, _bench.Told.Count);
        Assert.Equal([7.0, 9], _bench.Readings.Where(reading => reading.Flags.HasFlag(ReadingFlags.Estimated)).Select(reading => reading.Values[0].Value));
        Assert.Equal("", _bench.Assumed("left_out"));
    }

    private static string Marked(Reading reading) => string.Create(
        CultureInfo.InvariantCulture, $"{reading.Values[0].Value} {(reading.Flags.HasFlag(ReadingFlags.Estimated) ? "estimated" : "measured")}");

    [Theory]
    [InlineData("Kvalitet", "Målt", "Estimeret")]
    [InlineData("Kvalitet", "Avlest", "Estimert")]
    [InlineData("Kvalitet", "Uppmätt", "Beräknad")]
    [InlineData("Laatu", "OK", "Arvio")]
    public void Marks_of_the_North_are_understood(string header, string measured, string estimated)
    {
        _bench.RunText($"Time,kWh,{header}\n2024-01-01 00:00,1,{measured}\n2024-01-01 01:00,2,{estimated}\n2024-01-01 02:00,3,{measured}\n");

        Assert.Equal([false, true, false], _bench.Readings.OrderBy(reading => reading.Start).Select(reading => reading.Flags.HasFlag(ReadingFlags.Estimated)));
    }
}
