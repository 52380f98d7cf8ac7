using System.Globalization;
using System.Text;
using System.Text.Json;
using Ems.Tests.Functional;
using Ems.Tests.Unit.Imports;
using ExcelDataReader;

namespace Ems.Tests.EndToEnd;

/// <summary>With those that hold a hundred thousand values.</summary>
public abstract class LargeRealFileScenarios(RunningSystem running) : RealFileScenarios(running)
{
    [Fact]
    public async Task A_year_of_clean_times_keeps_its_sums_and_extremes_and_its_blank_row_is_a_gap()
    {
        await CheckGridLoadAsync("2016", perZone: 8783, rows: 8784, autumn: "2016-11-06", spring: "2016-03-13", peakAt: "2016-08-11T21:00:00Z");

        var around = (await Api.SeriesAsync("equipment_id=COAST&metric=energy&bucket=hour&from=2016-11-07T04:00:00Z&to=2016-11-07T07:00:00Z"))
            .GetProperty("series")[0].GetProperty("points").EnumerateArray().ToList();
        Assert.Equal([JsonValueKind.Number, JsonValueKind.Null, JsonValueKind.Number], around.Select(point => point.GetProperty("value").ValueKind));
        Assert.Equal([1.0, 0.0, 1.0], around.Select(point => point.GetProperty("coverage").GetDouble()));
    }

    [Fact]
    public async Task A_year_of_marked_times_keeps_its_sums_and_extremes_and_the_marked_hour_is_the_second_of_its_name()
    {
        await CheckGridLoadAsync("2018", perZone: 8760, rows: 8760, autumn: "2018-11-04", spring: "2018-03-11", peakAt: "2018-07-19T21:00:00Z");

        var marked = await Api.ValuesAsync("equipment_id=COAST&metric=active_power&bucket=raw&from=2018-11-04T07:00:00Z&to=2018-11-04T08:00:00Z");
        Assert.Equal(MarkedLoadOfCoast() * 1000, Assert.Single(marked["COAST"]).Value, 1e-6);
    }

    [Fact]
    public async Task A_newest_first_file_keeps_the_repeated_autumn_hour_as_two()
    {
        var job = await Api.ImportAsync(
            ImportBench.RealFile("meters/ucsd_MusicBuilding_15min_raw.csv.gz"),
            ("time_zone", "America/Los_Angeles"), ("timestamp_label", "start"), ("unit", "kW"), ("equipment_id", "music"));

        Assert.Equal(122_929, job.Count("rows_read"));
        Assert.Equal(122_929, job.Count("rows_stored") + job.Count("rows_duplicate") + job.Count("rows_rejected"));
        const string RepeatedHour = "equipment_id=music&bucket=raw&from=2019-11-03T08:00:00Z&to=2019-11-03T10:00:00Z&time_zone=UTC";
        var values = (await Api.ValuesAsync($"{RepeatedHour}&metric=active_power"))["music"];
        Assert.Equal(8, values.Count);
        Assert.Equal(75.145, values["2019-11-03T08:00:00Z"]);
        Assert.Equal(74.543, values["2019-11-03T09:00:00Z"]);
        var reactive = (await Api.SeriesAsync($"{RepeatedHour}&metric=reactive_power")).GetProperty("series")[0];
        Assert.Equal(("kvar", 8), (reactive.Text("unit"), reactive.GetProperty("points").GetArrayLength()));
        var local = await Api.SeriesAsync("equipment_id=music&metric=energy&bucket=hour&time_zone=America/Los_Angeles&from=2019-11-03&to=2019-11-04");
        Assert.Equal(25, local.GetProperty("series")[0].GetProperty("points").GetArrayLength());
    }

    private async Task CheckGridLoadAsync(string year, int perZone, int rows, string autumn, string spring, string peakAt)
    {
        var file = $"Native_Load_{year}.xlsx";
        var job = await Api.ImportAsync(
            ImportBench.RealFile($"xlsx/{file}"),
            ("time_zone", "America/Chicago"), ("timestamp_label", "end"), ("metric", "active_power"), ("unit", "MW"));

        using var expected = JsonDocument.Parse(File.ReadAllText(ImportBench.RealFile("xlsx/ercot_expected.json")));
        var facts = expected.RootElement.GetProperty(file);
        var zones = facts.GetProperty("sum_MWh").EnumerateObject().Where(zone => zone.Name != "ERCOT")
            .ToDictionary(zone => zone.Name, zone => zone.Value.GetDouble());
        Assert.Equal((rows, perZone * 8), (job.Count("rows_read"), job.Count("rows_stored")));
        Assert.Equal(zones.Keys.Order(), job.GetProperty("mapping").EnumerateArray().Select(column => column.Text("equipment_id")).Order());
        Assert.Contains(job.GetProperty("assumptions").EnumerateArray(), one => one.Text("what") == "left_out" && one.Text("value") == "ERCOT");

        await CheckTotalsAsync(zones, year, perZone);
        await CheckExtremesAsync(facts, zones.Keys, year, peakAt);
        Assert.Equal(["05", "06", "07", "08"], await HoursAsync(autumn, "05:00", "09:00"));
        Assert.Equal(["06", "07", "08"], await HoursAsync(spring, "06:00", "09:00"));
    }

    private async Task CheckTotalsAsync(Dictionary<string, double> zones, string year, int perZone)
    {
        var equipment = JsonSerializer.Serialize(zones.Keys);
        var period = $""" "from":"{year}-01-01T06:00:00Z","to":"{Next(year)}-01-01T06:00:00Z","group_by":"equipment" """;
        var counts = await Api.AskAsync($$"""{"metric":"active_power","aggregate":"count","equipment":{{equipment}},{{period}}}""");
        var sums = await Api.AskAsync($$"""{"metric":"energy","aggregate":"sum","equipment":{{equipment}},{{period}}}""");
        Assert.Equal(8, counts.GetProperty("rows").GetArrayLength());
        Assert.All(counts.GetProperty("rows").EnumerateArray(), row => Assert.Equal(perZone, row.Count("value")));
        Assert.Equal("kWh", sums.Text("unit"));
        Assert.All(
            sums.GetProperty("rows").EnumerateArray(),
            row => Assert.Equal(zones[row.Text("equipment")], row.GetProperty("value").GetDouble() / 1000, 0.001));
    }

    private async Task CheckExtremesAsync(JsonElement facts, IEnumerable<string> zones, string year, string peakAt)
    {
        var query = string.Concat(zones.Select(zone => $"equipment_id={zone}&"));
        var load = (await Api.ValuesAsync($"{query}metric=active_power&bucket=raw&from={year}-01-01T06:00:00Z&to={Next(year)}-01-01T06:00:00Z&time_zone=UTC"))
            .Values.SelectMany(series => series).GroupBy(point => point.Key, point => point.Value / 1000)
            .ToDictionary(hour => hour.Key, hour => hour.Sum());
        Assert.Equal(facts.GetProperty("max_ERCOT")[0].GetDouble(), load.Values.Max(), 0.002);
        Assert.Equal(facts.GetProperty("min_ERCOT")[0].GetDouble(), load.Values.Min(), 0.002);
        Assert.Equal(peakAt, load.MaxBy(hour => hour.Value).Key);

        var equipment = JsonSerializer.Serialize(zones);
        var peak = await ExtremeAsync("max");
        Assert.Equal(facts.GetProperty("max_ERCOT")[0].GetDouble(), peak.GetProperty("value").GetDouble() / 1000, 0.002);
        Assert.Equal(peakAt, peak.Text("at"));
        var trough = await ExtremeAsync("min");
        Assert.Equal(facts.GetProperty("min_ERCOT")[0].GetDouble(), trough.GetProperty("value").GetDouble() / 1000, 0.002);
        Assert.Equal(load.MinBy(hour => hour.Value).Key, trough.Text("at"));

        async Task<JsonElement> ExtremeAsync(string aggregate) => (await Api.AskAsync(
            $$"""{"metric":"active_power","aggregate":"{{aggregate}}","equipment":{{equipment}},"from":"{{year}}-01-01T06:00:00Z","to":"{{Next(year)}}-01-01T06:00:00Z","time_zone":"UTC"}"""))
            .GetProperty("rows")[0];
    }

    private async Task<IEnumerable<string>> HoursAsync(string day, string from, string to)
    {
        var values = await Api.ValuesAsync($"equipment_id=NORTH&metric=active_power&bucket=raw&from={day}T{from}:00Z&to={day}T{to}:00Z&time_zone=UTC");
        return values["NORTH"].Keys.Order(StringComparer.Ordinal).Select(start => start[11..13]);
    }

    private static string Next(string year) => (int.Parse(year, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);

    private static double MarkedLoadOfCoast()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        using var file = File.OpenRead(ImportBench.RealFile("xlsx/Native_Load_2018.xlsx"));
        using var workbook = ExcelReaderFactory.CreateReader(file);
        while (workbook.Read())
        {
            if (workbook.GetValue(0) is string label && label.Contains("DST", StringComparison.Ordinal))
            {
                return workbook.GetDouble(1);
            }
        }

        throw new InvalidDataException("No row is marked DST.");
    }
}
