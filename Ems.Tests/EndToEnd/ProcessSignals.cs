using System.Diagnostics;
using System.Globalization;

namespace Ems.Tests.EndToEnd;

internal static class ProcessSignals
{
    /// <param name="signal">TERM, INT …</param>
    public static async Task SendAsync(string signal, int processId)
    {
        using var kill = Process.Start("kill", [$"-{signal}", processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>A process that ended but was not collected by its parent is not alive.</summary>
    public static bool IsAlive(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return StatusOf(processId)[0] is not ("Z" or "X");
            }

            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The session that a process belongs to (Linux).</summary>
    public static string SessionOf(int processId) => StatusOf(processId)[3];

    /// <summary>What <c>/proc</c> says behind the program's name: state, parent, process group, session …</summary>
    private static string[] StatusOf(int processId)
    {
        var status = File.ReadAllText($"/proc/{processId}/stat");
        return status[(status.LastIndexOf(')') + 2)..].Split(' ');
    }
}
