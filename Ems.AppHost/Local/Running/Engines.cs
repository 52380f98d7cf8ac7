using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Ems.AppHost.Local.Running;

/// <summary>
/// Where a server's connection string comes from: configuration; with --engines the server's program on PATH, as a child with a folder of
/// its own; else nowhere, and the services use their embedded default.
/// </summary>
internal sealed class Engines(IConfiguration configuration, bool startsEngines, Ports ports, ResourceConsole console, TimeProvider time)
{
    /// <exception cref="DistributedApplicationException">The services would refuse what there is.</exception>
    public void Resolve(IReadOnlyList<Resource> resources, Dictionary<Resource, List<ManagedProcess>> processes)
    {
        foreach (var database in resources.OfType<MongoDBDatabaseResource>())
        {
            database.ResolvedConnectionString = Configured(database);
        }

        foreach (var server in resources.OfType<ContainerResource>())
        {
            server.ResolvedConnectionString = Configured(server);
            var databases = resources.OfType<MongoDBDatabaseResource>().Where(database => database.Parent == server).ToList();
            var isConfigured = server.ResolvedConnectionString is not null
                || (databases.Count > 0 && databases.All(database => database.ResolvedConnectionString is not null));
            if (startsEngines && !isConfigured && Start(server, resources) is { } process)
            {
                processes[server] = [process];
            }
        }

        var shared = resources.OfType<MongoDBDatabaseResource>().FirstOrDefault(database => ConnectionStrings.Of(database) is not null);
        var missing = resources.OfType<RabbitMQServerResource>().FirstOrDefault(broker => broker.ResolvedConnectionString is null);
        if (shared is not null && missing is not null)
        {
            var named = shared.ResolvedConnectionString is null ? shared.Parent.Name : shared.Name;
            throw new DistributedApplicationException(
                $"ConnectionStrings:{named} names a MongoDB, and services in processes of their own need a broker for their events with it: "
                + $"set ConnectionStrings:{missing.Name} (amqp://user:password@host:5672), or run Ems.Monolith.");
        }
    }

    private static string ProgramOf(ContainerResource server) => server switch
    {
        RedisResource => "redis-server",
        RabbitMQServerResource => "rabbitmq-server",
        _ => "mongod",
    };

    private ManagedProcess? Start(ContainerResource server, IReadOnlyList<Resource> resources)
    {
        var program = ProgramOf(server);
        if (EngineCommands.FindOnPath(program) is not { } path)
        {
            console.Say($"{server.Name} is left out: {program} is not on PATH");
            return null;
        }

        if (server is MongoDBServerResource && resources.OfType<RabbitMQServerResource>().SingleOrDefault(IsMissing) is { } broker)
        {
            console.Say($"{server.Name} is left out: processes that share it need {broker.Name}, and {ProgramOf(broker)} is not on PATH");
            return null;
        }

        var fixedPort = ports.Configured(server.Name) ?? server.Port ?? 0;
        var port = fixedPort == 0 ? ports.TakeFree(server.Name) : ports.Take(fixedPort, server.Name);
        var folder = Path.Combine(DataDirectory(), "engines", server.Name);
        EngineCommands.CreatePrivateFolder(folder);
        var command = server switch
        {
            RedisResource => EngineCommands.Redis(path, folder, port),
            RabbitMQServerResource rabbit => EngineCommands.RabbitMq(
                path, folder, port, [ports.TakeFree(server.Name), ports.TakeFree(server.Name)], rabbit.UserName ?? "ems", rabbit.Password),
            _ => EngineCommands.Mongo(path, folder, port),
        };
        server.ResolvedConnectionString = command.ConnectionString;
        console.Register(server.Name);
        return new ManagedProcess(
            server.Name, $"127.0.0.1:{port}", command.Start, cancellationToken => AnswersAsync(port, cancellationToken), console, time);
    }

    private bool IsMissing(ContainerResource server) =>
        Configured(server) is null && EngineCommands.FindOnPath(ProgramOf(server)) is null;

    private string? Configured(Resource resource) =>
        configuration.GetConnectionString(resource.Name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    private string DataDirectory() =>
        configuration["Ems:DataDirectory"] is { Length: > 0 } configured
            ? Path.GetFullPath(configured)
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "ems");

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

internal sealed record EngineCommand(ProcessStartInfo Start, string ConnectionString);
