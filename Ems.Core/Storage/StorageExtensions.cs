using Ems.Core.Storage.Mongo;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ems.Core.Storage;

/// <summary>Registers the store.</summary>
public static class StorageExtensions
{
    /// <summary>Registers the ports of the store: readings, quality, catalogue, jobs and profiles; may be called more than once.</summary>
    public static IHostApplicationBuilder AddEmsStorage(this IHostApplicationBuilder builder)
    {
        if (builder.UsesMongo())
        {
            throw new InvalidOperationException(
                $"ConnectionStrings:{MongoStore.ConnectionName} is set, but readings can be kept in files alone so far, and data must not be in two stores: unset it.");
        }

        builder.Services.AddOptions<StoreOptions>().BindConfiguration(StoreOptions.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IngestionDatabase>();
        builder.Services.TryAddKeyedSingleton(IngestionDatabase.Module, (services, _) => services.GetRequiredService<IngestionDatabase>().File);
        builder.Services.TryAddSingleton<IReadingStore, SqliteReadingStore>();
        builder.Services.TryAddSingleton<IQualityStore, SqliteQualityStore>();
        builder.Services.TryAddSingleton<ICatalogue, SqliteCatalogue>();
        builder.Services.TryAddSingleton<IJobStore, SqliteJobStore>();
        builder.Services.TryAddSingleton<IProfileStore, SqliteProfileStore>();
        return builder;
    }
}
