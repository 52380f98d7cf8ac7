using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Ingestion.Imports;

/// <summary>Reads the fields of text that come with a file.</summary>
internal static class FormFields
{
    /// <summary>The form of the fields; or the problem with them.</summary>
    public static (ImportForm? Form, ProblemHttpResult? Problem) Read(IReadOnlyDictionary<string, string> fields)
    {
        string? Field(string name) => fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

        LabelMeaning? label = null;
        if (Field("timestamp_label") is { } said)
        {
            label = said switch { "start" => LabelMeaning.Start, "end" => LabelMeaning.End, "instant" => LabelMeaning.Instant, _ => null };
            if (label is null)
            {
                return (null, EmsProblem.Of(400, ImportFault.DataValidationFailed, $"timestamp_label is '{said}'; it must be start, end or instant."));
            }
        }

        if (Field("equipment_id") is { } equipment && Layouts.EquipmentNames.ToId(equipment) != equipment)
        {
            return (null, EmsProblem.Of(400, ImportFault.DataValidationFailed, @"equipment_id must have 1 to 128 printable characters without / \ ? # %, and not only dots."));
        }

        if (Field("profile") is { } profile && Identifier.FaultOf(profile) is { } fault)
        {
            return (null, EmsProblem.Of(400, ImportFault.DataValidationFailed, $"profile {fault}"));
        }

        if (Field("site") is { } site && Identifier.FaultOf(site) is { } siteFault)
        {
            return (null, EmsProblem.Of(400, ImportFault.DataValidationFailed, $"site {siteFault}"));
        }

        var (mapping, problem) = Field("mapping") is { } json ? Mapping(json) : (null, null);
        return problem is not null ? (null, problem) : (new ImportForm
        {
            EquipmentId = Field("equipment_id"),
            Site = Field("site"),
            TimeZone = Field("time_zone"),
            TimestampLabel = label,
            Metric = Field("metric"),
            Unit = Field("unit"),
            Sheet = Field("sheet"),
            Mapping = mapping,
            Profile = Field("profile"),
        }, null);
    }

    private static (ImportMapping? Mapping, ProblemHttpResult? Problem) Mapping(string json)
    {
        try
        {
            var mapping = JsonSerializer.Deserialize<ImportMapping>(json, EmsJson.Options);
            if (mapping is null)
            {
                return (null, null);
            }

            var faults = MappingChecks.FaultsOf(mapping);
            return faults.Count == 0
                ? (MappingChecks.AsSent(mapping), null)
                : (null, EmsProblem.Of(400, ImportFault.DataValidationFailed, $"{faults[0].Field} {faults[0].Message}", faults));
        }
        catch (JsonException broken)
        {
            return (null, EmsProblem.Of(
                400, ImportFault.DataValidationFailed,
                $"mapping is no JSON of a mapping (at {broken.Path}): it is an object as data/preview proposes it, {{\"columns\": [{{\"column\": …, \"role\": …, \"metric\": …, \"unit\": …}}]}}."));
        }
    }
}
