using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Ems.AppHost.Local.Running;

/// <summary>The ports of this run: the same one is never given twice.</summary>
internal sealed class Ports(IConfiguration configuration)
{
    private readonly Dictionary<int, string> _owners = [];

    /// <summary>What Ems:Ports says for a resource: null is nothing, 0 is any free port.</summary>
    /// <exception cref="DistributedApplicationException">It says something else.</exception>
    public int? Configured(string name)
    {
        var text = configuration[$"Ems:Ports:{name}"];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new DistributedApplicationException($"Ems__Ports__{name} is '{text}', not a port (0 to 65535; 0: any free port).");
    }

    /// <exception cref="DistributedApplicationException">Another resource or another program has it.</exception>
    public int Take(int port, string name)
    {
        if (!_owners.TryAdd(port, name))
        {
            throw new DistributedApplicationException(
                $"Port {port} is given to both {_owners[port]} and {name}: set Ems__Ports__{name} to another one (0: any free port).");
        }

        return IsFree(port)
            ? port
            : throw new DistributedApplicationException(
                $"Port {port}, which {name} needs, is taken by another program: end that one, or set Ems__Ports__{name} (0: any free port).");
    }

    public int TakeFree(string name)
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (_owners.TryAdd(port, name))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port) =>
        CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    private static bool CanListen(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            return true;
        }
    }
}
