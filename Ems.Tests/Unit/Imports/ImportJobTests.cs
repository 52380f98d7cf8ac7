using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using NodaTime;

namespace Ems.Tests.Unit.Imports;

public sealed class ImportJobTests
{
    [Fact]
    public void The_reason_why_an_import_failed_is_among_its_errors_however_many_rows_were_rejected()
    {
        var rejected = Enumerable.Range(1, 250).Select(row => new ImportedReading(
            [], 1, 0, 1, [new ImportFault(ImportFault.DataValidationFailed, "is no number.", Row: row)], row));
        var job = new ImportJob("main.csv", "spool", new ImportForm(), "UTC").After([.. rejected], []);

        var failed = job.WithFault(new ImportFault(ImportFault.EquipmentSiteMismatch, "belongs to another site."));

        Assert.Equal(100, failed.Errors.Count);
        Assert.Equal(ImportFault.EquipmentSiteMismatch, failed.Errors[^1].Code);
        Assert.Equal(Enumerable.Range(1, 99), failed.Errors.SkipLast(1).Select(error => error.Row!.Value));
    }

    [Theory]
    [InlineData(31, 29)]
    [InlineData(1, 1)]
    public void A_job_that_goes_on_knows_where_it_changed_something(int firstDays, int secondDays)
    {
        var start = Instant.FromUtc(2024, 1, 1, 0, 0);
        var (first, second) = (Duration.FromDays(firstDays), Duration.FromDays(secondDays));
        var job = new ImportJob("main.csv", "spool", new ImportForm(), "UTC");
        foreach (var (from, length) in (IEnumerable<(Instant, Duration)>)[(start, first), (start + first, second), (start + first + second, Duration.FromDays(31))])
        {
            var reading = new Reading("m", from, length, [new MetricValue("energy", QuantityKind.Interval, "kWh", 1, 1, "kWh")]);
            job = ImportJob.From(job.After([new ImportedReading([reading], 1, 0, 0, [], 1)], [WriteOutcome.Stored]).ToBody());
        }

        Assert.All(job.Changes, range => Assert.Equal(NominalLength.Of(range.Series.Length), range.Series.Length));
        Assert.Equal(job.Changes.Count, job.Changes.DistinctBy(range => range.Series).Count());
        Assert.Equal((start, start + first + second), (job.Changes.Min(range => range.First), job.Changes.Max(range => range.Last)));
    }

    [Fact]
    public void A_job_knows_how_long_it_takes_while_its_file_is_looked_through()
    {
        var job = new ImportJob("main.csv", "spool", new ImportForm(), "UTC").WithRead(1000, 0.5) with { RowsPerSecond = 500 };

        Assert.Equal(15, job.Percentage);
        Assert.Equal(11.3, job.SecondsLeft);
        Assert.Null((job with { RowsPerSecond = null }).SecondsLeft);
        Assert.Equal(4, (job with { RowsTotal = 3000, RowsDone = 1000, Percentage = 53.3 }).SecondsLeft);
    }

    [Fact]
    public void A_job_that_was_killed_before_it_took_equipment_to_its_site_says_so_again()
    {
        var killed = new ImportJob("main.csv", "spool", new ImportForm(), "UTC").PlacedTo([new HomelessEquipment("m1", "a", null)]);

        var again = killed.PlacedTo([new HomelessEquipment("m2", "a", null), new HomelessEquipment("m1", "a", null)]);

        Assert.Equal(new Dictionary<string, string> { ["m1"] = "a", ["m2"] = "a" }, again.PlacedAt);
    }
}
