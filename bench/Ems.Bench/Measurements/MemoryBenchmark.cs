namespace Ems.Bench.Measurements;

/// <summary>Resident memory after imports: does it grow with the file?</summary>
internal static class MemoryBenchmark
{
    public static async Task RunAsync(int rounds)
    {
        using var small = SampleWorkbook.Xlsx(200_000);
        using var large = SampleWorkbook.Xlsx(1_000_000);
        var peaks = new Results("Peak resident memory of the monolith over one import");
        var after = new Results("Resident memory after an import of 200,000 rows");
        for (var round = 0; round < Math.Max(1, rounds / 2); round++)
        {
            foreach (var file in new[] { small, large })
            {
                await using var monolith = (await RunningProgram.StartAsync("Ems.Monolith")).Program;
                await Upload.ImportAsync(monolith.Http, file);
                var memory = monolith.Memory().Single();
                peaks.Add(file.Rows(), memory.PeakMb);
                if (file == small)
                {
                    after.Add(memory.Name, memory.Mb);
                }
            }

            await using var split = (await RunningProgram.StartSplitAsync()).Program;
            await Upload.ImportAsync(split.Http, small);
            foreach (var (name, mb, _) in split.Memory())
            {
                after.Add(name, mb);
            }
        }

        after.Print("MB");
        peaks.Print("MB");
        peaks.PrintRatio(large.Rows(), small.Rows(), "at most 1.2");
    }
}
