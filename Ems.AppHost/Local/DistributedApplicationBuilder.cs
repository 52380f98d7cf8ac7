using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private const string EnginesSwitch = "--engines";

    public DistributedApplicationBuilder(string[] args)
    {
        AppDomain.CurrentDomain.UnhandledException += SayInOneLine;
        StartsEngines = args.Contains(EnginesSwitch);
        string[] settings = [.. args.Where(arg => arg != EnginesSwitch)];

        // Of the command line alone: a variable of the environment with so common a name may be for anything.
        var asked = new ConfigurationBuilder().AddCommandLine(settings).Build();
        AsksForManifest = asked["publisher"] is not null || "publish".Equals(asked["operation"], StringComparison.OrdinalIgnoreCase);
        ExecutionContext = new DistributedApplicationExecutionContext(AsksForManifest);
        AppHostDirectory = typeof(DistributedApplicationBuilder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(metadata => metadata.Key == "AppHostProjectDirectory").Value!;

        Configuration
            .AddJsonFile(Path.Combine(AppHostDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(settings);
        Environment = new LocalEnvironment(Configuration["DOTNET_ENVIRONMENT"] ?? Environments.Production, AppHostDirectory);
    }

    public ConfigurationManager Configuration { get; } = new();

    public IHostEnvironment Environment { get; }

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public string AppHostDirectory { get; }

    internal bool StartsEngines { get; }

    internal bool AsksForManifest { get; }

    internal List<Resource> Resources { get; } = [];

    public DistributedApplication Build()
    {
        AppDomain.CurrentDomain.UnhandledException -= SayInOneLine;
        return new(this);
    }

    internal IResourceBuilder<T> Add<T>(T resource) where T : Resource
    {
        if (resource.Name.Length == 0 || !resource.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
        {
            throw new DistributedApplicationException($"The name '{resource.Name}' has other characters than letters, digits and hyphens.");
        }

        if (Resources.Any(other => other.Name.Equals(resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"Two resources are called '{resource.Name}'.");
        }

        Resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    /// <summary>What was said wrongly in the model or in a setting needs no stack trace.</summary>
    private static void SayInOneLine(object sender, UnhandledExceptionEventArgs unhandled)
    {
        if (unhandled.ExceptionObject is DistributedApplicationException or InvalidOperationException)
        {
            Console.Error.WriteLine(((Exception)unhandled.ExceptionObject).Message);
            System.Environment.Exit(1);
        }
    }

    private sealed class LocalEnvironment(string name, string directory) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "Ems.AppHost";

        public string ContentRootPath { get; set; } = directory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
