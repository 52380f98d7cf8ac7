using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Ems.Core.Storage;
using Ems.Tests.Contracts;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

[Collection("Processes")]
public sealed class MonolithStartTests
{
    private static readonly TimeSpan RefusalLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_taken_port_gives_one_line_that_names_it_and_keeps_no_key_that_nobody_saw()
    {
        using var data = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        using var monolith = ProgramProcess.Start(
            "Ems.Monolith", ["--urls", $"http://127.0.0.1:{port}"], ("Ems__DataDirectory", data.Path), ("Ems__AdminKey", ""));
        var exitCode = await monolith.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            $"Failed to bind to address http://127.0.0.1:{port}", Assert.Single(monolith.Output.Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(data.Path, "admin-key.sha256")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_gives_one_line_that_names_the_setting()
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux(), "Only Linux has a folder that nobody can write.");
        using var monolith = ProgramProcess.Start(
            "Ems.Monolith", ["--urls", "http://127.0.0.1:0"], ("Ems__DataDirectory", "/proc/ems"), ("Ems__AdminKey", "a-key-for-the-test-of-a-start"));

        Assert.Equal(1, await monolith.WaitForExitAsync(RefusalLimit));
        Assert.Contains("Set Ems__DataDirectory", Assert.Single(monolith.Output.Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ems__Messaging__MaxAttempts", "-1", "a whole number from 1 to 1000")]
    [InlineData("Ems__Messaging__Lease", "soon", "a time (d.hh:mm:ss) from 00:00:00.010 to 1.00:00:00")]
    [InlineData("Ems__TimeZone", "EST5EDT!", "an IANA name such as Europe/Berlin")]
    public async Task A_value_that_is_not_allowed_gives_one_line_with_the_setting_the_value_and_what_is_allowed(
        string setting, string value, string allowed)
    {
        using var data = new TemporaryFolder();
        using var monolith = ProgramProcess.Start(
            "Ems.Monolith", ["--urls", "http://127.0.0.1:0"],
            ("Ems__DataDirectory", data.Path), ("Ems__AdminKey", "a-key-for-the-test-of-a-start"), (setting, value));

        Assert.Equal(1, await monolith.WaitForExitAsync(RefusalLimit));
        Assert.Equal($"{setting} is '{value}'; it must be {allowed}.", Assert.Single(monolith.Output.Split('\n')));
    }

    [Theory]
    [InlineData("rabbit")]
    [InlineData("rabbit:5672")]
    [InlineData("http://guest:secret@rabbit:5672")]
    public async Task What_is_no_address_of_a_broker_gives_one_line_that_names_the_setting_and_no_password(string address)
    {
        using var data = new TemporaryFolder();
        using var monolith = ProgramProcess.Start(
            "Ems.Monolith", ["--urls", "http://127.0.0.1:0"],
            ("Ems__DataDirectory", data.Path), ("Ems__AdminKey", "a-key-for-the-test-of-a-start"), ("ConnectionStrings__rabbitmq", address));

        Assert.Equal(1, await monolith.WaitForExitAsync(RefusalLimit));
        var line = Assert.Single(monolith.Output.Split('\n'));
        Assert.StartsWith("ConnectionStrings:rabbitmq is no address of a broker", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_MongoDB_that_comes_after_the_start_beside_a_filled_embedded_store_ends_the_process_with_one_line_and_code_1()
    {
        await using var filled = new MonolithSystem();
        await filled.StartAsync();
        using (var answer = await filled.Api.PostAsJsonAsync(
            new Uri("/api/v1/data/ingest/realtime", UriKind.Relative),
            new { equipment_id = "pump", timestamp = "2024-05-01T10:00:00Z", values = new { active_power = 12.5 } },
            TestContext.Current.CancellationToken))
        {
            Assert.Equal(1, (await answer.JsonAsync()).Count("accepted"));
        }

        await filled.StopAsync(RefusalLimit);
        await using var mongo = new MongoBehindDoor();
        await mongo.Door.ShutAsync();
        using var monolith = ProgramProcess.Start(
            "Ems.Monolith", ["--urls", "http://127.0.0.1:0"],
            ("Ems__DataDirectory", filled.DataDirectory), ("Ems__AdminKey", EmsSystem.AdminKey),
            ("ConnectionStrings__ems", mongo.ConnectionString), ("Ems__Mongo__ServerSelectionTimeout", "00:00:01"));
        await Eventually.HoldsAsync(
            () => monolith.Output.Contains("MongoDB is away", StringComparison.Ordinal), RefusalLimit, () => monolith.Output);

        mongo.Door.Open();

        Assert.True(await monolith.WaitForExitAsync(RefusalLimit) == 1, monolith.Output);
        var line = Assert.Single(monolith.Lines(), line => line.Contains("is empty, but", StringComparison.Ordinal));
        Assert.StartsWith("The MongoDB of ConnectionStrings:ems", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(StartRefusedException), monolith.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_on_a_MongoDB_without_a_broker_is_refused_with_one_line_and_what_was_killed_is_not_waited_for_long()
    {
        await using var mongo = new TestMongo();
        using var data = new TemporaryFolder();
        await using var first = new MonolithSystem(("ConnectionStrings__ems", mongo.ConnectionString));
        await first.StartAsync();

        using (var second = ProgramProcess.Start(
            "Ems.Monolith", ["--urls", "http://127.0.0.1:0"],
            ("Ems__DataDirectory", data.Path), ("Ems__AdminKey", EmsSystem.AdminKey), ("ConnectionStrings__ems", mongo.ConnectionString)))
        {
            Assert.True(await second.WaitForExitAsync(RefusalLimit) == 1, second.Output);
            var line = Assert.Single(second.Lines(), line => line.Contains("is in use by process", StringComparison.Ordinal));
            Assert.Contains("set ConnectionStrings:rabbitmq", line, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
        }

        first.KillImporter();
        await first.StartAsync();

        Assert.Single(first.Output.Split('\n'), line => line.Contains("the start waits", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_that_is_ended_half_way_shows_no_stack()
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux(), "Only Linux says which files a process has open.");
        using var data = new TemporaryFolder();
        using var monolith = ProgramProcess.Start(
            "Ems.Monolith", ["--urls", "http://127.0.0.1:0"], ("Ems__DataDirectory", data.Path), ("Ems__AdminKey", "a-key-for-the-test-of-a-start"));
        await Eventually.HoldsAsync(() => monolith.HasExited || HasOpen(monolith.Id, "ingestion.db"), RefusalLimit, () => monolith.Output);

        await monolith.TerminateAsync();
        await monolith.WaitForExitAsync(RefusalLimit);

        Assert.DoesNotContain("Unhandled exception", monolith.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", monolith.Output, StringComparison.Ordinal);
    }

    private static bool HasOpen(int processId, string file) => Directory
        .EnumerateFiles($"/proc/{processId}/fd")
        .Any(link => new FileInfo(link).LinkTarget?.EndsWith(file, StringComparison.Ordinal) == true);
}
