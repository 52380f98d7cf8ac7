using System.Text;
using ClosedXML.Excel;
using Ems.Tests.Contracts;

namespace Ems.Tests.Functional;

/// <summary>Replicas that share a MongoDB and no folder.</summary>
public sealed class SharedRejectedRowsTests : IAsyncDisposable
{
    private readonly TestMongo _mongo = new();
    private readonly TemporaryFolder _one = new();
    private readonly TemporaryFolder _two = new();

    [Fact]
    public async Task Rejected_rows_come_from_any_replica_whichever_ran_the_import()
    {
        await using var first = await ImportHost.StartAsync(_one.Path, $"--ConnectionStrings:ems={_mongo.ConnectionString}");
        var (_, job) = await first.ImportAsync("m.csv", Encoding.UTF8.GetBytes("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,broken\n2024-01-01 02:00,2\n"), wait: true);
        await using var second = await ImportHost.StartAsync(_two.Path, $"--ConnectionStrings:ems={_mongo.ConnectionString}");

        var route = $"/jobs/{job.Text("id")}/rejected";
        using var workbook = new XLWorkbook(new MemoryStream(await second.Client.GetByteArrayAsync(route, TestContext.Current.CancellationToken)));

        Assert.Equal(("completed", 1), (job.Text("state"), job.GetProperty("rows_rejected").GetInt32()));
        Assert.Equal("broken", workbook.Worksheet(1).Cell("B2").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        _one.Dispose();
        _two.Dispose();
        await _mongo.DisposeAsync();
    }
}
