namespace Ems.ServiceDefaults.Http;

/// <summary>Where a server is reached from its own machine.</summary>
public static class ReachableAddress
{
    /// <param name="address">As the server says what it listens on, which may be every address that the machine has.</param>
    public static string Of(string address) => address
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//+", "//localhost", StringComparison.Ordinal)
        .Replace("//*", "//localhost", StringComparison.Ordinal)
        .TrimEnd('/');
}
