using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.OpenApi;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Ingestion.Imports;

/// <summary>Reads the fields of text that come with a file.</summary>
internal static class FormFields
{
    public static readonly FormField[] All =
    [
        new("equipment_id", "The meter, where the file names none.", "main-meter"),
        new("site", "Site of equipment that is new; the site exists already."),
        new("time_zone", "IANA zone of local times; default the site's.", "Europe/Berlin"),
        new("timestamp_label", "What a timestamp marks: start or end of its interval, or an instant.", "start"),
        new("metric", "For columns whose header names none, such as active_power."),
        new("unit", "For columns whose header names none, such as kWh."),
        new("sheet", "The sheet to read, where more than one holds readings."),
        new("profile", "A remembered mapping to read the file by, or to keep its mapping in; without it one is found by the headers."),
        new("mapping", "JSON: what the columns mean, as data/preview proposes it and as you correct it.", """{"columns":[{"column":"timestamp","role":"time"},{"column":"Active Power (kW)","metric":"active_power","unit":"kW"}]}"""),
    ];

    /// <summary>The form as far as it can be read, and what is wrong with each field as far as nothing has to be looked up for it.</summary>
    public static (ImportForm Form, List<FieldFault> Faults) Read(IReadOnlyDictionary<string, string> fields)
    {
        string? Field(string name) => fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

        var faults = new List<FieldFault>();
        foreach (var name in fields.Keys.Where(name => !Array.Exists(All, field => field.Name == name)))
        {
            faults.Add(new FieldFault(name, $"is no field of this form: there are file, {string.Join(", ", All.Select(field => field.Name))}."));
        }

        var form = new ImportForm
        {
            EquipmentId = Field("equipment_id"),
            Site = Field("site"),
            TimeZone = Field("time_zone"),
            TimestampLabel = Field("timestamp_label") switch { "start" => LabelMeaning.Start, "end" => LabelMeaning.End, "instant" => LabelMeaning.Instant, _ => null },
            Metric = Field("metric"),
            Unit = UnitOf(Field("unit")),
            Sheet = Field("sheet"),
            Mapping = Field("mapping") is { } json ? Mapping(json, faults) : null,
            Profile = Field("profile"),
        };
        faults.AddIf(form.EquipmentId is null ? null : Identifier.FaultOf(form.EquipmentId), "equipment_id");
        faults.AddIf(form.Profile is null ? null : Identifier.FaultOf(form.Profile), "profile");
        faults.AddIf(Field("timestamp_label") is { } label && form.TimestampLabel is null ? $"is '{label}'; it must be start, end or instant." : null, "timestamp_label");
        faults.AddIf(FaultOfMetric(form.Metric), "metric");
        faults.AddIf(FaultOfUnit(form.Unit), "unit");
        return (form, faults);
    }

    /// <summary>What is wrong with the metric of columns that say none; null where nothing is.</summary>
    public static string? FaultOfMetric(string? name) => name is null || MetricCatalogue.Find(name) is not null ? null
        : $"is '{name}'; it must be one of {string.Join(", ", MetricCatalogue.All.Select(metric => metric.Name))}. A mapping may keep a column under another name.";

    /// <summary>A unit as it is kept, which is known by itself.</summary>
    public static string? UnitOf(string? text) => text is not null && !Units.TryParse(text, out _) && HeaderReader.UnitAlone(text) is { } unit ? unit.Symbol : text;

    /// <summary>What is wrong with their unit; null where nothing is.</summary>
    public static string? FaultOfUnit(string? unit) => unit is null || Units.TryParse(UnitOf(unit), out _) ? null : $"is '{unit}', which is not known: it is one such as kWh, kW or m³.";

    /// <summary>The answer to a form with these faults.</summary>
    public static ProblemHttpResult Refuse(List<FieldFault> faults) => EmsProblem.Of(
        StatusCodes.Status400BadRequest, faults.TrueForAll(fault => fault.Field == "unit") ? ImportFault.UnknownUnit : ImportFault.DataValidationFailed,
        $"{faults[0].Field} {faults[0].Message}", faults);

    private static ImportMapping? Mapping(string json, List<FieldFault> faults)
    {
        try
        {
            if (JsonSerializer.Deserialize<ImportMapping>(json, EmsJson.Options) is not { } mapping)
            {
                return null;
            }

            var found = MappingChecks.FaultsOf(mapping);
            faults.AddRange(found);
            return found.Count == 0 ? MappingChecks.AsSent(mapping) : new ImportMapping();
        }
        catch (JsonException broken)
        {
            faults.Add(new FieldFault(
                "mapping",
                $"is no JSON of a mapping (at {broken.Path}): it is an object as data/preview proposes it, {{\"columns\": [{{\"column\": …, \"role\": …, \"metric\": …, \"unit\": …}}]}}."));
            return new ImportMapping();
        }
    }
}
