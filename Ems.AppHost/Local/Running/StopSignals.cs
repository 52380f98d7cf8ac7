using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ems.AppHost.Local.Running;

/// <summary>Ctrl+C, SIGTERM, the closing of the terminal and the death of a `dotnet run` around us all end the application in the same clean way.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Process? _parent;

    public StopSignals(CancellationTokenSource stopping)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                stopping.Cancel();
            }));
        }

        _parent = DotnetRun();
        if (_parent is not null)
        {
            _parent.Exited += (_, _) => stopping.Cancel();
            _parent.EnableRaisingEvents = true;
        }
    }

    public void Dispose()
    {
        _parent?.Dispose();
        _registrations.ForEach(registration => registration.Dispose());
    }

    /// <summary>It passes signals on, except the one that it cannot catch itself.</summary>
    private static Process? DotnetRun()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE") is null)
        {
            return null;
        }

        try
        {
            var stat = File.ReadAllText("/proc/self/stat");
            var parent = Process.GetProcessById(int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture));
            return parent.ProcessName == "dotnet" ? parent : null;
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
