using System.Globalization;

namespace Ems.Tests.EndToEnd;

/// <summary>Limits of time hold for a machine that is free for the test; where others compute too, time stretches.</summary>
internal static class BusyMachine
{
    public static TimeSpan Stretch(TimeSpan limit)
    {
        const string loads = "/proc/loadavg";
        var load = File.Exists(loads) ? double.Parse(File.ReadAllText(loads).Split(' ')[0], CultureInfo.InvariantCulture) : 0;
        return limit * Math.Max(1, load / Environment.ProcessorCount);
    }
}
