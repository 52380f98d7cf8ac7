using Ems.Analytics.Detection;
using Ems.Analytics.Summaries;
using Ems.Core.Caching;
using Ems.Core.Messaging;
using Ems.Core.Settings;
using Ems.Core.Storage.Mongo;
using Ems.Core.Storage.Moving;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ems.Analytics;

/// <summary>Will find what was not normal and say what comes next; for now it keeps track of what there is to look at.</summary>
public static class AnalyticsModule
{
    /// <summary>Registers what the module needs; may be called in a process of its own or beside other modules.</summary>
    public static IHostApplicationBuilder AddAnalytics(this IHostApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<AnalyticsOptions>(AnalyticsOptions.Section);
        builder.AddEmsMessaging(AnalyticsDatabase.Module, AnalyticsDatabase.Migrations, AnalyticsDatabase.Collections);
        builder.AddEmsCache();
        builder.Services.TryAddSingleton<IModuleMove, BacklogMove>();
        builder.AddConsumer<DetectionConsumer>(DetectionConsumer.Subscription);
        if (builder.UsesMongo())
        {
            builder.Services.TryAddSingleton<IDetectionBacklog, MongoDetectionBacklog>();
        }
        else
        {
            builder.Services.TryAddSingleton<IDetectionBacklog, SqliteDetectionBacklog>();
        }

        return builder;
    }

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapAnalytics(this IEndpointRouteBuilder routes)
    {
        routes.MapSummary();
        return routes;
    }
}
