using Ems.Core.Storage;

namespace Ems.ServiceDefaults.Authentication;

/// <summary>A small file that only its owner may read, written once, whichever process comes first.</summary>
public static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <returns>The file's text, and whether this call made it.</returns>
    public static (string Text, bool IsNew) ReadOrCreate(string path, Func<string> create)
    {
        if (File.Exists(path))
        {
            return (File.ReadAllText(path).Trim(), false);
        }

        var folder = Path.GetDirectoryName(path)!;
        OwnerOnlyFolder.Create(folder);
        var text = create();
        var unfinished = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (StreamWriter writer = new(unfinished, options))
            {
                writer.Write(text);
            }

            File.Move(unfinished, path);
            return (text, true);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
            return (File.ReadAllText(path).Trim(), false);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
