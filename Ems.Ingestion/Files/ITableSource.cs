using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>A file of tables, read forward row by row: sheet after sheet, each from its first row.</summary>
internal interface ITableSource : IDisposable
{
    /// <summary>Name of the current sheet, unlike that of any other; empty in a file without sheets.</summary>
    string SheetName { get; }

    /// <summary>Which file of an archive the current sheet is of; null where there is but one file.</summary>
    string? Member => null;

    /// <summary>Number of the current row as a person counts: the first is 1. Empty rows count, though they may be passed over.</summary>
    int RowNumber { get; }

    /// <summary>Cells of the current row up to its last filled one, valid until the next one is read.</summary>
    IReadOnlyList<Cell> Cells { get; }

    /// <summary>How much of the file was read: 0 to 1.</summary>
    double Progress { get; }

    /// <summary>What separates the cells of the current sheet; null where they are not written in lines.</summary>
    char? Delimiter => null;

    /// <summary>Whether the numbers of the current sheet count days from 1904 where they are dates.</summary>
    bool Is1904 => false;

    /// <summary>The zone of the days of the current sheet, which counts where no site says another: an IANA name; null where the file does not say it outside of its rows.</summary>
    string? Zone => null;

    /// <summary>Whether the current sheet is not shown to who opens the file.</summary>
    bool IsHidden => false;

    /// <summary>What is in the file and was not read, as far as the file was gone through, and why.</summary>
    IReadOnlyList<(string What, string Why)> LeftOut => [];

    /// <summary>What was taken for granted in reading the file as tables.</summary>
    IReadOnlyList<ImportAssumption> Assumptions => [];

    /// <summary>Goes to the next row; false after the last.</summary>
    /// <exception cref="ImportFaultException">The file is broken here.</exception>
    bool ReadRow();

    /// <summary>Goes to the next sheet, before its first row; false after the last. A source starts at its first sheet.</summary>
    /// <exception cref="ImportFaultException">The file is broken here.</exception>
    bool NextSheet();
}
