using System.Reflection;
using System.Runtime.CompilerServices;

namespace Ems.Tests.Architecture;

public sealed class ReferencesTests
{
    [Theory]
    [InlineData("Ems.Gateway")]
    [InlineData("Ems.Ingestion")]
    [InlineData("Ems.Analytics")]
    [InlineData("Ems.Query")]
    [InlineData("Ems.Notifications")]
    public void A_service_references_only_core_and_service_defaults(string service) =>
        Assert.Subset(new HashSet<string> { "Ems.Core", "Ems.ServiceDefaults" }, EmsReferencesOf(service));

    [Fact]
    public void Core_references_nothing_of_ours_and_service_defaults_only_core()
    {
        Assert.Empty(EmsReferencesOf("Ems.Core"));
        Assert.Subset(new HashSet<string> { "Ems.Core" }, EmsReferencesOf("Ems.ServiceDefaults"));
    }

    [Fact]
    public void Only_the_app_host_names_Aspire()
    {
        var sources = Sources("*.cs").Concat(Sources("*.csproj"))
            .Where(file => !IsBelow(file, "Ems.AppHost") && !IsBelow(file, "Ems.Tests"));

        Assert.All(sources, file => Assert.False(
            File.ReadAllText(file).Contains("Aspire", StringComparison.Ordinal), $"{file} names Aspire."));
    }

    [Fact]
    public void Metering_knows_neither_storage_nor_messaging()
    {
        string[] foreign = ["Ems.Core.Storage", "Ems.Core.Messaging", "Microsoft.Data", "Microsoft.Extensions", "Microsoft.AspNetCore"];
        var metering = Sources("*.cs").Where(file => IsBelow(file, Path.Combine("Ems.Core", "Metering"))).ToList();

        Assert.NotEmpty(metering);
        Assert.All(metering, file => Assert.All(foreign, name => Assert.False(
            File.ReadAllText(file).Contains(name, StringComparison.Ordinal), $"{file} names {name}.")));
    }

    [Fact]
    public void A_program_is_short()
    {
        var programs = Sources("Program.cs").ToList();

        Assert.True(programs.Count >= 6, $"{programs.Count} programs");
        Assert.All(programs, file => Assert.InRange(File.ReadAllLines(file).Length, 1, 25));
    }

    private static HashSet<string> EmsReferencesOf(string assembly) =>
    [
        .. Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name.StartsWith("Ems.", StringComparison.Ordinal)),
    ];

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));

    private static bool IsBelow(string file, string folder) =>
        file.StartsWith(Path.Combine(Root(), folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static IEnumerable<string> Sources(string pattern) =>
        Directory.GetDirectories(Root(), "Ems.*").SelectMany(project => Directory.GetFiles(project, pattern, SearchOption.AllDirectories));
}
