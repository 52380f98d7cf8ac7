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
