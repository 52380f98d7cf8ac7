using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

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
        Assert.Contains($"Send unit={unit}", fault.Message, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("load_mw,energy_mwh", "MW", "meter active_power 12000;meter energy 11000")]
    [InlineData("p_mw,q_mvar", "MW", "meter active_power 12000;meter reactive_power 11000")]
    [InlineData("Hall A (mw),Hall B (mw)", "MW", "Hall A active_power 12000;Hall B active_power 11000")]
    [InlineData("Energy (kWh),Load (mw)", "MW", "meter active_power 11000;meter energy 12")]
    [InlineData("load_mw,temperature", "MW", "meter active_power 12000;meter temperature 11")]
    public void One_answer_is_of_all_columns_that_have_one(string headers, string unit, string told)
    {
        var text = $"Timestamp,{headers}\n2024-03-05 00:00,12,11\n2024-03-05 01:00,13,10\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Contains($"Send unit={unit}", fault.Message, StringComparison.Ordinal);
        AssertAnswers(text, fault, unit, bench => Assert.Equal(
            told.Split(';'), bench.Told.Where(line => line.Contains("2024-03-05 00:00", StringComparison.Ordinal)).Select(line => line.Replace(" 2024-03-05 00:00", "", StringComparison.Ordinal).Replace(" 1h", "", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("mW", "MW", "active_power 2024-03-05 00:00 12000")]
    [InlineData("mWh", "MWh", "energy 2024-03-05 00:00 1h 12000")]
    public void The_answer_is_of_the_rows_with_one_alone(string unit, string answer, string first)
    {
        var text = $"Timestamp,Meter,Value,Unit\n{string.Concat(Enumerable.Range(0, 4).Select(i => $"2024-03-05 0{i}:00,A,12,{unit}\n2024-03-05 0{i}:00,B,{20 + i},°C\n2024-03-05 0{i}:00,C,{30 + i},kWh\n"))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Contains($"Send unit={answer}", fault.Message, StringComparison.Ordinal);
        AssertAnswers(text, fault, answer, bench =>
        {
            Assert.Equal(12, bench.Told.Count);
            Assert.Equal([$"A {first}", "B temperature 2024-03-05 00:00 20", "C energy 2024-03-05 00:00 1h 30"], bench.Told.Where(line => line.Contains("00:00 ", StringComparison.Ordinal) && line.Contains("05 00:00", StringComparison.Ordinal)));
        });
    }

    [Theory]
    [InlineData("Day-ahead price (EUR/mWh)")]
    [InlineData("price_eur_mwh")]
    [InlineData("Irradiance (mW/cm²)")]
    [InlineData("7d mva")]
    [InlineData("co2_kg_per_mwh")]
    public void What_is_counted_for_each_and_what_only_has_its_letters_is_left_out(string header)
    {
        _bench.RunText($"Time,Load (kWh),{header}\n2024-03-05 00:00,12,50.5\n2024-03-05 01:00,11,51.5\n");

        Assert.Equal(["meter energy 2024-03-05 00:00 1h 12", "meter energy 2024-03-05 01:00 1h 11"], _bench.Told);
        Assert.Contains(header, _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_may_have_its_letters()
    {
        _bench.RunText("Time,mw-01 kWh,mw-02 kWh\n2024-03-05 00:00,12,50.5\n2024-03-05 01:00,11,51.5\n");

        Assert.Equal(4, _bench.Told.Count);
    }

    [Fact]
    public void One_in_the_headers_of_a_matrix_is_told_with_what_to_write()
    {
        string TextOf(string unit) => $"Date,{string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00 ({unit})"))}\n{string.Concat(Enumerable.Range(1, 3).Select(day => $"2024-03-0{day},{string.Join(',', Enumerable.Range(10, 24))}\n"))}";

        Assert.Contains("Write MWh there", Assert.Throws<ImportFaultException>(() => _bench.RunText(TextOf("mwh"))).Fault.Message, StringComparison.Ordinal);
        _bench.RunText(TextOf("MWh"));
        Assert.Equal(72, _bench.Values("meter", "energy").Count());
    }

    [Fact]
    public void One_behind_the_numbers_of_a_column_beside_others_is_told()
    {
        _bench.RunText("Time,Energy (kWh),Load\n2024-03-05 00:00,12,50.5 mw\n2024-03-05 01:00,11,51.5 mw\n2024-03-05 02:00,11,52.5 mw\n");

        Assert.Equal(3, _bench.Told.Count);
        Assert.Contains("Load", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void One_behind_numbers_beside_those_of_other_points_is_told_with_what_to_write()
    {
        _bench.RunText($"Time,Point,Value\n{string.Concat(Enumerable.Range(0, 4).Select(i => $"2024-03-05 0{i}:00,A,2{i}.5 °C\n2024-03-05 0{i}:00,B,10{i} kWh\n2024-03-05 0{i}:00,C,{3 + i} mW\n"))}");

        Assert.Equal(8, _bench.Told.Count);
        Assert.Equal(4, _bench.Items.SelectMany(item => item.Faults).Count(fault => fault.Message.Contains("write MW in these rows", StringComparison.Ordinal)));
    }

    /// <summary>The unit in the request, the mapping that is guessed, and the one that is proposed then.</summary>
    private static void AssertAnswers(string text, ImportFault fault, string unit, Action<ImportBench> assert)
    {
        foreach (var form in new[] { new ImportForm { Unit = unit }, new ImportForm { Mapping = fault.Guess } })
        {
            using var bench = new ImportBench();
            bench.RunText(text, form);
            assert(bench);
            using var again = new ImportBench();
            again.RunText(text, form with { Mapping = new ImportMapping { Columns = bench.Facts.Sheets[0].Layout.Proposal } });
            assert(again);
        }
    }

    [Fact]
    public void One_in_a_column_beside_a_matrix_is_asked_about_and_the_answer_is_followed()
    {
        var text = $"Date,Unit,{string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00"))}\n{string.Concat(Enumerable.Range(13, 2).Select(day => $"2024-01-{day},mWh,{string.Join(',', Enumerable.Range(0, 24).Select(hour => hour + day))}\n"))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        Assert.Contains("Send unit=MWh", fault.Message, StringComparison.Ordinal);

        _bench.RunText(text, new ImportForm { Unit = "MWh" });
        Assert.Equal((48, "meter energy 2024-01-13 00:00 1h 13000"), (_bench.Told.Count, _bench.Told[0]));

        using var other = new ImportBench();
        Assert.Equal(_bench.Told, other.RunText(text, new ImportForm { Mapping = fault.Guess }).Told);
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
