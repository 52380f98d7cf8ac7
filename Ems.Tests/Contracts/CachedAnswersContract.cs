using System.Text.Json;
using Ems.Core.Caching;
using Ems.Core.Json;
using Ems.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;

namespace Ems.Tests.Contracts;

/// <summary>What holds for kept answers wherever they are kept.</summary>
public abstract class CachedAnswersContract : IAsyncDisposable
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    private readonly List<IHost> _processes = [];

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract IEnumerable<KeyValuePair<string, string?>> Settings { get; }

    [Fact]
    public async Task An_answer_is_worked_out_once_as_long_as_its_state_is_the_same()
    {
        var (cache, made) = (OpenProcess(), 0);

        Assert.Equal(1, await Ask(1));
        Assert.Equal(1, await Ask(1));
        Assert.Equal(2, await Ask(2));
        Assert.Equal(1, await Ask(1));

        Task<int> Ask(long revision) => cache.GetAsync("count", ["meter", revision], Age, _ => Task.FromResult(++made), Cancel);
    }

    [Fact]
    public async Task Without_a_known_state_the_cache_is_passed_by()
    {
        var (cache, made) = (OpenProcess(), 0);

        Assert.Equal(1, await Ask());
        Assert.Equal(2, await Ask());

        Task<int> Ask() => cache.GetAsync("count", null, Age, _ => Task.FromResult(++made), Cancel);
    }

    [Fact]
    public async Task Two_kinds_of_answers_and_two_shapes_of_one_state_do_not_meet()
    {
        var cache = OpenProcess();

        Assert.Equal("a", await Ask("one", ["x", null], "a"));
        Assert.Equal("b", await Ask("two", ["x", null], "b"));
        Assert.Equal("c", await Ask("one", ["x"], "c"));
        Assert.Equal("d", await Ask("one", [new object?[] { "x", null }], "d"));

        Task<string> Ask(string kind, IReadOnlyList<object?> state, string answer) =>
            cache.GetAsync(kind, state, Age, _ => Task.FromResult(answer), Cancel);
    }

    [Fact]
    public async Task What_could_not_be_worked_out_is_not_kept()
    {
        var (cache, fails) = (OpenProcess(), true);

        await Assert.ThrowsAsync<TimeoutException>(Ask);
        fails = false;
        Assert.Equal("there", await Ask());

        Task<string> Ask() => cache.GetAsync<string>("text", [1], Age, _ => fails ? throw new TimeoutException() : Task.FromResult("there"), Cancel);
    }

    [Fact]
    public async Task What_is_not_worth_keeping_is_worked_out_again()
    {
        var (cache, made) = (OpenProcess(), 0);

        Assert.Equal(1, await Ask());
        Assert.Equal(2, await Ask());
        Assert.Equal(2, await Ask());

        Task<int> Ask() => cache.GetAsync("count", [], Age, _ => Task.FromResult(++made), Cancel, answer => answer > 1);
    }

    [Fact]
    public async Task Many_who_ask_at_once_wait_for_one_answer()
    {
        var (cache, made) = (OpenProcess(), 0);
        var release = new TaskCompletionSource();

        var asking = Enumerable.Range(0, 20).Select(_ => cache.GetAsync(
            "count",
            [],
            Age,
            async _ =>
            {
                Interlocked.Increment(ref made);
                await release.Task;
                return "one";
            },
            Cancel)).ToList();
        release.SetResult();

        Assert.All(await Task.WhenAll(asking), answer => Assert.Equal("one", answer));
        Assert.Equal(1, made);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_to_keep_is_given_all_the_same()
    {
        var cache = OpenProcess();
        var large = new string('x', 5 << 20);

        Assert.Equal(large, await cache.GetAsync("large", [], Age, _ => Task.FromResult(large), Cancel));
    }

    [Fact]
    public async Task Equipment_comes_back_as_it_was_in_another_process_too()
    {
        IReadOnlyList<Equipment> equipment =
        [
            new Equipment
            {
                Id = "m1",
                Name = "Zähler (1)",
                Tags = ["pv"],
                Multiplier = new Timeline<double>(1, [new Change<double>(Instant.FromUtc(2024, 5, 1, 0, 0), 1.0 / 3)]),
                Export = new Timeline<bool>(true),
                Virtual = new VirtualMeter(["a"], ["b"]),
            },
        ];
        var first = await Ask(OpenProcess());
        var second = await Ask(OpenProcess());

        Assert.Equal(JsonSerializer.Serialize(equipment, EmsJson.Options), JsonSerializer.Serialize(first, EmsJson.Options));
        Assert.Equal(JsonSerializer.Serialize(equipment, EmsJson.Options), JsonSerializer.Serialize(second, EmsJson.Options));

        Task<IReadOnlyList<Equipment>> Ask(CachedAnswers cache) => cache.GetAsync("equipment", [1], Age, _ => Task.FromResult(equipment), Cancel);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await ((IAsyncDisposable)process).DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The cache as a process of its own has it.</summary>
    protected CachedAnswers OpenProcess()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.AddEmsCache();
        var process = builder.Build();
        _processes.Add(process);
        return process.Services.GetRequiredService<CachedAnswers>();
    }
}

public sealed class InProcessAnswersTests : CachedAnswersContract
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [];
}
