using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using SQLitePCL;

namespace Ems.Tests.Contracts;

public sealed class SqliteSeriesTests : IDisposable
{
    // Of SQLite's virtual machine: to go through the series one by one takes several for each.
    private const int ManySteps = 1000;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_series_of_one_meter_are_found_without_going_through_those_of_all()
    {
        using var stores = new SqliteStores(_folder.Path, new FakeTimeProvider());
        using var connection = stores.Database.File.Open();
        connection.Execute("""
            WITH RECURSIVE meter(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM meter WHERE number < 2000)
            INSERT INTO series(equipment, metric, length, kind, unit, count, first_at, last_at, end_at)
            SELECT 'm' || number, 'energy', 900000, 0, 'kWh', 1, 0, 0, 900000 FROM meter
            """);
        var often = 0;
        raw.sqlite3_progress_handler(connection.Handle, ManySteps, Count, null);

        var found = Assert.Single(SeriesTable.List(connection, ["m7"], ["energy", "active_power"]));

        raw.sqlite3_progress_handler(connection.Handle, 0, null, null);
        Assert.Equal((new SeriesKey("m7", "energy", Duration.FromMinutes(15)), 0), (found.Key, often));

        int Count(object? _)
        {
            often++;
            return 0;
        }
    }
}
