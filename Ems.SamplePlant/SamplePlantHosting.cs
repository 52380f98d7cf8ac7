using System.Security.Cryptography;
using Ems.Core.Settings;
using Ems.Core.Storage;
using Ems.SamplePlant.Loading;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ems.SamplePlant;

/// <summary>A plant to try Ems on, for hosts that offer <c>--load-data</c> and <c>--simulate</c>.</summary>
public static class SamplePlantHosting
{
    /// <summary>The key by which the gateway knows the sample plant, when somebody asks for it.</summary>
    internal const string KeySetting = "Ems:SamplePlantKey";

    /// <summary>Does what the flags say once the host has started. A host that is the server itself makes a key for this run alone.</summary>
    public static IHostApplicationBuilder AddSamplePlant(this IHostApplicationBuilder builder, PlantFlags flags)
    {
        builder.Services.AddCheckedOptions<SamplePlantOptions>(SamplePlantOptions.Section);
        if (!flags.Any)
        {
            return builder;
        }

        if (builder is WebApplicationBuilder)
        {
            builder.Configuration[KeySetting] ??= RandomNumberGenerator.GetHexString(64, lowercase: true);
        }

        if (flags.LoadData && !Console.IsOutputRedirected)
        {
            QuietConsole.Register(builder.Services);
        }

        builder.Services.AddOptions<StoreOptions>().BindConfiguration(StoreOptions.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<SamplePlantService>(services, flags));
        return builder;
    }
}
