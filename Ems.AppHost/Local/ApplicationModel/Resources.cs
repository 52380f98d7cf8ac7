namespace Aspire.Hosting.ApplicationModel;

public interface IResource
{
    string Name { get; }
}

public interface IResourceWithEnvironment : IResource;

public interface IResourceWithArgs : IResource;

public interface IResourceWithWaitSupport : IResource;

public interface IResourceWithEndpoints : IResource;

public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

public interface IResourceWithConnectionString : IResource;

/// <summary>A part of the application with what was said about it; the runner turns it into processes.</summary>
public abstract class Resource(string name) : IResource
{
    public string Name { get; } = name;

    /// <summary>Read when a process starts: ports and connection strings are known only then.</summary>
    internal List<Func<IEnumerable<KeyValuePair<string, string?>>>> Environment { get; } = [];

    internal List<string> Arguments { get; } = [];

    internal List<EndpointReference> Endpoints { get; } = [];

    internal List<HttpHealthCheck> HealthChecks { get; } = [];

    internal List<Resource> WaitsFor { get; } = [];

    internal int Replicas { get; set; } = 1;
}

internal sealed record HttpHealthCheck(string Path, int StatusCode, string? EndpointName);

/// <summary>A project of the solution, run from its build output.</summary>
public sealed class ProjectResource(string name, string projectPath) : Resource(name),
    IResourceWithEnvironment, IResourceWithArgs, IResourceWithWaitSupport, IResourceWithServiceDiscovery
{
    internal string ProjectPath { get; } = projectPath;
}

public sealed class ParameterResource(string name, Func<string> value, bool secret) : Resource(name)
{
    public bool Secret { get; } = secret;

    internal string Value => value();
}

public enum ContainerLifetime
{
    Session,
    Persistent,
}

/// <summary>A server that real Aspire runs in a container: here it is configured, found on PATH, or left out.</summary>
public abstract class ContainerResource(string name, int? port) : Resource(name), IResourceWithEnvironment, IResourceWithWaitSupport
{
    internal int? Port { get; } = port;

    /// <summary>Null as long as neither configuration nor a started server gives one.</summary>
    internal string? ResolvedConnectionString { get; set; }
}

public sealed class MongoDBServerResource(string name, int? port) : ContainerResource(name, port), IResourceWithConnectionString;

public sealed class MongoDBDatabaseResource(string name, string databaseName, MongoDBServerResource parent)
    : Resource(name), IResourceWithConnectionString
{
    public string DatabaseName { get; } = databaseName;

    public MongoDBServerResource Parent { get; } = parent;

    /// <summary>What is configured for the database itself; else the server's counts.</summary>
    internal string? ResolvedConnectionString { get; set; }
}

public sealed class RedisResource(string name, int? port) : ContainerResource(name, port), IResourceWithConnectionString;

public sealed class RabbitMQServerResource(string name, int? port, ParameterResource? userName, ParameterResource? password)
    : ContainerResource(name, port), IResourceWithConnectionString
{
    internal string? UserName => userName?.Value;

    internal string? Password => password?.Value;
}
