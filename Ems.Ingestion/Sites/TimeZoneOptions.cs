using System.ComponentModel.DataAnnotations;
using Ems.Core.Settings;

namespace Ems.Ingestion.Sites;

/// <summary>The zone of local times that nothing else decides.</summary>
public sealed class TimeZoneOptions : IValidatableObject
{
    public const string Section = "Ems";

    /// <summary>IANA name of the zone of equipment without a site, and of sites that name none.</summary>
    public string TimeZone { get; set; } = "UTC";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!SiteZones.IsIana(TimeZone))
        {
            yield return new ValidationResult(
                $"{CheckedOptions.NameOf(Section, nameof(TimeZone))} is '{TimeZone}'; it must be an IANA name such as Europe/Berlin.", [nameof(TimeZone)]);
        }
    }
}
