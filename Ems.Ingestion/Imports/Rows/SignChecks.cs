using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Holds what names say about directions against the values of a whole sheet: what is above and below zero flows both ways.</summary>
internal sealed class SignChecks(SheetFacts facts)
{
    // Of the values and of what they add up to: an inverter uses a little at night, and a few numbers stand for no value.
    private const double LeastShare = 0.01;

    private readonly Dictionary<(int Column, string? Meter), Sums> _sums = [];
    private readonly bool[] _areOut = [.. facts.Subjects.Select(subject => subject.Outward == OutwardName.Out)];
    private readonly bool[] _mayBeOut = [.. facts.Layout.Columns.Select(column => facts.Layout.WholeFile is null && !column.IsDirectionTold && (column.IsSaidByRow || column.Metric is "energy" or "active_power"))];

    public void Note(int subject, int column, double number)
    {
        if (number == 0 || !_mayBeOut[column] || !(_areOut[subject] || facts.Layout.Columns[column].IsExport))
        {
            return;
        }

        var key = (column, facts.Subjects[subject].EquipmentId);
        _sums[key] = _sums.GetValueOrDefault(key).With(number);
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
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{(isOfColumn ? column.Header : both.Meter)} is called after what is made or flows out, but has values above and below zero. Send \"export\": false in the mapping of {column.Header} if they are to stay as they are, "
            + $"or {(isOfColumn ? "" : "its rows alone with ")}\"export\": true if all of them flow out.",
            facts.Layout.Sheet, facts.Layout.HeaderRow, column.Header)
        {
            Guess = new ImportMapping
            {
                Columns = [.. facts.Layout.Proposal.Where(proposal => proposal.Position is { } position ? position == column.Index + 1 : proposal.Column == column.Header)
                    .Select(proposal => proposal with { Export = false, Confidence = 0.4, Reason = "its values are above and below zero; this is a guess" })],
            },
        });
    }

    private readonly record struct Sums(double Above, double Below, int CountAbove, int CountBelow)
    {
        public bool HaveBoth => Math.Min(Above, Below) > LeastShare * (Above + Below) && Math.Min(CountAbove, CountBelow) > LeastShare * (CountAbove + CountBelow);

        public Sums With(double number) => number > 0 ? this with { Above = Above + number, CountAbove = CountAbove + 1 } : this with { Below = Below - number, CountBelow = CountBelow + 1 };
    }
}
