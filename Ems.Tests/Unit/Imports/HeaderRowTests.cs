using Ems.Ingestion.Files;

namespace Ems.Tests.Unit.Imports;

/// <summary>Rows of headers of which one has little in it.</summary>
public sealed class HeaderRowTests : IDisposable
{
    private const string Rows = "13-Jun-24 00:00,5,7\n13-Jun-24 01:00,4,9\n13-Jun-24 02:00,6,8\n";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Tag,MTR01,MTR02\nUnits,kWh,kW\nTimestamp,,\n")]
    [InlineData("Tag,MTR01,MTR02\nUnits,kWh,kW\n")]
    [InlineData(",MTR01,MTR02\n,kWh,kW\n")]
    [InlineData(",MTR01 (kWh),MTR02 (kW)\n")]
    public void The_times_may_be_named_below_the_other_headers_or_not_at_all(string headers)
    {
        _bench.RunText(headers + Rows);

        Assert.Equal(["MTR01 energy", "MTR02 active_power"], _bench.Told.Select(told => string.Join(' ', told.Split(' ').Take(2))).Distinct());
    }

    [Fact]
    public void Value_and_status_may_stand_below_what_is_measured()
    {
        _bench.RunText("Zeitstempel;Halle 1 Wirkenergie [kWh];;Halle 2 Wirkenergie [kWh];\n;Wert;Status;Wert;Status\n13.06.2024 00:00;5;gut;7;gut\n13.06.2024 01:00;4;gut;9;gut\n13.06.2024 02:00;6;gut;8;gut\n");

        Assert.Equal(["Halle 1 Wirkenergie energy", "Halle 2 Wirkenergie energy"], _bench.Told.Select(told => told[..told.IndexOf(" 2024", StringComparison.Ordinal)]).Distinct());
    }

    [Fact]
    public void A_fault_of_headers_that_are_not_there_names_no_row()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("2024-06-13 00:00,5,7\n2024-06-13 01:00,4,9\n")).Fault;

        Assert.Null(fault.Row);
    }
}
