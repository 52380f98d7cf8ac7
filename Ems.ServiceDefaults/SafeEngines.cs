using Ems.Core.Messaging;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Microsoft.Extensions.Hosting;

namespace Ems.ServiceDefaults;

/// <summary>Refuses combinations of engines that would lose something.</summary>
internal static class SafeEngines
{
    private const string AllModules = "monolith";

    /// <exception cref="StartRefusedException">Services on MongoDB have no way to send each other events.</exception>
    public static void CheckEngines(this IHostApplicationBuilder builder, string name)
    {
        if (name != AllModules && builder.UsesMongo() && !builder.UsesBroker())
        {
            throw new StartRefusedException(
                "ConnectionStrings:ems names a MongoDB, and services in processes of their own need a broker for their events with it: "
                + "set ConnectionStrings:rabbitmq (amqp://user:password@host:5672), or run Ems.Monolith.");
        }
    }
}
