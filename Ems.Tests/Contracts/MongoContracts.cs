using Ems.Core.Messaging.Mongo;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

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

public sealed class MongoReadingStoreTests : ReadingStoreContract, IAsyncDisposable
{
    private readonly Lazy<TestMongo> _mongo = new(() => new TestMongo());

    public ValueTask DisposeAsync() => _mongo.IsValueCreated ? _mongo.Value.DisposeAsync() : ValueTask.CompletedTask;

    protected override IProfileStore Profiles => new MongoProfileStore(_mongo.Value.Open());

    protected override (IReadingStore Readings, ICatalogue Catalogue, IJobStore Jobs, IQualityStore Quality) OpenProcess(FakeTimeProvider time)
    {
        var store = _mongo.Value.Open();
        var claims = new WriteClaims(store);
        var other = _mongo.Value.Open();
        var others = new WriteClaims(other);
        return (
            new ComparedReadings(new MongoReadingStore(store, claims, time), new MongoReadingStore(other, others, time)), new MongoCatalogue(store),
            new MongoJobStore(store, time), new ComparedQuality(new MongoQualityStore(store, claims), new MongoQualityStore(other, others)));
    }

    protected override async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>>> RecountFlags()
    {
        var readings = await (await _mongo.Value.Open().OpenAsync(CoreCollections.Readings, Cancel)).Find(Where.Empty).ToListAsync(Cancel);
        return readings.Select(StoredReading.Read).Where(reading => reading.Flags is not null)
            .GroupBy(reading => reading.EquipmentId)
            .ToDictionary(
                ofEquipment => ofEquipment.Key,
                ofEquipment => (IReadOnlyDictionary<ReadingFlags, long>)ofEquipment.GroupBy(reading => reading.Flags!.Value)
                    .ToDictionary(same => same.Key, same => same.LongCount()));
    }

    protected override async Task<IReadOnlyList<string>> ReadOutbox()
    {
        var events = await (await _mongo.Value.Open().OpenAsync(MessageDocuments.Outbox, Cancel))
            .Find(Where.Eq("state", MessageDocuments.Waiting)).Sort(By.Ascending("order")).ToListAsync(Cancel);
        return events.ConvertAll(document => $"{document["name"].AsString} {BsonJson.ToText(document["body"])}");
    }
}
