using System.ComponentModel.DataAnnotations;

namespace Ems.Gateway.Limits;

/// <summary>How much one caller may ask of the gateway.</summary>
public sealed class RequestLimitOptions
{
    public const string Section = "Ems:Gateway";

    /// <summary>
    /// Requests a minute of one key, or of one address without a key; as many may come at once. With Redis it holds for all gateways
    /// together, else for each. 0: no limit.
    /// </summary>
    [Range(0, 1_000_000)]
    public int RequestsPerMinute { get; set; }
}
