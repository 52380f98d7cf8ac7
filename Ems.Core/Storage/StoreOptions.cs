using System.Text.RegularExpressions;

namespace Ems.Core.Storage;

/// <summary>Where the embedded store keeps its files.</summary>
public sealed partial class StoreOptions
{
    public const string Section = "Ems";

    /// <summary>Folder of the store's files; made when missing, and closed to all but its owner.</summary>
    public string DataDirectory { get; set; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "ems");

    /// <summary>Path of the file of this name, such as <c>analytics.db</c>.</summary>
    public string PathOf(string fileName) =>
        PlainName().IsMatch(fileName) ? Path.Combine(DataDirectory, fileName) : throw new ArgumentException("Not a plain file name.", nameof(fileName));

    [GeneratedRegex(@"^[a-z][a-z0-9_.-]*$")]
    private static partial Regex PlainName();
}
