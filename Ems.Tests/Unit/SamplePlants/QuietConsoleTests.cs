using Ems.SamplePlant.Loading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ems.Tests.Unit.SamplePlants;

public sealed class QuietConsoleTests
{
    private const string Imports = "Ems.Ingestion.Imports.ImportWorker";

    [Fact]
    public void Only_what_imports_say_is_kept_off_the_console_and_only_for_so_long()
    {
        using var services = CreateServices(logging => logging.AddConsole());
        var console = services.GetRequiredService<QuietConsole>();
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var (imports, others) = (loggers.CreateLogger(Imports), loggers.CreateLogger("Ems.Ingestion.Readings"));

        Assert.True(imports.IsEnabled(LogLevel.Information));
        console.Keep(quiet: true);
        Assert.False(imports.IsEnabled(LogLevel.Information));
        Assert.True(imports.IsEnabled(LogLevel.Warning));
        Assert.True(others.IsEnabled(LogLevel.Information));
        console.Keep(quiet: false);
        Assert.True(imports.IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void What_is_set_for_logs_holds_before_and_after()
    {
        using var services = CreateServices(logging => logging.AddConsole().AddFilter("Ems", LogLevel.Warning));
        var console = services.GetRequiredService<QuietConsole>();
        var imports = services.GetRequiredService<ILoggerFactory>().CreateLogger(Imports);

        Assert.False(imports.IsEnabled(LogLevel.Information));
        console.Keep(quiet: true);
        console.Keep(quiet: false);
        Assert.False(imports.IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void Other_logs_than_the_console_get_all_of_it()
    {
        using var services = CreateServices(logging => logging.AddConsole().AddOpenTelemetry());
        services.GetRequiredService<QuietConsole>().Keep(quiet: true);

        Assert.True(services.GetRequiredService<ILoggerFactory>().CreateLogger(Imports).IsEnabled(LogLevel.Information));
    }

    private static ServiceProvider CreateServices(Action<ILoggingBuilder> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging(configure);
        QuietConsole.Register(services);
        return services.BuildServiceProvider();
    }
}
