using System.ComponentModel.DataAnnotations;
using Ems.Core.Settings;

namespace Ems.Core.Storage.Mongo;

/// <summary>How a MongoDB that <c>ConnectionStrings:ems</c> names is used; these settings win over those of the connection string.</summary>
public sealed class MongoOptions : IValidatableObject
{
    public const string Section = "Ems:Mongo";

    /// <summary>Connections that each process keeps open.</summary>
    [Range(0, 1000)]
    public int MinPoolSize { get; set; } = 10;

    /// <summary>Most connections of each process; further calls wait for one.</summary>
    [Range(1, 1000)]
    public int MaxPoolSize { get; set; } = 50;

    /// <summary>How long opening a connection may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer may stay away before the connection counts as broken.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan SocketTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call waits for a server to be found, or for a connection of the pool, before it fails.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ServerSelectionTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often each server is asked how it is.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Documents that are written with one command.</summary>
    [Range(1000, 5000)]
    public int BulkSize { get; set; } = 2000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinPoolSize > MaxPoolSize)
        {
            yield return new ValidationResult(
                $"{CheckedOptions.NameOf(Section, nameof(MinPoolSize))} is '{MinPoolSize}'; it must not be more than {nameof(MaxPoolSize)} ({MaxPoolSize}).", [nameof(MinPoolSize)]);
        }
    }
}
