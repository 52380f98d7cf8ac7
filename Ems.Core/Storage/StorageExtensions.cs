using Ems.Core.Caching;
using Ems.Core.Live;
using Ems.Core.Messaging.Mongo;
using Ems.Core.Settings;
using Ems.Core.Storage.Mongo;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ems.Core.Storage;

/// <summary>Registers the store.</summary>
public static class StorageExtensions
{
    private static readonly string[] SharedFiles = [ISharedFiles.Uploads, ISharedFiles.Rejected];

    /// <summary>
    /// Registers the ports of the store: readings, quality, catalogue, jobs and profiles, on the MongoDB that
    /// <c>ConnectionStrings:ems</c> names, else in files. May be called more than once.
    /// </summary>
    public static IHostApplicationBuilder AddEmsStorage(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StoreOptions>().BindConfiguration(StoreOptions.Section);
        builder.Services.AddCheckedOptions<MongoOptions>(MongoOptions.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddEmsCache();
        builder.AddLiveEvents();
        if (builder.UsesMongo())
        {
            builder.AddMongoStorage();
        }
        else
        {
            builder.Services.AddSqliteStorage();
        }

        return builder;
    }

    private static void AddSqliteStorage(this IServiceCollection services)
    {
        MachineMarker.Add(services);
        services.TryAddSingleton<IngestionDatabase>();
        services.TryAddKeyedSingleton(IngestionDatabase.Module, (provider, _) => provider.GetRequiredService<IngestionDatabase>().File);
        services.TryAddSingleton<SqliteReadingStore>();
        services.TryAddSingleton<IReadingStore>(provider => new AnnouncedReadings(
            provider.GetRequiredService<SqliteReadingStore>(), provider.GetRequiredService<LiveEvents>()));
        services.TryAddSingleton<IQualityStore, SqliteQualityStore>();
        services.TryAddSingleton<ICatalogue>(provider => new CachedCatalogue(
            new SqliteCatalogue(provider.GetRequiredService<IngestionDatabase>()), provider.GetRequiredService<CachedAnswers>()));
        services.TryAddSingleton<SqliteJobStore>();
        services.TryAddSingleton<IJobStore>(provider => new AnnouncedJobs(
            provider.GetRequiredService<SqliteJobStore>(), provider.GetRequiredService<LiveEvents>()));
        services.TryAddSingleton<IProfileStore, SqliteProfileStore>();
        foreach (var key in SharedFiles)
        {
            services.TryAddKeyedSingleton<ISharedFiles, LocalFiles>(key);
        }
    }

    private static void AddMongoStorage(this IHostApplicationBuilder builder)
    {
        builder.AddMongoCollections([.. CoreCollections.All, .. MessageDocuments.Collections]);
        builder.Services.TryAddSingleton<WriteClaims>();
        builder.Services.TryAddSingleton<MongoReadingStore>();
        builder.Services.TryAddSingleton<IReadingStore>(provider => new AnnouncedReadings(
            provider.GetRequiredService<MongoReadingStore>(), provider.GetRequiredService<LiveEvents>()));
        builder.Services.TryAddSingleton<IQualityStore, MongoQualityStore>();
        builder.Services.TryAddSingleton<ICatalogue>(provider => new CachedCatalogue(
            new MongoCatalogue(provider.GetRequiredService<MongoStore>()), provider.GetRequiredService<CachedAnswers>()));
        builder.Services.TryAddSingleton<MongoJobStore>();
        builder.Services.TryAddSingleton<IJobStore>(provider => new AnnouncedJobs(
            provider.GetRequiredService<MongoJobStore>(), provider.GetRequiredService<LiveEvents>()));
        builder.Services.TryAddSingleton<IProfileStore, MongoProfileStore>();
        foreach (var key in SharedFiles)
        {
            builder.Services.TryAddKeyedSingleton<ISharedFiles>(key, (provider, _) => new GridFsFiles(provider.GetRequiredService<MongoStore>(), key));
        }
    }
}
