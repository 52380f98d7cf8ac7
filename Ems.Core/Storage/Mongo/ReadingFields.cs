namespace Ems.Core.Storage.Mongo;

/// <summary>The fields of a reading's document.</summary>
internal static class ReadingFields
{
    public const string Equipment = "_id.equipment";
    public const string Start = "_id.start";
    public const string Duration = "_id.duration_ms";

    /// <summary>The length that names the series, in which days have 24 hours.</summary>
    public const string Nominal = "nominal_ms";
    public const string Values = "v";
    public const string Source = "source";
    public const string Found = "found";
    public const string Flags = "flags";
    public const string Quality = "quality";
    public const string Job = "job";
    public const string Actor = "actor";
    public const string At = "at";
    public const string Versions = "versions";
    public const string Undone = "undone";

    /// <summary>Which write it was: what it wrote has the same one everywhere, and later ones are greater.</summary>
    public const string Write = "write";

    /// <summary>The merges by which a version came from other equipment.</summary>
    public const string Merged = "merged";

    /// <summary>The merge by which the rest of the reading went to other equipment: what is left does not count.</summary>
    public const string Given = "given";

    /// <summary>A metric as the name of a field: a dot or a dollar sign means something else there. A metric has no percent sign.</summary>
    public static string NameOf(string metric) => metric.AsSpan().IndexOfAny('.', '$') < 0
        ? metric
        : metric.Replace(".", "%2E", StringComparison.Ordinal).Replace("$", "%24", StringComparison.Ordinal);

    public static string MetricOf(string name) => name.Contains('%', StringComparison.Ordinal)
        ? name.Replace("%2E", ".", StringComparison.Ordinal).Replace("%24", "$", StringComparison.Ordinal)
        : name;

    /// <summary>Path of a metric's value, or of another part of it.</summary>
    public static string PathOf(string part, string metric) => $"{part}.{NameOf(metric)}";
}
