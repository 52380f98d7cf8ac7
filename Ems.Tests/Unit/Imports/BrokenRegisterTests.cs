using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Registers that were exchanged, or not read rightly for once, are no amounts of intervals either.</summary>
public sealed class BrokenRegisterTests : IDisposable
{
    private static readonly Random Order = new(7);

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    public static TheoryData<string> Kinds => ["exchanged", "silent", "negative", "late", "unsorted", "to another", "young", "often"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_register_with_faults_is_asked_about(string kind)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(Rows("Time,kWh", kind, ""))).Fault;

        Assert.Equal((ImportFault.AmbiguousMapping, "energy_import_register"), (fault.Code, fault.Alternatives![0]));
    }

    [Fact]
    public void One_of_several_meters_may_have_been_exchanged()
    {
        var text = Rows("Meter,Time,kWh", "clean", "A,") + Rows(null, "exchanged", "B,") + Rows(null, "clean", "C,");

        Assert.Equal(ImportFault.AmbiguousMapping, Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Code);

        _bench.RunText(text, new ImportForm { Metric = "energy_import_register" });

        Assert.Equal(QuantityKind.Register, Assert.Single(_bench.Facts.Mapping).Kind);
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(100, 24)]
    [InlineData(2_000, 24)]
    [InlineData(2_000, 7)]
    public void Amounts_that_rise_day_by_day_are_amounts(int least, int period)
    {
        var rows = Enumerable.Range(0, 120).Select(hour => $"{At(hour)},{least + (hour % period)}\n");
        _bench.RunText($"Time,kWh\n{string.Concat(rows)}");

        Assert.Equal(120, _bench.Values("meter", "energy").Count());
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(30, 205)]
    public void Amounts_that_rise_with_noughts_or_a_dip_among_them_are_amounts(int every, int low)
    {
        var rows = Enumerable.Range(0, 60).Select(day => $"{new DateTime(2024, 1, 1).AddDays(day):yyyy-MM-dd},{(day % every == every - 1 ? low : 200 + day)}\n");
        _bench.RunText($"Day,kWh\n{string.Concat(rows)}");

        Assert.Equal(60, _bench.Values("meter", "energy").Count());
    }

    [Theory]
    [InlineData(24, 60)]
    [InlineData(96, 15)]
    [InlineData(12, 5)]
    [InlineData(4, 15)]
    public void Counters_that_begin_again_each_day_or_each_hour_are_asked_about(int period, int minutes)
    {
        var rows = Enumerable.Range(0, period * 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"{new DateTime(2024, 1, 1).AddMinutes(i * minutes):yyyy-MM-dd HH:mm},{(i % period) + 0.4 + (Math.Sin(i) / 3):0.00}\n"));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Time,kWh\n{string.Concat(rows)}")).Fault;

        Assert.Equal((ImportFault.AmbiguousMapping, "energy_import_register"), (fault.Code, fault.Alternatives![0]));
    }

    [Theory]
    [InlineData(96, 15, 0.333)]
    [InlineData(24, 60, 0.37)]
    [InlineData(4, 15, 0.5)]
    public void Amounts_that_only_count_rows_are_amounts(int period, int minutes, double step)
    {
        var rows = Enumerable.Range(0, 600).Select(i => string.Create(CultureInfo.InvariantCulture, $"{new DateTime(2024, 1, 1).AddMinutes(i * minutes):yyyy-MM-dd HH:mm},{i % period * step:0.0}\n"));
        _bench.RunText($"Time,kWh\n{string.Concat(rows)}");

        Assert.Equal(600, _bench.Values("meter", "energy").Count());
    }

    [Fact]
    public void One_of_the_meters_of_a_table_of_months_may_have_been_exchanged()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(
            """
            kWh,Jan-23,Feb-23,Mar-23,Apr-23,May-23,Jun-23,Jul-23,Aug-23,Sep-23,Oct-23,Nov-23,Dec-23
            T1,7222,7439,7888,8232,8434,8770,9076,9431,9604,9829,10078,10238
            T2,11314,11604,11944,12387,12665,12863,0,378,688,940,1328,1539
            T3,15258,15576,15857,16151,16333,16741,17075,17438,17888,18082,18374,18625
            """)).Fault;

        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
    }

    private static string Rows(string? headers, string kind, string meter)
    {
        var rows = Enumerable.Range(0, 200).Select(hour => $"{meter}{At(hour)},{State(kind, hour).ToString(CultureInfo.InvariantCulture)}\n").ToArray();
        if (kind == "unsorted")
        {
            Order.Shuffle(rows);
        }

        return $"{(headers is null ? "" : $"{headers}\n")}{string.Concat(rows)}";
    }

    private static string At(int hour) => new DateTime(2024, 1, 1).AddHours(hour).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static double State(string kind, int hour) => 99_000 + (hour * 9.5) + (Math.Sin(hour) * 4) - (kind, hour) switch
    {
        ("to another", >= 120) => 55_000,
        ("young", < 120) => 98_950,
        ("young", _) => 99_000 + (119 * 9.5),
        ("often", < 60) => 98_950,
        ("often", < 120) => 99_000 + (60 * 9.5),
        ("often", _) => 99_000 + (120 * 9.5),
        ("exchanged", >= 120) => 99_000 + (119 * 9.5),
        ("silent", 40 or 41 or 90) => 99_000 + (hour * 9.5),
        ("negative", 40 or 90) => 99_000 + (hour * 9.5) + 9_999,
        ("late", 40 or 41 or 42 or 130) => 300,
        _ => 0,
    };
}
