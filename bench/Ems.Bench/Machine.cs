using System.Runtime.InteropServices;

namespace Ems.Bench;

/// <summary>What the figures were measured on, without anything that identifies it.</summary>
internal static class Machine
{
    public static void Describe() => Console.WriteLine(
        $"{Environment.ProcessorCount} processors ({RuntimeInformation.ProcessArchitecture}), "
        + $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB of memory, {RuntimeInformation.OSDescription.Split(' ')[0]}, "
        + $"{RuntimeInformation.FrameworkDescription}. A flush of a file to disk takes {FlushMilliseconds():0.00} ms.");

    /// <summary>The server that the variable names.</summary>
    public static string ServerOf(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } server
        ? server
        : throw new InvalidOperationException($"Set {variable} to a server to measure on.");

    private static double FlushMilliseconds()
    {
        var path = Path.GetTempFileName();
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        var times = Enumerable.Range(0, 50).Select(_ =>
        {
            var startedAt = TimeProvider.System.GetTimestamp();
            file.Write(new byte[4096]);
            file.Flush(flushToDisk: true);
            return TimeProvider.System.GetElapsedTime(startedAt).TotalMilliseconds;
        });
        return Results.Median([.. times]);
    }
}
