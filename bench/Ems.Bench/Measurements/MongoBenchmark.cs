using MongoDB.Bson;
using MongoDB.Driver;

namespace Ems.Bench.Measurements;

/// <summary>An import into the MongoDB that the variable of the tests names against the least that the same work can cost there.</summary>
internal static class MongoBenchmark
{
    private const int Rows = 20_000;
    private const int BulkSize = 2_000;
    private const int WarmUps = 15;
    private const string Import = "import of .csv, upload to stored";
    private const string Bare = "bare unordered InsertMany of the same documents";

    /// <summary>
    /// Both sides run as they do in a process that has run for a while: what they do first, while their code is still being compiled, is not
    /// counted. Each import is of a new meter, as each insert is into a new collection.
    /// </summary>
    public static async Task RunAsync(int rounds)
    {
        var address = new MongoUrlBuilder(Machine.ServerOf("EMS_TEST_MONGODB")) { DatabaseName = $"ems_bench_{Guid.NewGuid():N}" }.ToMongoUrl();
        var results = new Results($"{Rows:N0} rows of {SampleWorkbook.ValueColumns} values into MongoDB");
        using var csv = SampleWorkbook.Csv(Rows);
        using var client = new MongoClient(address);
        var database = client.GetDatabase(address.DatabaseName);
        await using (var monolith = (await RunningProgram.StartAsync("Ems.Monolith", environment: ("ConnectionStrings__ems", address.ToString()))).Program)
        {
            for (var round = -WarmUps; round < rounds; round++)
            {
                var stored = await Upload.ImportAsync(monolith.Http, csv);
                await monolith.RestAsync();
                var inserted = await InsertAsync(database);
                if (round >= 0)
                {
                    results.Add(Import, Rows / stored.TotalSeconds);
                    results.Add(Bare, Rows / inserted.TotalSeconds);
                }
            }
        }

        await client.DropDatabaseAsync(address.DatabaseName);
        results.Print("rows/s");
        results.PrintRatio(Import, Bare, "at least 0.5");
    }

    private static async Task<TimeSpan> InsertAsync(IMongoDatabase database)
    {
        var documents = await database.GetCollection<BsonDocument>("readings").Find(FilterDefinition<BsonDocument>.Empty)
            .Sort(new BsonDocument("_id.equipment", -1)).Limit(Rows).ToListAsync();
        var bare = database.GetCollection<BsonDocument>("bare").WithWriteConcern(WriteConcern.WMajority);
        var startedAt = TimeProvider.System.GetTimestamp();
        foreach (var bulk in documents.Chunk(BulkSize))
        {
            await bare.InsertManyAsync(bulk, new InsertManyOptions { IsOrdered = false });
        }

        var elapsed = TimeProvider.System.GetElapsedTime(startedAt);
        await database.DropCollectionAsync("bare");
        return elapsed;
    }
}
