using System.Globalization;
using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;

namespace Ems.Tests.Unit.Imports;

/// <summary>Questions name what may be sent back, and it is taken.</summary>
public sealed class AlternativesTests : IDisposable
{
    private readonly ImportBench _bench = new() { Known = new KnownMeters(new Dictionary<string, KnownMeter> { ["HVAC"] = new(null, false) }) };

    public static TheoryData<string, int> Asked { get; } = new()
    {
        { $"Meter,Date,{string.Join(',', Enumerable.Range(0, 25).Select(hour => $"{hour:00}:00"))}\n{string.Concat(new[] { "A", "B" }.Select(meter => $"{meter},2024-10-27,{string.Join(',', Enumerable.Range(1, 25).Select(hour => 1 + (hour % 7)))}\n"))}", 2 },
        { "House kWh,,\nDate,08:00,16:00\n2025-10-01,90,94\n2025-10-02,95,99\n", 1 },
        { $"Meter,Direction,Start,kWh\n{Hours("M1,Import", 600)}{Hours("M1,Export", 600)}", 1 },
        { $"Account No,Start,kWh\n{string.Concat(Enumerable.Range(1000, 3).Select(account => Hours($"{account}", 600)))}", 2 },
        { $"Date,Hour,kWh\n{string.Concat(Enumerable.Range(0, 150).Select(i => $"2024-01-{1 + (i / 30):00},{1 + (i % 30)},5\n"))}", 1 },
        { "Timestamp,Parameter,Value,Unit\n2024-02-01 00:00,HVAC active power,10,kW\n2024-02-01 01:00,HVAC active power,11,kW\n2024-02-01 00:00,Outdoor temperature,5,°C\n", 2 },
        { "Name,2024-01,2024-02,2024-03\nkWh,5,6,7\nCost (€),7,8,7\n", 1 },
        { $"Time,Main kW,PV kWh\n{string.Concat(Enumerable.Range(0, 24).Select(hour => $"2024-01-01 {hour:00}:00,{5 + (hour % 7)},{hour % 5}\n"))}", 2 },
        { $"Time,Main kWh,Building A generation kWh,HVAC kWh\n{string.Concat(Enumerable.Range(0, 24).Select(hour => $"2024-01-01 {hour:00}:00,{5 + (hour % 7)},{hour % 5},{hour % 3}\n"))}", 2 },
    };

    public void Dispose() => _bench.Dispose();

    [Theory]
    [MemberData(nameof(Asked))]
    public void What_is_asked_can_be_answered_with_each_of_the_alternatives(string text, int count)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "house kWh.csv")).Fault;
        Assert.Equal((ImportFault.AmbiguousMapping, count), (fault.Code, fault.Alternatives?.Count));

        foreach (var answer in fault.Alternatives!)
        {
            Assert.Contains(answer, fault.Message, StringComparison.Ordinal);
            Assert.NotEmpty(_bench.RunText(text, FormOf(answer), "house kWh.csv").Readings);
        }
    }

    private static ImportForm FormOf(string answer)
    {
        var (field, value) = (answer[..answer.IndexOf('=', StringComparison.Ordinal)], answer[(answer.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        return field switch
        {
            "mapping" => new ImportForm { Mapping = JsonSerializer.Deserialize<ImportMapping>(value, EmsJson.Options) },
            "metric" => new ImportForm { Metric = value },
            _ => new ImportForm { TimestampLabel = Enum.Parse<LabelMeaning>(value, ignoreCase: true) },
        };
    }

    private static string Hours(string cells, int count) => string.Concat(Enumerable.Range(0, count).Select(hour => string.Create(CultureInfo.InvariantCulture, $"{cells},{new DateTime(2024, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm},{5 + (hour % 7)}\n")));
}
