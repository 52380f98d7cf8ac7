using System.Text.Json.Serialization;
using NodaTime;

namespace Ems.Core.Storage;

/// <summary>A place with a time zone of its own.</summary>
public sealed record Site
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>IANA name.</summary>
    public string TimeZone { get; init; } = "UTC";
    public string? Country { get; init; }
    public string? Locale { get; init; }
    public IReadOnlyList<LocalDate> Holidays { get; init; } = [];

    /// <summary>15 or 30.</summary>
    public int DemandIntervalMinutes { get; init; } = 15;
    public double? FloorAreaM2 { get; init; }

    /// <summary>Equipment id and metric of the site's outdoor temperature, as <c>id/metric</c>.</summary>
    public string? TemperatureSeries { get; init; }

    /// <summary>The job that created it, as long as nobody has described it since: it goes like equipment that a job created.</summary>
    public string? CreatedBy { get; init; }
}

/// <summary>A meter, or anything else that delivers readings.</summary>
public sealed record Equipment
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Type { get; init; }
    public string? Site { get; init; }

    /// <summary>The equipment whose meter also counts what this one counts; null for a main meter.</summary>
    public string? Parent { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>electricity, gas, heat, water …; never added together unasked.</summary>
    public string Carrier { get; init; } = "electricity";

    /// <summary>
    /// What its amounts and powers are multiplied by when they are read, above 0: the ratio of a transformer before the meter.
    /// Stored values stay as they were delivered.
    /// </summary>
    public Timeline<double> Multiplier { get; init; } = new(1);

    /// <summary>Whether negative consumption (export) is expected.</summary>
    public Timeline<bool> Export { get; init; } = new(false);

    /// <summary>What it is worked out from; null for equipment that has readings of its own.</summary>
    public VirtualMeter? Virtual { get; init; }

    /// <summary>
    /// IANA name of the zone in which the import that created it read local times: that of its next files while it is at no site. Null where
    /// that was the default zone, and for equipment that no import has created.
    /// </summary>
    public string? ImportZone { get; init; }

    /// <summary>The equipment that its readings were given to, and that further ones go to.</summary>
    public string? MergedInto { get; init; }

    /// <summary>The job that created it, as long as nobody has described it since: it goes when that job is undone and nothing else uses it.</summary>
    public string? CreatedBy { get; init; }
}

/// <summary>Equipment stands at another site than the one that readings come for: nothing was written.</summary>
public sealed class EquipmentSiteException(string equipmentId, string actual, string expected)
    : Exception($"{equipmentId} stands at {actual} and not at {expected}.")
{
    public string EquipmentId { get; } = equipmentId;

    /// <summary>Where it stands.</summary>
    public string Actual { get; } = actual;

    /// <summary>Where the readings were for.</summary>
    public string Expected { get; } = expected;

    /// <exception cref="EquipmentSiteException">The equipment stands somewhere else.</exception>
    public static void ThrowUnless(string? expected, Equipment equipment)
    {
        if (expected is not null && equipment.Site is { } actual && actual != expected)
        {
            throw new EquipmentSiteException(equipment.Id, actual, expected);
        }
    }
}

/// <summary>A meter that is not there: the sum of some less that of others, by their ids.</summary>
public sealed record VirtualMeter(IReadOnlyList<string> Plus, IReadOnlyList<string> Minus)
{
    /// <summary>All that it is worked out from, each with its sign.</summary>
    [JsonIgnore]
    public IEnumerable<(string EquipmentId, int Sign)> Parts => [.. Plus.Select(id => (id, 1)), .. Minus.Select(id => (id, -1))];
}

/// <summary>Keeps sites and equipment.</summary>
public interface ICatalogue
{
    /// <summary>Another number after every change of a site or of equipment; null where the store cannot tell.</summary>
    Task<long?> FindRevisionAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<Site>> ListSitesAsync(CancellationToken cancellationToken);
    Task<Site?> FindSiteAsync(string id, CancellationToken cancellationToken);
    Task SaveSiteAsync(Site site, CancellationToken cancellationToken);
    Task<IReadOnlyList<Equipment>> ListEquipmentAsync(CancellationToken cancellationToken);
    Task<Equipment?> FindEquipmentAsync(string id, CancellationToken cancellationToken);

    /// <summary>Whether it was merged into another stays as it is: that is for merges to say.</summary>
    Task SaveEquipmentAsync(Equipment equipment, CancellationToken cancellationToken);

    /// <summary>Takes equipment that is at no site to this one, and returns where it is then; null where there is no such equipment.</summary>
    Task<string?> PlaceEquipmentAsync(string id, string siteId, CancellationToken cancellationToken);
}
