using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ems.Core.Settings;

/// <summary>Registers options that stop the start when a value is not allowed.</summary>
public static class CheckedOptions
{
    /// <summary>Binds the section; may be called more than once.</summary>
    public static void AddCheckedOptions<T>(this IServiceCollection services, string section) where T : class
    {
        if (services.Any(service => service.ServiceType == typeof(IValidateOptions<T>)))
        {
            return;
        }

        // The first to configure: what cannot be read must not come to the binder.
        services.AddSingleton<IConfigureOptions<T>>(provider => new OptionsCheck<T>(provider.GetRequiredService<IConfiguration>(), section));
        services.AddSingleton<IValidateOptions<T>>(provider => new OptionsCheck<T>(provider.GetRequiredService<IConfiguration>(), section));
        services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
    }

    /// <summary>A setting as it is written in the environment.</summary>
    public static string NameOf(string section, string property) => $"{section}:{property}".Replace(":", "__", StringComparison.Ordinal);
}
