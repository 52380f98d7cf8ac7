using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// A prepared statement for what runs once per value, where binding through a <see cref="SqliteCommand"/> takes longer than the
/// statement itself. Parameters are numbered from 1, columns from 0.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _handle;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        _handle = _statement.DangerousGetHandle();
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(NativeSqlite.sqlite3_bind_int64(_handle, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, double value)
    {
        Check(NativeSqlite.sqlite3_bind_double(_handle, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, string value)
    {
        Check(raw.sqlite3_bind_text(_statement, parameter, value));
        return this;
    }

    public SqliteStatement BindNull(int parameter)
    {
        Check(NativeSqlite.sqlite3_bind_null(_handle, parameter));
        return this;
    }

    /// <summary>Goes on to the next row; false behind the last one, where the statement is ready to run again.</summary>
    public bool Step()
    {
        var code = NativeSqlite.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        // The code of the step, not of the reset: it names what happened.
        _ = NativeSqlite.sqlite3_reset(_handle);
        Check(code == raw.SQLITE_DONE ? raw.SQLITE_OK : code);
        return false;
    }

    /// <summary>Runs a statement that returns no rows.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    public bool IsNull(int column) => NativeSqlite.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public long Long(int column) => NativeSqlite.sqlite3_column_int64(_handle, column);

    public double Double(int column) => NativeSqlite.sqlite3_column_double(_handle, column);

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }
}
