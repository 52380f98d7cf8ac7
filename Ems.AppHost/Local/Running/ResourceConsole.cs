using System.Globalization;
using Spectre.Console;

namespace Ems.AppHost.Local.Running;

/// <summary>Logs with the resource's name before each line, and the table of resources; plain text where there is no terminal.</summary>
internal sealed class ResourceConsole
{
    private const string Self = "apphost";
    private static readonly int[] Colours = [36, 32, 35, 33, 34, 96, 92, 95, 93, 94];

    private readonly Lock _writing = new();
    private readonly bool _isTerminal = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
    private readonly Dictionary<string, int> _colours = [];
    private int _width = Self.Length;
    private string? _lastTable;

    public void Register(string name)
    {
        _colours[name] = Colours[_colours.Count % Colours.Length];
        _width = Math.Max(_width, name.Length);
    }

    public void Say(string line) => Log(Self, line);

    public void Log(string name, string line)
    {
        var prefix = name.PadRight(_width) + " |";
        lock (_writing)
        {
            Console.Out.WriteLine(_isTerminal && _colours.TryGetValue(name, out var colour)
                ? $"\u001b[{colour.ToString(CultureInfo.InvariantCulture)}m{prefix}\u001b[0m {line}"
                : $"{prefix} {line}");
        }
    }

    /// <summary>Shown when everything has come to rest and something is different from the last time.</summary>
    public void ShowTable(IReadOnlyList<ResourceStatus> resources)
    {
        lock (_writing)
        {
            var table = string.Join('\n', resources);
            if (table == _lastTable || !ResourceStatus.AreAtRest(resources))
            {
                return;
            }

            _lastTable = table;
            if (_isTerminal)
            {
                AnsiConsole.Write(TableOf(resources));
            }
            else
            {
                WritePlain(resources);
            }
        }
    }

    private static Table TableOf(IReadOnlyList<ResourceStatus> resources)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Resource", "State", "Process", "Restarts", "Link");
        foreach (var resource in resources)
        {
            var colour = resource.State switch
            {
                ResourceState.Healthy or ResourceState.Configured or ResourceState.Finished => "green",
                ResourceState.LeftOut => "grey",
                _ => "red",
            };
            table.AddRow(
                Markup.Escape(resource.Name),
                $"[{colour}]{resource.StateText}[/]",
                ProcessText(resource),
                RestartText(resource),
                resource.Link.StartsWith("http", StringComparison.Ordinal)
                    ? $"[link={resource.Link}]{resource.Link}[/]"
                    : Markup.Escape(resource.Link));
        }

        return table;
    }

    private static void WritePlain(IReadOnlyList<ResourceStatus> resources)
    {
        var name = Math.Max("resource".Length, resources.Max(resource => resource.Name.Length));
        Console.Out.WriteLine($"{"resource".PadRight(name)}  state       process   restarts  link");
        foreach (var resource in resources)
        {
            Console.Out.WriteLine(
                $"{resource.Name.PadRight(name)}  {resource.StateText,-10}  {ProcessText(resource),-8}  {RestartText(resource),-8}  {resource.Link}".TrimEnd());
        }
    }

    private static string ProcessText(ResourceStatus resource) => resource.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string RestartText(ResourceStatus resource) => resource.Restarts.ToString(CultureInfo.InvariantCulture);
}
