using System.Globalization;
using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rejections;

namespace Ems.Tests.Unit.Imports;

/// <summary>Registers that nobody calls so, but whose values can be nothing else.</summary>
public sealed class SureRegisterTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Main Energy (kWh)", "energy_import_register")]
    [InlineData("Water meter (m³)", "water_volume")]
    public void They_are_taken_for_what_they_are_and_it_is_said(string header, string metric)
    {
        _bench.RunText($"Time,{header}\n{Rows(40, hour => State(hour))}");

        var column = Assert.Single(_bench.Facts.Mapping);
        Assert.Equal((metric, QuantityKind.Register), (column.Metric, column.Kind));
        Assert.StartsWith(header, _bench.Assumed("kind"), StringComparison.Ordinal);
        Assert.Equal(40, _bench.Readings.Count);
    }

    [Fact]
    public void One_that_stands_still_beside_them_is_one_as_well()
    {
        _bench.RunText($"Time,Main (kWh),Spare (kWh)\n{Rows(40, hour => $"{State(hour)},4711")}");

        Assert.All(_bench.Facts.Mapping, column => Assert.Equal("energy_import_register", column.Metric));
        Assert.Equal(80, _bench.Readings.Count);
    }

    [Theory]
    // Amounts may be of the same meter.
    [InlineData("Main (kWh),Line (kWh)", 40, 1_500_000)]
    // A year of amounts that rise.
    [InlineData("Main (kWh)", 20, 1_500_000)]
    // What has begun with the file may be what was used so far today.
    [InlineData("Main (kWh)", 40, 0)]
    [InlineData("Main consumption (kWh)", 40, 1_500_000)]
    [InlineData("Main export (kWh)", 40, 1_500_000)]
    public void What_may_be_something_else_is_asked_about(string headers, int rows, int least)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Time,{headers}\n{Rows(rows, hour => $"{State(hour, least)}{(headers.Contains(',', StringComparison.Ordinal) ? $",{5 + (hour % 3)}" : "")}")}")).Fault;

        Assert.Equal((ImportFault.AmbiguousMapping, "energy_import_register"), (fault.Code, fault.Alternatives![0]));
    }

    [Fact]
    public void Powers_of_meters_that_have_none_may_be_the_same_once_more()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Time,Pac (W),Ppv (W),Total Energy (kWh)\n{Rows(40, hour => $"{300 + hour},{320 + hour},{State(hour)}")}")).Fault;

        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
    }

    [Fact]
    public void Two_of_one_meter_are_asked_about()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Qanteon,Energiebericht,Stand 02.02.2025\nTime,WMZ Heizung (MWh),EZ Hauptzähler (kWh)\n{Rows(40, hour => $"{State(hour, 2_000)},{State(hour, 990_000)}")}")).Fault;

        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
    }

    [Fact]
    public void Whoever_says_that_they_are_amounts_is_believed()
    {
        _bench.RunText($"Time,Main (kWh)\n{Rows(40, hour => State(hour))}", new ImportForm { Metric = "energy" });

        Assert.Equal(("energy", QuantityKind.Interval), (Assert.Single(_bench.Facts.Mapping).Metric, _bench.Facts.Mapping[0].Kind));
    }

    [Fact]
    public void What_is_said_to_send_for_amounts_of_water_makes_them_amounts()
    {
        var text = $"Time,Water meter (m³)\n{Rows(40, hour => State(hour))}";
        _bench.RunText(text);
        var why = Assert.Single(_bench.Facts.Assumptions, one => one.What == "kind").Why;
        var mapping = why[(why.IndexOf("mapping=", StringComparison.Ordinal) + "mapping=".Length)..why.IndexOf(" if each row", StringComparison.Ordinal)];

        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = JsonSerializer.Deserialize<ImportMapping>(mapping, EmsJson.Options) });

        Assert.Equal(("water_volume", QuantityKind.Interval), (Assert.Single(again.Facts.Mapping).Metric, again.Facts.Mapping[0].Kind));
    }

    [Fact]
    public void A_corrected_row_of_theirs_is_a_state_as_well()
    {
        _bench.RunText($"Time,Main Energy (kWh)\n{Rows(40, hour => hour == 7 ? "1500047x" : State(hour))}");

        using var again = new ImportBench();
        var header = RejectedHeader.Of(Assert.Single(_bench.Facts.Sheets), new ImportJob("meter.csv", "spool", new ImportForm(), "UTC"), 2);
        again.RunText($"Time,Main Energy (kWh),\"{header.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n2024-01-01 07:00,{State(7)},\n", fileName: "rejected.csv");

        Assert.Equal(("energy_import_register", QuantityKind.Register), (Assert.Single(again.Facts.Mapping).Metric, again.Facts.Mapping[0].Kind));
    }

    private static string State(int hour, int least = 1_500_000) => string.Create(CultureInfo.InvariantCulture, $"{least + (hour * 7.5) + (hour % 3):0.0}");

    private static string Rows(int count, Func<int, string> values) => string.Concat(Enumerable.Range(0, count).Select(hour => $"{new DateTime(2024, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm},{values(hour)}\n"));

    [Theory]
    // What a pump uses each day does not change.
    [InlineData("Main (kWh),Pump (kWh)", 24, 60)]
    // A data centre that fills grows each day.
    [InlineData("IT load (kWh)", null, 24 * 60)]
    public void Amounts_that_do_not_fall_are_asked_about(string headers, int? beside, int minutes)
    {
        var rows = Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"{new DateTime(2024, 1, 1).AddMinutes(i * minutes):yyyy-MM-dd HH:mm},{State(i)}{(beside is { } still ? $",{still}" : "")}\n"));

        Assert.Equal(ImportFault.AmbiguousMapping, Assert.Throws<ImportFaultException>(() => _bench.RunText($"Time,{headers}\n{string.Concat(rows)}")).Fault.Code);
    }
}
