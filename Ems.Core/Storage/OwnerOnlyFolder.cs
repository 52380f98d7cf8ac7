namespace Ems.Core.Storage;

/// <summary>Folders that nobody but the account Ems runs as may read.</summary>
public static class OwnerOnlyFolder
{
    /// <summary>Creates the folder and every missing one above it, each for its owner alone; existing ones stay as they are.</summary>
    /// <exception cref="UnauthorizedAccessException">It cannot be made there.</exception>
    public static void Create(string path)
    {
        var folder = Path.GetFullPath(path);
        if (Directory.Exists(folder))
        {
            return;
        }

        if (Path.GetDirectoryName(folder) is { } parent)
        {
            Create(parent);
        }

        try
        {
            Make(folder);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UnauthorizedAccessException($"The folder {folder} cannot be made.", missing);
        }
    }

    /// <summary>Closes a folder that was there before to all others; its group keeps what it may where it writes, too.</summary>
    /// <returns>Whether others are kept out now.</returns>
    public static bool TryClose(string path)
    {
        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        const UnixFileMode group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
        if (OperatingSystem.IsWindows() || File.GetUnixFileMode(path) is var mode && (mode & others) == 0)
        {
            return true;
        }

        // A folder of all, such as that of temporary files.
        if (mode.HasFlag(UnixFileMode.StickyBit))
        {
            return false;
        }

        try
        {
            File.SetUnixFileMode(path, mode & ~(mode.HasFlag(UnixFileMode.GroupWrite) ? others : others | group));
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
