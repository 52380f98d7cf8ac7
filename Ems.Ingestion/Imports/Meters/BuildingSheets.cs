using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Jobs;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>
/// Knows the meter of a sheet that is called by what flows in the file of a building (<c>Electricity</c> of <c>Building A.xlsx</c>), where it was called otherwise before: by the sheet alone,
/// or by the file, as long as this had no other sheet.
/// </summary>
internal sealed class BuildingSheets(ICatalogue catalogue, IJobStore jobs)
{
    // Further back nobody looks for what files of this name had.
    private const int LatestJobs = 100;

    private readonly List<(Layout Layout, string There)> _open = [];

    /// <summary>The sheet with that meter.</summary>
    public async Task<SheetFacts> TellAsync(SheetFacts sheet, string fileName, ImportForm form, CancellationToken cancellationToken)
    {
        var layout = sheet.Layout;
        if (form is not { EquipmentId: null, Profile: null } || layout.EquipmentId != layout.FileName || LayoutFinder.CalledInPlace(layout, fileName) is not { } placed || form.Mapping?.Equipment.ContainsKey(layout.FileName) == true)
        {
            return sheet;
        }

        var file = layout.FileOf(fileName);
        var targetOf = await catalogue.FindTargetsAsync([placed, layout.OwnName, file], cancellationToken);
        Equipment? There(string id) => targetOf(id) is { Virtual: null } known && !(form.Site is { } site && known.Site is { } at && at != site) ? known : null;

        if (targetOf(layout.FileName) is not null || layout.FileName == layout.OwnName)
        {
            return sheet;
        }

        if (layout.FileName == file)
        {
            return There(placed) is null ? sheet : Continue(sheet, placed, $"files of this name had it beside others in a sheet {layout.OwnName}");
        }

        if (There(layout.OwnName) is { } own)
        {
            return await HaveStoredAsync(own, fileName, cancellationToken) ? Continue(sheet, layout.OwnName, "files of this name have stored there before what their sheet has") : Ask(sheet, own.Id);
        }

        return There(file) is { } alone && alone.Carrier == (Carriers.Find(layout.OwnName) ?? Carriers.OfCapitals(layout.OwnName)) && await HaveStoredAsync(alone, fileName, cancellationToken)
            ? Continue(sheet, file, "files of this name had no other sheet before") : sheet;
    }

    private static SheetFacts Continue(SheetFacts sheet, string id, string why) => sheet with
    {
        Layout = sheet.Layout with
        {
            EquipmentId = id,
            FileName = id,
            Assumptions = [.. sheet.Layout.Assumptions.Where(assumption => assumption is not { What: "equipment_id" }), new ImportAssumption("equipment_id", id, $"it is there already, and {why}")],
        },
    };

    private async Task<bool> HaveStoredAsync(Equipment meter, string fileName, CancellationToken cancellationToken)
    {
        bool IsOfName(StoredJob? job) => job is not null && JobBody.From(job.Body) is ImportJob import && MeterChecks.NameOf(import.FileName) == MeterChecks.NameOf(fileName);

        return (meter.CreatedBy is { } creator && IsOfName(await jobs.FindAsync(creator, cancellationToken)))
            || (await jobs.ListAsync(LatestJobs, null, cancellationToken)).Any(job => job.State == JobState.Completed && IsOfName(job) && ((ImportJob)JobBody.From(job.Body)!).Changes.Any(range => range.Series.EquipmentId == meter.Id));
    }

    private SheetFacts Ask(SheetFacts sheet, string there)
    {
        _open.Add((sheet.Layout, there));
        return sheet;
    }

    /// <exception cref="ImportFaultException">Meters are called as sheets are, and nothing says that files of this name have stored their values.</exception>
    public void RefuseOpen()
    {
        if (_open.Count == 0)
        {
            return;
        }

        var (going, own) = (_open.DistinctBy(one => one.Layout.FileName).ToDictionary(one => one.Layout.FileName, one => one.There), _open.DistinctBy(one => one.Layout.FileName).ToDictionary(one => one.Layout.FileName, one => one.Layout.FileName));
        string[] answers = [Written(going), Written(own)];
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{string.Join(", ", _open.Select(one => one.Layout.OwnName).Distinct())} {(_open.Count > 1 ? "are called as meters that are" : "is called as a meter that is")} there already, and the file as a building: each has such sheets. Send {answers[0]} to go on in {(_open.Count > 1 ? "those" : "that one")}, or {answers[1]} for {(_open.Count > 1 ? "meters" : "a meter")} of its own.",
            _open[0].Layout.Sheet, _open[0].Layout.HeaderRow, null, answers)
        {
            Guess = new ImportMapping { Equipment = own },
        });

        static string Written(Dictionary<string, string> ids) => $"mapping={{\"equipment\":{{{string.Join(',', ids.Select(entry => $"\"{entry.Key}\":\"{entry.Value}\""))}}}}}";
    }
}
