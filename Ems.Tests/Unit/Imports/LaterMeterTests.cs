using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Files that are sorted by a column of texts which nothing names as that of meters: the first rows have one text only.</summary>
public sealed class LaterMeterTests : IDisposable
{
    private static readonly DateTime Begin = new(2024, 6, 3, 0, 0, 7, DateTimeKind.Unspecified);

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("node", 22, 600)]
    [InlineData("node", 300, 600)]
    [InlineData("node", 0, 600)]
    [InlineData("licznik", 22, 430)]
    [InlineData("title", 22, 3_000)]
    public void Rows_that_begin_anew_are_asked_about_and_the_answer_keeps_both_apart(string header, int secondsLater, int rows)
    {
        var text = $"{header},timestamp,active_power_kw\n{Rows("Pump house", rows, 0, 36.2)}{Rows("Canteen", rows, secondsLater, 9.5)}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "export.csv")).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess }, "export.csv");

        Assert.Equal(("AMBIGUOUS_MAPPING", header), (fault.Code, fault.Column));
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(rows * 36.2, _bench.Sum("Pump house", "active_power"), 3);
        Assert.Equal(rows * 9.5, _bench.Sum("Canteen", "active_power"), 3);
    }

    [Fact]
    public void The_newest_rows_may_come_first()
    {
        string Sorted(string name, double value) => string.Concat(Enumerable.Range(0, 600).Reverse().Select(row => Row(name, Begin.AddMinutes(10 * row), value)));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"node,timestamp,active_power_kw\n{Sorted("Pump house", 3)}{Sorted("Canteen", 4)}")).Fault;

        Assert.Equal("node", fault.Column);
    }

    [Theory]
    [InlineData("state", "ok", "failed")]
    [InlineData("Season", "Winter", "Sommer")]
    [InlineData("operator", "Meier", "Huber")]
    public void Texts_that_change_with_time_are_none_of_meters(string header, string one, string other)
    {
        _bench.RunText($"{header},timestamp,active_power_kw\n{Rows(one, 600, 0, 36.2)}{string.Concat(Enumerable.Range(600, 600).Select(row => Row(other, Begin.AddMinutes(10 * row), 5)))}");

        Assert.Equal(1_200, _bench.Readings.Count);
        Assert.Single(_bench.Facts.Meters);
    }

    [Fact]
    public void Rows_that_were_exported_twice_stay_those_of_one_meter()
    {
        string Of(string file, int from, int to) => string.Concat(Enumerable.Range(from, to - from).Select(row => Row(file, Begin.AddMinutes(10 * row), 20 + (row % 7))));

        _bench.RunText($"File,timestamp,active_power_kw\n{Of("march.csv", 0, 600)}{Of("april.csv", 400, 900)}");

        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Theory]
    [InlineData(700)]
    [InlineData(300)]
    public void Channels_of_one_account_that_stand_behind_each_other_are_asked_about(int rows)
    {
        string Of(int channel, double value) => string.Concat(Enumerable.Range(0, rows).Select(row => $"88123,{Row($"{channel}", Begin.AddMinutes(15 * row), value)}"));
        var text = $"Account,Channel,timestamp,active_power_kw\n{Of(1, 12)}{Of(2, 7)}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal("Channel", fault.Column);
        Assert.Equal(2 * rows, _bench.Readings.Count);
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void Rows_of_one_meter_that_are_sorted_by_what_is_said_of_each_stay_one_meter()
    {
        var all = Enumerable.Range(0, 1_200).Select(row => (Time: Begin.AddMinutes(10 * row), State: row % 3 == 2 ? "Meier" : "Huber")).OrderBy(row => row.State, StringComparer.Ordinal).ThenBy(row => row.Time);

        _bench.RunText($"operator,timestamp,active_power_kw\n{string.Concat(all.Select(row => Row(row.State, row.Time, 5)))}");

        Assert.Equal(1_200, _bench.Readings.Count);
        Assert.Single(_bench.Facts.Meters);
    }

    [Fact]
    public void The_hour_that_comes_twice_in_autumn_begins_nothing_anew()
    {
        var summer = string.Concat(Enumerable.Range(0, 620).Select(row => Row("S", new DateTime(2024, 10, 25, 0, 0, 0, DateTimeKind.Unspecified).AddMinutes(5 * row), 5)));
        var winter = string.Concat(Enumerable.Range(0, 620).Select(row => Row("W", new DateTime(2024, 10, 27, 2, 0, 0, DateTimeKind.Unspecified).AddMinutes(5 * row), 5)));

        _bench.RunText($"Saison,timestamp,active_power_kw\n{summer}{winter}", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Single(_bench.Facts.Meters);
    }

    [Fact]
    public void What_stays_for_a_meter_that_is_named_is_none()
    {
        _bench.RunText($"Meter,room,timestamp,active_power_kw\n{Rows("M1,Cellar", 600, 0, 5)}{Rows("M2,Roof", 600, 0, 5)}");

        Assert.Equal(["M1", "M2"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
    }

    [Theory]
    [InlineData("chargePointId")]
    [InlineData("ChargePoint Name")]
    [InlineData("charge_point_id")]
    [InlineData("chargeBoxId")]
    [InlineData("charging_station")]
    [InlineData("chargerId")]
    public void Where_cars_are_charged_is_no_money_but_a_meter(string header)
    {
        var rows = string.Concat(Enumerable.Range(0, 40).SelectMany(row => new[] { ("CP-GAR-01", 1), ("CP-GAR-02", 2) }.Select(point => string.Create(
            CultureInfo.InvariantCulture, $"{point.Item1},7700,{Begin.AddMinutes((15 * row) + point.Item2):yyyy-MM-dd'T'HH:mm:ss'Z'},Energy.Active.Import.Register,{(100_000 * point.Item2) + (500 * row)},Wh\n"))));

        _bench.RunText($"{header},transactionId,timestamp,measurand,value,unit\n{rows}");

        Assert.Equal(["CP-GAR-01", "CP-GAR-02"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.Equal([100.0, 119.5], _bench.Values("CP-GAR-01", "energy_import_register").Select(value => value.Value).Where((_, i) => i is 0 or 39));
    }

    [Theory]
    [InlineData("Charge (EUR)")]
    [InlineData("Standing charge")]
    [InlineData("Charging station cost")]
    public void What_is_charged_for_it_stays_money(string header)
    {
        _bench.RunText($"Date,{header},Energy (kWh)\n{string.Concat(Enumerable.Range(1, 20).Select(day => $"2024-06-{day:00},{10 + (day % 3)}.5,{day * 7 % 11}\n"))}");

        Assert.Contains(header, _bench.Assumed("left_out"), StringComparison.Ordinal);
        Assert.Equal(20, _bench.Readings.Count);
    }

    private static string Rows(string name, int count, int secondsLater, double value) => string.Concat(Enumerable.Range(0, count).Select(row => Row(name, Begin.AddSeconds(secondsLater).AddMinutes(10 * row), value)));

    private static string Row(string name, DateTime time, double value) => string.Create(CultureInfo.InvariantCulture, $"{name},{time:yyyy-MM-dd HH:mm:ss},{value}\n");
}
