using System.Text.Json;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        AddWithProfile(builder, name, projectPath, profileName: null);

    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="projectPath">Relative to the AppHost.</param>
    /// <param name="launchProfileName">Null: the project gets no endpoint from a profile.</param>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, string? launchProfileName)
    {
        return launchProfileName is null
            ? builder.Add(new ProjectResource(name, PathOf(builder, projectPath)))
            : AddWithProfile(builder, name, projectPath, launchProfileName);
    }

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.Change(resource => resource.Replicas = replicas);
    }

    private static string PathOf(IDistributedApplicationBuilder builder, string projectPath) =>
        Path.GetFullPath(Path.Combine(builder.AppHostDirectory, projectPath));

    private static IResourceBuilder<ProjectResource> AddWithProfile(
        IDistributedApplicationBuilder builder, string name, string projectPath, string? profileName)
    {
        var project = new ProjectResource(name, PathOf(builder, projectPath));
        var settings = Path.Combine(Path.GetDirectoryName(project.ProjectPath)!, "Properties", "launchSettings.json");
        if (File.Exists(settings))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(settings));
            ApplyProfile(project, document.RootElement.GetProperty("profiles"), profileName);
        }
        else if (profileName is not null)
        {
            throw new DistributedApplicationException($"'{name}' has no {settings} with a profile '{profileName}'.");
        }

        return builder.Add(project);
    }

    private static void ApplyProfile(ProjectResource project, JsonElement profiles, string? profileName)
    {
        var profile = profiles.EnumerateObject().FirstOrDefault(candidate => profileName is null
            ? candidate.Value.GetProperty("commandName").GetString() == "Project"
            : candidate.Name == profileName).Value;
        if (profile.ValueKind != JsonValueKind.Object)
        {
            throw new DistributedApplicationException($"'{project.Name}' has no launch profile '{profileName ?? "of a project"}'.");
        }

        if (profile.TryGetProperty("applicationUrl", out var urls))
        {
            foreach (var url in urls.GetString()!.Split(';').Select(text => new Uri(text)))
            {
                project.Endpoints.Add(new EndpointReference(project, url.Scheme, url.Scheme, url.Host, url.Port));
            }
        }

        if (profile.TryGetProperty("environmentVariables", out var variables))
        {
            var pairs = variables.EnumerateObject()
                .Select(variable => new KeyValuePair<string, string?>(variable.Name, variable.Value.GetString()))
                .ToList();
            project.Environment.Add(() => pairs);
        }
    }
}
