using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

// Flags without a value are not for the configuration, which would take what follows for their value.
string[] plantFlags = [.. args.Where(arg => arg is "--load-data" or "--simulate")];
var builder = DistributedApplication.CreateBuilder([.. args.Where(arg => !plantFlags.Contains(arg))]);

// One key for all processes of one run: a service answers only callers that carry it.
var internalKey = builder.AddParameter(
    "internal-key",
    builder.Configuration["Parameters:internal-key"] ?? builder.Configuration["Ems:InternalKey"] ?? RandomNumberGenerator.GetHexString(64),
    secret: true);

// What is set for Ems is for every service, whatever it comes from; a manifest is for another machine. A folder is meant as seen from here.
if (builder.Configuration["Ems:DataDirectory"] is { Length: > 0 } folder)
{
    builder.Configuration["Ems:DataDirectory"] = Path.GetFullPath(folder);
}

var settings = builder.Configuration.GetSection("Ems").AsEnumerable()
    .Where(setting => setting.Value is not null && builder.ExecutionContext.IsRunMode)
    .ToList();

var ems = builder.AddMongoDB("mongodb")
    .WithDataVolume()
    .WithLifetime(ContainerLifetime.Persistent)
    .AddDatabase("ems");

var rabbitmq = builder.AddRabbitMQ("rabbitmq")
    .WithDataVolume()
    .WithManagementPlugin()
    .WithLifetime(ContainerLifetime.Persistent);

var redis = builder.AddRedis("redis")
    .WithLifetime(ContainerLifetime.Persistent);

// Ingestion owns the store of readings, so it is ready before those who read from it.
var ingestion = AddService("ingestion", "Ems.Ingestion");
var analytics = AddService("analytics", "Ems.Analytics").WaitFor(ingestion);
var query = AddService("query", "Ems.Query").WaitFor(ingestion);
var notifications = AddService("notifications", "Ems.Notifications").WaitFor(ingestion);

var gateway = AddService("gateway", "Ems.Gateway")
    .WithReference(ingestion).WaitFor(ingestion)
    .WithReference(analytics).WaitFor(analytics)
    .WithReference(query).WaitFor(query)
    .WithReference(notifications).WaitFor(notifications)
    .WithExternalHttpEndpoints();

if (plantFlags.Length > 0)
{
    // Sample data come in by the public door, with a key for this run alone.
    var samplePlantKey = builder.AddParameter("sample-plant-key", RandomNumberGenerator.GetHexString(64), secret: true);
    gateway.WithEnvironment("Ems__SamplePlantKey", samplePlantKey);
    AddProgram("sample-plant", "Ems.SamplePlant")
        .WithReference(gateway).WaitFor(gateway)
        .WithEnvironment("Ems__SamplePlantKey", samplePlantKey)
        .WithArgs(plantFlags);
}

builder.Build().Run();

IResourceBuilder<ProjectResource> AddService(string name, string project) =>
    AddProgram(name, project)
        .WithReference(ems).WaitFor(ems)
        .WithReference(rabbitmq).WaitFor(rabbitmq)
        .WithReference(redis).WaitFor(redis)
        .WithEnvironment("Ems__InternalKey", internalKey)
        .WithHttpHealthCheck("/health")
        .WithReplicas(ReplicasOf(name));

IResourceBuilder<ProjectResource> AddProgram(string name, string project)
{
    var program = builder.AddProject(name, $"../{project}/{project}.csproj");
    foreach (var (setting, value) in settings)
    {
        program.WithEnvironment(setting.Replace(":", "__", StringComparison.Ordinal), value);
    }

    return program;
}

// Ems:Replicas is for all services, Ems:Replicas:<name> for one.
int ReplicasOf(string name)
{
    var text = builder.Configuration[$"Ems:Replicas:{name}"] ?? builder.Configuration["Ems:Replicas"] ?? "1";
    return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var replicas) && replicas > 0
        ? replicas
        : throw new InvalidOperationException($"Ems:Replicas says '{text}' for {name}, not a number from 1.");
}
