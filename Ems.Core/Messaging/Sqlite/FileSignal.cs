namespace Ems.Core.Messaging.Sqlite;

/// <summary>Wakes those who wait for a database file, in this process and in others, by touching a small file beside it.</summary>
public static class FileSignal
{
    public const string Extension = ".signal";

    /// <summary>Name of the signal file of a database, such as <c>ingestion.signal</c>.</summary>
    public static string NameOf(string databasePath) => Path.GetFileNameWithoutExtension(databasePath) + Extension;

    /// <summary>Call it after the commit. A signal that fails only means that the waiting ones notice at their next poll.</summary>
    public static void Raise(string databasePath)
    {
        try
        {
            var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(databasePath))!, NameOf(databasePath));
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            file.WriteByte((byte)'!');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The poll finds it.
        }
    }
}
