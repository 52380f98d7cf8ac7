using System.IO.Compression;
using System.Text.RegularExpressions;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>
/// Reads the files of a zip archive one after the other as the sheets of one. Theirs is the name <c>Main.csv</c>, or
/// <c>Main.xlsx:Sheet1</c> where the file has sheets itself.
/// </summary>
internal sealed partial class ArchiveSource : ITableSource
{
    private const int MaxMembers = 1_000;

    private readonly ZipArchive _archive;
    private readonly Func<ZipArchiveEntry, string, ITableSource> _open;
    private readonly List<(string Name, ZipArchiveEntry Entry)> _members;
    private readonly List<(string What, string Why)> _leftOut = [];
    private readonly List<ImportAssumption> _assumptions = [];
    private readonly double _length;
    private double _lengthBefore;
    private int _member = -1;
    private ITableSource? _current;

    private ArchiveSource(ZipArchive archive, List<(string Name, ZipArchiveEntry Entry)> members, Func<ZipArchiveEntry, string, ITableSource> open)
    {
        (_archive, _members, _open) = (archive, members, open);
        _length = Math.Max(1, members.Sum(member => (double)member.Entry.Length));
    }

    public string SheetName => _current is null ? "" : _current.SheetName is { Length: > 0 } sheet ? $"{_members[_member].Name}:{sheet}" : _members[_member].Name;

    public string? Member => _current is null ? null : _members[_member].Name;

    public int RowNumber => _current?.RowNumber ?? 0;

    public IReadOnlyList<Cell> Cells => _current?.Cells ?? [];

    public double Progress => _current is null ? 1 : Math.Min(1, (_lengthBefore + (_current.Progress * _members[_member].Entry.Length)) / _length);

    public char? Delimiter => _current?.Delimiter;

    public bool Is1904 => _current?.Is1904 == true;

    public string? Zone => _current?.Zone;

    public bool IsHidden => _current?.IsHidden == true;

    public IReadOnlyList<(string What, string Why)> LeftOut => _leftOut;

    public IReadOnlyList<ImportAssumption> Assumptions => _assumptions;

    /// <param name="open">Opens a file of the archive; one of another kind than tables have is left out.</param>
    public static ArchiveSource Open(ZipArchive archive, string fileName, Func<ZipArchiveEntry, string, ITableSource> open)
    {
        var members = new List<(string, ZipArchiveEntry)>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in archive.Entries.Where(entry => !Hidden().IsMatch(entry.FullName) && entry.Name.Length > 0))
        {
            var own = OwnName(DisplayName(entry.FullName));
            var name = own;
            for (var copy = 2; !names.Add(name); copy++)
            {
                // What it is is said behind the last point.
                name = own.LastIndexOf('.') is > 0 and var point && point > own.LastIndexOf('/') + 1 ? $"{own[..point]} ({copy}){own[point..]}" : $"{own} ({copy})";
            }

            members.Add((name, entry));
        }

        if (members.Count > MaxMembers)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.FileTooLarge, $"{fileName} has {members.Count} files in it; {MaxMembers} are read. Send it in parts."));
        }

        var source = new ArchiveSource(archive, members, open);
        if (!source.NextSheet())
        {
            throw ImportFaultException.Format(
                members.Count == 0
                    ? $"{fileName} is an archive without a file in it."
                    : $"{fileName} is an archive without a file that can be read: there is {string.Join(", ", source._leftOut.Take(10).Select(left => left.What))}.{(source._leftOut is [var only] ? $" {only.Why}" : "")}");
        }

        return source;
    }

    public bool ReadRow() => _current?.ReadRow() == true;

    public bool NextSheet()
    {
        if (_current?.NextSheet() == true)
        {
            return true;
        }

        EndMember();
        while (++_member < _members.Count)
        {
            var (name, entry) = _members[_member];
            try
            {
                _current = _open(entry, name);
                return true;
            }
            catch (ImportFaultException other) when (other.IsOfAnotherKind)
            {
                _lengthBefore += entry.Length;
                _leftOut.Add((name, other.Message));
            }
        }

        return false;
    }

    public void Dispose()
    {
        _current?.Dispose();
        _archive.Dispose();
    }

    private void EndMember()
    {
        if (_current is not null)
        {
            _lengthBefore += _members[_member].Entry.Length;
            _leftOut.AddRange(_current.LeftOut.Select(left => ($"{_members[_member].Name}: {left.What}", left.Why)));
            _assumptions.AddRange(_current.Assumptions);
            _current.Dispose();
            _current = null;
        }
    }

    /// <summary>
    /// Without the folders that it begins with and that say nothing of what is in them. Others stay, though there be but one: meters of two
    /// places that are zipped one by one are not the same, and are called the same when both come together.
    /// </summary>
    private static string OwnName(string name)
    {
        while (name.IndexOf('/', StringComparison.Ordinal) is > 0 and var end && FolderNames.SayNothing(name[..end]))
        {
            name = name[(end + 1)..];
        }

        return name;
    }

    /// <summary>A name is shown and never used as a path.</summary>
    private static string DisplayName(string path)
    {
        var steps = Unprintable().Replace(path, "_").Split('/', '\\').Where(step => step is not ("" or "." or ".."));
        return string.Join('/', steps) is { Length: > 0 } name ? name : "_";
    }

    [GeneratedRegex(@"[\p{C}:]", RegexOptions.CultureInvariant)]
    private static partial Regex Unprintable();

    [GeneratedRegex(@"(^|[/\\])(__MACOSX[/\\]|\.[^/\\.]|Thumbs\.db$|desktop\.ini$)", RegexOptions.CultureInvariant)]
    private static partial Regex Hidden();
}
