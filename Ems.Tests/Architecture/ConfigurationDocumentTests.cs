using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ems.Analytics;
using Ems.Gateway;
using Ems.Ingestion;
using Ems.Notifications;
using Ems.Query;
using Ems.SamplePlant;
using Ems.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Ems.Tests.Architecture;

/// <summary>Keeps docs/configuration.md true. With EMS_WRITE_DOCS=1 the test writes the file.</summary>
public sealed partial class ConfigurationDocumentTests
{
    private const string Introduction = """
        # Configuration

        Generated from the options classes; a test compares. To write it again: `EMS_WRITE_DOCS=1 dotnet test`.

        A setting comes from the environment (`Ems__Messaging__MaxAttempts=5`), the command line (`--Ems:Messaging:MaxAttempts=5`) or
        `appsettings.json` beside the host. A value that is not allowed stops the start with a message that names the setting.
        `--urls` or `ASPNETCORE_URLS` choose the addresses.

        `Ems:AdminKey` is the key that the gateway asks of callers; without it one is made at the first start and printed once.
        `Ems:InternalKey` is the key that services ask of their callers in the header `X-Ems-Internal-Key`.

        Settings of `Ems.AppHost`: `Ems:Replicas` is how many processes of each service it starts, `Ems:Replicas:<service>` of one
        (`Ems__Replicas__query=2`); `Ems:Ports:<service>` is the port of a service's first process instead of 8000 to 8004 (0: any free port).
        All that is set for it under `Ems` it passes on to the services; a relative `Ems:DataDirectory` is meant from where it was started.
        Without `Ems:InternalKey` it makes a key for each run.

        `--engines` lets it start MongoDB, RabbitMQ and Redis too, on loopback alone: those that are on the PATH and that no connection string
        names. MongoDB is left out where there is no RabbitMQ, which processes that share it need. Their data, and the passwords that are made
        for RabbitMQ and Redis, lie below `engines` in the data folder, for its owner alone. `Ems:Ports:mongodb`, `Ems:Ports:rabbitmq` and
        `Ems:Ports:redis` are their ports, else any free ones.

        `dotnet run --project Ems.AppHost -p:Orchestrator=Aspire` builds the same application with Aspire's own packages, which are downloaded, and
        runs the servers in containers; with `-- --publisher manifest --output-path manifest.json` it writes a manifest instead, for deployment
        elsewhere.

        """;

    [Fact]
    public async Task Every_setting_is_written_down_with_its_defaults()
    {
        var path = Path.Combine(Root(), "docs", "configuration.md");
        var expected = Introduction.ReplaceLineEndings("\n") + Tables();
        if (Environment.GetEnvironmentVariable("EMS_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, expected, TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"));
    }

    private static string Tables()
    {
        var development = ReadDefaults(Environments.Development);
        var production = ReadDefaults(Environments.Production);
        var text = new StringBuilder();
        foreach (var type in development.Keys.OrderBy(SectionOf, StringComparer.Ordinal).ThenBy(type => type.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {SectionOf(type)}\n\n{SummaryOf($"T:{type.FullName}", type)}\n\n");
            text.Append("| setting | Development | Production | meaning |\n|---|---|---|---|\n");
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| `{SectionOf(type)}:{property.Name}` | {Show(property.GetValue(development[type]))} | {Show(property.GetValue(production[type]))} | {SummaryOf($"P:{type.FullName}.{property.Name}", type)} |\n");
            }
        }

        return text.ToString();
    }

    private static Dictionary<Type, object> ReadDefaults(string environment)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.AddServiceDefaults("monolith");
        builder.AddIngestion();
        builder.AddAnalytics();
        builder.AddQuery();
        builder.AddNotifications();
        builder.AddGateway();
        builder.AddSamplePlant(new PlantFlags(LoadData: true, Simulate: true));
        using var services = builder.Services.BuildServiceProvider();
        return builder.Services
            .Select(service => service.ServiceType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConfigureOptions<>))
            .Select(type => type.GetGenericArguments()[0])
            .Where(type => type.Namespace!.StartsWith("Ems.", StringComparison.Ordinal) && type.GetField("Section") is not null)
            .Distinct()
            .ToDictionary(
                type => type,
                type => services.GetRequiredService(typeof(IOptions<>).MakeGenericType(type)) is IOptions<object> options
                    ? options.Value
                    : throw new InvalidOperationException(type.Name));
    }

    private static string SectionOf(Type type) => (string)type.GetField("Section")!.GetRawConstantValue()!;

    private static string Show(object? value)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return value switch
        {
            null or "" => "(none)",
            string text when home.Length > 0 && text.StartsWith(home, StringComparison.Ordinal) =>
                $"the user's local application data, `{text[home.Length..].TrimStart('/', '\\')}`",
            string text => $"`{text}`",
            System.Collections.IEnumerable many => string.Join(", ", many.Cast<object>().Select(Show).DefaultIfEmpty("(none)")),
            IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
            _ => $"`{value}`",
        };
    }

    private static string SummaryOf(string member, Type type)
    {
        var path = Path.ChangeExtension(type.Assembly.Location, ".xml");
        var summary = XDocument.Load(path).Descendants("member").FirstOrDefault(one => one.Attribute("name")!.Value == member)?.Element("summary");
        Assert.True(summary is not null, $"{member} has no summary.");
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement reference => $"`{reference.Attribute("cref")?.Value.Split('.')[^1] ?? reference.Value}`",
            _ => node.ToString(),
        }));
        return Spaces().Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
