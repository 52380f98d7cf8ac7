using System.Text;
using System.Text.Json;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Functional;

/// <summary>What is said beside a file, and what in a file concerns one meter or one row only.</summary>
public sealed class ImportFormTests : IDisposable
{
    private static readonly byte[] File = Encoding.UTF8.GetBytes("timestamp,kWh\n2026-01-01 00:00,1\n2026-01-01 01:00,2\n");

    private readonly string _folder = Directory.CreateTempSubdirectory("ems-form-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task All_faults_of_a_form_are_named_at_once_also_fields_that_it_does_not_have()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        (string, string)[] fields =
        [
            ("time_zone", "Berlin"), ("timestamp_label", "middle"), ("unit", "bushel"), ("equipment_id", "a/b"), ("metric", "warmth"), ("site", "nosite"),
            ("profile", "none"), ("timezone", "Europe/Berlin"),
        ];

        var (status, problem) = await host.ImportAsync("m.csv", File, wait: true, fields);
        var (previewed, preview) = await host.PreviewAsync("m.csv", File, fields);

        string[] expected = ["equipment_id", "metric", "profile", "site", "time_zone", "timestamp_label", "timezone", "unit"];
        Assert.Equal((400, "DATA_VALIDATION_FAILED", 400), (status, problem.GetProperty("code").GetString(), previewed));
        Assert.Equal(expected, FieldsOf(problem));
        Assert.Equal(expected, FieldsOf(preview));
        Assert.Empty((await host.GetAsync("/jobs")).GetProperty("jobs").EnumerateArray());
    }

    [Theory]
    [InlineData("kL", "kL")]
    [InlineData("ML", "ML")]
    [InlineData("TRh", "TRh")]
    [InlineData("SCM", "SCM")]
    [InlineData("Smc", "Smc")]
    [InlineData("Therms", "Therms")]
    [InlineData("cu. ft.", "ft³")]
    [InlineData("kW.h", "kWh")]
    [InlineData("kWh/15min", null)]
    [InlineData("mwh", null)]
    public void Units_of_headers_are_those_of_the_form_too(string unit, string? kept)
    {
        var (form, faults) = FormFields.Read(new Dictionary<string, string> { ["unit"] = unit });

        Assert.Equal(kept is null ? ["unit"] : [], faults.Select(fault => fault.Field));
        Assert.Equal(kept ?? unit, form.Unit);
    }

    [Fact]
    public async Task A_field_that_comes_twice_is_named_and_nothing_is_taken_in()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, problem) = await host.ImportAsync("m.csv", File, wait: true, ("equipment_id", "a"), ("time_zone", "UTC"), ("equipment_id", "b"));
        var (previewed, _) = await host.PreviewAsync("m.csv", File, ("unit", "kWh"), ("unit", "kWh"));

        Assert.Equal((400, "DATA_VALIDATION_FAILED", 400), (status, problem.GetProperty("code").GetString(), previewed));
        Assert.Equal(["equipment_id"], FieldsOf(problem));
        Assert.Empty((await host.GetAsync("/jobs")).GetProperty("jobs").EnumerateArray());
    }

    [Fact]
    public async Task A_site_that_does_not_exist_is_refused_and_equipment_is_not_put_there()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, problem) = await host.ImportAsync("m.csv", File, wait: true, ("site", "nosite"));

        Assert.Equal((400, "DATA_VALIDATION_FAILED"), (status, problem.GetProperty("code").GetString()));
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(("site", "'nosite' does not exist: put the site first."), (error.GetProperty("field").GetString(), error.GetProperty("message").GetString()));
        Assert.Empty(await host.Catalogue.ListEquipmentAsync(Cancel));
        Assert.Empty(await host.Catalogue.ListSitesAsync(Cancel));
    }

    [Theory]
    [InlineData("limit=abc&cursor=*&format=pdf", "cursor format limit")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    public async Task All_faults_of_a_list_are_named_at_once(string query, string fields)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        foreach (var list in (string[])["sites?", "equipment?", "jobs?", "profiles?", "quality?", "history?equipment_id=m&"])
        {
            Assert.Equal(fields, string.Join(' ', FieldsOf(await host.GetAsync($"/{list}{query}"))));
        }
    }

    [Fact]
    public async Task A_meter_whose_column_is_blank_does_not_miss_what_it_never_delivered()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var text = new StringBuilder("Timestamp,Equipment,Active Power (kW),Temperature (C)\n");
        for (var i = 0; i < 4; i++)
        {
            text.Append($"2026-01-01 0{i}:00,fan,5,{(i == 2 ? "" : "21")}\n2026-01-01 0{i}:00,line,7,\n");
        }

        var (_, job) = await host.ImportAsync("m.csv", Encoding.UTF8.GetBytes(text.ToString()), wait: true);
        var later = Encoding.UTF8.GetBytes("Timestamp,Equipment,Active Power (kW)\n2026-01-02 00:00,fan,5\n2026-01-02 00:00,line,7\n");
        var (_, next) = await host.ImportAsync("n.csv", later, wait: true);

        Assert.Equal(("completed", 8), (job.GetProperty("state").GetString(), job.GetProperty("rows_stored").GetInt32()));
        Assert.Equal(1, job.GetProperty("flags").GetProperty("missing_temperature").GetInt32());
        Assert.Equal(1, next.GetProperty("flags").GetProperty("missing_temperature").GetInt32());
    }

    [Fact]
    public async Task A_date_that_exists_in_no_order_is_the_fault_of_its_row_alone()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var file = Encoding.UTF8.GetBytes("timestamp,kWh\n2026-01-01 00:00,1\n2026-01-01 00:15,2\n2026-01-01 00:30,2\n13/13/2026 00:45,3\n2026-01-01 01:00,4\n30/02/26 01:15,5\n");

        var (_, job) = await host.ImportAsync("m.csv", file, wait: true);

        Assert.Equal(("completed", 4, 2), (job.GetProperty("state").GetString(), job.GetProperty("rows_stored").GetInt32(), job.GetProperty("rows_rejected").GetInt32()));
        Assert.Equal(
            [(5, "INVALID_TIMESTAMP"), (7, "INVALID_TIMESTAMP")],
            job.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("row").GetInt32(), error.GetProperty("code").GetString()!)));
    }

    [Theory]
    [InlineData("UTC+01:00", "Etc/GMT-1")]
    [InlineData("+01:00", "Etc/GMT-1")]
    [InlineData("GMT-5", "Etc/GMT+5")]
    [InlineData("+05:30", "Europe/Berlin")]
    public async Task An_offset_is_no_zone_and_the_name_of_one_is_said(string zone, string name)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, problem) = await host.ImportAsync("m.csv", File, wait: true, ("time_zone", zone));

        Assert.Equal((400, true), (status, problem.GetProperty("detail").GetString()!.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Dates_that_contradict_each_other_are_refused_with_the_way_to_choose()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var file = Encoding.UTF8.GetBytes("timestamp,kWh\n25/12/2026 00:00,1\n12/25/2026 00:15,2\n12/26/2026 00:30,3\n");

        var (_, job) = await host.ImportAsync("m.csv", file, wait: true);
        var (_, chosen) = await host.ImportAsync("m.csv", file, wait: true, ("mapping", """{"date_order":"mdy"}"""));

        var error = Assert.Single(job.GetProperty("errors").EnumerateArray());
        Assert.Equal(("failed", "AMBIGUOUS_MAPPING"), (job.GetProperty("state").GetString(), error.GetProperty("code").GetString()));
        Assert.Contains("""mapping={"date_order":"dmy"}""", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal((2, 1), (chosen.GetProperty("rows_stored").GetInt32(), chosen.GetProperty("rows_rejected").GetInt32()));
    }

    [Theory]
    [InlineData("%PDF-1.7\n1 0 obj\ntimestamp,kWh\n2026-01-01 00:00,1\n2026-01-01 01:00,2\n", "bill.pdf")]
    [InlineData("%PDF-1.7\n1 0 obj\ntimestamp,kWh\n2026-01-01 00:00,1\n2026-01-01 01:00,2\n", "bill.csv")]
    [InlineData("{\\rtf1 timestamp,kWh\n2026-01-01 00:00,1\n2026-01-01 01:00,2\n", "bill.csv")]
    [InlineData("timestamp,kWh\n2026-01-01 00:00,1\n2026-01-01 01:00,2\n\u0001\u0002\u0003\u0004", "bill.csv")]
    public async Task A_file_of_another_kind_is_refused_with_what_to_send(string content, string name)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, problem) = await host.ImportAsync(name, Encoding.Latin1.GetBytes(content), wait: true);

        Assert.Equal((400, "INVALID_FILE_FORMAT"), (status, problem.GetProperty("code").GetString()));
        Assert.Contains(".xlsx", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stray_control_character_makes_no_text_another_kind_of_file()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, job) = await host.ImportAsync("m.csv", [.. File, 0x1A], wait: true);

        Assert.Equal(("completed", 2), (job.GetProperty("state").GetString(), job.GetProperty("rows_stored").GetInt32()));
    }

    [Fact]
    public async Task Members_of_a_mapping_that_mean_nothing_are_refused_by_name()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var mapping = ("mapping", """{"header":1,"columns":[{"column":"kWh","metric":"energy","units":"kWh","multiplier":2}]}""");

        var (status, problem) = await host.ImportAsync("m.csv", File, wait: true, mapping);
        var (previewed, preview) = await host.PreviewAsync("m.csv", File, mapping);

        Assert.Equal((400, 400), (status, previewed));
        Assert.Equal(["mapping.columns[0].multiplier", "mapping.columns[0].units", "mapping.header"], FieldsOf(problem));
        Assert.Equal(FieldsOf(problem), FieldsOf(preview));
        var (_, proposed) = await host.PreviewAsync("m.csv", File);
        var (_, job) = await host.ImportAsync("m.csv", File, wait: true, ("mapping", proposed.GetProperty("mapping").GetRawText()));
        Assert.Equal("completed", job.GetProperty("state").GetString());
    }

    [Fact]
    public async Task An_upload_that_is_none_is_refused_with_its_field()
    {
        await using var host = await ImportHost.StartAsync(_folder, "--Ems:Ingestion:MaxFileBytes=1024");
        using var none = new MultipartFormDataContent { { new StringContent("m"), "equipment_id" } };
        using var two = new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "a.csv" }, { new ByteArrayContent([2]), "file", "b.csv" } };
        using var large = new MultipartFormDataContent { { new ByteArrayContent(new byte[2_000]), "file", "a.csv" } };
        using var cut = new StringContent("--x\r\nContent-Disposition: form-data; name=file; filename=a.csv\r\n\r\n1");
        cut.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "x") } };

        foreach (var (content, status, code) in new (HttpContent, int, string)[]
        {
            (none, 400, "INVALID_FILE_FORMAT"), (two, 400, "INVALID_FILE_FORMAT"), (large, 413, "FILE_TOO_LARGE"), (cut, 400, "INVALID_FILE_FORMAT"),
            (new StringContent("{}"), 400, "INVALID_FILE_FORMAT"),
        })
        {
            using var answer = await host.Client.PostAsync("/ingest/excel", content, Cancel);
            var problem = await answer.JsonAsync(status);
            Assert.Equal((code, "file"), (problem.GetProperty("code").GetString(), Assert.Single(FieldsOf(problem))));
        }
    }

    [Fact]
    public async Task A_cursor_of_no_job_is_refused_and_a_file_holds_all_jobs()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var (_, job) = await host.ImportAsync("m.csv", File, wait: true);
        var known = (await host.Jobs.FindAsync(job.GetProperty("id").GetString()!, Cancel))!;
        for (var i = 0; i < 1_002; i++)
        {
            await host.Jobs.AddAsync(known with { Id = $"more-{i}" }, int.MaxValue, Cancel);
        }

        Assert.Equal("cursor", Assert.Single(FieldsOf(await host.GetAsync("/jobs?cursor=bm9uZQ"))));
        Assert.Equal(1_003 + 1, (await host.Client.GetStringAsync("/jobs?format=csv", Cancel)).TrimEnd().Split('\n').Length);
        Assert.Equal(3 + 1, (await host.Client.GetStringAsync("/jobs?format=csv&limit=3", Cancel)).TrimEnd().Split('\n').Length);
    }

    private static List<string> FieldsOf(JsonElement problem) =>
        [.. problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()!).Order(StringComparer.Ordinal)];
}
