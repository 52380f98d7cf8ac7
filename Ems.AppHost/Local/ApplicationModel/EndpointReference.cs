namespace Aspire.Hosting.ApplicationModel;

/// <summary>An address of a resource; each replica has a port of its own, given out when the application starts.</summary>
public sealed class EndpointReference
{
    internal EndpointReference(Resource resource, string name, string scheme, string host, int? fixedPort)
    {
        Resource = resource;
        EndpointName = name;
        Scheme = scheme;
        Host = host;
        FixedPort = fixedPort;
    }

    public string EndpointName { get; }

    public string Scheme { get; }

    public string Host { get; }

    public string Url => UrlOf(0);

    internal Resource Resource { get; }

    internal int? FixedPort { get; }

    internal string? PortVariable { get; init; }

    internal bool IsExternal { get; set; }

    internal int[] Ports { get; set; } = [];

    internal string UrlOf(int replica) => $"{Scheme}://{Host}:{Ports[replica]}";
}
