namespace Ems.Bench.Measurements;

/// <summary>From the start of the process until it is healthy, and what it takes of the memory when it has nothing to do.</summary>
internal static class StartBenchmark
{
    private const string Empty = "empty ASP.NET Core program";
    private const string Monolith = "Ems.Monolith";
    private const string PublishedEmpty = "empty ASP.NET Core program, published";
    private const string PublishedMonolith = "Ems.Monolith, published";
    private const string AppHost = "Ems.AppHost, all of it";
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(int rounds)
    {
        var times = new Results("Start until healthy, with a new data folder");
        var memory = new Results("Resident memory after 10 s with nothing to do");
        var publishedEmpty = await RunningProgram.PublishAsync("Ems.EmptyProgram");
        var publishedMonolith = await RunningProgram.PublishAsync("Ems.Monolith");
        for (var round = 0; round < rounds; round++)
        {
            await MeasureAsync(Empty, () => RunningProgram.StartAsync("Ems.EmptyProgram"), times, memory);
            await MeasureAsync(Monolith, () => RunningProgram.StartAsync("Ems.Monolith"), times, memory);
            await MeasureAsync(PublishedEmpty, () => RunningProgram.StartPublishedAsync("Ems.EmptyProgram", publishedEmpty), times, memory);
            await MeasureAsync(PublishedMonolith, () => RunningProgram.StartPublishedAsync("Ems.Monolith", publishedMonolith), times, memory);
            await MeasureAsync(AppHost, RunningProgram.StartSplitAsync, times, memory);
        }

        Directory.Delete(publishedEmpty, recursive: true);
        Directory.Delete(publishedMonolith, recursive: true);
        times.Print("s");
        times.PrintRatio(Monolith, Empty, "at most 3");
        times.PrintRatio(PublishedMonolith, PublishedEmpty, "at most 3");
        times.PrintRatio(AppHost, Empty, "none: six processes that wait for each other");
        memory.Print("MB");
    }

    private static async Task MeasureAsync(
        string what, Func<Task<(RunningProgram Program, TimeSpan ReadyAfter)>> start, Results times, Results memory)
    {
        var (program, readyAfter) = await start();
        await using (program)
        {
            times.Add(what, readyAfter.TotalSeconds);
            await Task.Delay(Rest, TimeProvider.System);
            foreach (var (name, mb, _) in program.Memory())
            {
                memory.Add(name, mb);
            }
        }
    }
}
