using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Core.Series;

/// <summary>Decides which stored series of an equipment tell a metric, best first.</summary>
public static class EnergySources
{
    private const string Import = "energy_import_register";
    private const string Export = "energy_export_register";

    /// <summary>The metrics that <paramref name="metric"/> can be told by.</summary>
    public static IReadOnlyList<string> MetricsFor(string metric) =>
        metric == MetricSeries.Energy ? [Import, Export, MetricSeries.Energy, "heat", "active_power"] : [metric];

    /// <summary>The sources of a metric among the series of one equipment; empty when there are none.</summary>
    public static IReadOnlyList<SeriesSource> Order(string metric, IEnumerable<SeriesInfo> series)
    {
        var ranked = series.Where(s => s.Count > 0).OrderBy(Rank).ToList();
        if (metric != MetricSeries.Energy)
        {
            return [.. ranked.Where(s => s.Key.Metric == metric).Select(s => new SeriesSource(s))];
        }

        List<SeriesSource> sources = [];
        var import = ranked.Where(s => s.Key.Metric == Import).ToList();
        var export = ranked.Where(s => s.Key.Metric == Export).ToList();
        sources.AddRange(import.Count > 0
            ? import.Select((s, i) => new SeriesSource(s, i < export.Count ? export[i] : null))
            : export.Select(s => new SeriesSource(s, IsExport: true)));
        sources.AddRange(Of(MetricSeries.Energy));
        sources.AddRange(Of("active_power"));
        return sources.Count > 0 ? sources : [.. Of("heat")];

        IEnumerable<SeriesSource> Of(string name) => ranked.Where(s => s.Key.Metric == name).Select(s => new SeriesSource(s));
    }

    private static (QuantityKind Kind, bool IsInstant, Duration Length) Rank(SeriesInfo series) =>
        (series.Kind, series.Key.Length == Duration.Zero, series.Key.Length);
}
