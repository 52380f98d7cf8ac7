using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Ems.Core.Storage;
using StackExchange.Redis;

namespace Ems.Core.Caching;

/// <summary>How the Redis is used that <c>ConnectionStrings:redis</c> names. Everything is answered without it, too.</summary>
public sealed class RedisOptions
{
    public const string Section = "Ems:Redis";

    /// <summary>First part of all keys and channels; two systems on one Redis take different ones.</summary>
    [Required]
    [RegularExpression("^[a-z0-9][a-z0-9-]{0,60}$")]
    public string Prefix { get; set; } = "ems";

    /// <summary>How long Redis may take before it is done without.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long Redis is left alone after it failed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(5);

    /// <exception cref="StartRefusedException">The text names no server.</exception>
    internal static ConfigurationOptions Parse(string connectionString)
    {
        ConfigurationOptions settings;
        try
        {
            settings = ConfigurationOptions.Parse(connectionString);
        }
        catch (ArgumentException)
        {
            settings = new ConfigurationOptions();
        }

        if (settings.EndPoints.Count == 0)
        {
            // What it says may hold a password.
            throw new StartRefusedException(
                "ConnectionStrings:redis names no Redis: set it to host:6379,password=… (and ,ssl=true with TLS), or leave it out.");
        }

        return settings;
    }

    internal ConfigurationOptions Apply(ConfigurationOptions settings)
    {
        var timeout = (int)Timeout.TotalMilliseconds;
        settings.ConnectTimeout = Math.Max(timeout, 1_000);
        (settings.AsyncTimeout, settings.SyncTimeout) = (timeout, timeout);
        settings.AbortOnConnectFail = false;
        settings.BacklogPolicy = BacklogPolicy.FailFast;
        settings.ReconnectRetryPolicy = new LinearRetry(1_000);
        settings.ClientName = string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{Environment.ProcessId}");
        return settings;
    }
}
