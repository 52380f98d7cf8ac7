using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Brings a file's schema forward; never back.</summary>
internal static class SqliteMigration
{
    public static void Run(string path, IReadOnlyList<SchemaStep> migrations, Func<SqliteConnection> open)
    {
        OwnerOnlyFolder.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var connection = open();
        if (ReadVersion(connection, path, migrations.Count) == migrations.Count)
        {
            return;
        }

        // A file of its own as the lock: VACUUM INTO does not run inside a transaction of the file itself.
        using var gate = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path + ".lock", Pooling = false }.ToString());
        gate.Open();
        gate.Execute("PRAGMA busy_timeout = 3600000");
        using var turn = gate.BeginTransaction();

        var version = ReadVersion(connection, path, migrations.Count);
        if (version < migrations.Count)
        {
            Advance(connection, path, migrations, version);
        }
    }

    private static void Advance(SqliteConnection connection, string path, IReadOnlyList<SchemaStep> migrations, int version)
    {
        if (version > 0)
        {
            var copy = string.Create(CultureInfo.InvariantCulture, $"{path}.v{version}.bak");
            File.Delete(copy);
            connection.Execute("VACUUM INTO $copy", ("$copy", copy));
        }

        connection.Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction();
        foreach (var step in migrations.Skip(version))
        {
            connection.Execute(step.Script);
            step.Convert?.Invoke(connection);
        }

        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {migrations.Count}"));
        transaction.Commit();
    }

    private static int ReadVersion(SqliteConnection connection, string path, int known)
    {
        var version = (int)connection.ReadLong("PRAGMA user_version");
        return version <= known
            ? version
            : throw new StartRefusedException(
                $"{path} was written by a newer Ems (schema {version}, this one knows {known}): update Ems, or put back an older copy of the file.");
    }
}
