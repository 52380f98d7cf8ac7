using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace Ems.Tests.Contracts;

/// <summary>The store of one process; several may share a folder.</summary>
internal sealed class SqliteStores(string folder, TimeProvider time) : IDisposable
{
    public IngestionDatabase Database { get; } = new(Options.Create(new StoreOptions { DataDirectory = folder }));

    public IReadingStore Readings => new SqliteReadingStore(Database, time);

    public IQualityStore Quality => new SqliteQualityStore(Database);

    public ICatalogue Catalogue => new SqliteCatalogue(Database);

    public IJobStore Jobs => new SqliteJobStore(Database, time);

    public IProfileStore Profiles => new SqliteProfileStore(Database);

    public void Dispose() => Database.Dispose();
}
