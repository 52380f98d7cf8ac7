using System.Net;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;

namespace Ems.Core.Storage.Mongo;

/// <summary>Says in a line why a MongoDB is away; the driver's own message holds all that it knows of all servers, with stacks.</summary>
internal static class AwayReason
{
    private const int LongestLine = 200;

    /// <param name="cluster">As the driver sees it.</param>
    /// <param name="patience">How long the driver looks for a server.</param>
    public static string Of(Exception exception, ClusterDescription cluster, TimeSpan patience)
    {
        var unreachable = exception is not (TimeoutException or MongoConnectionException) ? null : cluster.Servers.FirstOrDefault(server => server.HeartbeatException is not null);
        return unreachable is not null ? $"{AddressOf(unreachable.EndPoint)}: {FirstLineOf(unreachable.HeartbeatException)}"
            : exception is TimeoutException ? $"no server that can be written to was found in {patience.TotalSeconds} s"
            : FirstLineOf(exception);
    }

    private static string AddressOf(EndPoint server) => server is DnsEndPoint named ? $"{named.Host}:{named.Port}" : $"{server}";

    private static string FirstLineOf(Exception exception)
    {
        var line = exception.GetBaseException().Message.Split('\n', 2)[0].TrimEnd();
        return line.Length <= LongestLine ? line : line[..LongestLine] + "…";
    }
}
