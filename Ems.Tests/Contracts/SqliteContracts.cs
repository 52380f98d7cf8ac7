using Ems.Core.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Ems.Tests.Contracts;

public sealed class SqliteCatalogueTests : CatalogueContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStores _stores;

    public SqliteCatalogueTests() => _stores = new SqliteStores(_folder.Path, TimeProvider.System);

    protected override ICatalogue Catalogue => _stores.Catalogue;

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }
}

public sealed class SqliteJobStoreTests : JobStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStores _stores;

    public SqliteJobStoreTests() => _stores = new SqliteStores(_folder.Path, Time);

    protected override IJobStore Jobs => _stores.Jobs;

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }
}

public sealed class SqliteReadingStoreTests : ReadingStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SqliteStores> _processes = [];

    public void Dispose()
    {
        _processes.ForEach(stores => stores.Dispose());
        _folder.Dispose();
    }

    protected override (IReadingStore Readings, ICatalogue Catalogue, IJobStore Jobs) OpenProcess(FakeTimeProvider time)
    {
        var stores = new SqliteStores(_folder.Path, time);
        _processes.Add(stores);
        return (stores.Readings, stores.Catalogue, stores.Jobs);
    }

    protected override async Task<IReadOnlyList<string>> ReadOutbox() => await _processes[0].Database.File.ReadAsync(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT name || ' ' || body FROM outbox ORDER BY seq";
            using var reader = command.ExecuteReader();
            var bodies = new List<string>();
            while (reader.Read())
            {
                bodies.Add(reader.GetString(0));
            }

            return bodies;
        },
        TestContext.Current.CancellationToken);
}
