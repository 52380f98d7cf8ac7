using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;

namespace Ems.Tests.Contracts;

public sealed class MongoCatalogueTests : CatalogueContract, IAsyncDisposable
{
    private readonly TestMongo _mongo = new();

    protected override ICatalogue Catalogue => new MongoCatalogue(_mongo.Open());

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}

public sealed class MongoJobStoreTests : JobStoreContract, IAsyncDisposable
{
    private readonly TestMongo _mongo = new();

    protected override IJobStore Jobs => new MongoJobStore(_mongo.Open(), Time);

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}

public sealed class MongoProfileStoreTests : ProfileStoreContract, IAsyncDisposable
{
    private readonly TestMongo _mongo = new();

    protected override IProfileStore Profiles => new MongoProfileStore(_mongo.Open());

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
