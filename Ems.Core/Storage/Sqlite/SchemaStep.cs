using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>What leads from one schema version of a file to the next.</summary>
/// <param name="Convert">What a script cannot do, after it and in its transaction.</param>
public sealed record SchemaStep(string Script, Action<SqliteConnection>? Convert = null)
{
    public static implicit operator SchemaStep(string script) => FromScript(script);

    public static SchemaStep FromScript(string script) => new(script);
}
