using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ems.Tests.EndToEnd;
using Ems.Tests.Unit.Files;

namespace Ems.Tests.Functional;

/// <summary>Uploads that are broken, too many, too large, or made to do harm: a clear answer each time, and the service stays up.</summary>
public sealed class HostileImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-hostile-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("..\\..\\windows\\system.ini", "system.ini")]
    [InlineData("/etc/shadow.csv", "shadow.csv")]
    [InlineData("..", "..")]
    [InlineData("a\u202Egnp.csv", "a_gnp.csv")]
    public async Task A_file_name_is_shown_and_never_a_path(string name, string shown)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, job) = await host.ImportAsync(name, Hours(3), wait: true, ("equipment_id", "m"));

        Assert.Equal((200, shown), (status, job.GetProperty("file_name").GetString()));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "spool")));
        Assert.All(Directory.EnumerateFileSystemEntries(_folder), path => Assert.Matches(@"ingestion\.|in-use|rejected|signals|spool", path));
    }

    [Fact]
    public async Task The_same_file_sent_twice_at_once_is_stored_once()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var file = Hours(2_000);

        var jobs = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => host.ImportAsync("m.csv", file, wait: true)));

        Assert.All(jobs, job => Assert.Equal("completed", job.Body.GetProperty("state").GetString()));
        Assert.Equal((2_000, 2_000), (Sum(jobs, "rows_stored"), Sum(jobs, "rows_duplicate")));
        Assert.Equal(2_000, Assert.Single(await host.Store.ListSeriesAsync(null, null, Cancel)).Count);
    }

    [Fact]
    public async Task Fifty_imports_at_once_are_taken_up_to_the_limit_and_none_is_lost()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            host.ImportAsync($"m{i}.csv", Hours(500), wait: false, ("equipment_id", $"m{i}"))));

        var taken = answers.Where(answer => answer.Status == 202).Select(answer => answer.Body.GetProperty("id").GetString()!).ToList();
        var refused = answers.Where(answer => answer.Status != 202).ToList();
        Assert.InRange(taken.Count, 10, 49);
        Assert.All(refused, answer => Assert.Equal((429, "RATE_LIMIT_EXCEEDED"), (answer.Status, answer.Body.GetProperty("code").GetString())));
        foreach (var id in taken)
        {
            await UntilAsync(async () => (await host.GetAsync($"/jobs/{id}")).GetProperty("rows_stored").GetInt32() == 500);
        }

        Assert.Equal(taken.Count, (await host.Store.ListSeriesAsync(null, null, Cancel)).Count(series => series.Count == 500));
        await UntilAsync(() => Task.FromResult(!Directory.EnumerateFiles(Path.Combine(_folder, "spool")).Any()));
    }

    [Fact]
    public async Task Fifty_imports_at_once_all_end_where_so_many_are_allowed()
    {
        await using var host = await ImportHost.StartAsync(_folder, "--Ems:Ingestion:MaxQueuedImports=50");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => host.ImportAsync($"m{i}.csv", Hours(200), wait: true)));

        Assert.All(answers, answer => Assert.Equal((200, 200), (answer.Status, answer.Body.GetProperty("rows_stored").GetInt32())));
    }

    [Fact]
    public async Task An_upload_that_ends_early_leaves_nothing_behind()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"m.csv\"\r\n\r\ntimestamp,kWh\n2020-01-01 00:00,1\n"));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");

        using var answer = await host.Client.PostAsync("/ingest/excel?wait=true", content, Cancel);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("cut off", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "spool")));
        Assert.Equal(200, (await host.ImportAsync("m.csv", Hours(3), wait: true)).Status);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_leaves_nothing_behind()
    {
        await using var host = await ImportHost.StartAsync(_folder, "--urls=http://127.0.0.1:0");
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync("127.0.0.1", host.Client.BaseAddress!.Port, Cancel);
            await socket.GetStream().WriteAsync(
                Encoding.UTF8.GetBytes(
                    "POST /ingest/excel HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"m.csv\"\r\n\r\ntimestamp,kWh\n2020-01-01 00:00,1\n"),
                Cancel);
            await UntilAsync(() => Task.FromResult(Directory.EnumerateFiles(Path.Combine(_folder, "spool")).Any()));
        }

        await UntilAsync(() => Task.FromResult(!Directory.EnumerateFiles(Path.Combine(_folder, "spool")).Any()));
        Assert.Empty((await host.GetAsync("/jobs")).GetProperty("jobs").EnumerateArray());
        Assert.Equal(200, (await host.ImportAsync("m.csv", Hours(3), wait: true)).Status);
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_with_the_limit()
    {
        await using var host = await ImportHost.StartAsync(_folder, "--Ems:Ingestion:MaxFileBytes=10000", "--Ems:Ingestion:MaxUnpackedBytes=20000");

        var (large, largeProblem) = await host.ImportAsync("m.csv", Hours(5_000), wait: true);
        var (bomb, bombProblem) = await host.ImportAsync("m.zip", FileBench.Zip(("m.csv", Hours(5_000))), wait: true);

        Assert.Equal((413, "FILE_TOO_LARGE"), (large, largeProblem.GetProperty("code").GetString()));
        Assert.Contains("10000", largeProblem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal((413, "FILE_TOO_LARGE"), (bomb, bombProblem.GetProperty("code").GetString()));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "spool")));
    }

    [Fact]
    public async Task A_packed_text_that_grows_beyond_the_limit_fails_its_job_with_the_reason()
    {
        await using var host = await ImportHost.StartAsync(_folder, "--Ems:Ingestion:MaxUnpackedBytes=3000000");

        var (_, job) = await host.ImportAsync("m.csv.gz", Bombs.GZip("timestamp,kWh\n", "2020-01-01 00:00,1\n", 1_000), wait: true);

        Assert.Equal("failed", job.GetProperty("state").GetString());
        Assert.Equal("FILE_TOO_LARGE", Assert.Single(job.GetProperty("errors").EnumerateArray()).GetProperty("code").GetString());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "spool")));
    }

    [Fact]
    public async Task Without_room_an_upload_is_refused_for_now_and_taken_when_there_is_some()
    {
        await using var host = await ImportHost.StartAsync(_folder, "--Ems:Ingestion:MaxSpoolBytes=2097152");
        var others = Path.Combine(_folder, "spool", "others.upload");
        await File.WriteAllBytesAsync(others, new byte[1_500_000], Cancel);

        var (full, problem) = await host.ImportAsync("m.csv", Hours(3), wait: true);
        File.Delete(others);
        var (room, job) = await host.ImportAsync("m.csv", Hours(3), wait: true);

        Assert.Equal((503, "SERVICE_UNAVAILABLE"), (full, problem.GetProperty("code").GetString()));
        Assert.Contains("Ems:Ingestion:MaxSpoolBytes", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal((200, 3), (room, job.GetProperty("rows_stored").GetInt32()));
    }

    [Fact]
    public async Task An_upload_that_fills_the_room_is_stopped_on_its_way()
    {
        await using var host = await ImportHost.StartAsync(_folder, "--Ems:Ingestion:MaxSpoolBytes=4194304");

        var (status, _) = await host.ImportAsync("m.csv", new byte[20_000_000], wait: true);

        Assert.Equal(503, status);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "spool")));
    }

    [Fact]
    public async Task Only_the_owner_may_read_what_is_kept()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var host = await ImportHost.StartAsync(Path.Combine(_folder, "data"), "--Ems:Ingestion:ImportBatchSize=10");

        await host.ImportAsync("m.csv", Hours(20_000), wait: false);

        foreach (var path in Directory.EnumerateFiles(Path.Combine(_folder, "data", "spool")))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_folder, "data")));
    }

    private static Task UntilAsync(Func<Task<bool>> condition) =>
        Eventually.HoldsAsync(condition, TimeSpan.FromMinutes(2), () => "The imports or their files are not as they should be.");

    private static int Sum(IEnumerable<(int Status, JsonElement Body)> answers, string counter) =>
        answers.Sum(answer => answer.Body.GetProperty(counter).GetInt32());

    private static byte[] Hours(int count)
    {
        var text = new StringBuilder("timestamp,kWh\n");
        for (var i = 0; i < count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{new DateTime(2020, 1, 1).AddHours(i):yyyy-MM-dd HH:mm},{i % 7}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
