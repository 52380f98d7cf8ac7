using System.Text.Json.Serialization;
using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Jobs;

/// <param name="NextCursor">Ask with it for the next page; null on the last one.</param>
internal sealed record JobList(IReadOnlyList<JobView> Jobs, string? NextCursor);

/// <summary>A job as its sender sees it. Counters count readings, except the rows read and in total, which are those of the file.</summary>
/// <param name="RowsPerSecond">The pace at which rows are dealt with; null until it is known.</param>
/// <param name="SecondsLeft">While it runs, what is left at this pace.</param>
/// <param name="Profile">The remembered mapping that the file was read by, or that now keeps its mapping.</param>
/// <param name="Gaps">Cells without a value, by what stands in them.</param>
/// <param name="Merge">What a merge is about; left out for an import. It counts values.</param>
internal sealed record JobView(
    string Id, JobState State, string? FileName, int? RowsTotal, int RowsRead, long RowsStored, long RowsDuplicate, long RowsChanged,
    long RowsRejected, double Percentage, double? RowsPerSecond, double? SecondsLeft, IReadOnlyList<ImportFault> Errors,
    IReadOnlyList<ColumnView> Mapping, string? Profile, IReadOnlyList<ImportAssumption> Assumptions,
    IReadOnlyDictionary<string, long> Gaps, IReadOnlyDictionary<string, long> Flags,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MergeView? Merge,
    DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    private static readonly Dictionary<string, long> None = [];

    public static JobView Of(StoredJob stored) => JobBody.From(stored.Body) switch
    {
        MergeJob merge => Of(stored, merge),
        var body => Of(stored, (ImportJob)body),
    };

    private static JobView Of(StoredJob stored, ImportJob job) => new(
        stored.Id, stored.State, job.FileName, job.RowsTotal, job.RowsRead, job.RowsStored, job.RowsDuplicate, job.RowsChanged,
        job.RowsRejected, job.Percentage, job.RowsPerSecond, stored.State == JobState.Running ? job.SecondsLeft : null, job.Errors,
        [.. job.Mapping.Select(column => new ColumnView(
            column.Header, column.EquipmentId, column.Metric, column.Kind.ToString().ToLowerInvariant(), column.SourceUnit))],
        job.Profile, job.Assumptions, job.Gaps, job.Flags, Merge: null, job.StartedAt?.ToDateTimeOffset(), job.EndedAt?.ToDateTimeOffset());

    private static JobView Of(StoredJob stored, MergeJob job) => new(
        stored.Id, stored.State, FileName: null, RowsTotal: null, RowsRead: 0, RowsStored: 0, RowsDuplicate: 0, RowsChanged: job.Values,
        RowsRejected: 0, stored.State is JobState.Completed or JobState.Undone ? 100 : 0, RowsPerSecond: null, SecondsLeft: null, job.Errors, [], Profile: null, [], None, None,
        new MergeView(job.FromId, job.IntoId), job.StartedAt?.ToDateTimeOffset(), job.EndedAt?.ToDateTimeOffset());
}

/// <param name="EquipmentId">The meter that the column belongs to, when the columns belong to several.</param>
/// <param name="Unit">Of the cells; values are kept in the metric's own unit.</param>
internal sealed record ColumnView(string Column, string? EquipmentId, string Metric, string Kind, string Unit);

/// <summary>The equipment whose readings were given to another.</summary>
internal sealed record MergeView(string From, string Into);
