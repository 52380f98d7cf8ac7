using System.ComponentModel.DataAnnotations;

namespace Ems.Core.Caching;

/// <summary>
/// Answers are kept under all that they were worked out from, so that no age makes one wrong. Redis, where
/// <c>ConnectionStrings:redis</c> is set, lets processes share what they have kept.
/// </summary>
public sealed class CacheOptions
{
    public const string Section = "Ems:Cache";

    /// <summary>Whether answers are kept at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many bytes of answers a process keeps in its own memory.</summary>
    [Range(1 << 20, 16L << 30)]
    public long MaxMemoryBytes { get; set; } = 64 << 20;

    /// <summary>Answers with more bytes are not kept.</summary>
    [Range(1_024, 64 << 20)]
    public int MaxAnswerBytes { get; set; } = 4 << 20;
}
