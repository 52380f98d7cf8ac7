namespace Ems.Ingestion.Files;

/// <summary>Files that nobody but the account Ems runs as may read.</summary>
internal static class PrivateFile
{
    /// <summary>Options of a file to write; what was there is overwritten.</summary>
    public static FileStreamOptions ToWrite() => Private(new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 1 << 16 });

    /// <summary>A file beside the given one to write and read back; it is gone when it is closed.</summary>
    public static FileStream CreateTemporary(string beside) => new($"{beside}.{Guid.NewGuid():N}", Private(new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        Options = FileOptions.DeleteOnClose,
        BufferSize = 1 << 16,
    }));

    private static FileStreamOptions Private(FileStreamOptions options)
    {
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
