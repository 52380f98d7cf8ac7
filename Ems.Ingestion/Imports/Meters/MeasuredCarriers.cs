using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>What flows through meters whose values the rows describe, as far as all that is counted there is of one carrier.</summary>
internal sealed class MeasuredCarriers
{
    private readonly Dictionary<string, string> _found = [];

    public MeasuredCarriers(SheetFacts facts)
    {
        var quantities = new Quantities(facts.Layout, facts.Subjects);
        var said = Enumerable.Range(0, facts.Layout.Columns.Count).Where(column => facts.Layout.Columns[column].IsSaidByRow).ToList();
        string? OnlyIn(IEnumerable<int> subjects)
        {
            var metrics = subjects.SelectMany(subject => said.Select(column => quantities.Of(column, subject)).Where(quantity => quantity.Fault is null)
                .Select(quantity => (quantity.Known?.Dimension, Carrier: Carriers.Of(quantity.Metric) ?? Carriers.Find(facts.Subjects[subject].Metric, quantity.Known?.Dimension)))).ToList();
            // Energy and power may be of any carrier.
            return metrics.Select(metric => metric.Carrier).OfType<string>().Distinct().ToList() is [var only]
                && metrics.TrueForAll(metric => metric is { Carrier: not null } or { Dimension: not (Dimension.Energy or Dimension.ActivePower) }) ? only : null;
        }

        foreach (var meter in facts.Subjects.Select((subject, i) => (subject.EquipmentId, Index: i)).Where(subject => subject.EquipmentId is not null).GroupBy(subject => subject.EquipmentId!, subject => subject.Index))
        {
            if (OnlyIn(meter) is { } only)
            {
                _found[meter.Key] = only;
            }
        }

        OfUnnamed = said.Count < facts.Layout.Columns.Count ? null : OnlyIn(Enumerable.Range(0, facts.Subjects.Count).Where(i => facts.Subjects[i].EquipmentId is null));
    }

    /// <summary>Of the meter that no row names, where the rows say all that it has.</summary>
    public string? OfUnnamed { get; }

    public string? Of(string equipmentId) => _found.GetValueOrDefault(equipmentId);
}
