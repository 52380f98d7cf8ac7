using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds rows that only name a carrier and head the rows below them: <c>ELECTRICITY</c>, then sites, <c>GAS</c>, then sites.</summary>
internal static class SectionRows
{
    private const int MostNamed = 5;

    /// <param name="values">Columns of values.</param>
    /// <exception cref="ImportFaultException">There are such rows: below them the same name is another meter, and no cell of it says so.</exception>
    public static void Refuse(SheetTable table, SubjectColumns subject, IReadOnlyCollection<int> values)
    {
        if (table.Told is not null || subject is not { Equipment: { } names, Type: null, SayWhatIsMeasured: false })
        {
            return;
        }

        var named = table.Rows.Select((row, index) => (Row: row, Index: index, Carrier: CarrierIn(row[names]))).Where(row => row.Carrier is not null).ToList();
        if (named.Count == 0 || named.Exists(row => row.Row.Filled > 1) || MayBeMeter([.. named.Select(row => row.Carrier!).Distinct()], named[0].Index)
            || !table.Rows.Skip(named[0].Index).Any(row => values.Any(column => DecimalColumn.IsNumber(row[column]))))
        {
            return;
        }

        var rows = named.ConvertAll(row => row.Row);
        var numbers = string.Join(", ", rows.Take(MostNamed).Select(row => row.Number));
        throw new ImportFaultException(new ImportFault(
            ImportFault.DataValidationFailed,
            $"{(rows.Count == 1 ? "Row" : "Rows")} {numbers} only {(rows.Count == 1 ? "says" : "say")} {string.Join(", ", rows.Take(MostNamed).Select(row => row[names].Text))}, as headings of the rows below do. "
            + $"Insert a column headed Utility{(HeaderTexts.Letters(names + 1)[names] == table.HeaderOf(names) ? " and head the names (Site)" : "")}, write there of each row what it is of (Electricity, Gas), and delete these headings; delete such a row too if it is a meter without values.",
            table.Sheet, rows[0].Number, table.HeaderOf(names)));
    }

    /// <summary>Electricity is what the rest is taken for anyway, and it heats and cools: one that does may have no values. Above all others heat is a heading.</summary>
    private static bool MayBeMeter(string[] carriers, int first) => carriers is [Carriers.Electricity or Carriers.Cooling] || (carriers is [Carriers.Heat] && first > 0);

    /// <summary>What a cell names that has a carrier and at most the unit of it: <c>GAS</c>, <c>Water (m3)</c>, <c>Gas consumption</c>.</summary>
    private static string? CarrierIn(in Cell cell) => cell.Kind == CellKind.Text && Carriers.FindAll(cell.Text!) is [var only] && Carriers.Without(cell.Text!).Trim([.. " ()[]:-–"]) is var rest
        && (rest.Length == 0 || (Units.TryParse(rest, out _) && !Units.IsNameToo(rest)) || GeneralNames.Have(rest)) ? only : null;
}
