using System.Text.Json;

namespace Ems.Tests.Functional;

public sealed class IntakeCatalogueTests
{
    [Fact]
    public async Task A_site_is_kept_as_it_was_put()
    {
        await using var host = await IntakeHost.StartAsync();
        var body = new
        {
            id = "hq",
            name = "Headquarters",
            time_zone = "Europe/Berlin",
            country = "DE",
            locale = "de-DE",
            holidays = new[] { "2025-12-26", "2025-12-25", "2025-12-25" },
            demand_interval_minutes = 30,
            floor_area_m2 = 1200.5,
            temperature_series = "roof/temperature",
        };

        var created = await host.PutAsync("/sites/hq", body, 201);
        var replaced = await host.PutAsync("/sites/hq", created, 200);
        var read = await host.GetAsync("/sites/hq");

        Assert.Equal(created.GetRawText(), replaced.GetRawText());
        Assert.Equal(created.GetRawText(), read.GetRawText());
        Assert.Equal("Europe/Berlin", read.GetProperty("time_zone").GetString());
        Assert.Equal(["2025-12-25", "2025-12-26"], Texts(read.GetProperty("holidays")));
        Assert.Equal(1200.5, read.GetProperty("floor_area_m2").GetDouble());
    }

    [Fact]
    public async Task Holidays_may_come_as_a_calendar_file()
    {
        await using var host = await IntakeHost.StartAsync();
        const string calendar =
            "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nDTSTART:19700101T000000\r\nEND:VTIMEZONE\r\n"
            + "BEGIN:VEVENT\r\nSUMMARY:Christmas and a very\r\n  long name\r\nDTSTART;VALUE=DATE:20251225\r\nDTEND;VALUE=DATE:20251227\r\nEND:VEVENT\r\n"
            + "BEGIN:VEVENT\r\nDTSTART:20260101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

        var site = await host.PutAsync("/sites/hq", new { holidays = calendar }, 201);

        Assert.Equal(["2025-12-25", "2025-12-26", "2026-01-01"], Texts(site.GetProperty("holidays")));
    }

    [Theory]
    [InlineData("""{"time_zone":"UTC+01:00"}""", "time_zone")]
    [InlineData("""{"time_zone":"Central European Time"}""", "time_zone")]
    [InlineData("""{"demand_interval_minutes":60}""", "demand_interval_minutes")]
    [InlineData("""{"floor_area_m2":-1}""", "floor_area_m2")]
    [InlineData("""{"holidays":["25.12.2025"]}""", "holidays")]
    [InlineData("""{"holidays":"Christmas"}""", "holidays")]
    [InlineData("""{"holidays":"BEGIN:VEVENT\nDTSTART;VALUE=DATE:20251225\nRRULE:FREQ=YEARLY\nEND:VEVENT"}""", "holidays")]
    [InlineData("""{"country":"Germany"}""", "country")]
    [InlineData("""{"timezone":"Europe/Berlin"}""", "timezone")]
    [InlineData("""{"locale":"de DE"}""", "locale")]
    [InlineData("""{"temperature_series":"roof"}""", "temperature_series")]
    [InlineData("""{"id":"other"}""", "id")]
    public async Task A_faulty_site_is_refused_with_its_field(string body, string field)
    {
        await using var host = await IntakeHost.StartAsync();

        var problem = await host.PutAsync("/sites/hq", JsonDocument.Parse(body).RootElement, 400);

        Assert.Equal("DATA_VALIDATION_FAILED", problem.GetProperty("code").GetString());
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
        await host.GetAsync("/sites/hq", 404);
    }

    [Fact]
    public async Task A_site_that_names_no_zone_is_in_the_default_zone()
    {
        await using var host = await IntakeHost.StartAsync("--Ems:TimeZone=Europe/Berlin");

        await host.PutAsync("/sites/hq", new { }, 201);
        await host.PutAsync("/sites/branch", new { time_zone = "UTC" }, 201);

        Assert.Equal("Europe/Berlin", (await host.GetAsync("/sites/hq")).GetProperty("time_zone").GetString());
        Assert.Equal("UTC", (await host.GetAsync("/sites/branch")).GetProperty("time_zone").GetString());
    }

    [Theory]
    [InlineData("/sites/hq", """{"holidays":"\ud800"}""", "holidays")]
    [InlineData("/sites/hq", """{"holidays":["2025-12-25","\udc00"]}""", "holidays")]
    [InlineData("/equipment/m", """{"multiplier":"\ud800"}""", "multiplier")]
    [InlineData("/equipment/m", """{"multiplier":[{"value":2,"from":"\ud800"}]}""", "multiplier")]
    [InlineData("/equipment/m", """{"multiplier":[{"value":2,"\ud800from":"2026-05-01"}]}""", "multiplier")]
    [InlineData("/equipment/m", """{"export":[{"value":"\ud800"}]}""", "export")]
    public async Task Half_of_a_surrogate_pair_is_refused_with_its_field(string route, string body, string field)
    {
        await using var host = await IntakeHost.StartAsync();

        using var answer = await host.Client.PutAsync(
            route, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        var problem = await answer.JsonAsync(400);
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
        await host.GetAsync(route, 404);
    }

    [Fact]
    public async Task Equipment_shows_what_it_is_and_what_it_delivered()
    {
        await using var host = await IntakeHost.StartAsync();
        List<string> tags = ["roof"];
        await host.PutAsync("/sites/hq", new { }, 201);
        await host.PutAsync("/equipment/main", new { site = "hq" }, 201);
        await host.PutAsync(
            "/equipment/pv", new { name = "Roof", type = "inverter", site = "hq", parent = "main", tags, export = true }, 201);
        await host.PostAsync("/ingest/realtime", """
            [{"equipment_id":"pv","timestamp":"2025-06-11T05:45:00Z","duration_seconds":900,"energy":-1},
             {"equipment_id":"pv","timestamp":"2025-06-11T06:00:00Z","duration_seconds":900,"energy":-2}]
            """);

        var pv = await host.GetAsync("/equipment/pv");

        Assert.Equal("main", pv.GetProperty("parent").GetString());
        Assert.Equal("electricity", pv.GetProperty("carrier").GetString());
        Assert.True(pv.GetProperty("export").GetBoolean());
        var metric = Assert.Single(pv.GetProperty("metrics").EnumerateArray());
        Assert.Equal("energy kWh interval 900 2", string.Join(
            ' ', metric.GetProperty("metric"), metric.GetProperty("unit"), metric.GetProperty("kind"),
            metric.GetProperty("duration_seconds"), metric.GetProperty("count")));
        await host.PutAsync("/equipment/pv", pv, 200);
    }

    [Fact]
    public async Task A_multiplier_and_a_direction_may_change_and_come_back_as_they_were_put()
    {
        await using var host = await IntakeHost.StartAsync();
        await host.PutAsync("/sites/hq", new { time_zone = "Europe/Berlin" }, 201);

        var plain = await host.PutAsync("/equipment/plain", new { multiplier = 40, export = true }, 201);
        var body = """{"site":"hq","multiplier":[{"from":"2026-05-01","value":40},{"value":20},{"from":"2026-04-01T10:15+00:00","value":30}],"export":[{"from":"2026-05-01","value":true}]}""";
        var dated = await host.PutAsync("/equipment/dated", JsonDocument.Parse(body).RootElement, 201);
        var again = await host.PutAsync("/equipment/dated", dated, 200);

        Assert.Equal("40 true", $"{plain.GetProperty("multiplier")} {plain.GetProperty("export").GetRawText()}");
        Assert.Equal(
            """[{"value":20},{"from":"2026-04-01T10:15:00Z","value":30},{"from":"2026-04-30T22:00:00Z","value":40}]""",
            dated.GetProperty("multiplier").GetRawText());
        Assert.Equal("""[{"value":false},{"from":"2026-04-30T22:00:00Z","value":true}]""", dated.GetProperty("export").GetRawText());
        Assert.Equal(dated.GetRawText(), again.GetRawText());
    }

    [Theory]
    [InlineData("""{"site":"nowhere"}""", "site")]
    [InlineData("""{"parent":"nobody"}""", "parent")]
    [InlineData("""{"parent":"child"}""", "parent")]
    [InlineData("""{"parent":"a"}""", "parent")]
    [InlineData("""{"tags":["a/b"]}""", "tags")]
    [InlineData("""{"carrier":""}""", "carrier")]
    [InlineData("""{"multiplier":0}""", "multiplier")]
    [InlineData("""{"multiplier":"40"}""", "multiplier")]
    [InlineData("""{"multiplier":[{"value":1},{"value":40}]}""", "multiplier")]
    [InlineData("""{"multiplier":[{"from":"2026-05-01","value":1},{"from":"2026-05-01T00:00:00Z","value":40}]}""", "multiplier")]
    [InlineData("""{"multiplier":[{"from":"2026-05-01T10:07","value":40}]}""", "multiplier")]
    [InlineData("""{"multiplier":[{"from":"May","value":40}]}""", "multiplier")]
    [InlineData("""{"multiplier":[{"form":"2026-05-01","value":40}]}""", "multiplier")]
    [InlineData("""{"export":1}""", "export")]
    [InlineData("""{"virtual":{"plus":[]}}""", "virtual")]
    [InlineData("""{"virtual":{"plus":["nobody"]}}""", "virtual")]
    [InlineData("""{"virtual":{"plus":["a"]}}""", "virtual")]
    [InlineData("""{"virtual":{"plus":["child","child"]}}""", "virtual")]
    [InlineData("""{"virtual":{"sum":["child"]}}""", "virtual")]
    [InlineData("""{"virtual":{"plus":["rest"]}}""", "virtual")]
    [InlineData("""{"virtual":{"plus":["child"]},"multiplier":2}""", "multiplier")]
    [InlineData("""{"factor":40}""", "factor")]
    public async Task Faulty_equipment_is_refused_with_its_field(string body, string field)
    {
        await using var host = await IntakeHost.StartAsync();
        await host.PutAsync("/equipment/a", new { }, 201);
        await host.PutAsync("/equipment/child", new { parent = "a" }, 201);
        await host.PutAsync("/equipment/rest", JsonDocument.Parse("""{"virtual":{"plus":["a"],"minus":["child"]}}""").RootElement, 201);

        var problem = await host.PutAsync("/equipment/a", JsonDocument.Parse(body).RootElement, 400);

        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
    }

    [Fact]
    public async Task Lists_are_walked_page_by_page()
    {
        await using var host = await IntakeHost.StartAsync();
        foreach (var id in new[] { "c", "ä b", "a" })
        {
            await host.PutAsync($"/equipment/{Uri.EscapeDataString(id)}", new { }, 201);
        }

        var first = await host.GetAsync("/equipment?limit=2");
        var second = await host.GetAsync($"/equipment?limit=2&cursor={first.GetProperty("next_cursor").GetString()}");

        Assert.Equal(["a", "c"], Ids(first));
        Assert.Equal(["ä b"], Ids(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next_cursor").ValueKind);
        await host.GetAsync("/equipment?limit=1001", 400);
        await host.GetAsync("/sites?cursor=***", 400);
        Assert.Equal("EQUIPMENT_NOT_FOUND", (await host.GetAsync("/equipment/x", 404)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("/equipment", "id,name,type,site,parent,tags,carrier,multiplier,export,metric,unit,kind,duration_seconds,first_local,first_utc,last_local,last_utc,count")]
    [InlineData("/sites", "id,name,time_zone,country,locale,demand_interval_minutes,floor_area_m2,temperature_series,holidays")]
    [InlineData("/jobs", "id,state,actor,file_name,")]
    [InlineData("/profiles", "id,name,fingerprint,")]
    [InlineData("/history?equipment_id=m", "equipment_id,metric,unit,duration_seconds,start_local,start_utc,")]
    [InlineData("/quality", "equipment_id,metric,unit,kind,period,episodes,values,first_at_local,first_at_utc,")]
    [InlineData("/stats", "equipment_id,name,readings,values,first_local,first_utc,last_local,last_utc,mean_score,flags")]
    public async Task Lists_come_as_files_for_spreadsheets(string list, string header)
    {
        await using var host = await IntakeHost.StartAsync();
        await host.PutAsync("/sites/=1+1", new { time_zone = "Asia/Kathmandu" }, 201);
        await host.PutAsync("/equipment/m", new { name = "=1+1", site = "=1+1" }, 201);
        await host.PostAsync("/ingest/realtime", """{"equipment_id":"m","timestamp":"2025-06-11T05:45:00Z","active_power":1}""");

        var join = list.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var csv = await host.Client.GetStringAsync($"{list}{join}format=csv", TestContext.Current.CancellationToken);
        var xlsx = await host.Client.GetByteArrayAsync($"{list}{join}format=xlsx", TestContext.Current.CancellationToken);
        var problem = await host.GetAsync($"{list}{join}format=pdf", 400);

        Assert.StartsWith(header, csv, StringComparison.Ordinal);
        Assert.DoesNotContain(",=", csv, StringComparison.Ordinal);
        Assert.Equal("PK"u8, xlsx.AsSpan(0, 2));
        Assert.Contains("json, csv or xlsx", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        if (list == "/equipment")
        {
            Assert.Equal(
                "m,'=1+1,,'=1+1,,,electricity,1,false,active_power,kW,level,0,2025-06-11T11:30:00,2025-06-11T05:45:00Z,2025-06-11T11:30:00,2025-06-11T05:45:00Z,1",
                csv.Split("\r\n")[1]);
        }

        if (list == "/stats")
        {
            Assert.Equal("m,'=1+1,1,1,2025-06-11T11:30:00,2025-06-11T05:45:00Z,2025-06-11T11:30:00,2025-06-11T05:45:00Z,1,", csv.Split("\r\n")[1]);
        }
    }

    [Fact]
    public async Task A_virtual_meter_has_the_carrier_of_its_parts_and_takes_no_readings()
    {
        await using var host = await IntakeHost.StartAsync();
        await host.PutAsync("/equipment/a", new { carrier = "gas" }, 201);
        await host.PutAsync("/equipment/b", new { carrier = "gas" }, 201);
        var body = JsonDocument.Parse("""{"virtual":{"plus":["a","b"]}}""").RootElement;

        var sum = await host.PutAsync("/equipment/sum", body, 201);
        var receipt = await host.PostAsync("/ingest/realtime", """[{"equipment_id":"sum","timestamp":"2025-06-11T05:45:00Z","active_power":1},{"equipment_id":"a","timestamp":"2025-06-11T05:45:00Z","active_power":1}]""");
        var problem = await host.PutAsync("/equipment/a", JsonDocument.Parse("""{"virtual":{"plus":["b"]}}""").RootElement, 400);

        Assert.Equal("""gas {"plus":["a","b"],"minus":[]}""", $"{sum.GetProperty("carrier")} {sum.GetProperty("virtual").GetRawText()}");
        Assert.Equal(sum.GetRawText(), (await host.PutAsync("/equipment/sum", sum, 200)).GetRawText());
        Assert.Equal(1, receipt.GetProperty("accepted").GetInt32());
        Assert.Contains("virtual meter", Assert.Single(receipt.GetProperty("rejected").EnumerateArray()).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("readings of its own", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Ids(JsonElement list) =>
        list.GetProperty("equipment").EnumerateArray().Select(one => one.GetProperty("id").GetString());

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(one => one.GetString());
}
