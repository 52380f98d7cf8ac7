using System.Globalization;
using System.Xml;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>
/// What a Green Button (NAESB ESPI, REQ.21) feed says about its readings, which may stand after them: found in a pass of its own.
/// Entries refer to each other by their links.
/// </summary>
internal sealed class GreenButtonFeed
{
    private const int MaxResources = 10_000;
    private const int MostNamed = 10;

    // What is no longer may be the number of a point among those of its customer.
    private const int LongestCount = 3;

    private static readonly string[] Customers = ["RetailCustomer", "Customer", "User", "Subscription"];

    private readonly Dictionary<string, UsagePoint> _points = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string?> _typeOfMeter = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _pointOfMeter = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ReadingType> _types = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _meters = [];
    private readonly Dictionary<string, int> _meterNumbers = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<int> _blocks = [];
    private readonly List<GreenButtonSeries?> _series = [];
    private readonly List<(string? Point, GreenButtonBill Bill)> _summaries = [];
    private readonly List<(GreenButtonSeries Series, long Start, long Duration, long Value)> _bills = [];
    private readonly List<(string What, string Why)> _leftOut = [];
    private readonly HashSet<GreenButtonZone> _zones = [];
    private readonly char[] _buffer = new char[1024];
    private string _lastMeter = "";
    private HashSet<string> _shared = [];

    private GreenButtonFeed()
    {
    }

    /// <summary>Different headers of the values, in the order in which the series first have them.</summary>
    public IReadOnlyList<string> Headers => [.. _bills.Select(bill => bill.Series).Concat(_series.OfType<GreenButtonSeries>()).Select(series => series.Header).Distinct()];

    /// <summary>What meters without readings have consumed in the periods of their bills.</summary>
    public IReadOnlyList<(GreenButtonSeries Series, long Start, long Duration, long Value)> Bills => _bills;

    /// <summary>Series that are not read, and why.</summary>
    public IReadOnlyList<(string What, string Why)> LeftOut => _leftOut;

    /// <summary>The zone of its days, an IANA name; null where it says none that is certain.</summary>
    public string? Zone => _zones.Count == 1 ? _zones.Single().Id : null;

    /// <summary>
    /// That its zone is not certain; that bills stand for readings; and numbers that points of several customers have, which a feed of one of them alone calls by that number alone.
    /// </summary>
    public IReadOnlyList<ImportAssumption> Assumptions =>
    [
        .. _zones.Take(Zone is null ? MostNamed : 0).Select(zone => new ImportAssumption(
            "time_zone", $"{zone}: not used", "it may be that of several zones: send time_zone, as America/Halifax, or the days are those of the site, or else of UTC")),
        .. _shared.Where(id => id.Length > LongestCount).Take(MostNamed).Select(id => new ImportAssumption(
            "equipment_id", $"customer:{id}",
            $"several customers have a usage point {id}; a feed of one of them alone calls it {id}: where such a feed was imported, say with mapping.equipment which customer's it is")),
        .. _bills.Select(bill => bill.Series.MeterId).Distinct().Take(MostNamed).Select(id => new ImportAssumption(
            "interval", $"{id}: the period of a bill", "the feed has no readings of it, but its bills: what one says that was consumed is the amount of its period")),
    ];

    /// <summary>The series that an interval block belongs to; null where it is left out.</summary>
    /// <param name="block">Its number in the feed, from 0.</param>
    public GreenButtonSeries? SeriesOf(int block) => _series[_blocks[block]];

    /// <exception cref="ImportFaultException">It is no such feed, or holds no readings.</exception>
    /// <exception cref="XmlException">It is broken.</exception>
    public static GreenButtonFeed Read(XmlReader reader, string fileName)
    {
        var feed = new GreenButtonFeed();
        var root = true;
        while (reader.ReadNext())
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (root)
            {
                CheckRoot(reader, fileName);
                root = false;
            }

            if (reader.LocalName == "entry")
            {
                feed.ReadEntry(reader);
            }
        }

        feed.Resolve(fileName);
        return feed;
    }

    private static void CheckRoot(XmlReader reader, string fileName)
    {
        if (reader.LocalName is not ("feed" or "entry"))
        {
            throw ImportFaultException.AnotherKind(reader.LocalName.ToLowerInvariant() switch
            {
                "html" => $"{fileName} is a web page. Open it in a spreadsheet and save it as .xlsx.",
                "workbook" => $"{fileName} is a workbook of Excel 2003 as XML. Save it as .xlsx.",
                _ => $"{fileName} is XML, but no Green Button (ESPI) feed: it begins with <{reader.LocalName}>. Export the readings as .csv or .xlsx, or open it in a spreadsheet and save its table so.",
            });
        }
    }

    private void ReadEntry(XmlReader reader)
    {
        var entry = new Entry();
        var depth = reader.Depth;
        var content = reader.Content();
        while (content.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (reader.LocalName)
            {
                case "link": entry.Note(reader.GetAttribute("rel"), GreenButtonPaths.Of(reader.GetAttribute("href"))); break;
                case "title" when reader.Depth == depth + 1: entry.Title = Text(reader); break;
                case "UsagePoint": entry.Point = new UsagePoint(); break;
                case "MeterReading": entry.IsMeter = true; break;
                case "ReadingType": entry.Type = ReadType(reader); break;
                case "IntervalBlock": entry.Blocks++; break;
                case "LocalTimeParameters" when _zones.Count < MaxResources: _zones.Add(GreenButtonZone.Read(reader)); break;
                case "UsageSummary" or "ElectricPowerUsageSummary": entry.Bill = GreenButtonBill.Read(reader); break;
                case "kind" when entry.Point is not null: entry.Point.Service = Number(reader); break;
            }
        }

        Keep(entry);
    }

    private ReadingType ReadType(XmlReader reader)
    {
        var type = new ReadingType();
        var content = reader.Content();
        while (content.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                switch (reader.LocalName)
                {
                    case "uom": type.Unit = Number(reader); break;
                    case "powerOfTenMultiplier": type.PowerOfTen = Number(reader); break;
                    case "flowDirection": type.Flow = Number(reader); break;
                    case "commodity": type.Commodity = Number(reader); break;
                    case "accumulationBehaviour": type.Accumulation = Number(reader); break;
                    case "dataQualifier": type.Qualifier = Number(reader); break;
                }
            }
        }

        return type;
    }

    private void Keep(Entry entry)
    {
        if (entry.Point is { } point)
        {
            point.Name = entry.Title;
            _points[entry.Self] = point;
            foreach (var meter in entry.Related.Where(path => path.StartsWith("/MeterReading/", StringComparison.OrdinalIgnoreCase)))
            {
                _pointOfMeter.TryAdd(meter, entry.Self);
            }
        }
        else if (entry.Type is { } type)
        {
            _types[entry.Self] = type;
        }
        else if (entry.IsMeter)
        {
            _typeOfMeter[entry.Self] = entry.Related.FirstOrDefault(path => path.Contains("/ReadingType/", StringComparison.OrdinalIgnoreCase));
            _lastMeter = entry.Self;
            if (GreenButtonPaths.Before(entry.Self, "/MeterReading") is null && GreenButtonPaths.Before(entry.Up, "/MeterReading") is { } above)
            {
                _pointOfMeter[entry.Self] = above;
            }
        }

        if (entry.Bill is { } bill)
        {
            _summaries.Add((GreenButtonPaths.Before(entry.Self, SummaryStep(entry.Self)) ?? GreenButtonPaths.Before(entry.Up, SummaryStep(entry.Up)), bill));
        }

        if (_points.Count + _types.Count + _typeOfMeter.Count + _pointOfMeter.Count + _meters.Count + _summaries.Count > MaxResources)
        {
            throw new InvalidDataException($"It describes more than {MaxResources} meters.");
        }

        for (var i = 0; i < entry.Blocks; i++)
        {
            _blocks.Add(NumberOf(GreenButtonPaths.Before(entry.Self, "/IntervalBlock") ?? GreenButtonPaths.Before(entry.Up, "/IntervalBlock") ?? _lastMeter));
        }
    }

    private int NumberOf(string meter)
    {
        if (!_meterNumbers.TryGetValue(meter, out var number))
        {
            _meterNumbers.Add(meter, number = _meters.Count);
            _meters.Add(meter);
        }

        return number;
    }

    private void Resolve(string fileName)
    {
        if (_blocks.Count == 0 && !_summaries.Exists(summary => summary.Bill.IsWhole))
        {
            throw ImportFaultException.AnotherKind(_summaries.Count == 0
                ? $"{fileName} is a Green Button feed without readings of intervals: it describes {_points.Count} usage points and {_typeOfMeter.Count} meters."
                : $"{fileName} is a Green Button feed that holds bills only, and none says what was consumed in its period: download the interval data, or the .csv.");
        }

        _shared = [.. _meters.Select(PointOf).Concat(_summaries.Select(summary => summary.Point ?? LonePoint)).Distinct(StringComparer.OrdinalIgnoreCase).GroupBy(GreenButtonPaths.LastStep).Where(points => points.Count() > 1).Select(points => points.Key)];
        var flows = _meters.Select(meter => (Point: PointOf(meter), Type: TypeOf(meter)))
            .Where(meter => meter.Type is { } type && !GreenButtonUnits.IsExtreme(type.Qualifier)).Select(meter => (meter.Point, meter.Type!.Unit, meter.Type.Flow)).ToHashSet();
        foreach (var meter in _meters)
        {
            _series.Add(Describe(meter, flows));
        }

        var read = _meters.Select(PointOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (pointPath, bill) in _summaries.Select(summary => (Point: summary.Point ?? LonePoint, summary.Bill)).Where(summary => !read.Contains(summary.Point)))
        {
            AddBill(pointPath, bill);
        }

        UseOneUnitEach();
        if (_bills.Count == 0 && _series.TrueForAll(series => series is null))
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.UnknownUnit, $"{fileName} has no series that can be read: {string.Join(' ', _leftOut.Take(MostNamed).Select(left => $"{left.What}: {left.Why}."))}"));
        }
    }

    /// <summary>What is counted in several units, as electricity in Wh and gas in therms, would be several columns of one metric.</summary>
    private void UseOneUnitEach()
    {
        var several = _bills.Select(bill => bill.Series).Concat(_series.OfType<GreenButtonSeries>()).GroupBy(series => series.Metric)
            .Where(series => series.DistinctBy(one => one.Unit).Count() > 1).Select(series => series.Key).ToHashSet();
        for (var i = 0; i < _series.Count; i++)
        {
            _series[i] = _series[i] is { } series && several.Contains(series.Metric) ? series.InOwnUnit() : _series[i];
        }

        for (var i = 0; i < _bills.Count; i++)
        {
            _bills[i] = several.Contains(_bills[i].Series.Metric) ? _bills[i] with { Series = _bills[i].Series.InOwnUnit() } : _bills[i];
        }
    }

    private void AddBill(string pointPath, GreenButtonBill bill)
    {
        var point = _points.GetValueOrDefault(pointPath) ?? new UsagePoint();
        var id = IdOf(pointPath, point);
        var known = GreenButtonUnits.Find(bill.Unit, commodity: 0, point.Service, accumulation: 0, isReverse: false);
        if (!bill.IsWhole || known is null)
        {
            _leftOut.Add(($"a bill of meter {id}", bill.IsWhole ? $"the ESPI unit {bill.Unit} is not known" : "it does not say what was consumed in its period"));
            return;
        }

        var (metric, unit, power) = known.Value;
        _bills.Add((
            new GreenButtonSeries(id, point.Name, GreenButtonUnits.MeterType(commodity: 0, point.Service, isReverse: false), metric, unit, power + Math.Clamp(bill.PowerOfTen, -12, 12)),
            bill.Start!.Value, bill.Duration!.Value, bill.Value!.Value));
    }

    /// <summary>Null for a series that is left out.</summary>
    /// <param name="flows">In which directions points have series of which unit, whatever the lengths of their intervals.</param>
    private GreenButtonSeries? Describe(string meter, HashSet<(string Point, int Unit, int Flow)> flows)
    {
        var pointPath = PointOf(meter);
        var point = _points.GetValueOrDefault(pointPath) ?? new UsagePoint();
        var id = IdOf(pointPath, point);
        var type = TypeOf(meter);
        var known = type is null ? null : GreenButtonUnits.Find(type.Unit, type.Commodity, point.Service, type.Accumulation, type.IsReverse);
        if (type is null || known is not { } found || GreenButtonUnits.IsExtreme(type.Qualifier))
        {
            _leftOut.Add(($"series {meter} of meter {id}", type is null ? "the feed has no ReadingType for it"
                : known is null ? $"the ESPI unit {type.Unit} is not known"
                : "a greatest or least value is not the mean of its interval"));
            return null;
        }

        bool Has(int flow) => flows.Contains((pointPath, type.Unit, flow));
        if (type.IsNet && Has(ReadingType.Forward) && Has(ReadingType.Reverse))
        {
            _leftOut.Add(($"series {meter} of meter {id}", "it is net, and what flows in and out has a series each beside it"));
            return null;
        }

        if (type.IsReverse && Has(ReadingType.Net) && !Has(ReadingType.Forward))
        {
            _leftOut.Add(($"series {meter} of meter {id}", "it is what flows out, which the net series beside it has taken off already"));
            return null;
        }

        var (metric, unit, power) = found;
        return new GreenButtonSeries(
            type.IsReverse ? $"{id}-export" : id, type.IsReverse && point.Name.Length > 0 ? $"{point.Name} export" : point.Name, GreenButtonUnits.MeterType(type.Commodity, point.Service, type.IsReverse), metric, unit,
            power + Math.Clamp(type.PowerOfTen, -12, 12));
    }

    private ReadingType? TypeOf(string meter) => _types.GetValueOrDefault(_typeOfMeter.GetValueOrDefault(meter) ?? "") ?? (_types.Count == 1 ? _types.Values.Single() : null);

    private string PointOf(string meter) => GreenButtonPaths.Before(meter, "/MeterReading") ?? _pointOfMeter.GetValueOrDefault(meter) ?? LonePoint;

    private string LonePoint => _points.Count == 1 ? _points.Keys.Single() : "";

    private string IdOf(string pointPath, UsagePoint point) => GreenButtonPaths.LastStep(pointPath) is { Length: > 0 } last ? WithCustomer(pointPath, last) : point.Name;

    private static string SummaryStep(string path) => path.Contains("/UsageSummary", StringComparison.OrdinalIgnoreCase) ? "/UsageSummary" : "/ElectricPowerUsageSummary";

    /// <summary>Customers may each have a point 1.</summary>
    private string WithCustomer(string pointPath, string id) =>
        (id.Length <= LongestCount || _shared.Contains(id)) && pointPath.Split('/') is [.., var kind, var customer, _, _] && Customers.Contains(kind, StringComparer.OrdinalIgnoreCase)
            ? $"{customer}:{id}" : id;

    private string Text(XmlReader reader) => new string(_buffer, 0, reader.ReadText(_buffer)).Trim();

    private int Number(XmlReader reader) => int.TryParse(Text(reader), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private sealed class Entry
    {
        private const int MaxRelated = 1_000;

        public string Self { get; private set; } = "";
        public string Up { get; private set; } = "";
        public List<string> Related { get; } = [];
        public string Title { get; set; } = "";
        public UsagePoint? Point { get; set; }
        public ReadingType? Type { get; set; }
        public GreenButtonBill? Bill { get; set; }
        public bool IsMeter { get; set; }
        public int Blocks { get; set; }

        public void Note(string? relation, string path)
        {
            switch (relation)
            {
                case "self": Self = path; break;
                case "up": Up = path; break;
                case "related" when Related.Count < MaxRelated || path.Contains("/ReadingType/", StringComparison.OrdinalIgnoreCase): Related.Add(path); break;
            }
        }
    }

    private sealed class UsagePoint
    {
        public string Name { get; set; } = "";
        public int Service { get; set; } = -1;
    }

    private sealed class ReadingType
    {
        public const int Forward = 1;
        public const int Reverse = 19;
        public const int Net = 4;

        public int Unit { get; set; }
        public int PowerOfTen { get; set; }
        public int Flow { get; set; }
        public int Commodity { get; set; }
        public int Accumulation { get; set; }
        public int Qualifier { get; set; }
        public bool IsReverse => Flow == Reverse;
        public bool IsNet => Flow == Net;
    }
}
