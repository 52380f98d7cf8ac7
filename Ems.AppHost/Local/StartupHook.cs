using System.Diagnostics;
using System.Runtime.InteropServices;

/// <summary>
/// Runs inside each service (DOTNET_STARTUP_HOOKS): when the pipe on standard input ends, because the AppHost closed it or died in
/// whatever way, the service is asked to end. The runtime wants this name, outside of any namespace.
/// </summary>
internal static partial class StartupHook
{
    private const int TerminateSignal = 15;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5.5);

    public static void Initialize()
    {
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        if (!OperatingSystem.IsWindows())
        {
            // A group of its own: Ctrl+C in the terminal reaches the AppHost alone, which ends the services in their order.
            _ = SetProcessGroup(0, 0);
        }

        new Thread(EndWithParent) { IsBackground = true, Name = "apphost-watch" }.Start();
    }

    private static void EndWithParent()
    {
        using (var input = Console.OpenStandardInput())
        {
            var buffer = new byte[64];
            while (input.Read(buffer) > 0)
            {
            }
        }

        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(0);
        }

        _ = Kill(Environment.ProcessId, TerminateSignal);
        using var never = new ManualResetEvent(initialState: false);
        never.WaitOne(DrainLimit);
        Process.GetCurrentProcess().Kill();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "setpgid")]
    private static partial int SetProcessGroup(int processId, int groupId);
}
