using System.Reflection;

namespace Ems.Tests.Architecture;

public sealed class ReferencesTests
{
    [Theory]
    [InlineData("Ems.Gateway")]
    [InlineData("Ems.Ingestion")]
    [InlineData("Ems.Analytics")]
    [InlineData("Ems.Query")]
    [InlineData("Ems.Notifications")]
    public void A_service_references_only_core_and_service_defaults(string service)
    {
        var references = Assembly.Load(service).GetReferencedAssemblies()
            .Select(name => name.Name!)
            .Where(name => name.StartsWith("Ems.", StringComparison.Ordinal));

        Assert.Subset(new HashSet<string> { "Ems.Core", "Ems.ServiceDefaults" }, references.ToHashSet());
    }
}
