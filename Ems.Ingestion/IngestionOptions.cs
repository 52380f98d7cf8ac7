using System.ComponentModel.DataAnnotations;
using Ems.Core.Settings;
using Ems.Core.Storage;

namespace Ems.Ingestion;

/// <summary>Settings of live intake.</summary>
public sealed class IngestionOptions : IValidatableObject
{
    public const string Section = "Ems:Ingestion";

    /// <summary>How many live readings one request may carry.</summary>
    [Range(1, 100_000)]
    public int BatchSize { get; set; } = 1_000;

    /// <summary>How many readings of a file are stored together, up to four times as many where they are of many meters; live readings wait that long for their turn.</summary>
    [Range(1, 100_000)]
    public int ImportBatchSize { get; set; } = 10_000;

    /// <summary>How many bytes a request with live readings may have.</summary>
    [Range(1_024, 1_000_000_000)]
    public long MaxBatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How many bytes an uploaded file may have.</summary>
    [Range(1_024, 1_000_000_000_000)]
    public long MaxFileBytes { get; set; } = 200L * 1024 * 1024;

    /// <summary>How many bytes an uploaded file may unpack to.</summary>
    [Range(1_024, 1_000_000_000_000)]
    public long MaxUnpackedBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How many imports of one caller may wait for their turn.</summary>
    [Range(1, 100_000)]
    public int MaxQueuedImports { get; set; } = 10;

    /// <summary>How many bytes uploads and what is made of them may take on disk; new uploads are refused from half of it on.</summary>
    [Range(1_048_576, 100_000_000_000_000)]
    public long MaxSpoolBytes { get; set; } = 10L * 1024 * 1024 * 1024;

    /// <summary>After how long without a sign of life a process counts as ended, and another one goes on with its import.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ImportLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What new equipment is by the beginning of its id: its type, and behind a comma a category, which it gets as a tag. The longest
    /// beginning counts; one is changed or added by <c>Ems__Ingestion__EquipmentPrefixes__IKC=compressor,hvac</c>.
    /// </summary>
    public Dictionary<string, string> EquipmentPrefixes { get; set; } = new(StringComparer.OrdinalIgnoreCase) { ["IKC"] = "compressor,hvac" };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (prefix, meaning) in EquipmentPrefixes)
        {
            var parts = meaning.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length > 2 || Array.Exists(parts, part => Identifier.FaultOf(part) is not null))
            {
                yield return new ValidationResult(
                    $"{CheckedOptions.NameOf(Section, nameof(EquipmentPrefixes))}__{prefix} is '{meaning}'; it must be a type, or a type and a category with a comma between.", [nameof(EquipmentPrefixes)]);
            }
        }
    }
}
