using System.Globalization;
using System.Runtime.Versioning;
using Ems.Tests.Contracts;

namespace Ems.Tests.EndToEnd;

/// <summary>A program under the name of an engine that only listens where it is told to: one of our own services.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class StandInEngine : IDisposable
{
    private static readonly string[] Tools = ["dotnet", "sed", "cat", "setsid"];

    private readonly TemporaryFolder _folder = new();

    /// <param name="name">Of the engine's program.</param>
    /// <param name="addresses">What a shell makes its <c>--urls</c> of.</param>
    public StandInEngine(string name, string addresses)
    {
        var file = Path.Combine(_folder.Path, name);
        File.WriteAllText(file, $"#!/bin/sh\necho $$ > '{ProcessFile}'\nexec dotnet '{ProgramProcess.FileOf("Ems.Notifications")}' --urls {addresses}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (var tool in Tools)
        {
            var real = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, tool)).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(_folder.Path, tool), real);
        }
    }

    /// <summary>For PATH: has the stand-in and what it takes to run it, and no real engine.</summary>
    public string Folder => _folder.Path;

    public int ProcessId => int.Parse(File.ReadAllText(ProcessFile), CultureInfo.InvariantCulture);

    private string ProcessFile => Path.Combine(_folder.Path, "process");

    public void Dispose() => _folder.Dispose();
}
