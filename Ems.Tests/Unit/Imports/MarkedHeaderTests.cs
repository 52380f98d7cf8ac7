using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Headers that begin with the sign of a comment.</summary>
public sealed class MarkedHeaderTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("#Time,Main incomer (kWh)")]
    [InlineData("# Time,Main incomer (kWh)")]
    [InlineData("# Logger HX-12\n# since 2024, all times are UTC\n#Time,Main incomer (kWh)")]
    [InlineData("# Logger HX-12\n\n#Time,Main incomer (kWh)\n")]
    [InlineData("# Logger HX-12\nTime,Main incomer (kWh)")]
    [InlineData("#Logger,HX-12\nTime,Main incomer (kWh)")]
    [InlineData("#1,2\n#Time,Main incomer (kWh)")]
    public void They_head_the_row_below(string above)
    {
        _bench.RunText($"{above}\n{Rows("2024-06-03 {0:00}:00,{1}")}", fileName: "Hall.csv");

        Assert.Equal(24, _bench.Readings.Count);
        Assert.Equal("energy", Assert.Single(_bench.Facts.Sheets[0].Layout.Columns).Metric);
        Assert.Equal("Main incomer (kWh)", _bench.Facts.Sheets[0].Layout.Columns[0].Header);
    }

    [Theory]
    [InlineData("#group,false,false,true\n#datatype,string,dateTime:RFC3339,double\n#default,mean,,\n,result,_time,kWh")]
    [InlineData("# a,b\n#c,d,e,f\nx,y,Time,kWh")]
    public void Headers_of_their_own_stay_below_comments(string above)
    {
        _bench.RunText($"{above}\n{Rows(",,2024-06-03T{0:00}:00:00Z,{1}")}", fileName: "Hall.csv");

        Assert.Equal(24, _bench.Readings.Count);
        Assert.Equal("kWh", Assert.Single(_bench.Facts.Sheets[0].Layout.Columns).Header);
    }

    [Fact]
    public void Each_value_of_a_gateway_has_its_unit_behind_it_and_their_number_is_none()
    {
        var rows = string.Concat(Enumerable.Range(0, 24).Select(hour => string.Create(CultureInfo.InvariantCulture, $"145;10412233;2024-02-01 {hour:00}:00:00;2;KAM;53;heat;{553211 + (hour * 16)};kWh;Energy;{24894.5 + hour};m^3;Volume\n")));
        var text = $"#serial-number;device-identification;created;value-data-count;manufacturer;version;medium;value1;unit1;description1;value2;unit2;description2\n{rows}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal("value1 (kWh)", fault.Column);
        Assert.Contains("do not say the unit of what description1 names", fault.Message, StringComparison.Ordinal);

        _bench.RunText(text, new ImportForm { Metric = "energy_import_register", Unit = "kWh" });
        Assert.Equal([553_211.0, 553_579], _bench.Values("10412233", "energy_import_register").Select(value => value.Value).Where((_, i) => i is 0 or 23));
    }

    private static string Rows(string row) => string.Concat(Enumerable.Range(0, 24).Select(hour => string.Format(CultureInfo.InvariantCulture, row, hour, 10 + (hour * 7 % 11)) + "\n"));
}
