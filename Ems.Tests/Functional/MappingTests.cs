using System.Globalization;
using System.Text;
using System.Text.Json;
using Ems.Core.Storage;
using Ems.Tests.Unit.Files;
using Ems.Tests.Unit.Imports;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>Previews of files, and mappings as they are proposed, corrected and obeyed.</summary>
public sealed class MappingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-mapping-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_preview_proposes_a_mapping_shows_twenty_readings_and_stores_nothing()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, preview) = await host.PreviewAsync(
            "boiler.csv", Hours(30, "timestamp,Active Power (kW),Note", i => $"{i}.5,ok"), ("equipment_id", "boiler-1"), ("time_zone", "Europe/Berlin"), ("timestamp_label", "start"));

        Assert.Equal(200, status);
        var columns = Columns(preview);
        Assert.Equal(["timestamp", "Active Power (kW)", "Note"], columns.Select(column => Text(column, "column")));
        Assert.Equal(["time", "value", "ignored"], columns.Select(column => Text(column, "role")));
        Assert.Equal(("active_power", "kW", "level"), (Text(columns[1], "metric"), Text(columns[1], "unit"), Text(columns[1], "kind")));
        Assert.InRange(columns[1].GetProperty("confidence").GetDouble(), 0.9, 1);
        Assert.Contains("its values, 0.5 to 29.5, fit", Text(columns[1], "reason"), StringComparison.Ordinal);
        Assert.Equal("it holds no numbers", Text(columns[2], "reason"));
        var rows = preview.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(20, rows.Count);
        Assert.Equal("boiler-1", Text(rows[0], "equipment_id"));
        Assert.Equal(DateTimeOffset.Parse("2024-01-01T01:00:00+01:00", CultureInfo.InvariantCulture), rows[1].GetProperty("timestamp").GetDateTimeOffset());
        Assert.Equal((3600, 1.5), (rows[1].GetProperty("duration_seconds").GetInt32(), rows[1].GetProperty("values").GetProperty("active_power").GetDouble()));
        Assert.Empty(preview.GetProperty("problems").EnumerateArray());
        Assert.Empty(await host.Store.ListSeriesAsync(null, null, Cancellation));
        Assert.Empty((await host.GetAsync("/jobs")).GetProperty("jobs").EnumerateArray());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "spool")));
    }

    [Fact]
    public async Task An_import_that_stores_nothing_says_so()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, job) = await host.ImportAsync(
            "main.csv", "time,kWh\n2024-01-01 00:00,n/a\n2024-01-01 01:00,n/a\n"u8.ToArray(), wait: true, ("mapping", """{"columns":[{"column":"kWh","role":"value","metric":"energy","unit":"kWh"}]}"""));

        Assert.Equal("failed", Text(job, "state"));
        Assert.Equal("DATA_VALIDATION_FAILED", Text(Assert.Single(job.GetProperty("errors").EnumerateArray()), "code"));
    }

    [Fact]
    public async Task A_preview_asks_for_the_decimal_sign_as_the_import_does_and_the_mapping_answers()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var content = "Datum;Verbrauch (kWh)\n01.01.2024;12.345\n02.01.2024;11.980\n"u8.ToArray();

        var (_, open) = await host.PreviewAsync("main.csv", content);
        var (_, told) = await host.PreviewAsync("main.csv", content, ("mapping", """{"decimal_sign": ","}"""));

        Assert.Equal(["AMBIGUOUS_MAPPING"], open.GetProperty("problems").EnumerateArray().Select(problem => Text(problem, "code")));
        Assert.Empty(told.GetProperty("problems").EnumerateArray());
        Assert.Equal([12345.0, 11980], told.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("values").GetProperty("energy").GetDouble()));
    }

    [Theory]
    [InlineData("wide.csv", "Time,North (kWh),South (kWh)\n2024-01-01 00:00,1,2\n2024-01-01 01:00,3,4\n")]
    [InlineData("long.csv", "Date;Time;Meter ID;Meter Name;Type;Value;Unit;Quality\n01.01.2024;00:00;7;Hall;Gas;1,5;m³;ok\n01.01.2024;01:00;7;Hall;Gas;2,5;m³;estimated\n")]
    [InlineData("names.csv", "Time,Meter Name,Site Name,kWh\n2024-01-01 00:00,Main,A,1\n2024-01-01 00:00,Main,B,2\n2024-01-01 01:00,Main,A,3\n")]
    [InlineData("bills.csv", "Account,Start Date,End Date,Usage (kWh),Cost\n1,2024-01-01,2024-01-31,100,20.5\n1,2024-02-01,2024-02-29,90,19.5\n")]
    [InlineData("numbers.csv", "Year,Month,Day,Hour,kW\n2024,1,1,01:00,5\n2024,1,1,02:00,6\n2024,1,1,03:00,7\n2024,1,1,24:00,8\n")]
    [InlineData("same.csv", "Time,kWh,kWh,Reading No\n2024-01-01 00:00,1,x,1\n2024-01-01 01:00,3,y,2\n")]
    public async Task A_proposal_that_is_sent_back_as_it_is_changes_nothing(string name, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        Assert.Equal(await ImportPlainAsync(name, content), await ImportProposedAsync(name, content));
    }

    [Theory]
    [InlineData("original/EMS_Energy_Meter_Data.xlsx")]
    [InlineData("xlsx/example-pm-monthly-meter-usage.xlsx")]
    [InlineData("xlsx/example-pm-data-request-with-meters.xlsx")]
    [InlineData("xlsx/PM Meter Data.xlsx")]
    [InlineData("xlsx/Native_Load_2018.xlsx")]
    [InlineData("other/example-GreenButton-data.xml")]
    public async Task A_proposal_for_a_real_file_that_is_sent_back_changes_nothing(string file)
    {
        var path = ImportBench.RealFile(file);
        var content = await File.ReadAllBytesAsync(path, Cancellation);
        (string, string)[] fields = file.Contains("Native", StringComparison.Ordinal) ? [("metric", "active_power"), ("unit", "MW"), ("time_zone", "America/Chicago")] : [];
        Assert.Equal(await ImportPlainAsync(Path.GetFileName(path), content, fields), await ImportProposedAsync(Path.GetFileName(path), content, fields));
    }

    [Theory]
    [InlineData("hall.xls")]
    [InlineData("hall.xlsb")]
    [InlineData("hall.csv.gz")]
    [InlineData("hall.zip")]
    public async Task Files_of_every_kind_are_previewed(string name)
    {
        var text = Encoding.UTF8.GetBytes("Time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n");
        (string, object?[][]) sheet = ("Sheet1", [["Time", "kWh"], ["2024-01-01 00:00", 1.0], ["2024-01-01 01:00", 2.0]]);
        var content = Path.GetExtension(name) switch
        {
            ".xls" => BinaryWorkbooks.Xls(false, sheet),
            ".xlsb" => BinaryWorkbooks.Xlsb(false, sheet),
            ".gz" => FileBench.GZip(text),
            _ => FileBench.Zip(("hall.csv", text), ("readme.pdf", [37, 80, 68, 70, 0, 1])),
        };
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, preview) = await host.PreviewAsync(name, content);

        Assert.True(status == 200, preview.ToString());
        Assert.Equal([("hall", 1.0), ("hall", 2.0)], preview.GetProperty("rows").EnumerateArray()
            .Select(row => (Text(row, "equipment_id"), row.GetProperty("values").GetProperty("energy").GetDouble())));
        Assert.Equal(["time", "value"], Columns(preview).Select(column => Text(column, "role")));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_refused_by_a_preview_as_by_an_import()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (empty, _) = await host.PreviewAsync("empty.csv", []);
        var (noTime, problem) = await host.PreviewAsync("notime.csv", Encoding.UTF8.GetBytes("name,kWh\na,1\nb,2\n"));

        Assert.Equal((400, 400, "MISSING_REQUIRED_COLUMNS"), (empty, noTime, Text(problem, "code")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "spool")));
    }

    [Fact]
    public async Task A_preview_of_many_rows_says_that_it_has_seen_the_first_ones()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, preview) = await host.PreviewAsync("long.csv", Hours(5_000, "timestamp,kWh", i => $"{i % 7}"));

        Assert.Equal((1_000, true, 20), (preview.GetProperty("rows_looked_at").GetInt32(), preview.GetProperty("has_more").GetBoolean(), preview.GetProperty("rows").GetArrayLength()));
    }

    [Fact]
    public async Task A_matrix_is_mapped_as_one_column()
    {
        var hours = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:D2}:00"));
        var content = Encoding.UTF8.GetBytes($"Date,{hours}\n2024-01-01,{string.Join(',', Enumerable.Range(1, 24))}\n2024-01-02,{string.Join(',', Enumerable.Range(1, 24))}\n");
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, preview) = await host.PreviewAsync("matrix.csv", content);
        Assert.Equal(200, status);
        Assert.Equal(["Date", "*"], Columns(preview).Select(column => Text(column, "column")));
        Assert.Equal("AMBIGUOUS_MAPPING", Text(preview.GetProperty("problems")[0], "code"));

        var (_, job) = await host.ImportAsync(
            "matrix.csv", content, wait: true, ("mapping", """{"columns":[{"column":"*","metric":"heat","unit":"MWh"}]}"""));

        Assert.Equal(48, job.GetProperty("rows_stored").GetInt32());
        Assert.Equal(600_000, await SumAsync(host, "matrix", "heat"));
    }

    [Fact]
    public async Task A_corrected_mapping_is_obeyed_in_metric_unit_kind_equipment_time_and_what_is_left_out()
    {
        const string Text = "Read at,Booked,Gas,Humidity,Spare (kW),Heat\n2024-01-01 00:00,2024-02-01 00:00,10,55,1,1\n2024-01-01 01:00,2024-02-01 00:00,12,56,1,2\n";
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, job) = await host.ImportAsync("plant.csv", Encoding.UTF8.GetBytes(Text), wait: true, ("mapping", """
            {"columns":[
              {"column":"Read at","role":"time"}, {"column":"booked","role":"ignored"},
              {"column":"Gas","metric":"gas_volume","unit":"ft³","kind":"register","equipment_id":"G-1"},
              {"column":"Humidity","metric":"humidity","unit":"%rh","equipment_id":"H-1"},
              {"column":"Spare (kW)","metric":null},
              {"column":"Heat","metric":"heat","unit":"MWh","equipment_id":"W-1"}]}
            """));

        Assert.True(status == 200, job.ToString());
        Assert.Equal(6, job.GetProperty("rows_stored").GetInt32());
        var series = (await host.Store.ListSeriesAsync(null, null, Cancellation)).OrderBy(one => one.Key.EquipmentId).ToList();
        Assert.Equal([("G-1", "gas_volume"), ("H-1", "humidity"), ("W-1", "heat")], series.Select(one => (one.Key.EquipmentId, one.Key.Metric)));
        Assert.Equal(["register", "level", "interval"], job.GetProperty("mapping").EnumerateArray().Select(column => column.GetProperty("kind").GetString()!));
        Assert.Equal(3_000, await SumAsync(host, "W-1", "heat"));
        Assert.Equal(111, await SumAsync(host, "H-1", "humidity"));
        var assumptions = job.GetProperty("assumptions").EnumerateArray().Select(one => one.GetProperty("value").GetString()!).ToList();
        Assert.Contains("Humidity: humidity in %rh", assumptions);
        Assert.Contains("Spare (kW)", assumptions);
        Assert.Equal("%rh", job.GetProperty("mapping")[1].GetProperty("unit").GetString());
    }

    [Fact]
    public async Task A_metric_of_ones_own_keeps_its_unit_and_is_refused_in_another()
    {
        static (string, string) InUnit(string unit) => ("mapping", $$"""{"columns":[{"column":"Humidity","metric":"humidity","unit":"{{unit}}"}]}""");
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("hall.csv", Hours(2, "timestamp,Humidity", i => $"{i}"), wait: true, InUnit("%rh"));

        var (_, preview) = await host.PreviewAsync("hall.csv", Hours(3, "timestamp,Humidity", i => $"{i}"), InUnit("g/kg"));
        var (_, other) = await host.ImportAsync("hall.csv", Hours(3, "timestamp,Humidity", i => $"{i}"), wait: true, InUnit("g/kg"));
        var (_, same) = await host.ImportAsync("hall.csv", Hours(3, "timestamp,Humidity", i => $"{i}"), wait: true, InUnit("%rh"));

        Assert.Equal(("failed", "%rh"), (Text(other, "state"), other.GetProperty("errors")[0].GetProperty("alternatives")[0].GetString()));
        Assert.Contains("would bring it in g/kg", Text(preview.GetProperty("problems")[0], "message"), StringComparison.Ordinal);
        Assert.Equal((1, 2), (same.GetProperty("rows_stored").GetInt32(), same.GetProperty("rows_duplicate").GetInt32()));
    }

    [Fact]
    public async Task What_an_import_asks_a_preview_shows_with_the_alternatives_and_a_guess()
    {
        var content = Hours(30, "timestamp,X,Loaded", i => string.Create(CultureInfo.InvariantCulture, $"{50 + (i % 3 * 0.01):F2},2024-05-01 00:00"));
        await using var host = await ImportHost.StartAsync(_folder);

        var (refused, problem) = await host.ImportAsync("grid.csv", content, wait: true);
        var (status, preview) = await host.PreviewAsync("grid.csv", content);
        var (accepted, job) = await host.ImportAsync("grid.csv", content, wait: true, ("mapping", preview.GetProperty("mapping").GetRawText()));

        Assert.Equal((400, "AMBIGUOUS_MAPPING"), (refused, Text(problem, "code")));
        Assert.Equal(["timestamp", "Loaded"], problem.GetProperty("alternatives").EnumerateArray().Select(one => one.GetString()!));
        Assert.Equal(200, status);
        Assert.Equal(2, preview.GetProperty("problems").GetArrayLength());
        Assert.Contains("frequency", preview.GetProperty("problems")[1].GetProperty("alternatives").EnumerateArray().Select(one => one.GetString()));
        var guess = Columns(preview)[1];
        Assert.Equal(("frequency", "Hz"), (Text(guess, "metric"), Text(guess, "unit")));
        Assert.InRange(guess.GetProperty("confidence").GetDouble(), 0.1, 0.6);
        Assert.Equal(20, preview.GetProperty("rows").GetArrayLength());
        Assert.True(accepted == 200, job.ToString());
        Assert.Equal(30, job.GetProperty("rows_stored").GetInt32());
    }

    [Theory]
    [InlineData("Settlement Period", 1, 48, 30)]
    [InlineData("HE", 1, 24, 50)]
    public async Task The_first_rows_of_many_meters_show_how_the_file_numbers_its_intervals(string header, int first, int count, int meters)
    {
        var rows = from number in Enumerable.Range(first, count)
                   from meter in Enumerable.Range(1, meters)
                   select $"M{meter},2024-06-01,{number},{number * 37 % 101}\n";
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, preview) = await host.PreviewAsync("hours.csv", Encoding.UTF8.GetBytes($"MPAN,Date,{header},kWh\n{string.Concat(rows)}"));

        Assert.Empty(preview.GetProperty("problems").EnumerateArray());
        var shown = preview.GetProperty("rows")[0];
        Assert.Equal((24 * 3600 / count, "2024-06-01T00:00:00"), (shown.GetProperty("duration_seconds").GetInt32(), Text(shown, "timestamp")[..19]));
    }

    [Fact]
    public async Task The_first_rows_of_many_meters_show_hours_and_minutes()
    {
        var rows = from quarter in Enumerable.Range(0, 8)
                   from meter in Enumerable.Range(1, 300)
                   select $"M{meter},2024-06-01,{(quarter / 4 * 100) + (quarter % 4 * 15)},{quarter * 37 % 101}\n";
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, preview) = await host.PreviewAsync("quarters.csv", Encoding.UTF8.GetBytes($"Meter,Date,Time,kWh\n{string.Concat(rows)}"));

        Assert.Empty(preview.GetProperty("problems").EnumerateArray());
        var shown = preview.GetProperty("rows")[0];
        Assert.Equal((900, "2024-06-01T00:00:00"), (shown.GetProperty("duration_seconds").GetInt32(), Text(shown, "timestamp")[..19]));
    }

    [Fact]
    public async Task A_preview_leaves_to_the_whole_file_what_its_first_rows_leave_open()
    {
        var content = Encoding.UTF8.GetBytes("Time,kWh\n01/02/2024 00:00,1\n02/02/2024 00:00,2\n");
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, preview) = await host.PreviewAsync("days.csv", content);
        var (_, job) = await host.ImportAsync("days.csv", content, wait: true, ("mapping", """{"date_order":"mdy"}"""));

        Assert.Equal(["dmy", "mdy"], preview.GetProperty("problems")[0].GetProperty("alternatives").EnumerateArray().Select(one => one.GetString()!));
        Assert.Equal(JsonValueKind.Null, preview.GetProperty("mapping").GetProperty("date_order").ValueKind);
        Assert.Equal(2, preview.GetProperty("rows").GetArrayLength());
        Assert.Equal("completed", Text(job, "state"));
    }

    [Theory]
    [InlineData("""{"columns":[{"column":"Diesel","metric":"energy","unit":"kWh"}]}""", "AMBIGUOUS_MAPPING", "names the column Diesel, which is not there")]
    [InlineData("""{"columns":[{"column":"Diesel #2","metric":"energy","unit":"kWh"},{"column":"Diesel","metric":"heat"}]}""", "MISSING_REQUIRED_COLUMNS", "the column Diesel,")]
    [InlineData("""{"columns":[{"column":"Diesel #2","metric":"energy","unit":"bushel"}]}""", "UNKNOWN_UNIT", "bushel")]
    [InlineData("""{"columns":[{"column":"Diesel #2","metric":"energy","unit":"kW"}]}""", "DATA_VALIDATION_FAILED", "kWh")]
    [InlineData("""{"columns":[{"column":"Diesel #2","metric":"energy","unit":"kWh","kind":"level"}]}""", "DATA_VALIDATION_FAILED", "level")]
    [InlineData("""{"columns":[{"column":"Diesel #2","metric":"fuel"}]}""", "DATA_VALIDATION_FAILED", "say its unit")]
    [InlineData("""{"columns":[{"column":"Diesel #2","role":"driver"}]}""", "DATA_VALIDATION_FAILED", "columns[0].role")]
    [InlineData("""{"columns":[{"column":"Diesel #2","metric":"energy"},{"column":"diesel  #2","metric":"heat"}]}""", "DATA_VALIDATION_FAILED", "already")]
    [InlineData("""{"columns":[{"column":"Diesel #2","role":"time"}]}""", "MISSING_REQUIRED_COLUMNS", "Diesel #2")]
    [InlineData("""{"columns":[null]}""", "DATA_VALIDATION_FAILED", "columns[0]")]
    [InlineData("""{"date_order":"ydm"}""", "DATA_VALIDATION_FAILED", "date_order")]
    [InlineData("[]", "DATA_VALIDATION_FAILED", "mapping")]
    public async Task A_mapping_that_cannot_be_obeyed_is_refused_with_what_is_wrong(string mapping, string code, string said)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, problem) = await host.ImportAsync("tank.csv", Hours(3, "timestamp,Diesel #2", i => $"{i}"), wait: true, ("mapping", mapping));

        Assert.Equal((400, code), (status, Text(problem, "code")));
        Assert.Contains(said, Text(problem, "detail"), StringComparison.Ordinal);
        Assert.Empty(await host.Store.ListSeriesAsync(null, null, Cancellation));
    }

    private static byte[] Hours(int count, string header, Func<int, string> values) => Encoding.UTF8.GetBytes(
        $"{header}\n{string.Concat(Enumerable.Range(0, count).Select(i => $"{new DateTime(2024, 1, 1).AddHours(i):yyyy-MM-dd HH:mm},{values(i)}\n"))}");

    private async Task<string> ImportPlainAsync(string name, byte[] content, params (string, string)[] fields)
    {
        await using var host = await ImportHost.StartAsync(Path.Combine(_folder, "plain"));
        var (status, job) = await host.ImportAsync(name, content, wait: true, fields);
        Assert.True(status == 200 && Text(job, "state") == "completed", job.ToString());
        return await ContentAsync(host);
    }

    private async Task<string> ImportProposedAsync(string name, byte[] content, params (string, string)[] fields)
    {
        await using var host = await ImportHost.StartAsync(Path.Combine(_folder, "proposed"));
        var (previewed, preview) = await host.PreviewAsync(name, content, fields);
        Assert.True(previewed == 200, preview.ToString());
        var (status, job) = await host.ImportAsync(name, content, wait: true, [.. fields, ("mapping", preview.GetProperty("mapping").GetRawText())]);
        Assert.True(status == 200 && Text(job, "state") == "completed", job.ToString());
        return await ContentAsync(host);
    }

    /// <summary>All that is stored, as text.</summary>
    private static async Task<string> ContentAsync(ImportHost host)
    {
        var text = new StringBuilder();
        foreach (var equipment in (await host.Catalogue.ListEquipmentAsync(Cancellation)).OrderBy(one => one.Id, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{equipment.Id} {equipment.Name} {equipment.Site} {equipment.Type} {equipment.Carrier}");
        }

        foreach (var series in (await host.Store.ListSeriesAsync(null, null, Cancellation)).OrderBy(one => one.Key.ToString(), StringComparer.Ordinal))
        {
            var samples = await host.Store.ReadAsync(series.Key, Instant.FromUtc(1990, 1, 1, 0, 0), Instant.FromUtc(2100, 1, 1, 0, 0), 0, Cancellation);
            text.AppendLine(CultureInfo.InvariantCulture, $"{series.Key} {series.Unit} {string.Join(' ', samples.Take(2000).Select(sample => $"{sample.Start} {sample.Length} {sample.Value}"))}");
        }

        Assert.NotEqual(0, text.Length);
        return text.ToString();
    }

    private static async Task<double> SumAsync(ImportHost host, string equipment, string metric)
    {
        var series = Assert.Single(await host.Store.ListSeriesAsync([equipment], [metric], Cancellation));
        var samples = await host.Store.ReadAsync(series.Key, Instant.FromUtc(1990, 1, 1, 0, 0), Instant.FromUtc(2100, 1, 1, 0, 0), 0, Cancellation);
        return samples.Sum(sample => sample.Value);
    }

    private static List<JsonElement> Columns(JsonElement preview) => [.. preview.GetProperty("mapping").GetProperty("columns").EnumerateArray()];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
