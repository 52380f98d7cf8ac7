namespace Ems.Ingestion.Imports.Meters;

/// <summary>
/// Names that a sheet has for several meters, by what tells these apart. They come with rejected rows, for a few rows no longer show which
/// names are shared.
/// </summary>
internal sealed record SharedNames
{
    public static readonly SharedNames None = new();

    public IReadOnlySet<string> ByPlace { get; init; } = new HashSet<string>();

    /// <summary>By what flows through them.</summary>
    public IReadOnlySet<string> ByCarrier { get; init; } = new HashSet<string>();

    /// <summary>By whether it flows out.</summary>
    public IReadOnlySet<string> ByExport { get; init; } = new HashSet<string>();

    /// <summary>Points of one meter, by their units.</summary>
    public IReadOnlySet<string> ByUnit { get; init; } = new HashSet<string>();
}
