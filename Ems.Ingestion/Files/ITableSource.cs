namespace Ems.Ingestion.Files;

/// <summary>A file of tables, read forward row by row: sheet after sheet, each from its first row.</summary>
internal interface ITableSource : IDisposable
{
    /// <summary>Name of the current sheet; empty in a file without sheets.</summary>
    string SheetName { get; }

    /// <summary>Number of the current row as a person counts: the first is 1, empty rows count.</summary>
    int RowNumber { get; }

    /// <summary>Cells of the current row, valid until the next one is read.</summary>
    IReadOnlyList<Cell> Cells { get; }

    /// <summary>Rows of the current sheet, when the file says so before it is read.</summary>
    int? RowCountHint { get; }

    /// <summary>Goes to the next row; false after the last.</summary>
    /// <exception cref="ImportFaultException">The file is broken here.</exception>
    bool ReadRow();

    /// <summary>Goes to the next sheet, before its first row; false after the last. A source starts at its first sheet.</summary>
    bool NextSheet();
}
