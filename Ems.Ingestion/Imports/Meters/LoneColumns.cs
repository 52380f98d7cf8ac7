using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Jobs;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>Knows the meter of a column that is alone in this file, and stood beside those of others in files of the same name before: its neighbours are gone, or blank.</summary>
internal sealed class LoneColumns(ICatalogue catalogue, IJobStore jobs)
{
    // Further back nobody looks for what files of this name had.
    private const int LatestJobs = 100;

    /// <summary>The sheet with that meter as its own, unless anything else says whose it is, or the meter that is called after the sheet or the file is there.</summary>
    public async Task<SheetFacts> TellAsync(SheetFacts sheet, string fileName, ImportForm form, CancellationToken cancellationToken)
    {
        var layout = sheet.Layout;
        if (form is not { EquipmentId: null, Profile: null, Mapping: null or { Equipment.Count: 0 } } || MeterChecks.IsArchive(fileName) || GeneralNames.HaveFile(EquipmentNames.FromSheetOrFile("", fileName)) || NameOf(sheet) is not { } name)
        {
            return sheet;
        }

        var id = EquipmentNames.ToId(name);
        var targetOf = await catalogue.FindTargetsAsync([layout.EquipmentId, id], cancellationToken);
        if (targetOf(layout.EquipmentId) is not null || targetOf(id) is not { Virtual: null } known || (form.Site is { } site && known.Site is { } at && at != site))
        {
            return sheet;
        }

        var latest = await jobs.ListAsync(LatestJobs, null, cancellationToken);
        var areBeside = latest.Where(job => job.State == JobState.Completed).Select(job => JobBody.From(job.Body)).OfType<ImportJob>().Any(job =>
            job.Form.EquipmentId is null && MeterChecks.NameOf(job.FileName) == MeterChecks.NameOf(fileName)
            && job.Mapping.Any(column => column.EquipmentId == id && layout.Columns.Any(own => own.Metric == column.Metric)));
        return !areBeside ? sheet : sheet with
        {
            Layout = layout with
            {
                EquipmentId = id,
                Assumptions =
                [
                    .. layout.Assumptions.Where(assumption => assumption is not { What: "equipment_id" }),
                    new ImportAssumption("equipment_id", id, $"files of this name had {layout.Columns[0].Header} beside columns of other meters: \"equipment\": {{\"{layout.FileName}\": \"{layout.FileName}\"}} in the mapping makes it one of its own"),
                ],
            },
        };
    }

    /// <summary>What the columns of a sheet are called that is named by nothing but itself or its file; null where they are called otherwise, or not at all.</summary>
    private static string? NameOf(SheetFacts sheet) =>
        sheet.Layout is { WholeFile: null, NamedBy: null, Matrix.Count: 0, Columns: [{ Name.Length: > 0 } first, ..] } layout && layout.EquipmentId == layout.FileName
        && layout.Columns.All(column => column is { EquipmentId: null, Part: null, IsSaidByRow: false } && column.Name.Equals(first.Name, StringComparison.OrdinalIgnoreCase))
        && sheet.Subjects.All(subject => subject is { EquipmentId: null, Part: null }) ? first.Name : null;
}
