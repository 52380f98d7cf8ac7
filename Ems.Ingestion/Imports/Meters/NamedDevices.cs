using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>Finds devices that rows name in front of what is measured, where the first rows, as those of a file that is sorted by it, are of one alone.</summary>
internal static class NamedDevices
{
    public static ImportAssumption Assume(string header) =>
        new("layout", $"a meter per device that {header} names", "its cells name it in front of what is measured, which several have");

    /// <summary>The sheet with the meters of its rows. A device that has rows alone in a month is the meter that it was beside others, where a profile says that the file is of the same.</summary>
    /// <exception cref="ImportFaultException">It may be.</exception>
    public static SheetFacts Tell(SheetFacts sheet, KnownMeters known, ImportForm form)
    {
        var layout = sheet.Layout;
        if (layout is not { WholeFile: null, IsOfDevice: false, Subject: { MetricMayNameDevices: true, MetricNamesDevices: false, Part: null, Metric: { } metric } columns })
        {
            return sheet;
        }

        var texts = sheet.Subjects.Select(subject => subject.Metric).OfType<string>().Distinct().ToList();
        var header = layout.Proposal.FirstOrDefault(column => column.Role == ColumnRole.Metric)?.Column ?? $"column {metric + 1}";
        if (DeviceNames.AreOfSeveral(texts))
        {
            return WithDevices(sheet, Assume(header));
        }

        var meters = texts.Select(DeviceNames.InFront).OfType<string>().Select(EquipmentNames.ToId).Distinct().Where(known.Have).ToList();
        if (meters.Count == 0 || form.Mapping?.Equipment.ContainsKey(layout.FileName) == true)
        {
            return sheet;
        }

        // Any house has a Main: what another file has of the device may be of another one of that name.
        return known.Have(layout.EquipmentId)
            ? sheet with
            {
                Layout = layout with
                {
                    Assumptions = [.. layout.Assumptions, new ImportAssumption("equipment_id", layout.EquipmentId, $"it is there already, and so is {string.Join(", ", meters)}, which {header} names: \"equipment\": {{\"{layout.FileName}\": \"{meters[0]}\"}} in the mapping gives its values to that one")],
                },
            }
            : form.Remembered is null ? throw Ambiguous(layout, header, meters)
            : WithDevices(sheet, new ImportAssumption("equipment_id", string.Join(", ", meters), $"{header} names a meter that is there already in front of what is measured"));
    }

    private static ImportFaultException Ambiguous(Layout layout, string header, List<string> meters)
    {
        string[] answers = [.. meters.Append(layout.EquipmentId).Select(meter => $"mapping={{\"equipment\":{{\"{layout.FileName}\":\"{meter}\"}}}}")];
        return new(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{header} names {string.Join(", ", meters)} in front of what is measured, which is there already, but nothing says that {layout.FileName} has the same. Send {answers[0]} to go on in that one, or {answers[^1]} for a meter of its own.",
            layout.Sheet, layout.HeaderRow, header, answers)
        {
            Guess = new ImportMapping { Equipment = new Dictionary<string, string> { [layout.FileName] = layout.EquipmentId } },
        });
    }

    private static SheetFacts WithDevices(SheetFacts sheet, ImportAssumption assumption) => new(
        sheet.Layout with { Subject = sheet.Layout.Subject with { MetricNamesDevices = true }, Assumptions = [.. sheet.Layout.Assumptions, assumption] }, sheet.Spool,
        [.. sheet.Subjects.Select(subject => subject.Metric is { } text && DeviceNames.InFront(text) is { } device ? subject with { EquipmentId = EquipmentNames.ToId(device) } : subject)],
        sheet.Order, sheet.DecimalComma)
    {
        HasOpenDates = sheet.HasOpenDates,
    };
}
