using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Previews;

/// <summary>What a file was taken for, and what is open about it.</summary>
/// <param name="Mapping">To be sent with the import, as it is or corrected.</param>
/// <param name="Zone">Where its local times are.</param>
internal sealed record MappingProposal(ImportMapping Mapping, FileFacts Facts, FileZone Zone, IReadOnlyList<ImportFault> Open)
{
    private const int MaxGuesses = 64;

    /// <summary>Reads the rows as an import does; where that leaves a choice, it takes the likeliest way and goes on.</summary>
    /// <exception cref="ImportFaultException">Nothing can be made of the file.</exception>
    public static async Task<MappingProposal> FindAsync(
        ITableFile file, ImportForm form, KnownMeters known, Func<FileScan, ImportForm, Task<FileZone>> zoneOf, string rowsPath, CancellationToken cancellationToken)
    {
        var open = new List<ImportFault>();
        var guessed = form;
        while (true)
        {
            try
            {
                var scan = new FileScan(file, guessed, rowsPath, known);
                scan.Copy((_, _) => { }, cancellationToken);
                var zone = await zoneOf(scan, guessed);
                var facts = scan.Run(zone.Zone, cancellationToken);
                var layouts = facts.Sheets.Select(sheet => sheet.Layout).ToList();
                // What is guessed about all of a column is decided anew from the whole file, or by its sender; so is what the column has shown to be otherwise.
                var mapping = (form.Mapping ?? new ImportMapping()) with { Equipment = guessed.Mapping?.Equipment ?? new Dictionary<string, string>(), Columns = ColumnProposals.Join(layouts) };
                bool IsOtherwise(string what) => form.IsMappingRemembered && facts.Assumptions.Any(assumption => assumption.What == what);
                mapping = mapping with { DateOrder = IsOtherwise("date_order") ? null : mapping.DateOrder, DecimalSign = IsOtherwise("decimal_sign") ? null : mapping.DecimalSign };
                return new MappingProposal(mapping, facts, zone, open);
            }
            catch (ImportFaultException fault) when (fault.Fault.Guess is { } guess && open.Count < MaxGuesses)
            {
                open.Add(fault.Fault);
                guessed = guessed with { Mapping = (guessed.Mapping ?? new ImportMapping()).With(guess) };
            }
        }
    }
}
