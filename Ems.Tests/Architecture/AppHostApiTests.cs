using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Ems.Tests.EndToEnd;

namespace Ems.Tests.Architecture;

/// <summary>
/// The Local build must not offer a call that the real Aspire 13.5 has not, in the same words and order: AppHost.cs is compiled
/// against both.
/// </summary>
public sealed partial class AppHostApiTests
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance;

    private static readonly string[] Calls =
    [
        "AddDatabase(String name, String databaseName = null): MongoDBDatabaseResource",
        "AddMongoDB(String name, Int32? port = null): MongoDBServerResource",
        "AddParameter(String name, Boolean secret = false): ParameterResource",
        "AddParameter(String name, String value, Boolean publishValueAsDefault = false, Boolean secret = false): ParameterResource",
        "AddProject(String name, String projectPath): ProjectResource",
        "AddProject(String name, String projectPath, String launchProfileName): ProjectResource",
        "AddRabbitMQ(String name, IResourceBuilder<ParameterResource> userName = null, IResourceBuilder<ParameterResource> password = null, Int32? port = null): RabbitMQServerResource",
        "AddRedis(String name, Int32? port = null): RedisResource",
        "GetEndpoint(String name): EndpointReference",
        "WaitFor(IResourceBuilder<IResource> dependency): T",
        "WithArgs(String[] args): T",
        "WithDataVolume(String name = null, Boolean isReadOnly = false): MongoDBServerResource",
        "WithDataVolume(String name = null, Boolean isReadOnly = false): RabbitMQServerResource",
        "WithDataVolume(String name = null, Boolean isReadOnly = false): RedisResource",
        "WithEnvironment(String name, EndpointReference endpointReference): T",
        "WithEnvironment(String name, IResourceBuilder<ParameterResource> parameter): T",
        "WithEnvironment(String name, String value): T",
        "WithExternalHttpEndpoints(): T",
        "WithHttpEndpoint(Int32? port = null, Int32? targetPort = null, String name = null, String env = null, Boolean? isProxied = null): T",
        "WithHttpHealthCheck(String path = null, Int32? statusCode = null, String endpointName = null): T",
        "WithLifetime(ContainerLifetime lifetime): T",
        "WithManagementPlugin(): RabbitMQServerResource",
        "WithPersistence(TimeSpan? interval, Int64 keysChangedThreshold = 1): RedisResource",
        "WithReference(IResourceBuilder<IResourceWithConnectionString> source, String connectionName = null, Boolean optional = false): TDestination",
        "WithReference(IResourceBuilder<IResourceWithServiceDiscovery> source): TDestination",
        "WithReplicas(Int32 replicas): ProjectResource",
    ];

    /// <summary>What else of Aspire AppHost.cs may name.</summary>
    private static readonly string[] Names =
    [
        "Build", "Configuration", "ContainerLifetime", "CreateBuilder", "DistributedApplication", "ExecutionContext", "IResourceBuilder",
        "IsPublishMode", "IsRunMode", "Persistent", "ProjectResource", "Run",
    ];

    [Fact]
    public void The_application_names_nothing_of_Aspire_that_is_not_listed()
    {
        var offered = Assembly.LoadFrom(ProgramProcess.FileOf("Ems.AppHost")).GetExportedTypes()
            .Where(type => type.Namespace?.StartsWith("Aspire.", StringComparison.Ordinal) == true)
            .SelectMany(type => type.GetMembers(Public | BindingFlags.DeclaredOnly).Select(member => member.Name).Append(type.Name.Split('`')[0]))
            .ToHashSet();
        var code = CommentsAndTexts().Replace(File.ReadAllText(AppHostFile()), "");

        var named = Words().Matches(code).Select(match => match.Value).Where(offered.Contains).ToHashSet();

        Assert.Contains("WithReplicas", named);
        Assert.Subset(new HashSet<string>([.. Names, .. Calls.Select(call => call.Split('(')[0])]), named);
    }

    [Fact]
    public void The_local_build_offers_the_calls_of_the_real_one_and_no_other()
    {
        var offered = Assembly.LoadFrom(ProgramProcess.FileOf("Ems.AppHost")).GetExportedTypes()
            .Where(type => type.Namespace == "Aspire.Hosting")
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(ExtensionAttribute), inherit: false))
            .Select(Signature)
            .Order(StringComparer.Ordinal);

        Assert.Equal(Calls.Order(StringComparer.Ordinal), offered);
    }

    private static string Signature(MethodInfo method) =>
        $"{method.Name}({string.Join(", ", method.GetParameters().Skip(1).Select(Text))}): {ResultOf(method.ReturnType)}";

    private static string Text(ParameterInfo parameter)
    {
        var value = parameter.DefaultValue switch { null => "null", bool flag => flag ? "true" : "false", var other => other.ToString() };
        return $"{Text(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {value}" : "")}";
    }

    private static string Text(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? $"{value.Name}?"
        : type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{Text(type.GenericTypeArguments[0])}>"
        : type.Name;

    private static string ResultOf(Type type) => type.IsGenericType ? type.GenericTypeArguments[0].Name : type.Name;

    private static string AppHostFile([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "Ems.AppHost", "AppHost.cs");

    [GeneratedRegex(@"//.*|""(\\.|[^""\\])*""")]
    private static partial Regex CommentsAndTexts();

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Words();
}
