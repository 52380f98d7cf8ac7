using Ems.ServiceDefaults.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Ems.Gateway.Keys;

/// <summary>Shows a new admin key once, as a link, on the console alone: logs are kept and forwarded.</summary>
internal sealed class AdminKeyAnnouncement(AdminKey adminKey, IServer server) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (adminKey.NewKey is { } key)
        {
            var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:8000";
            Console.Out.WriteLine($"""

                Your admin key, shown this once:
                {LinkOf(address, key)}
                (Lost? Delete {adminKey.Path} and start again, or set Ems__AdminKey.)

                """);
            adminKey.NoteShown();
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal static string LinkOf(string address, string key) => $"{ReachableAddress.Of(address)}/docs#key={key}";
}
