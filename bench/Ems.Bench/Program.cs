using Ems.Bench;
using Ems.Bench.Measurements;

Dictionary<string, Func<int, Task>> benchmarks = new()
{
    ["start"] = StartBenchmark.RunAsync,
    ["live"] = LiveBenchmark.RunAsync,
    ["year"] = YearBenchmark.RunAsync,
    ["files"] = FileBenchmark.RunAsync,
    ["memory"] = MemoryBenchmark.RunAsync,
    ["mongo"] = MongoBenchmark.RunAsync,
    ["events"] = EventBenchmark.RunAsync,
    ["cache"] = CacheBenchmark.RunAsync,
};
var wanted = args.Where(benchmarks.ContainsKey).ToList();
var rounds = args.Select(arg => int.TryParse(arg, out var number) ? number : 0).LastOrDefault(number => number > 0, 5);
if (wanted.Count == 0)
{
    Console.Error.WriteLine($"Say which: {string.Join(", ", benchmarks.Keys)}; and how many rounds, unless 5. Build with -c Release.");
    return 2;
}

Machine.Describe();
foreach (var name in wanted)
{
    await benchmarks[name](rounds);
}

return 0;
