using System.Runtime.InteropServices;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rejections;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Whose values a row has and what they are, as far as its columns say it.</summary>
/// <param name="EquipmentId">Null when no column names one, or the row's cell is blank.</param>
/// <param name="Type">What flows through the meter.</param>
/// <param name="Part">What the meter counts apart.</param>
/// <param name="Own">What a rejected row says about its interval itself.</param>
internal readonly record struct RowSubject(
    string? EquipmentId, string? Name = null, string? Site = null, string? SiteName = null, string? Type = null, string? Metric = null, string? Unit = null,
    string? Part = null, OwnInterval Own = default)
{
    /// <summary>Whether what it counts flows out.</summary>
    public bool IsExport { get; init; }

    /// <summary>Whether any of its rows has a factor of gas.</summary>
    public bool HasGasFactor { get; init; }

    /// <summary>What readings of its registers are multiplied by.</summary>
    public double? Multiplier { get; init; }

    /// <summary>Where its local times are, as the row names it.</summary>
    public string? Zone { get; init; }
}

/// <summary>The different subjects of a sheet: rows refer to them by number.</summary>
internal sealed class RowSubjects(Layout layout)
{
    private const int MaxSubjects = 100_000;
    private const int MostNamed = 5;

    // The numbers of networks and makers are longer than those that a site gives its meters, and no two meters share one.
    private const int LongestOwnNumber = 5;

    private readonly Dictionary<RowSubject, int> _numbers = [];
    private readonly List<RowSubject> _subjects = [];
    private readonly HashSet<int> _haveGasFactor = [];
    private string? _lastEquipment;
    private (string? Site, string? Name) _lastPlace;

    /// <summary>The subject of the source's current row.</summary>
    /// <exception cref="ImportFaultException">There are too many.</exception>
    public int Read(ITableSource source)
    {
        var columns = layout.Subject;
        var equipment = TextAt(source, columns.Equipment);
        if (equipment is null && columns.EquipmentFillsDown)
        {
            equipment = _lastEquipment;
        }

        _lastEquipment = equipment;
        var place = (Site: TextAt(source, columns.Site), Name: TextAt(source, columns.SiteName));
        _lastPlace = columns.SiteFillsDown && place is (null, null) ? _lastPlace : place;
        var subject = new RowSubject(
            equipment, TextAt(source, columns.Name), _lastPlace.Site, _lastPlace.Name, TextAt(source, columns.Type),
            TextAt(source, columns.Metric), TextAt(source, columns.Unit), TextAt(source, columns.Part), RejectedReasons.ReadInterval(TextAt(source, layout.WholeFile?.ReasonsColumn)))
        {
            Multiplier = columns.Multiplier is { } multiplier ? Multipliers.ValueOf(CellAt(source, multiplier.Index)) : null,
            Zone = TextAt(source, columns.Zone?.Index),
        };
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, subject, out var known);
        if (!known)
        {
            number = _subjects.Count;
            _subjects.Add(subject);
            if (_subjects.Count > MaxSubjects)
            {
                throw new ImportFaultException(new ImportFault(
                    ImportFault.DataValidationFailed, $"More than {MaxSubjects} different meters are named. Give the column of meters the role equipment in the mapping.",
                    layout.Sheet, source.RowNumber));
            }
        }

        if (layout.GasFactor is var (factor, _) && TextAt(source, factor) is { } text && DecimalColumn.LooksNumeric(text))
        {
            _haveGasFactor.Add(number);
        }

        return number;
    }

    /// <summary>All of them in order of their numbers, each with an id that no other meter has.</summary>
    /// <param name="ids">For meters whose names or ids in the file are not theirs.</param>
    public IReadOnlyList<RowSubject> Resolve(IReadOnlyDictionary<string, string>? ids, List<ImportAssumption> assumptions)
    {
        var subjects = layout.Subject.Equipment is not { } column ? NameCarriers() : column == layout.Subject.Name ? TellApart() : TellApartBySites(assumptions);
        subjects = subjects.Select((subject, i) => subject with { HasGasFactor = _haveGasFactor.Contains(i) });
        var told = ids is null ? [.. subjects] : WithTold([.. subjects], ids);
        return WithExports(layout.Subject.Part is null ? told : told.ConvertAll(subject => subject.Part is null ? subject : WithPart(subject, ids)));
    }

    /// <summary>What flows out of a meter that rows of another type are of is a meter of its own.</summary>
    private static List<RowSubject> WithExports(List<RowSubject> subjects)
    {
        var others = subjects.Where(subject => !Directions.IsExport(subject.Type ?? "")).Select(subject => subject.EquipmentId).ToHashSet();
        return subjects.ConvertAll(subject => !Directions.IsExport(subject.Type ?? "") ? subject
            : subject with { IsExport = true, EquipmentId = others.Contains(subject.EquipmentId) ? IdOf($"{subject.EquipmentId} export") : subject.EquipmentId });
    }

    /// <summary>Each part is a meter of its own, as each of several columns is.</summary>
    private RowSubject WithPart(RowSubject subject, IReadOnlyDictionary<string, string>? ids)
    {
        var id = IdOf($"{subject.EquipmentId ?? layout.EquipmentId} {subject.Part}")!;
        return subject with
        {
            EquipmentId = ids?.GetValueOrDefault(id) ?? id,
            Name = subject.Name is null ? null : $"{subject.Name} {subject.Part}",
            IsExport = Directions.IsExport(subject.Part!),
        };
    }

    /// <summary>What stands behind a site or customer is enough for the only meter that it names.</summary>
    private static List<RowSubject> WithTold(List<RowSubject> subjects, IReadOnlyDictionary<string, string> ids)
    {
        var lone = subjects.Select(subject => subject.EquipmentId).OfType<string>().Distinct().GroupBy(PlainOf).Where(same => same.Count() == 1).Select(same => same.Key).ToHashSet();
        return subjects.ConvertAll(subject => subject.EquipmentId is not { } id ? subject
            : ids.TryGetValue(id, out var told) || (lone.Contains(PlainOf(id)) && ids.TryGetValue(PlainOf(id), out told)) ? subject with { EquipmentId = told } : subject);
    }

    private static string PlainOf(string id) => id[(id.LastIndexOf(':') + 1)..];

    /// <summary>Two meters of one name are told apart by their site, then by what flows through them.</summary>
    private IEnumerable<RowSubject> TellApart()
    {
        var shared = _subjects.GroupBy(subject => subject.EquipmentId).ToDictionary(group => group.Key ?? "", group => (
            Sites: group.Select(PlaceOf).Distinct().Count() > 1, Carriers: group.GroupBy(PlaceOf).Any(place => place.Select(subject => Carriers.Find(subject.Type)).Distinct().Count() > 1)));
        return _subjects.Select(subject =>
        {
            var (sites, carriers) = shared[subject.EquipmentId ?? ""];
            var id = sites && PlaceOf(subject) is { } place ? $"{place}:{subject.EquipmentId}" : subject.EquipmentId;
            return subject with { EquipmentId = IdOf(carriers && Carriers.Find(subject.Type) is { } carrier ? $"{id} {carrier}" : id) };
        });
    }

    /// <summary>Sites number their meters alike: such an id is of one meter of each.</summary>
    private IEnumerable<RowSubject> TellApartBySites(List<ImportAssumption> assumptions)
    {
        var shared = _subjects.Where(subject => subject.EquipmentId?.Count(char.IsAsciiDigit) <= LongestOwnNumber && PlaceOf(subject) is not null).GroupBy(subject => subject.EquipmentId!)
            .Where(group => group.Select(PlaceOf).Distinct().Count() > 1).Select(group => group.Key).ToHashSet();
        assumptions.AddRange(shared.Order(StringComparer.Ordinal).Take(MostNamed).Select(id => new ImportAssumption("equipment_id", $"site:{id}", $"rows of several sites name a meter {id}: the site tells them apart")));
        return _subjects.Select(subject => subject with
        {
            EquipmentId = IdOf(subject.EquipmentId is { } id && shared.Contains(id) && PlaceOf(subject) is { } place ? $"{place}:{id}" : subject.EquipmentId),
        });
    }

    /// <summary>Where no column names a meter, what the rows say flows through it does, if that is not the same in all of them.</summary>
    private IEnumerable<RowSubject> NameCarriers() => _subjects.Select(subject => Carriers.Find(subject.Type)).OfType<string>().Distinct().Count() < 2 ? _subjects
        : _subjects.Select(subject => subject with { EquipmentId = Carriers.Find(subject.Type) is { } carrier ? IdOf($"{layout.EquipmentId} {carrier}") : null });

    private static string? PlaceOf(RowSubject subject) => subject.Site ?? subject.SiteName;

    private static string? IdOf(string? text) => text is null ? null : EquipmentNames.ToId(text);

    private static Cell CellAt(ITableSource source, int index) => index < source.Cells.Count ? source.Cells[index] : Cell.Empty;

    private static string? TextAt(ITableSource source, int? column)
    {
        var cell = column is { } index ? CellAt(source, index) : Cell.Empty;
        return MissingMarkers.IsMissing(cell) || HeaderTexts.TextOf(cell) is not { Length: > 0 } text ? null : text;
    }
}
