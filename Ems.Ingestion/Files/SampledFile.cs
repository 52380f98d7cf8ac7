using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>A file that can be read as tables as often as one likes.</summary>
internal interface ITableFile
{
    /// <summary>As its sender calls it.</summary>
    string Name { get; }

    /// <summary>Whether these are the first rows of more.</summary>
    bool IsCut => false;

    /// <exception cref="ImportFaultException">The file is empty, broken, or of no kind that can be read.</exception>
    ITableSource Open();
}

/// <summary>The first rows of a file's first sheets, in memory.</summary>
internal sealed class SampledFile : ITableFile
{
    private const int MaxSheets = 50;
    private const int MaxRowsOfSheet = 1_000;
    private const int MaxCells = 200_000;
    private const int MaxCharacters = 8_000_000;

    private readonly List<(string Name, string? Member, char? Delimiter, bool Is1904, string? Zone, bool IsHidden, List<(int Number, Cell[] Cells)> Rows)> _sheets = [];
    private IReadOnlyList<(string What, string Why)> _leftOut = [];
    private IReadOnlyList<ImportAssumption> _assumptions = [];

    private SampledFile(string name) => Name = name;

    public string Name { get; }

    public int RowCount => _sheets.Sum(sheet => sheet.Rows.Count);

    /// <summary>Whether the file may hold more.</summary>
    public bool IsCut { get; private set; }

    /// <exception cref="ImportFaultException">The file is empty, broken, or of no kind that can be read.</exception>
    public static SampledFile Take(ITableFile file)
    {
        var sample = new SampledFile(file.Name);
        var (cells, characters) = (0, 0L);
        using var source = file.Open();
        do
        {
            var rows = new List<(int, Cell[])>();
            sample._sheets.Add((source.SheetName, source.Member, source.Delimiter, source.Is1904, source.Zone, source.IsHidden, rows));
            while (source.ReadRow())
            {
                if (rows.Count == MaxRowsOfSheet || cells >= MaxCells || characters >= MaxCharacters)
                {
                    sample.IsCut = true;
                    break;
                }

                rows.Add((source.RowNumber, [.. source.Cells]));
                cells += source.Cells.Count;
                characters += source.Cells.Sum(cell => (long)(cell.Text?.Length ?? 0));
            }

            if (sample._sheets.Count == MaxSheets || cells >= MaxCells || characters >= MaxCharacters)
            {
                sample.IsCut = true;
                break;
            }
        }
        while (source.NextSheet());
        sample._leftOut = [.. source.LeftOut];
        sample._assumptions = [.. source.Assumptions];
        return sample;
    }

    public ITableSource Open() => new Source(this);

    private sealed class Source(SampledFile sample) : ITableSource
    {
        private int _sheet;
        private int _row = -1;

        public string SheetName => sample._sheets[_sheet].Name;

        public string? Member => sample._sheets[_sheet].Member;

        public int RowNumber => _row < 0 ? 0 : sample._sheets[_sheet].Rows[_row].Number;

        public IReadOnlyList<Cell> Cells => _row < 0 ? [] : sample._sheets[_sheet].Rows[_row].Cells;

        public double Progress => 1;

        public char? Delimiter => sample._sheets[_sheet].Delimiter;

        public bool Is1904 => sample._sheets[_sheet].Is1904;

        public string? Zone => sample._sheets[_sheet].Zone;

        public bool IsHidden => sample._sheets[_sheet].IsHidden;

        public IReadOnlyList<(string What, string Why)> LeftOut => sample._leftOut;

        public IReadOnlyList<ImportAssumption> Assumptions => sample._assumptions;

        public bool ReadRow()
        {
            if (_row + 1 >= sample._sheets[_sheet].Rows.Count)
            {
                return false;
            }

            _row++;
            return true;
        }

        public bool NextSheet()
        {
            if (_sheet + 1 >= sample._sheets.Count)
            {
                return false;
            }

            (_sheet, _row) = (_sheet + 1, -1);
            return true;
        }

        public void Dispose()
        {
        }
    }
}
