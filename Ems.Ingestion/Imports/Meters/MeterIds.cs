using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>Gives the meters that rows name ids that no other meters have.</summary>
/// <param name="sheet">With its subjects as the rows name them.</param>
/// <param name="byPlace">Names that places share.</param>
/// <param name="placeOf">Where a subject is.</param>
/// <param name="ids">For meters whose names or ids in the file are not theirs.</param>
/// <param name="known">One that counts what flows in goes on so, whatever it is called.</param>
/// <param name="services">What the sheets of the whole file are of.</param>
internal sealed class MeterIds(
    SheetFacts sheet, IReadOnlySet<string> byPlace, Func<RowSubject, string?> placeOf, IReadOnlyDictionary<string, string>? ids, KnownMeters known, SheetCarriers services)
{
    private const int MostNamed = 5;

    private readonly Layout _layout = sheet.Layout;
    // Found once for thousands of meters.
    private readonly Lazy<Parts> _parts = new(() => new Parts([.. sheet.Subjects.Select(subject => subject.Part).OfType<string>(), .. sheet.Layout.Subject.Own]));
    private readonly Lazy<bool> _areTypesReceived = new(() => Directions.AreReceived(sheet.Subjects.Select(subject => subject.Type).OfType<string>().Distinct()));
    private readonly Lazy<bool> _haveTypesOut = new(() => sheet.Subjects.Select(subject => subject.Type).OfType<string>().Distinct().Any(Directions.IsExport));
    private readonly List<ValueColumn> _electric = [.. sheet.Layout.Columns.Where(column => column.IsSaidByRow || column.Metric is "energy" or "active_power" or "energy_import_register")];
    private readonly bool _isInwardTold = sheet.Layout.Columns.Any(column => column is { IsDirectionTold: true, IsExport: false });
    private readonly Lazy<OutwardNames> _outward = new(() => new OutwardNames([.. sheet.Subjects.SelectMany(subject => (string?[])[subject.EquipmentId, subject.Name]).OfType<string>().Distinct()]));
    private readonly IReadOnlySet<string> _byCarrier = sheet.Layout.WholeFile?.Shared.ByCarrier ?? FindByCarrier(sheet, placeOf, services.SharedIn(sheet, placeOf));
    private readonly List<(string Place, string Carrier)> _continued = [];
    private readonly Lazy<string?> _carrierOfRows = new(() => SheetCarriers.Of(sheet.Layout, sheet.Layout.Columns.Where(column => column.EquipmentId is null)));

    public SheetFacts Resolve()
    {
        var apart = sheet.Subjects.Select(TellApart).ToList();
        var byExport = _layout.WholeFile?.Shared.ByExport ?? FindByExport(apart);
        var told = ids is null ? apart : WithTold(apart, ids);
        var resolved = told.Select((subject, i) => WithExport(subject.Part is null ? WithDirection(subject, sheet.Subjects[i]) : WithPart(subject), byExport.Contains(NameOf(apart[i])))).Select(subject => _isInwardTold ? subject with { IsExport = false } : subject);
        var columns = WithCarriers();
        var layout = _layout with { Columns = columns, Assumptions = [.. _layout.Assumptions, .. AssumeCarriers(columns)], Shared = new SharedNames { ByPlace = byPlace, ByCarrier = _byCarrier, ByExport = byExport, ByUnit = _layout.Shared.ByUnit } };
        return new SheetFacts(layout, sheet.Spool, [.. resolved], sheet.Order, sheet.DecimalComma) { HasOpenDates = sheet.HasOpenDates };
    }

    /// <summary>By its place, then by what flows through it.</summary>
    private RowSubject TellApart(RowSubject subject)
    {
        var carrier = Carriers.Find(subject.Type);
        if (_layout.Subject.Equipment is null)
        {
            return subject.EquipmentId is null && carrier is not null && WithCarrier(_layout.EquipmentId, _layout.FileName, carrier) is var own && own != _layout.EquipmentId ? subject with { EquipmentId = own } : subject;
        }

        if (subject.EquipmentId is not { } name)
        {
            return subject;
        }

        var place = byPlace.Contains(name) ? placeOf(subject) : null;
        var id = place is null ? name : EquipmentNames.ToId($"{place}:{name}");
        return subject with
        {
            EquipmentId = !_layout.Subject.EquipmentIsName ? id : carrier is not null ? WithCarrier(id, name, carrier) : subject.Type is null ? WithCarrierOfSheet(id, name, _carrierOfRows.Value) : id,
            SiteName = subject.SiteName ?? (subject.Site is null && !_layout.PlaceIsSheet ? place : null),
        };
    }

    /// <summary>Apart from what else flows through one of its name, in this file or in one before, but in the meter that is there.</summary>
    private string WithCarrier(string id, string name, string carrier) => EquipmentNames.ToId($"{id} {carrier}") is var apart
        && (known.Have(apart) || ids?.ContainsKey(apart) == true || (_byCarrier.Contains(name) && !known.HaveOf(id, carrier))) ? apart : id;

    /// <summary>The same by what the sheet is of. What goes on in the meter of that name does, unless something else flows through it and the carrier has one of its own.</summary>
    private string WithCarrierOfSheet(string id, string name, string? carrier) =>
        // Beside sheets of others it is electricity, which does not go on in a meter of gas.
        carrier is null && _byCarrier.Contains(name) && known.Have(id) && !known.HaveOf(id, Carriers.Electricity) ? WithCarrier(id, name, Carriers.Electricity)
        : carrier is null || (!_byCarrier.Contains(name) && known.Have(id) && (known.HaveOf(id, carrier) || !known.Have(EquipmentNames.ToId($"{id} {carrier}")))) ? id : WithCarrier(id, name, carrier);

    /// <summary>Columns as the rows of such meters.</summary>
    private List<ValueColumn> WithCarriers()
    {
        var ofColumns = _layout.Columns.Where(column => column.EquipmentId is not null).GroupBy(column => column.EquipmentId!)
            .ToDictionary(meter => meter.Key, meter => SheetCarriers.Of(_layout, meter) is { } carrier && WithCarrierOfSheet(meter.Key, meter.Key, carrier) is var apart && apart != meter.Key ? (Id: apart, Carrier: carrier) : default);
        foreach (var (place, apart, carrier) in FindPlaced())
        {
            _continued.Add((place, carrier));
            (ofColumns[apart], ofColumns[place]) = ((place, carrier), (EquipmentNames.ToId($"{place} {Carriers.Electricity}"), Carriers.Electricity));
        }

        return [.. _layout.Columns.Select(column => column.EquipmentId is { } id && ofColumns[id] is (not null, _) and var of ? column with { EquipmentId = ids?.GetValueOrDefault(of.Id) ?? of.Id, Carrier = of.Carrier } : column)];
    }

    /// <summary>Places whose electricity would go on in a meter of gas or water that is called after the place, as a file of this carrier alone has begun it: this goes on there, and not in one that is called after both.</summary>
    private List<(string Place, string Apart, string Carrier)> FindPlaced()
    {
        var columns = _layout.Columns.Where(column => column is { EquipmentId: not null, IsMeterTold: false }).GroupBy(column => column.EquipmentId!).ToDictionary(meter => meter.Key);
        return
        [
            .. from place in columns.Keys
               where known.Have(place) && ids?.ContainsKey(place) != true && SheetCarriers.Of(_layout, columns[place]) is null or Carriers.Electricity
               from carrier in (string[])[Carriers.Gas, Carriers.Water]
               let apart = EquipmentNames.ToId($"{place} {carrier}")
               where known.HaveOf(place, carrier) && !known.Have(apart) && ids?.ContainsKey(apart) != true && columns.ContainsKey(apart) && SheetCarriers.Of(_layout, columns[apart]) == carrier
               select (place, apart, carrier),
        ];
    }

    private IEnumerable<ImportAssumption> AssumeCarriers(List<ValueColumn> columns)
    {
        var named = services.SharedIn(sheet, placeOf).Count == 0 ? [] : columns.Except(_layout.Columns).Select(column => column.Carrier).Append(_layout.Subject.Equipment is null ? null : _carrierOfRows.Value).OfType<string>().Distinct().ToList();
        return
        [
            .. _continued.GroupBy(one => one.Carrier).Select(of => new ImportAssumption(
                "equipment_id", $"{string.Join(", ", of.Take(MostNamed).Select(one => one.Place))}{(of.Count() > MostNamed ? $" and {of.Count() - MostNamed} more" : "")}: {of.Key}", $"it is there already as a meter of {of.Key}, which goes on there; what the file has of electricity beside it is of {EquipmentNames.ToId($"{of.First().Place} {Carriers.Electricity}")}{(of.Count() > 1 ? " and so on" : "")}")),
            .. named.Count == 0 ? (ImportAssumption[])[] : [new ImportAssumption("layout", $"a meter per carrier: {string.Join(", ", named)}", "other sheets name the same meters for another carrier; it is never added together")],
        ];
    }

    /// <summary>Where no column names a meter, what the rows say flows through it does. An id is of one meter, whatever flows through it.</summary>
    private static HashSet<string> FindByCarrier(SheetFacts sheet, Func<RowSubject, string?> placeOf, HashSet<string> ofSheets)
    {
        var (layout, columns) = (sheet.Layout, sheet.Layout.Subject);
        return columns.Equipment is null ? sheet.Subjects.Select(subject => Carriers.Find(subject.Type)).OfType<string>().Distinct().Count() > 1 ? [layout.FileName, .. ofSheets] : ofSheets
            : !columns.EquipmentIsName ? ofSheets
            : [.. ofSheets, .. sheet.Subjects.Where(subject => subject.EquipmentId is not null).GroupBy(subject => (Name: subject.EquipmentId!, Place: placeOf(subject)))
                .Where(meter => meter.Select(subject => Carriers.Find(subject.Type)).Distinct().Count() > 1).Select(meter => meter.Key.Name)];
    }

    /// <summary>What flows out of a meter that rows of another type are of is a meter of its own.</summary>
    private HashSet<string> FindByExport(List<RowSubject> subjects)
    {
        var ofExport = subjects.ToLookup(IsOfExport, NameOf);
        return [.. ofExport[true].Intersect(ofExport[false])];
    }

    private RowSubject WithExport(RowSubject subject, bool isApart) => !IsOfExport(subject) ? subject
        : subject with { IsExport = true, EquipmentId = isApart ? EquipmentNames.ToId($"{subject.EquipmentId ?? _layout.EquipmentId} export") : subject.EquipmentId };

    /// <summary>
    /// What rows call after what is made or flows out does, as what a column is called after it, if no hall and no machine is called so. Where all of their columns
    /// are, nothing tells it from what is used, and neither does the name of a place: they are taken as they are.
    /// </summary>
    private RowSubject WithDirection(RowSubject subject, RowSubject named)
    {
        string[] names = [named.EquipmentId ?? "", named.Name ?? ""];
        if (_electric.Count == 0 || _isInwardTold || _layout.Subject.Equipment is null || subject.EquipmentId is not { } id || Carriers.Find(subject.Type) is not (null or Carriers.Electricity)
            || !(names.Any(OutwardNames.MayBe) || names.Any(_outward.Value.AreSure)))
        {
            return subject;
        }

        var areAllMade = _electric.TrueForAll(Productions.MayBeMade);
        var isSure = !areAllMade && !_layout.Subject.EquipmentIsPlace && names.Any(_outward.Value.AreSure);
        return known.HaveOutward(id) || (isSure && !known.HaveInward(id)) ? subject with { IsExport = true, Outward = OutwardName.Out }
            : areAllMade ? subject
            : subject with { Outward = isSure ? OutwardName.In : OutwardName.Unsure };
    }

    private bool IsOfExport(RowSubject subject) => subject.Type is { } type && (Directions.IsExport(type, _areTypesReceived.Value) || (_haveTypesOut.Value && Productions.AreSure(type)));

    /// <summary>The name of what it counts, whatever the mapping calls it.</summary>
    private string NameOf(RowSubject subject) => $"{subject.EquipmentId ?? _layout.FileName} {subject.Part}".TrimEnd();

    /// <summary>Each part is a meter of its own, as each of several columns is. What flows in goes on in the meter itself where a file without the other direction has begun it there.</summary>
    private RowSubject WithPart(RowSubject subject)
    {
        var id = EquipmentNames.ToId($"{subject.EquipmentId ?? _layout.EquipmentId} {subject.Part}");
        var isExport = _layout.Subject.PartIsExport || _parts.Value.AreExport(subject.Part!) || (known.HaveOutward(id) && Directions.IsExport(subject.Part!, isReceived: true));
        if (!isExport && ids?.ContainsKey(id) != true && !known.Have(id) && subject.EquipmentId is { } meter && known.Have(meter) && _parts.Value.AreInwardAlone(subject.Part!))
        {
            return subject;
        }

        return subject with
        {
            EquipmentId = ids?.GetValueOrDefault(id) ?? id,
            Name = subject.Name is null ? null : $"{subject.Name} {subject.Part}",
            IsExport = isExport,
            Outward = !isExport && Directions.IsExport(subject.Part!) ? OutwardName.Unsure : OutwardName.None,
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

    /// <summary>What the meters of a sheet count apart.</summary>
    private sealed class Parts
    {
        private readonly HashSet<string> _all;
        private readonly int _inward;
        private readonly bool _areReceived;
        private readonly bool _haveDirections;
        private readonly bool _areChannels;
        private readonly bool _haveHalls;
        private readonly bool _haveInward;
        private readonly OutwardNames _outward;

        public Parts(HashSet<string> all)
        {
            _all = all;
            _areReceived = Directions.AreReceived(all);
            _haveDirections = all.Any(Directions.NamedIn);
            _areChannels = all.All(part => Directions.AreChannel(part) || Directions.NamedIn(part));
            _haveHalls = all.Any(part => !Directions.AreDirection(part) && !Directions.AreChannel(part) && !DeviceNames.IsWhole(part) && !GeneralNames.Have(part) && HeaderReader.Read(part).Metric is null);
            _haveInward = all.Any(part => DeviceNames.IsWhole(part) || (Directions.NamedIn(part) && !Directions.IsExport(part)));
            _outward = new OutwardNames(all);
            _inward = all.Count(part => !AreExport(part));
        }

        /// <summary>Whether one of them is the only one that is a direction in which energy flows in.</summary>
        public bool AreInwardAlone(string part) => _inward == 1 && Directions.AreDirection(part);

        /// <summary>Whether one of them is what flows out, by its name or beside the others.</summary>
        public bool AreExport(string part) => (Directions.IsExport(part, _areReceived) && !MayBeHall(part)) || (part == "AE" && _all.Contains("AI"))
            || (_haveDirections && Productions.AreSure(part)) || (_areChannels && Productions.AreNamedIn(part));

        /// <summary>Among halls and machines, one that injects something is one of them, unless nothing else is said of it and something flows in beside it.</summary>
        private bool MayBeHall(string part) => _haveHalls && Directions.OutwardNameOf(part, ofMachines: false) is null && Directions.OutwardNameOf(part, ofMachines: true) is { } rest
            && !(rest.Length == 0 && _haveInward) && !_outward.AreSure(part);
    }
}
