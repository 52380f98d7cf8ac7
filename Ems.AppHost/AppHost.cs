using System.Globalization;
using System.Security.Cryptography;

// Flags without a value are not for the configuration, which would take what follows for their value.
string[] plantFlags = [.. args.Where(arg => arg is "--load-data" or "--simulate")];
var builder = DistributedApplication.CreateBuilder([.. args.Where(arg => !plantFlags.Contains(arg))]);

var replicas = int.Parse(builder.Configuration["Ems:Replicas"] ?? "1", CultureInfo.InvariantCulture);

// One key for all processes of one run: a service answers only callers that carry it.
var internalKey = builder.AddParameter(
    "internal-key", builder.Configuration["Parameters:internal-key"] ?? RandomNumberGenerator.GetHexString(64), secret: true);

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
var ingestion = builder.AddProject("ingestion", "../Ems.Ingestion/Ems.Ingestion.csproj")
    .WithReference(ems).WaitFor(ems)
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(redis).WaitFor(redis)
    .WithEnvironment("Ems__InternalKey", internalKey)
    .WithHttpHealthCheck("/health")
    .WithReplicas(replicas);

var analytics = builder.AddProject("analytics", "../Ems.Analytics/Ems.Analytics.csproj")
    .WithReference(ems).WaitFor(ems)
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(redis).WaitFor(redis)
    .WithEnvironment("Ems__InternalKey", internalKey)
    .WithHttpHealthCheck("/health")
    .WithReplicas(replicas)
    .WaitFor(ingestion);

var query = builder.AddProject("query", "../Ems.Query/Ems.Query.csproj")
    .WithReference(ems).WaitFor(ems)
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(redis).WaitFor(redis)
    .WithEnvironment("Ems__InternalKey", internalKey)
    .WithHttpHealthCheck("/health")
    .WithReplicas(replicas)
    .WaitFor(ingestion);

var notifications = builder.AddProject("notifications", "../Ems.Notifications/Ems.Notifications.csproj")
    .WithReference(ems).WaitFor(ems)
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(redis).WaitFor(redis)
    .WithEnvironment("Ems__InternalKey", internalKey)
    .WithHttpHealthCheck("/health")
    .WithReplicas(replicas)
    .WaitFor(ingestion);

var gateway = builder.AddProject("gateway", "../Ems.Gateway/Ems.Gateway.csproj")
    .WithReference(ems).WaitFor(ems)
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(redis).WaitFor(redis)
    .WithReference(ingestion).WaitFor(ingestion)
    .WithReference(analytics).WaitFor(analytics)
    .WithReference(query).WaitFor(query)
    .WithReference(notifications).WaitFor(notifications)
    .WithEnvironment("Ems__InternalKey", internalKey)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    .WithReplicas(replicas);

if (plantFlags.Length > 0)
{
    // Sample data come in by the public door, with a key for this run alone.
    var samplePlantKey = builder.AddParameter("sample-plant-key", RandomNumberGenerator.GetHexString(64), secret: true);
    gateway.WithEnvironment("Ems__SamplePlantKey", samplePlantKey);
    builder.AddProject("sample-plant", "../Ems.SamplePlant/Ems.SamplePlant.csproj")
        .WithReference(gateway).WaitFor(gateway)
        .WithEnvironment("Ems__SamplePlantKey", samplePlantKey)
        .WithArgs(plantFlags);
}

builder.Build().Run();
