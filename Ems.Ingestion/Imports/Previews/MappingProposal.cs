using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using NodaTime;

namespace Ems.Ingestion.Imports.Previews;

/// <summary>What a file was taken for, and what is open about it.</summary>
/// <param name="Mapping">To be sent with the import, as it is or corrected.</param>
internal sealed record MappingProposal(ImportMapping Mapping, FileFacts Facts, IReadOnlyList<ImportFault> Open)
{
    private const int MaxGuesses = 64;

    /// <summary>Reads the rows as an import does; where that leaves a choice, it takes the likeliest way and goes on.</summary>
    /// <exception cref="ImportFaultException">Nothing can be made of the file.</exception>
    public static MappingProposal Find(ITableFile file, ImportForm form, DateTimeZone zone, string rowsPath, CancellationToken cancellationToken)
    {
        var open = new List<ImportFault>();
        var guessed = form;
        while (true)
        {
            try
            {
                var facts = new FileScan(file, guessed, zone).Run(rowsPath, (_, _) => { }, cancellationToken);
                var layouts = facts.Sheets.Select(sheet => sheet.Layout).ToList();
                // What is guessed about all of a column is decided anew from the whole file, or by its sender.
                return new MappingProposal((form.Mapping ?? new ImportMapping()) with { Columns = ColumnProposals.Join(layouts) }, facts, open);
            }
            catch (ImportFaultException fault) when (fault.Fault.Guess is { } guess && open.Count < MaxGuesses)
            {
                open.Add(fault.Fault);
                guessed = guessed with { Mapping = (guessed.Mapping ?? new ImportMapping()).With(guess) };
            }
        }
    }
}
