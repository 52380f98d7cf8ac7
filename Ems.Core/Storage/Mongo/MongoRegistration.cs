using Ems.Core.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ems.Core.Storage.Mongo;

/// <summary>Registers the store on MongoDB.</summary>
public static class MongoRegistration
{
    /// <summary>Whether <c>ConnectionStrings:ems</c> names a MongoDB; else everything is kept in files.</summary>
    public static bool UsesMongo(this IHostApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(MongoStore.ConnectionName));

    /// <summary>The module keeps documents in these collections.</summary>
    public static IHostApplicationBuilder AddMongoCollections(this IHostApplicationBuilder builder, IReadOnlyList<MongoCollection> collections)
    {
        builder.Services.AddCheckedOptions<MongoOptions>(MongoOptions.Section);
        builder.Services.TryAddSingleton<MongoStore>();
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
