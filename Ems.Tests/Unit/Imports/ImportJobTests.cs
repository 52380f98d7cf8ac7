using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Rows;

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

    [Fact]
    public void A_job_that_was_killed_before_it_took_equipment_to_its_site_says_so_again()
    {
        var killed = new ImportJob("main.csv", "spool", new ImportForm(), "UTC").PlacedTo([new HomelessEquipment("m1", "a", null)]);

        var again = killed.PlacedTo([new HomelessEquipment("m2", "a", null), new HomelessEquipment("m1", "a", null)]);

        Assert.Equal(new Dictionary<string, string> { ["m1"] = "a", ["m2"] = "a" }, again.PlacedAt);
    }
}
