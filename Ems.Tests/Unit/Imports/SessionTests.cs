using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

public sealed class SessionTests : IDisposable
{
    private readonly ImportBench _bench = new();

    [Theory]
    [InlineData("Charger")]
    [InlineData("Station Name")]
    [InlineData("EVSE ID")]
    [InlineData("Charge Point ID")]
    public void What_charged_is_the_meter_of_sessions(string header)
    {
        _bench.RunText(
            $"Start,End,{header},RFID Tag,Energy (kWh)\n2026-01-05 08:00,2026-01-05 09:37,EV A,T-1,10\n2026-01-05 08:30,2026-01-05 13:12,EV B,T-2,20\n2026-01-06 09:00,2026-01-06 10:05,EV A,T-1,5\n"
            + "2026-01-06 09:10,2026-01-06 12:41,EV B,T-2,30\n");

        Assert.Equal([15.0, 50], SumsOf(_bench, "EV A", "EV B"));
        Assert.Empty(_bench.Assumed("overlap"));
    }

    [Fact]
    public void One_charger_alone_is_called_as_it_is_beside_others()
    {
        _bench.RunText("Start,End,Charger,Energy (kWh)\n2026-01-05 08:00,2026-01-05 09:37,EV A,10\n2026-01-05 11:30,2026-01-05 13:12,EV A,20\n2026-01-06 09:00,2026-01-06 10:05,EV A,5\n");

        Assert.Equal(35, _bench.Sum("EV A", "energy"));
    }

    [Theory]
    [InlineData(150, 0, 300)]
    [InlineData(120, 1, 433)]
    [InlineData(87, 13, 467)]
    public void Sessions_of_whole_minutes_end_when_they_say_and_are_of_their_chargers_whatever_their_lengths(int minutes, int more, int step)
    {
        var start = new DateTime(2024, 6, 13, 0, 0, 0, DateTimeKind.Unspecified);
        var sessions = Enumerable.Range(0, 20).Select(i => (Start: start.AddMinutes(step * i), Length: minutes + (more * (i % 9)))).ToList();

        _bench.RunText($"Charger,Start,End,kWh\n{string.Concat(sessions.Select((one, i) => FormattableString.Invariant($"CP{i % 2},{one.Start:yyyy-MM-dd HH:mm:ss},{one.Start.AddMinutes(one.Length):yyyy-MM-dd HH:mm:ss},{5 + (i % 4)}\n")))}");

        Assert.Equal(sessions.Select(one => (double)one.Length), _bench.Readings.OrderBy(reading => reading.Start).Select(reading => reading.Length.TotalMinutes));
        Assert.Equal([60.0, 70], SumsOf(_bench, "CP0", "CP1"));
    }

    [Theory]
    [InlineData("Bay")]
    [InlineData("Driver")]
    public void Sessions_at_the_same_time_are_asked_about_by_the_column_that_tells_them_apart(string header)
    {
        var text = $"Start,End,{header},Energy (kWh)\n2026-01-05 08:00,2026-01-05 09:37,North,10\n2026-01-05 08:30,2026-01-05 13:12,South,20\n2026-01-06 09:00,2026-01-06 10:05,North,5\n2026-01-06 09:10,2026-01-06 12:41,South,30\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.StartsWith($"Rows 2 and 3 run at the same time, as two of one meter do not, and differ in the column {header}.", fault.Message, StringComparison.Ordinal);
        Assert.Equal([15.0, 50], SumsOf(again, "North", "South"));
    }

    [Fact]
    public void A_point_of_a_station_is_the_meter_where_both_are_there()
    {
        _bench.RunText("Ladestation;EVSE-ID;Beginn;Ende;Energie (kWh)\nGarage;E1;05.01.2026 08:00;05.01.2026 09:37;10\nGarage;E2;05.01.2026 08:30;05.01.2026 13:12;20\nGarage;E1;16.01.2026 09:00;16.01.2026 10:05;5\n");

        Assert.Equal([15.0, 20], SumsOf(_bench, "E1", "E2"));
    }

    [Fact]
    public void Ports_of_a_charger_that_are_used_at_the_same_time_are_parts_of_it()
    {
        const string Text = "Start,End,Charger,Port Number,Energy (kWh)\n2026-01-05 08:00,2026-01-05 09:37,A,1,10\n2026-01-05 08:30,2026-01-05 13:12,A,2,20\n2026-01-06 09:00,2026-01-06 10:05,A,1,5\n2026-01-06 09:10,2026-01-06 12:41,A,2,30\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(Text)).Fault;
        using var again = new ImportBench();
        again.RunText(Text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal([15.0, 50], SumsOf(again, "A 1", "A 2"));
    }

    [Fact]
    public void Sessions_at_the_same_time_that_nothing_tells_apart_are_told()
    {
        _bench.RunText("Start,End,Energy (kWh)\n2026-01-05 08:00,2026-01-05 09:37,10\n2026-01-05 08:30,2026-01-05 13:12,20\n2026-01-06 09:00,2026-01-06 10:05,5\n2026-01-06 09:10,2026-01-06 12:41,30\n");

        Assert.Equal("rows 2 and 3, and 1 more", _bench.Assumed("overlap"));
    }

    [Theory]
    [InlineData("Start,End,Station,Energy (kWh)\n2026-01-01 00:00,2026-01-01 00:15,North,1\n2026-01-01 00:15,2026-01-01 00:30,North,2\n2026-01-01 00:30,2026-01-01 00:45,North,3\n")]
    [InlineData("Start,End,Status,Energy (kWh)\n2026-01-01,2026-02-01,preliminary,1\n2026-01-01,2026-02-05,final,2\n2026-02-05,2026-03-01,preliminary,2\n2026-02-05,2026-03-07,final,3\n")]
    public void Intervals_of_one_length_and_bills_are_no_sessions(string text)
    {
        _bench.RunText(text);

        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Empty(_bench.Assumed("overlap"));
    }

    private static IEnumerable<double> SumsOf(ImportBench bench, params IEnumerable<string> meters) => meters.Select(meter => bench.Sum(meter, "energy"));

    public void Dispose() => _bench.Dispose();
}
