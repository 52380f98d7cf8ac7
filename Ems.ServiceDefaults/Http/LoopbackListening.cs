using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;

namespace Ems.ServiceDefaults.Http;

internal static class LoopbackListening
{
    private static readonly string[] Settings = ["urls", "http_ports", "https_ports"];

    public static void ListenOnLoopback(this IHostApplicationBuilder builder, int[] ports)
    {
        var isTold = Settings.Any(name => !string.IsNullOrEmpty(builder.Configuration[name]))
            || builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
        if (ports.Length > 0 && !isTold && builder is WebApplicationBuilder web)
        {
            web.WebHost.UseUrls([.. ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}"))]);
        }
    }
}
