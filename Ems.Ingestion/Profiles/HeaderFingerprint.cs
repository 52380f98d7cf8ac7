using System.Security.Cryptography;
using System.Text;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Profiles;

/// <summary>By which a file with the same headers is known again, in whatever order and below whatever titles they stand.</summary>
internal static class HeaderFingerprint
{
    private const int Length = 32;

    /// <param name="columns">Headers of all columns; those of a matrix together as <see cref="ImportMapping.Matrix"/>.</param>
    public static string Of(IEnumerable<string> columns)
    {
        var headers = columns.Select(column => MappedColumn.Normal(column).ToUpperInvariant()).Distinct().Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', headers))))[..Length];
    }

    public static string Of(Layout layout) => Of(layout.Proposal.Select(column => column.Column));

    /// <summary>The fingerprints of all tables that the sheet's rows may be.</summary>
    public static IEnumerable<string> Candidates(SheetSample sample)
    {
        for (var i = 0; i < sample.Rows.Count; i++)
        {
            if ((TimeHeaders.FindAt(sample, i, wanted: null, areFew: false) ?? TimeHeaders.FindAt(sample, i, wanted: null, areFew: true)) is var (times, below))
            {
                var cells = times.Cells.ToHashSet();
                yield return Of(below.Columns.Where(column => !cells.Contains(column)).Select(below.HeaderOf).Append(ImportMapping.Matrix));
            }

            if (TableRecogniser.CouldBeFirst(sample, i, headerRow: null))
            {
                var table = SheetTable.From(sample, i);
                yield return Of(table.Columns.Select(table.HeaderOf).Concat(table.HeadersOfBlanks));
                if (table.HeadersOfBlanks.Count > 0)
                {
                    yield return Of(table.Columns.Select(table.HeaderOf));
                }
            }
        }
    }
}
