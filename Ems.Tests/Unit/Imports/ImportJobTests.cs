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
}
