namespace Ems.AppHost.Local.Running;

internal static class MongoAddress
{
    /// <summary>The server's connection string with another database. Who the user is, is still asked where it was before: without a word, in "admin".</summary>
    public static string WithDatabase(string server, string database)
    {
        var (address, options) = Cut(server, server.IndexOf('?', StringComparison.Ordinal));
        var (hosts, own) = Cut(address, address.IndexOf('/', address.IndexOf("://", StringComparison.Ordinal) + 3));
        var isUser = hosts.Contains('@', StringComparison.Ordinal)
            && !options.Contains("authSource=", StringComparison.OrdinalIgnoreCase)
            && (!options.Contains("authMechanism=", StringComparison.OrdinalIgnoreCase) || options.Contains("authMechanism=SCRAM", StringComparison.OrdinalIgnoreCase));
        var source = isUser ? $"{(options.Length > 0 ? "&" : "?")}authSource={(own.Length > 1 ? own[1..] : "admin")}" : "";
        return $"{hosts}/{database}{options}{source}";

        static (string Before, string From) Cut(string text, int at) => at < 0 ? (text, "") : (text[..at], text[at..]);
    }
}
