using Ems.Core.Storage;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>
/// Wakes those who wait for a database file, in this process and in others, by touching a small file. It lies in a folder of its
/// own, where no other file's changes reach the watcher.
/// </summary>
public static class FileSignal
{
    public const string Extension = ".signal";

    /// <summary>The folder of the signals of all database files in a data folder.</summary>
    public static string FolderIn(string dataDirectory) => Path.Combine(dataDirectory, "signals");

    /// <summary>Name of the signal file of a database, such as <c>ingestion.signal</c>.</summary>
    public static string NameOf(string databasePath) => Path.GetFileNameWithoutExtension(databasePath) + Extension;

    /// <summary>Call it after the commit. A signal that fails only means that the waiting ones notice at their next poll.</summary>
    public static void Raise(string databasePath)
    {
        try
        {
            var folder = FolderIn(Path.GetDirectoryName(Path.GetFullPath(databasePath))!);
            OwnerOnlyFolder.Create(folder);
            using var file = new FileStream(
                Path.Combine(folder, NameOf(databasePath)), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            file.WriteByte((byte)'!');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The poll finds it.
        }
    }
}
