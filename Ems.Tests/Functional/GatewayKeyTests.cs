using Ems.Core.Storage;
using Ems.Gateway.Keys;
using Ems.ServiceDefaults.Authentication;
using Ems.Tests.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Ems.Tests.Functional;

public sealed class GatewayKeyTests
{
    private const string Route = "/api/v1/data/stats";

    [Theory]
    [InlineData("X-Api-Key", MonolithHost.Key)]
    [InlineData("Authorization", "Bearer " + MonolithHost.Key)]
    [InlineData("Authorization", "bearer " + MonolithHost.Key)]
    public async Task A_caller_with_the_key_is_let_in(string header, string value)
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        await client.JsonAsync(Route);
    }

    [Theory]
    [InlineData("X-Api-Key", "another key")]
    [InlineData("Authorization", "Bearer another key")]
    [InlineData("Authorization", "Basic " + MonolithHost.Key)]
    [InlineData("X-Ems-Internal-Key", MonolithHost.InternalKey)]
    [InlineData("X-Ems-Caller", "admin")]
    public async Task A_caller_without_the_key_is_refused_with_a_problem(string header, string value)
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        foreach (var route in new[] { Route, "/api/v1/dashboard", "/api/status", "/stats" })
        {
            var problem = await client.JsonAsync(route, 401);
            Assert.Equal("UNAUTHENTICATED", problem.Text("code"));
            Assert.Equal(32, problem.Text("trace_id").Length);
        }
    }

    [Fact]
    public async Task A_service_asks_for_the_internal_key()
    {
        await using var host = new NotificationsHost();
        using var stranger = host.CreateClientWithKey();
        using var gateway = host.CreateClient();
        gateway.DefaultRequestHeaders.Add(InternalHeaders.Key, NotificationsHost.InternalKey);

        await stranger.JsonAsync("/alerts", 401);
        Assert.Equal(0, (await gateway.JsonAsync("/alerts")).GetProperty("alerts").GetArrayLength());
    }

    [Fact]
    public void A_key_is_made_once_and_only_its_hash_is_kept()
    {
        using var folder = new TemporaryFolder();
        var store = Options.Create(new StoreOptions { DataDirectory = Path.Combine(folder.Path, "ems") });
        var configuration = new ConfigurationBuilder().Build();

        using var first = new AdminKey(configuration, store);
        first.NoteShown();
        using var second = new AdminKey(configuration, store);

        Assert.NotNull(first.NewKey);
        Assert.Equal(43, first.NewKey.Length);
        Assert.Null(second.NewKey);
        Assert.True(second.Matches(first.NewKey));
        Assert.False(second.Matches(first.NewKey + "x"));
        Assert.DoesNotContain(first.NewKey, File.ReadAllText(first.Path!), StringComparison.Ordinal);
        AssertOwnerOnly(first.Path!);
        Assert.Equal(
            $"http://localhost:8000/docs#key={first.NewKey}", AdminKeyAnnouncement.LinkOf("http://0.0.0.0:8000/", first.NewKey));
    }

    [Fact]
    public void Processes_of_one_machine_share_the_internal_key()
    {
        using var folder = new TemporaryFolder();
        var store = Options.Create(new StoreOptions { DataDirectory = folder.Path });
        var configuration = new ConfigurationBuilder().Build();

        var keys = ParallelEnumerable.Range(0, 16).Select(_ => new InternalKey(configuration, store).Value).Distinct().ToList();

        Assert.Single(keys);
        AssertOwnerOnly(Path.Combine(folder.Path, "internal.key"));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static void AssertOwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }
}
