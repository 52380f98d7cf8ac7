namespace Ems.AppHost.Local.Running;

internal static class ConnectionStrings
{
    /// <summary>Null: the resource is left out, and the services use their embedded default.</summary>
    public static string? Of(IResource resource) => resource switch
    {
        ContainerResource server => server.ResolvedConnectionString,
        MongoDBDatabaseResource { ResolvedConnectionString: { } configured } => configured,
        MongoDBDatabaseResource { Parent.ResolvedConnectionString: { } server } database => MongoAddress.WithDatabase(server, database.DatabaseName),
        _ => null,
    };
}
