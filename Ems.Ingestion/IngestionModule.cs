using Ems.Core.Messaging;
using Ems.Core.Series;
using Ems.Core.Settings;
using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.History;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Jobs;
using Ems.Ingestion.Profiles;
using Ems.Ingestion.Quality;
using Ems.Ingestion.Readings;
using Ems.Ingestion.Sites;
using Ems.Ingestion.Stats;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ems.Ingestion;

/// <summary>Takes meter readings in: checks them, stores them, and tells the other modules.</summary>
public static class IngestionModule
{
    /// <summary>Registers what the module needs; may be called in a process of its own or beside other modules.</summary>
    public static IHostApplicationBuilder AddIngestion(this IHostApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<IngestionOptions>(IngestionOptions.Section);
        builder.Services.AddCheckedOptions<TimeZoneOptions>(TimeZoneOptions.Section);
        builder.AddEmsStorage();
        builder.AddStoreUpkeep();
        builder.AddEmsPublisher("ingestion");
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IntakeMeter>();
        builder.Services.AddSingleton<SiteZones>();
        builder.Services.AddScoped<LocalTimes>();
        builder.Services.AddScoped<StoredComparison>();
        builder.Services.AddScoped<ReadingIntake>();
        builder.Services.TryAddSingleton<SeriesReader>();
        builder.Services.AddImports();
        builder.Services.AddJobs();
        builder.Services.AddScoped<EquipmentMerges>();
        builder.Services.AddSingleton<NewEquipment>();
        builder.Services.AddQuality();
        return builder;
    }

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapIngestion(this IEndpointRouteBuilder routes)
    {
        routes.MapReadings();
        routes.MapLiveEvents();
        routes.MapImports();
        routes.MapProfiles();
        routes.MapJobs();
        routes.MapHistory();
        routes.MapSites();
        routes.MapEquipment();
        routes.MapMerge();
        routes.MapStats();
        routes.MapQuality();
        return routes;
    }
}
