using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Units with a small m, which may be milli or mega.</summary>
public sealed class UnclearUnitTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Load (mw)", "MW", "active_power 2024-03-05 00:00 12000")]
    [InlineData("Load (mW)", "MW", "active_power 2024-03-05 00:00 12000")]
    [InlineData("load_mw", "MW", "active_power 2024-03-05 00:00 12000")]
    [InlineData("Usage mwh", "MWh", "energy 2024-03-05 00:00 1h 12000")]
    [InlineData("Energy [mWh]", "MWh", "energy 2024-03-05 00:00 1h 12000")]
    public void One_in_a_header_is_asked_about_and_the_answer_is_followed(string header, string unit, string first)
    {
        var text = $"Timestamp,{header}\n2024-03-05 00:00,12\n2024-03-05 01:00,11\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal((ImportFault.AmbiguousMapping, unit), (fault.Code, fault.Guess!.Columns[0].Unit));
        Assert.Contains($"Send unit, {unit}", fault.Message, StringComparison.Ordinal);
        foreach (var form in new[] { new ImportForm { Unit = unit }, new ImportForm { Mapping = fault.Guess } })
        {
            using var bench = new ImportBench();
            bench.RunText(text, form);
            Assert.Equal($"meter {first}", bench.Told[0]);
        }
    }

    [Theory]
    [InlineData("mw")]
    [InlineData("mW")]
    public void One_in_the_column_of_units_is_asked_about_and_the_answer_is_followed(string unit)
    {
        var text = $"Timestamp,Value,Unit\n2024-03-05 00:00,12,{unit}\n2024-03-05 01:00,11,{unit}\n";

        Assert.Contains($"The unit {unit} of the column Value", Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Message, StringComparison.Ordinal);
        _bench.RunText(text, new ImportForm { Metric = "active_power", Unit = "MW" });
        Assert.Equal("meter active_power 2024-03-05 00:00 12000", _bench.Told[0]);
    }

    [Fact]
    public void Rows_with_one_beside_rows_with_another_unit_are_rejected()
    {
        _bench.RunText("Timestamp,Meter,Value,Unit\n2024-03-05 00:00,A,12,kW\n2024-03-05 00:00,B,12,mW\n2024-03-05 01:00,A,13,kW\n2024-03-05 01:00,C,12,kW\n", new ImportForm { Unit = "kW" });

        Assert.Equal(["A active_power 2024-03-05 00:00 12", "A active_power 2024-03-05 01:00 13", "C active_power 2024-03-05 01:00 12"], _bench.Told);
        Assert.Single(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("mw")]
    [InlineData("mWh")]
    public void One_behind_the_numbers_is_told_with_what_to_write(string unit) =>
        Assert.Contains($"The unit {unit} in the cells of the column Load", Assert.Throws<ImportFaultException>(() => _bench.RunText($"Timestamp,Load\n2024-03-05 00:00,12 {unit}\n2024-03-05 01:00,11 {unit}\n")).Fault.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Load (KW)", 1)]
    [InlineData("Load (kw)", 1)]
    [InlineData("Load (MW)", 1000)]
    [InlineData("Load (Mw)", 1000)]
    [InlineData("Load (GW)", 1_000_000)]
    public void Others_are_read_whatever_their_case(string header, double factor)
    {
        _bench.RunText($"Timestamp,{header}\n2024-03-05 00:00,12\n");

        Assert.Equal([$"meter active_power 2024-03-05 00:00 {12 * factor}"], _bench.Told);
    }
}
