using Ems.Core.Series;
using Ems.Core.Storage;
using Ems.Query.Aggregates;
using Ems.Query.Places;
using Ems.Query.Questions;
using Ems.Query.Series;
using Ems.Query.Summaries;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ems.Query;

/// <summary>Answers how much, where and when from the stored readings.</summary>
public static class QueryModule
{
    /// <summary>Registers what the module needs; may be called in a process of its own or beside other modules.</summary>
    public static IHostApplicationBuilder AddQuery(this IHostApplicationBuilder builder)
    {
        builder.AddEmsStorage();
        builder.Services.TryAddSingleton<SeriesReader>();
        builder.Services.TryAddSingleton<Zones>();
        builder.Services.TryAddSingleton<SeriesAnswers>();
        builder.Services.TryAddSingleton<MeterSelection>();
        builder.Services.TryAddSingleton<AggregateAnswers>();
        builder.Services.TryAddSingleton<MeterMonths>();
        builder.Services.TryAddSingleton<EnergySummaries>();
        return builder;
    }

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapQuery(this IEndpointRouteBuilder routes)
    {
        routes.MapSeries();
        routes.MapAggregates();
        routes.MapSummaries();
        routes.MapQuestions();
        return routes;
    }
}
