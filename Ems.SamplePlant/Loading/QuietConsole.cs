using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Ems.SamplePlant.Loading;

/// <summary>
/// Keeps what imports log off the console while bars are drawn there: they say it already, and lines between them would tear them
/// apart. Other logs get it all the same.
/// </summary>
internal sealed class QuietConsole : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private ConfigurationReloadToken _changed = new();
    private bool _isQuiet;

    public string Name => Options.DefaultName;

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<QuietConsole>();
        services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(provider => provider.GetRequiredService<QuietConsole>());
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(provider => provider.GetRequiredService<QuietConsole>());
    }

    public void Keep(bool quiet)
    {
        _isQuiet = quiet;
        Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
    }

    public void Configure(LoggerFilterOptions options)
    {
        if (_isQuiet)
        {
            options.Rules.Add(new LoggerFilterRule(typeof(ConsoleLoggerProvider).FullName, "Ems.Ingestion.Imports", LogLevel.Warning, filter: null));
        }
    }

    public IChangeToken GetChangeToken() => _changed;
}
