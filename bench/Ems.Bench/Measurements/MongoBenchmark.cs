using MongoDB.Bson;
using MongoDB.Driver;

namespace Ems.Bench.Measurements;

/// <summary>An import into the MongoDB that the variable of the tests names against the least that the same work can cost there.</summary>
internal static class MongoBenchmark
{
    private const int Rows = 20_000;
    private const int BulkSize = 2_000;
    private const string Import = "import of .csv, upload to stored";
    private const string Bare = "bare unordered InsertMany of the same documents";

    /// <summary>
    /// The store is a new one for each round: the bare side does not look for what is there already either. The process has imported another
    /// meter before, as this program has inserted before.
    /// </summary>
    public static async Task RunAsync(int rounds)
    {
        var server = Machine.ServerOf("EMS_TEST_MONGODB");
        var results = new Results($"{Rows:N0} rows of {SampleWorkbook.ValueColumns} values into MongoDB");
        using var csv = SampleWorkbook.Csv(Rows);
        for (var round = 0; round < rounds; round++)
        {
            var address = new MongoUrlBuilder(server) { DatabaseName = $"ems_bench_{Guid.NewGuid():N}" }.ToMongoUrl();
            using var client = new MongoClient(address);
            var database = client.GetDatabase(address.DatabaseName);
            await using (var monolith = (await RunningProgram.StartAsync("Ems.Monolith", environment: ("ConnectionStrings__ems", address.ToString()))).Program)
            {
                await Upload.ImportAsync(monolith.Http, csv);
                var stored = await Upload.ImportAsync(monolith.Http, csv);
                results.Add(Import, Rows / stored.TotalSeconds);
            }

            results.Add(Bare, Rows / (await InsertAsync(database)).TotalSeconds);
            await client.DropDatabaseAsync(address.DatabaseName);
        }

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

        return TimeProvider.System.GetElapsedTime(startedAt);
    }
}
