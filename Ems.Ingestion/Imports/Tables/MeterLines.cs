using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds the number of the meter in the lines above a table: <c>Meter Number: 222013</c>, or a name with the number beside or below it.</summary>
internal static class MeterLines
{
    // With fewer they are those of many meters, or the names of places.
    private const int FewestDigits = 4;
    private const int LongestId = 64;

    // With fewer it may count the meters.
    private const int FewestOfNumber = 3;

    // With fewer a number that stands above all columns may be a date or a size.
    private const int FewestOfDevice = 7;
    private const int FewestColumns = 2;

    private const string Direction = "direction";

    public static readonly string[] Named = ["meter", "submeter", "zähler", "compteur", "contador", "contatore"];

    private static readonly string[] Meters = [.. Named, "matricola", "pce", .. SubjectFinder.Points];

    // Where no meter is named, what is measured is.
    private static readonly string[] Measured = ["equipment", "panel", "switchboard", "logger", "point", "messstelle"];

    // Of all meters, of none, or of its kind.
    private static readonly string[] OfNoMeter = ["all", "alle", "tous", "not", "no", "none", "unknown", "unassigned", "see", "various", "multiple", "several", "smart", "digital", "electronic"];

    private static readonly string[] OfNames = ["name", "nom", "nombre", "nome", "bezeichnung"];

    private static readonly string[] Devices = ["device", "gerät", "appareil", "dispositivo"];

    private static readonly string[] Models = ["type", "model", "modell", "typ", .. Devices];

    private static readonly string[] OfPoints = ["service", "metering", "delivery", "supply"];

    private static readonly string[] Between = [.. SubjectFinder.Ids, "n", "de", "du", "del", "of", "the"];

    /// <summary>Null when no line says it, or several say different things. A point of the network comes before the device that counts there.</summary>
    public static (string Id, string Header)? Find(IReadOnlyList<SampleRow> above)
    {
        var found = new List<(string Id, string Header, bool IsPoint)>();
        for (var i = 0; i < above.Count; i++)
        {
            for (var column = 0; column < above[i].Cells.Length; column++)
            {
                if (above[i][column] is { Kind: CellKind.Text, Text: { } text } && Split(text) is var (header, behind) && IsMeter(new HeaderWords(header)))
                {
                    string[] values = [behind, Beside(above[i], column), i + 1 < above.Count && above[i].Filled > 2 && !(i + 2 < above.Count && above[i + 2].Filled > 2) ? HeaderTexts.TextOf(above[i + 1][column]) : ""];
                    if (values.FirstOrDefault(MayBeId) is { } id)
                    {
                        found.Add((id, header, new HeaderWords(header).Any((IEnumerable<string>)SubjectFinder.Points)));
                    }
                }
            }
        }

        var best = found.Exists(one => one.IsPoint) ? found.FindAll(one => one.IsPoint) : found;
        // A place has a number of each kind, as those of its market and of its meter are, of which the market may have several meters.
        var areKinds = best.Exists(one => one.IsPoint) && best.GroupBy(one => one.Header, StringComparer.OrdinalIgnoreCase).All(same => same.DistinctBy(one => one.Id).Count() == 1);
        return best.Count > 0 && (areKinds || best.DistinctBy(one => one.Id).Count() == 1)
            ? best.OrderBy(one => new HeaderWords(one.Header).Any((IEnumerable<string>)SubjectFinder.PointsOfMarket)).Select(one => (one.Id, one.Header)).First() : null;
    }

    /// <summary>The number of the device that a line has above each of the columns of values, and the line; null where none has one.</summary>
    /// <param name="columns">Those of the table that are no times.</param>
    public static (string Id, string Header)? FindAbove(IReadOnlyCollection<int> columns, IReadOnlyList<SampleRow> above) => columns.Count < FewestColumns ? null : above
        .Where(row => row.Filled == columns.Count).Select(row => (Texts: columns.Select(column => HeaderTexts.TextOf(row[column])).Distinct().ToList(), row.Number))
        .Where(line => line.Texts is [var text] && MayBeId(text) && text.Count(char.IsAsciiDigit) >= FewestOfDevice)
        .OrderByDescending(line => line.Texts[0].All(char.IsAsciiDigit)).Select(line => ((string, string)?)(line.Texts[0], $"row {line.Number}")).FirstOrDefault();

    /// <summary>Puts the numbers of devices, where a row has one above each column, in front of headers that several of them share; the devices.</summary>
    public static Dictionary<int, string> TellApart(string[] headers, SampleRow above)
    {
        var columns = Enumerable.Range(0, headers.Length).Where(column => above[column].Kind != CellKind.Empty).ToList();
        var devices = columns.ToDictionary(column => column, column => HeaderTexts.TextOf(above[column]));
        if (columns.Count < headers.Length - 1 || columns.Contains(0) || columns.DistinctBy(column => headers[column]).Count() == columns.Count || columns.DistinctBy(column => (headers[column], devices[column])).Count() < columns.Count
            || devices.Values.Any(text => !MayBeId(text) || text.Count(char.IsAsciiDigit) < FewestOfDevice))
        {
            return [];
        }

        columns.ForEach(column => headers[column] = $"{devices[column]} {headers[column]}");
        return devices;
    }

    /// <summary>The name that stands below one for it in a row of what a logger is, and the device that it reads: <c>Gateway Name,Device Name,…</c>. Null where there is none.</summary>
    public static (string Id, string Header)? FindDevice(IReadOnlyList<SampleRow> above)
    {
        for (var i = 0; i + 1 < above.Count; i++)
        {
            var column = Array.FindIndex(above[i].Cells, cell => cell.Kind == CellKind.Text && new HeaderWords(cell.Text!) is { Count: 2 } words && words.Any("device", "meter") && words.Any("name"));
            if (column >= 0 && above[i].Filled > 2 && above[i + 1].Number == above[i].Number + 1 && !(i + 2 < above.Count && above[i + 2].Number == above[i + 1].Number + 1)
                && HeaderTexts.TextOf(above[i + 1][column]) is { Length: > 0 and <= LongestId } name)
            {
                return (name, above[i].Cells[column].Text!);
            }
        }

        return null;
    }

    /// <summary>The number of the device that counts, as lines have it (<c>Serial number</c>, <c>Gerätenummer</c>); null where there is none, or several.</summary>
    public static (string Id, string Header)? FindSerial(IReadOnlyList<SampleRow> above) =>
        LinesIn(above).FindAll(line => MayBeId(line.Value) && new HeaderWords(line.Header) is var words && words.Any(SubjectFinder.Ids) && words.Any([.. SubjectFinder.Serials, .. Devices])
            && words.Except([.. SubjectFinder.Serials, .. Devices, .. Between]).Count == 0).DistinctBy(line => line.Value).ToList() is [var (header, id)] ? (id, header) : null;

    /// <summary>
    /// The device that a line names, beside the place that another one says it is at, or the name of the file where that says nothing; null where there is none, or
    /// several. The name of a device alone may be that of its model, and that of a meter is enough where the file's says nothing, a carrier neither.
    /// </summary>
    public static (string Id, string Header)? FindDeviceAt(IReadOnlyList<SampleRow> above, string fileName)
    {
        var lines = LinesIn(above);
        var isGeneral = GeneralNames.HaveFile(WithoutModel(fileName, lines));
        var place = lines.Where(line => new HeaderWords(line.Header).Any("plant") || SubjectFinder.HeadsPlaces(line.Header)).Select(line => line.Value).FirstOrDefault();
        return lines.FindAll(line => HasOnly(line.Header, Devices)) is [var (device, name)] ? (place ?? (isGeneral ? fileName : null)) is { } at ? ($"{at}:{name}", device) : null
            : isGeneral && Carriers.Find(fileName) is null && (Only(Named) ?? Only(Measured)) is var (meter, own) ? (place is null ? own : $"{place}:{own}", meter)
            : null;

        (string Header, string Value)? Only(string[] kinds) => lines.FindAll(line => HasOnly(line.Header, kinds) && MayBeName(line.Value, ofMeter: kinds == Named)) is [var line] ? line : null;
    }

    /// <summary>A name of a file without that of the model that lines say has written it, as all devices of it call theirs.</summary>
    private static string WithoutModel(string fileName, List<(string Header, string Value)> lines) => lines
        .Where(line => HasOnly(line.Header, Models) && !HasOnly(line.Header, Devices)).Aggregate(fileName, (name, line) => name.Replace(line.Value, "", StringComparison.OrdinalIgnoreCase));

    private static bool HasOnly(string header, string[] kinds) => new HeaderWords(header) is var words && words.Any((IEnumerable<string>)kinds) && words.Except([.. kinds, .. OfNames]).Count == 0;

    /// <param name="ofMeter">Whether it is said to be that of a meter: several words are one, and so is a number.</param>
    private static bool MayBeName(string text, bool ofMeter) => (DeviceNames.NameThing(text) || (text.Any(char.IsLetter) && text.Any(char.IsDigit))
            || (ofMeter && !Directions.NamedIn(text) && !new HeaderWords(text).Any((IEnumerable<string>)OfNoMeter) && (text.Any(char.IsWhiteSpace) || (text.Length >= FewestOfNumber && text.All(char.IsAsciiDigit))))) && !Units.TryParse(text, out _) && !TimeText.TryParse(text, out _) && !GeneralNames.Have(text) && Carriers.Without(text).Length > 0;

    /// <summary>Lines of a name and what it is.</summary>
    private static List<(string Header, string Value)> LinesIn(IReadOnlyList<SampleRow> above) =>
        [.. above.Where(row => row.Filled == 2 || (row.Filled == 1 && HeaderTexts.TextOf(row[0]).Contains(':', StringComparison.Ordinal)))
            .Select(row => Split(HeaderTexts.TextOf(row[0])) is var (header, behind) && behind.Length > 0 ? (header, behind) : (header, Beside(row, 0))).Where(line => line.Item2.Length is > 0 and <= LongestId)];

    /// <summary>The columns as those of a part of the meter that counts what flows out, where their headers, a line or the name of the file say so.</summary>
    public static IReadOnlyList<ValueColumn> WithDirection(IReadOnlyList<ValueColumn> columns, IReadOnlyList<SampleRow> above, string fileName, List<ImportAssumption> assumptions)
    {
        if (columns.Any(column => column is not { EquipmentId: null, Part: null }) || FindExport(columns, above, fileName) is not { } export)
        {
            return columns;
        }

        assumptions.RemoveAll(assumption => assumption.What == Direction);
        assumptions.Add(new ImportAssumption(Direction, export, "it flows out, as a header, a line above the table or the name of the file says: it is a meter of its own"));
        return [.. columns.Select(column => column with { Part = export, IsExport = true })];
    }

    private static string? FindExport(IReadOnlyList<ValueColumn> columns, IReadOnlyList<SampleRow> above, string fileName)
    {
        var title = above.SelectMany(ValuesOf).FirstOrDefault(Directions.AreExport);
        return columns.All(column => Directions.IsExport(column.Header)) ? title ?? (columns[0].Name is { Length: > 0 } name ? name : "export")
            : columns.Any(column => Directions.NamedIn(column.Header)) ? null
            : title ?? Directions.ExportIn(fileName);
    }

    /// <summary>What a line says: its only cell, or what stands behind a name.</summary>
    private static IEnumerable<string> ValuesOf(SampleRow row)
    {
        var texts = row.Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).ToList();
        return (texts.Count == 1 ? texts : texts.Skip(1)).Select(text => Split(text) is (_, { Length: > 0 } behind) ? behind : text);
    }

    private static (string Header, string Behind) Split(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (text[..colon].Trim(), text[(colon + 1)..].Trim()) : (text, "");

    /// <summary>The only other cell of a row, behind this one.</summary>
    private static string Beside(SampleRow row, int column) =>
        row.Filled == 2 ? row.Cells.Skip(column + 1).Select(HeaderTexts.TextOf).FirstOrDefault(text => text.Length > 0) ?? "" : "";

    private static bool IsMeter(HeaderWords header) =>
        (header.Any((IEnumerable<string>)Meters) && header.Except([.. Meters, .. Between]).Count == 0)
        || (header.Any("point") && header.Any((IEnumerable<string>)OfPoints) && header.Except([.. Meters, .. OfPoints, .. Between, "point"]).Count == 0);

    private static bool MayBeId(string text) => text.Length <= LongestId && !EquipmentNames.IsCut(text) && text.Count(char.IsAsciiDigit) >= FewestDigits && text.Count(char.IsWhiteSpace) <= 1
        && !Units.TryParse(text, out _) && !TimeText.TryParse(text, out _);
}
