using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>Holds what names say about directions against the values of a whole sheet: what is above and below zero flows both ways.</summary>
internal sealed class SignChecks(SheetFacts facts)
{
    // Of the values and of what they add up to: an inverter uses a little at night, and a few numbers stand for no value.
    private const double LeastShare = 0.01;
    private const int MostNamed = 5;

    private readonly Dictionary<(int Column, string? Meter), Sums> _sums = [];
    private readonly bool[] _areOut = [.. facts.Subjects.Select(subject => subject.Outward == OutwardName.Out)];
    private readonly bool[] _mayBeOut = [.. facts.Layout.Columns.Select(column => facts.Layout.WholeFile is null && !column.IsDirectionTold && (column.IsSaidByRow || column.Metric is "energy" or "active_power"))];

    public void Note(int subject, int column, double number, int row)
    {
        if (number == 0 || !_mayBeOut[column] || !(_areOut[subject] || facts.Layout.Columns[column].IsExport))
        {
            return;
        }

        var key = (column, facts.Subjects[subject].EquipmentId);
        _sums[key] = _sums.GetValueOrDefault(key).With(number, row);
    }

    /// <exception cref="ImportFaultException">What is called after what flows out has values of both signs.</exception>
    public void Refuse()
    {
        if (_sums.Where(sums => sums.Value.HaveBoth).Select(sums => ((int Column, string? Meter)?)sums.Key).FirstOrDefault() is not { } both)
        {
            return;
        }

        var column = facts.Layout.Columns[both.Column];
        var isOfColumn = column.IsExport;
        var of = new MappedColumn(facts.Layout.Matrix.Count > 0 ? ImportMapping.Matrix : column.Header);
        var asTheyAre = ImportMapping.Written(of with { Metric = column.IsSaidByRow ? null : column.Metric, Export = false });
        var outward = ImportMapping.Written(of with { Metric = column.IsSaidByRow ? "energy" : column.Metric, Export = true });
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{(isOfColumn ? column.Header : both.Meter)} is called after what is made or flows out, but has values above and below zero. Send {asTheyAre} if they are to stay as they are, "
            + $"or {(isOfColumn ? "" : "its rows alone with ")}{outward} if all of them flow out.",
            facts.Layout.Sheet, facts.Layout.HeaderRow, column.Header, isOfColumn ? [asTheyAre, outward] : [asTheyAre])
        {
            Guess = new ImportMapping
            {
                Columns = [.. facts.Layout.Proposal.Where(proposal => proposal.Position is { } position ? position == column.Index + 1 : proposal.Column == column.Header)
                    .Select(proposal => proposal with { Export = false, Confidence = 0.4, Reason = "its values are above and below zero; this is a guess" })],
            },
        });
    }

    /// <summary>The few numbers that have the other sign than the rest of what flows out.</summary>
    public IEnumerable<ImportAssumption> SayFew() => _sums.Where(sums => sums.Value is { CountAbove: > 0, CountBelow: > 0 })
        .OrderBy(sums => sums.Key.Column).ThenBy(sums => sums.Key.Meter, StringComparer.Ordinal).Take(MostNamed).Select(sums => new ImportAssumption(
            "direction", $"{facts.Layout.Columns[sums.Key.Column].Header}{(facts.Layout.Columns[sums.Key.Column].IsExport || sums.Key.Meter is null ? "" : $" of {sums.Key.Meter}")}: {sums.Value.Few}",
            "they have the other sign than all the rest, but are taken for what flows out as well; correct their rows if they are not, or send \"export\": false in the mapping of the column to keep all signs as they are"));

    private readonly record struct Sums(double Above, double Below, int CountAbove, int CountBelow)
    {
        private int FirstAbove { get; init; }

        private int FirstBelow { get; init; }

        /// <summary>How many have the other sign, and where the first of them is.</summary>
        public string Few => Math.Min(CountAbove, CountBelow) is var count && (CountAbove < CountBelow ? FirstAbove : FirstBelow) is var row
            ? $"{count} {(count == 1 ? "value" : "values, the first")} in row {row}" : "";

        public bool HaveBoth => Math.Min(Above, Below) > LeastShare * (Above + Below) && Math.Min(CountAbove, CountBelow) > LeastShare * (CountAbove + CountBelow);

        public Sums With(double number, int row) => number > 0
            ? this with { Above = Above + number, CountAbove = CountAbove + 1, FirstAbove = CountAbove == 0 ? row : FirstAbove }
            : this with { Below = Below - number, CountBelow = CountBelow + 1, FirstBelow = CountBelow == 0 ? row : FirstBelow };
    }
}
