namespace Ems.Ingestion.Files;

/// <summary>The addresses by which entries of a Green Button feed refer to each other, <c>/UsagePoint/01/MeterReading/01</c>.</summary>
internal static class GreenButtonPaths
{
    // What follows it is the same where it is written alone, as the samples of REQ.21 have it.
    private const string Root = "/resource/";

    /// <summary>Feeds mix addresses with and without a host, with and without what stands before the first resource: <c>ReadingType/07</c>.</summary>
    public static string Of(string? address)
    {
        var path = (address ?? "").Trim();
        var host = path.IndexOf("://", StringComparison.Ordinal);
        path = host < 0 ? path : path[(path.IndexOf('/', host + 3) is var slash and >= 0 ? slash : path.Length)..];
        path = $"/{path.Split('?', '#')[0].Trim('/')}";
        var root = path.LastIndexOf(Root, StringComparison.OrdinalIgnoreCase);
        return path.Length == 1 ? "" : root < 0 ? path : path[(root + Root.Length - 1)..];
    }

    /// <summary>What stands before a resource; null where nothing does.</summary>
    /// <param name="resource">With its slash.</param>
    public static string? Before(string path, string resource) =>
        path.LastIndexOf(resource, StringComparison.OrdinalIgnoreCase) is var at and > 0 ? path[..at] : null;

    public static string LastStep(string path) => path[(path.LastIndexOf('/') + 1)..];
}
