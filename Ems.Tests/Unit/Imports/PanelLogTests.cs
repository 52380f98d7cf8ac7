using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>What operator panels of WinCC log.</summary>
public sealed class PanelLogTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Notes_of_the_panel_and_values_that_are_not_valid_are_no_readings()
    {
        _bench.RunText(TextOf(["Hall_1_Power_kW", "Hall_2_Power_kW"], (meter, at) => (10 * (meter + 1)) + (at % 3) + 0.25));

        Assert.Equal(47, _bench.Told.Count);
        Assert.Equal(["Hall_1 active_power 2026-03-02 00:00 10.25", "Hall_1 active_power 2026-03-02 00:15 11.25"], _bench.Told.Take(2));
        Assert.DoesNotContain(_bench.Values("Hall_2", "active_power"), value => value.Value == 0);
        Assert.Contains("Time_ms", _bench.Assumed("left_out"), StringComparison.Ordinal);
        Assert.Contains("rows of $RT_COUNT$, $RT_DIS$, $RT_OFF$", _bench.Assumed("left_out"), StringComparison.Ordinal);
        Assert.Contains("1 rows with the Validity 0", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_request_says_of_the_values_is_not_said_of_validity_and_time()
    {
        var text = TextOf(["Tag_Energy"], (_, at) => 120_000.5 + (12.25 * at));
        Assert.Throws<ImportFaultException>(() => _bench.RunText(text));

        _bench.RunText(text, new ImportForm { Metric = "energy_import_register", Unit = "kWh", EquipmentId = "main" });

        Assert.Equal(23, _bench.Told.Count);
        Assert.Equal(["main energy_import_register 2026-03-02 00:00 120000.5", "main energy_import_register 2026-03-02 00:15 120012.75"], _bench.Told.Take(2));
    }

    private static string TextOf(string[] names, Func<int, int, double> valueOf)
    {
        var german = new NumberFormatInfo { NumberDecimalSeparator = "," };
        var begin = new DateTime(2026, 3, 2, 0, 0, 0, DateTimeKind.Unspecified);
        var rows = Enumerable.Range(0, 24).Select(at => (At: at, Time: begin.AddMinutes(15 * at))).SelectMany(row => names.Select((name, meter) =>
            string.Create(german, $"\"{name}\";\"{row.Time:dd.MM.yyyy HH:mm:ss}\";{(IsInvalid(meter, row.At) ? 0 : valueOf(meter, row.At))};{(IsInvalid(meter, row.At) ? 0 : 1)};{Math.Round(row.Time.ToOADate() * 1e6, 4)}\n")));
        return $"\"VarName\";\"TimeString\";\"VarValue\";\"Validity\";\"Time_ms\"\n\"$RT_OFF$\";\"02.03.2026 00:00:00\";0;2;46083000000,0\n{string.Concat(rows)}\"$RT_DIS$\";\"02.03.2026 05:50:00\";1;2;46083243055,5556\n\"$RT_COUNT$\";{24 * names.Length};;;\n";

        bool IsInvalid(int meter, int at) => meter == names.Length - 1 && at == 20;
    }
}
