using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Finds devices that rows name in front of what is measured, where the first rows, as those of a file that is sorted by it, are of one alone.</summary>
internal static class NamedDevices
{
    public static ImportAssumption Assume(string header) =>
        new("layout", $"a meter per device that {header} names", "its cells name it in front of what is measured, which several have");

    /// <summary>The sheet with the meters of its rows.</summary>
    public static SheetFacts Tell(SheetFacts sheet)
    {
        var layout = sheet.Layout;
        if (layout is not { WholeFile: null, IsOfDevice: false, Subject: { MetricMayNameDevices: true, MetricNamesDevices: false, Part: null, Metric: { } metric } columns }
            || !DeviceNames.AreOfSeveral(sheet.Subjects.Select(subject => subject.Metric).OfType<string>().Distinct()))
        {
            return sheet;
        }

        var header = layout.Proposal.FirstOrDefault(column => column.Role == ColumnRole.Metric)?.Column ?? $"column {metric + 1}";
        return new SheetFacts(
            layout with { Subject = columns with { MetricNamesDevices = true }, Assumptions = [.. layout.Assumptions, Assume(header)] }, sheet.Spool,
            [.. sheet.Subjects.Select(subject => subject.Metric is { } text && DeviceNames.InFront(text) is { } device ? subject with { EquipmentId = EquipmentNames.ToId(device) } : subject)],
            sheet.Order, sheet.DecimalComma)
        {
            HasOpenDates = sheet.HasOpenDates,
        };
    }
}
