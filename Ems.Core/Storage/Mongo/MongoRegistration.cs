using Ems.Core.Health;
using Ems.Core.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Ems.Core.Storage.Mongo;

/// <summary>Registers the store on MongoDB.</summary>
public static class MongoRegistration
{
    /// <summary>Whether <c>ConnectionStrings:ems</c> names a MongoDB; else everything is kept in files.</summary>
    public static bool UsesMongo(this IHostApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(MongoStore.ConnectionName));

    /// <summary>
    /// The module keeps documents in these collections. Whatever else a process does, it looks at its MongoDB before it uses it, and its
    /// health tells of it.
    /// </summary>
    public static IHostApplicationBuilder AddMongoCollections(this IHostApplicationBuilder builder, IReadOnlyList<MongoCollection> collections)
    {
        builder.Services.AddCheckedOptions<MongoOptions>(MongoOptions.Section);
        builder.Services.AddOptions<StoreOptions>().BindConfiguration(StoreOptions.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<MongoStore>();
        builder.Services.TryAddSingleton<MongoProcess>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MongoStart>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MongoProcess>(provider => provider.GetRequiredService<MongoProcess>()));
        builder.Services.AddServerCheck("MongoDB.Driver", HealthStatus.Unhealthy, ServerChecks.Patience, (provider, cancellationToken) =>
            provider.GetRequiredService<MongoStore>().AnswersAsync(cancellationToken));
        foreach (var collection in collections)
        {
            if (!builder.Services.Any(service => ReferenceEquals(service.ImplementationInstance, collection)))
            {
                builder.Services.AddSingleton(collection);
            }
        }

        return builder;
    }
}
