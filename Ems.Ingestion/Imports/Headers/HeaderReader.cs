using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using NodaTime;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>What a header says about its column.</summary>
/// <param name="Rest">What the header says beside metric and unit: the name of a meter, often.</param>
/// <param name="Sure">False when the metric comes from the unit alone, or from a word that others use for another one.</param>
internal sealed record HeaderReading(Metric? Metric, Unit? Unit, string Rest, bool Sure)
{
    /// <summary>Whether a code says the metric, under which others write what was used in each interval.</summary>
    public bool IsCode { get; init; }

    /// <summary>Whether the code says that it flows out.</summary>
    public bool IsExport { get; init; }

    /// <summary>Whether it is an amount of something else for each unit, as a price is, or of money.</summary>
    public bool IsRatio { get; init; }

    /// <summary>The length of the intervals that its amounts are of, as in <c>kWh/day</c>; null where it says none.</summary>
    public Duration? Per { get; init; }

    /// <summary>Whether it is what flows at a time, of something that no metric of flows is for: <c>Water (l/h)</c>.</summary>
    public bool IsFlow { get; init; }
}

/// <summary>Finds metric and unit in headers such as <c>Voltage (V)</c>, <c>kWh</c>, <c>temp_F</c> and <c>RealPower</c>.</summary>
internal static partial class HeaderReader
{
    // The longest unit, as "thousand watt hours", has three.
    private const int MaxUnitWords = 3;

    // Without a unit they number rows, date a report, or stand beside what was used since the last one.
    private static readonly HashSet<string> MetricsOfUnits = new(StringComparer.OrdinalIgnoreCase) { "index", "stand", "relevé", "lectura", "lettura", "leitura" };

    private static readonly HashSet<string> NamesToo = new(StringComparer.OrdinalIgnoreCase) { "VA", "Watt", "Watts", "var", "CF", "gal" };

    // What is said of amounts behind their unit. Means, phases and factors are none.
    private static readonly HashSet<string> OfAmounts = new(
        ["total", "totale", "sum", "summe", "gesamt", "usage", "use", "used", "consumed", "consumption", "verbrauch", "verbraucht", "verbruikt", "demand", "import", "imported", "export", "exported", "delivered", "received", "bezogen", "bezug", "geliefert", "lieferung"],
        StringComparer.OrdinalIgnoreCase);

    // What stands behind the name of a ratio, which needs no unit.
    private static readonly HashSet<string> OfRatios = new(StringComparer.OrdinalIgnoreCase) { "avg", "average", "mean", "total", "sum", "sys", "system", "min", "max", "L1", "L2", "L3" };

    private static readonly HashSet<string> OfPhases = new(StringComparer.OrdinalIgnoreCase) { "L1", "L2", "L3", "max", "min", "avg", "maximum", "minimum", "average", "mean" };

    private static readonly string[] Sewage = ["sewer", "sewage", "wastewater", "abwasser"];

    private static readonly SearchValues<char> NoEnergy = SearchValues.Create("/$€£¥");

    private static readonly char[] Between = [' ', '\t', '_', ',', ';', ':', '-', '–', '—', '.', '|', '/', '=', '·'];

    // The same texts are asked for again and again while a sheet is looked at, which may have 16,384 columns.
    private const int MostRemembered = 50_000;
    private const int LongestRemembered = 200;
    private static readonly ConcurrentDictionary<string, HeaderReading> Remembered = new(StringComparer.Ordinal);

    public static HeaderReading Read(string header)
    {
        if (Remembered.TryGetValue(header, out var known))
        {
            return known;
        }

        var plain = new PlainText(header);
        var reading = ReadAnew(plain.Text);
        reading = reading with { Rest = plain.Written(reading.Rest) };
        if (header.Length <= LongestRemembered)
        {
            if (Remembered.Count >= MostRemembered)
            {
                Remembered.Clear();
            }

            Remembered[header] = reading;
        }

        return reading;
    }

    /// <summary>The unit of which a header counts a multiple that only its sender knows: <c>7 kWh</c>, <c>kWh x 40</c>; null where it counts none.</summary>
    public static Unit? MultipliedIn(string header) =>
        new[] { OddMultiple(), OddMultipleBehind() }.Select(odd => odd.Match(header) is { Success: true } found && Units.TryParse(found.Groups["unit"].Value, out var unit) ? unit : null).FirstOrDefault(unit => unit is not null);

    /// <summary>The unit that a text is, as forms and cells or as only headers write it (<c>cu. ft.</c>), but for amounts per time; null where it is none.</summary>
    public static Unit? UnitAlone(string text) => Units.TryParse(text, out var unit) ? unit : Read(text) is { Per: null, Rest.Length: 0 } reading ? reading.Unit : null;

    private static HeaderReading ReadAnew(string header)
    {
        // Directions of active energy, and no ampere.
        if (header.Trim() is "A+" or "A-" or "+A" or "-A")
        {
            return new HeaderReading(null, null, header.Trim(), Sure: false) { IsExport = header.Contains('-', StringComparison.Ordinal) };
        }

        if (ServicePoints.Behind(header) is var (before, point) && ReadAnew(before) is var measured)
        {
            return measured with { Rest = $"{measured.Rest} {point}".TrimStart() };
        }

        // What is counted in each half hour is counted all the same.
        var per = PerInterval().Match(header);
        var plain = WithUnitAtEnd(OfMean().Replace(per.Success ? header.Remove(per.Index, per.Length).Insert(per.Index, per.Groups["unit"].Value) : header, "${unit}"));
        plain = LitresInCapitals().IsMatch(plain) && Carriers.Find(plain) == Carriers.Water ? LitresInCapitals().Replace(plain, letters => letters.Value == "KL" ? "kL" : "megalitre") : plain;
        plain = ThousandsBehind().Replace(plain, found => Units.TryParse(found.Groups["unit"].Value, out var of) && of.Dimension is Dimension.Energy or Dimension.Volume ? $"thousand {found.Groups["unit"].Value}" : found.Value);
        var reading = (ReadCode(header) ?? ReadWords(Directions.WithoutLoadInBrackets(OfHeat().Replace(plain, "${unit}")))) with { Per = per.Success ? LengthOf(per) : MeanOfDay().IsMatch(header) ? Duration.FromDays(1) : null };
        reading = reading.Metric?.Name == "energy" && OfHeat().IsMatch(plain) && Carriers.Find(plain, Dimension.Energy) is null ? reading with { Metric = MetricCatalogue.Find(Carriers.Heat) } : reading;
        reading = reading with { IsFlow = reading.Metric is null && FlowOf().IsMatch(header) };
        if (reading.Unit is null && header.Any(sign => char.GetUnicodeCategory(sign) == UnicodeCategory.CurrencySymbol))
        {
            return reading with { Metric = null, Sure = false, IsRatio = true };
        }

        var words = new HeaderWords(header);
        return (reading.Metric?.Name == "water_volume" && NameSewage(words) && !NameWaterApart(header)) || (reading.Metric?.Dimension == Dimension.Energy && ReactiveEnergy.IsNamedBy(words))
            ? reading with { Metric = null, Sure = false } : reading;
    }

    private static Duration LengthOf(Match interval) =>
        interval.Groups["minutes"] is { Success: true } minutes ? Duration.FromMinutes(int.Parse(minutes.Value, CultureInfo.InvariantCulture))
        : interval.Groups["day"].Success ? Duration.FromDays(1)
        : interval.Groups["hour"].Success ? Duration.FromHours(1)
        : Duration.FromMinutes(30);

    /// <summary>What flows away is no water used; beside water it is billed with it.</summary>
    private static bool NameSewage(HeaderWords header) => header.Any((IEnumerable<string>)Sewage) || (header.Any("waste") && header.Any("water"));

    private static bool NameWaterApart(string header) =>
        And().Split(header).Any(part => Carriers.Find(part) == Carriers.Water && !NameSewage(new HeaderWords(part)));

    /// <summary>By the code of a meter: <c>1.8.0</c> is what flows in, <c>1-0:2.8.1*255</c> what flows out in tariff 1.</summary>
    private static HeaderReading? ReadCode(string header)
    {
        if (ObisCode.Find(header) is not { } code || ReadWords(header.Remove(code.Place.Index, code.Place.Length)) is not { IsRatio: false } beside || code.MetricOf(beside.Unit) is not { } metric)
        {
            return null;
        }

        var tariff = code.Tariff is "0" ? "" : $"tariff {code.Tariff}";
        // Registers have a metric for either direction.
        var direction = beside.Rest.Length > 0 || metric.Kind == QuantityKind.Register ? "" : code.IsExport ? "export" : "import";
        return new HeaderReading(metric, beside.Unit, string.Join(' ', new[] { beside.Rest, direction, tariff }.Where(part => part.Length > 0)), Sure: true)
        {
            IsCode = true,
            IsExport = code.IsExport,
        };
    }

    private static HeaderReading ReadWords(string header)
    {
        // Behind a unit of energy an A in brackets is a phase.
        if (PhaseInBrackets().IsMatch(header) && ReadInFrontOfBrackets(header.Trim()) is { } ofPhase)
        {
            return ofPhase;
        }

        var (text, unit) = SplitUnit(header.Trim());
        var words = WordsOf(text);
        if (unit is not null)
        {
            return Read(text, words, unit);
        }

        // What 7 kWh count is no kWh, nor is kWh x 40.
        if ((OddMultiple().Match(text) is { Success: true } ofFront ? ofFront : OddMultipleBehind().Match(text)) is { Success: true } odd && Units.TryParse(odd.Groups["unit"].Value, out var of)
            && (!odd.Groups["behind"].Success || of.Dimension is Dimension.Energy or Dimension.Volume or Dimension.ActivePower or Dimension.ReactivePower or Dimension.ApparentPower))
        {
            var named = Read(odd.Groups["name"].Value, WordsOf(odd.Groups["name"].Value), null);
            return named.Metric is null && odd.Groups["thousand"].Success && of.Dimension == Dimension.Energy ? named with { Metric = MetricCatalogue.Find("energy") } : named;
        }

        var count = Math.Min(MaxUnitWords, words.Count);
        // A number in front of a unit may be that of a meter: only in brackets, or with nothing in front of it, it multiplies.
        while (count > 0 && ((count < words.Count && char.IsDigit(words[^count].Text[0])) || (unit = UnitOf(words[^count..])) is null))
        {
            count--;
        }

        if (unit is null)
        {
            return ReadSmallLetter(text, words) ?? ReadUnitFirst(text, words) ?? ReadUnitWithin(text, words) ?? ReadInFrontOfBrackets(text) ?? Read(text, words, null);
        }

        if (Ratios.HaveBelow(text, words[^count].Start))
        {
            return new HeaderReading(null, null, text.Trim(Between), Sure: false) { IsRatio = true };
        }

        var reading = Read(text[..words[^count].Start], words[..^count], unit);
        // A lone letter at the end (SOUTH_C, Building A) is a unit only of a metric that the other words name, or behind those of a phase.
        return words.Count > 1 && count == 1 && words[^1].Text.Length == 1 && !reading.Sure && !(words[^1].Text is "W" or "A" or "V" && OfPhases.Contains(words[^2].Text)) ? Read(text, words, null) : reading;
    }

    /// <summary>A header that begins with its unit (<c>kW Demand</c>, <c>kWh - Chiller</c>); null where its other words name something else.</summary>
    private static HeaderReading? ReadUnitFirst(string text, List<Word> words)
    {
        // 100 kW Solar is the size of a plant, VA Hospital a name, kWh/m² and kWh Cost ($) are no energies.
        if (words.Count < 2 || !char.IsLetter(words[0].Text[0]) || NamesToo.Contains(words[0].Text) || text.AsSpan().ContainsAny(NoEnergy)
            || new HeaderWords(text).NamePrice)
        {
            return null;
        }

        var named = Read(text, words, null).Metric;
        for (var count = Math.Min(MaxUnitWords, words.Count - 1); count > 0; count--)
        {
            if (words[count - 1].Text.Length > 1 && UnitOf(words[..count]) is { } unit && (named is null || named.Dimension == unit.Dimension))
            {
                var start = words[count].Start;
                return Read(text[start..], [.. words[count..].Select(word => word with { Start = word.Start - start })], unit);
            }
        }

        return null;
    }

    /// <summary>A header whose unit stands in front of the words of what is measured (<c>Compressor 1 kWh total</c>), which is read as one behind them; null where none does.</summary>
    private static HeaderReading? ReadUnitWithin(string text, List<Word> words)
    {
        var behind = words.AsEnumerable().Reverse().TakeWhile(word => OfAmounts.Contains(word.Text)).Count();
        if (behind == 0 || text.AsSpan().ContainsAny(NoEnergy) || new HeaderWords(text).NamePrice)
        {
            return null;
        }

        var front = words[..^behind];
        for (var count = Math.Min(MaxUnitWords, front.Count - 1); count > 0; count--)
        {
            var (first, last) = (front[^count], front[^1]);
            if (first.Text.Length > 1 && !char.IsDigit(first.Text[0]) && !NamesToo.Contains(first.Text) && UnitOf(front[^count..]) is not null)
            {
                return ReadWords($"{text[..first.Start]}{text[words[^behind].Start..words[^1].End]} {text[first.Start..last.End]}");
            }
        }

        return null;
    }

    /// <summary>A header that ends with the letter of its unit in lower case (<c>power_w</c>); null where its other words name no metric of that unit. Phases are called a, too.</summary>
    private static HeaderReading? ReadSmallLetter(string text, List<Word> words) =>
        words.Count > 1 && words[^1].Text is [>= 'b' and <= 'z'] letter && Units.TryParse(letter.ToUpperInvariant(), out var unit)
        && Read(text[..words[^1].Start], words[..^1], unit) is { Sure: true } reading ? reading : null;

    /// <summary>A header whose unit stands in front of brackets that say something else (<c>Power, kW (LGR S/N: 1)</c>); null where there is none, or it is money.</summary>
    private static HeaderReading? ReadInFrontOfBrackets(string text) =>
        LastBrackets().Match(text) is { Success: true } match && !new HeaderWords(match.Groups["inside"].Value).NameCurrency && !new HeaderWords(text).NamePrice && ReadWords(match.Groups["name"].Value) is { Unit: not null } reading
            ? reading with { Rest = $"{reading.Rest} {match.Groups["inside"].Value}".Trim(Between) } : null;

    /// <summary>Words of a sentence (<c>kWh by half hour</c>) that are units; a lone letter is none.</summary>
    public static IEnumerable<string> UnitsWithin(string text) =>
        WordsOf(text).Where(word => word.Text.Length > 1 && UnitOf([word]) is not null && !Ratios.HaveBelow(text, word.Start)).Select(word => word.Text);

    private static HeaderReading Read(string text, List<Word> words, Unit? unit)
    {
        if (unit?.Dimension == Dimension.Energy && RegisterReadings.CountAtEnd(words.ConvertAll(word => word.Text)) is > 0 and var named)
        {
            return new HeaderReading(MetricCatalogue.Find("energy_import_register"), unit, text[..words[^named].Start].Trim(Between), Sure: false);
        }

        // The whole header, else the most words at its end, where English has the noun, else those at its start.
        for (var count = words.Count; count > 0; count--)
        {
            if (Find(words[^count..], unit) is { } last && (unit is null || last.Dimension == unit.Dimension))
            {
                return new HeaderReading(last, unit, text[..words[^count].Start].Trim(Between), Sure: true);
            }

            // Words at the start are often adjectives (Current Reading): the unit must agree, and a heat pump is no heat.
            if (Find(words[..count], unit) is { } first && !(first.Name == Carriers.Heat && Carriers.Find(text, first.Dimension) != Carriers.Heat) && !(first.Dimension == Dimension.Volume && Carriers.AreDelivered(text))
                && (first.Dimension == unit?.Dimension || (unit is null && first.Dimension == Dimension.Ratio && words[count..].TrueForAll(word => OfRatios.Contains(word.Text)))))
            {
                return new HeaderReading(first, unit, text[words[count - 1].End..].Trim(Between), Sure: true);
            }
        }

        // A volume is of what the header names, and so is what flows; energy stays energy, whatever carries it.
        var carrier = unit is { Dimension: Dimension.Volume or Dimension.VolumeFlow } ? Carriers.Find(text, unit.Dimension) : null;
        return new HeaderReading(unit is null ? null : Carriers.MetricOf(carrier, unit, text), unit, text.Trim(Between), Sure: false);
    }

    private static Metric? Find(List<Word> words, Unit? unit) =>
        (unit is not null || !MetricsOfUnits.Contains(Join(words))) && !UnclearUnits.IsOne(Join(words)) && MetricCatalogue.TryFind(Join(words), out var metric) ? metric : null;

    private static Unit? UnitOf(List<Word> words) =>
        words is not [{ Text: "KL" or "Kl" or "kl" or "ML" or "Ml" or "M3" }] && words.Exists(word => word.Text.Any(char.IsLetter) || word.Text is "%" or "°") && Join(words) is var text && !UnclearUnits.IsOne(text) && Units.TryParse(text, out var unit) ? unit : null;

    private static string Join(List<Word> words) => string.Join(' ', words.Select(word => word.Text));

    /// <summary>A unit in brackets, or a part or a multiple of one behind a comma or an "in".</summary>
    private static (string Text, Unit? Unit) SplitUnit(string header)
    {
        var bracketed = BracketedUnit().Match(header);
        if (bracketed.Success && (!Units.IsNameToo(bracketed.Groups["unit"].Value) || Carriers.Find(header, Dimension.Volume) is not null) && !UnclearUnits.IsOne(bracketed.Groups["unit"].Value) && Units.TryParse(bracketed.Groups["unit"].Value, out var unit))
        {
            return (bracketed.Groups["name"].Value, unit);
        }

        var multiple = MultipleAtEnd().Match(header);
        return multiple.Success && Units.TryParse(multiple.Groups["unit"].Value, out unit) ? (multiple.Groups["name"].Value, unit) : (header, null);
    }

    /// <summary>Words between spaces and signs, and within CamelCase; a unit such as kWh or m³/h stays whole.</summary>
    private static List<Word> WordsOf(string text)
    {
        var words = new List<Word>();
        foreach (Match part in Parts().Matches(text))
        {
            if (Units.TryParse(part.Value, out _))
            {
                words.Add(new Word(part.Value, part.Index));
                continue;
            }

            foreach (Match word in BetweenSigns().Matches(part.Value))
            {
                var humps = Units.TryParse(word.Value, out _) ? [] : CamelHump().Matches(word.Value).Select(hump => hump.Index).ToList();
                foreach (var (start, end) in humps.Prepend(0).Zip(humps.Append(word.Length)))
                {
                    words.Add(new Word(word.Value[start..end], part.Index + word.Index + start));
                }
            }
        }

        return words;
    }

    /// <param name="Start">Where it stands in the header.</param>
    private readonly record struct Word(string Text, int Start)
    {
        public int End => Start + Text.Length;
    }

    [GeneratedRegex(@"^(?<name>.*?)\s*[\(\[](?<unit>[^\(\[]+(\([^\)]*\)\s*)*)[\)\]]\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex BracketedUnit();

    [GeneratedRegex(@"^(?<name>.*?)(,\s*|\bin\s+|[\s_](?=0[.,])|(^|[\s_])(?=['’]000))(?<unit>['’x×]?\d[\d.,]*\s*[^\s\d]+)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex MultipleAtEnd();

    // What is shown in thousands, as in kWh (x1000), kWh (000s) and kWh x 1,000. CCF is a multiple already.
    [GeneratedRegex(@"(?<unit>(?<![\p{L}\p{N}])(?!\w*[Cc][Ff]\b)[\p{L}³]+[23]?)\s*([\(\[]\s*(['’]?000'?s?|[x×*]\s?1[,.]?000)\s*[\)\]]|(['’]000'?s?|[x×*]\s?1,?000)(?![\p{L}\p{N}.,]))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ThousandsBehind();

    // A thousand in one language is a million in another.
    [GeneratedRegex(@"^(?<name>.*?)\s*[\(\[]\s*([x×]?\d[\d.,]*\s*|(?<thousand>mil|k)\s+)(?<unit>[^\(\)\[\]]+)[\)\]]\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OddMultiple();

    // In capitals it is as often the name of something: X1.
    [GeneratedRegex(@"^(?<name>.*?)(?<unit>(?<![\p{L}\p{N}])[\p{L}³]+[23]?)\s*([\)\]]\s*)?(?<behind>[\(\[]\s*(?<thousand>k)\s*[\)\]]|[\(\[]?\s*[x×*]\s?\d{2,}[\d.,]*\s*[\)\]]?)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OddMultipleBehind();

    [GeneratedRegex(@"^(?<name>.*\S)\s*[\(\[](?<inside>[^\(\)\[\]]*)[\)\]]\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex LastBrackets();

    [GeneratedRegex(@"(?<!\p{L})[kM]?Wh\s*\([ABC]\)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex PhaseInBrackets();

    [GeneratedRegex(@"[/&+]|\b(and|und)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex And();

    [GeneratedRegex(@"[^\s_,;]+", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}%°²³]+", RegexOptions.CultureInvariant)]
    private static partial Regex BetweenSigns();

    // A volume in an hour or less is a flow.
    [GeneratedRegex(
        @"((?<unit>(?<!\p{L})([kmg]?whs?|[kmg]j|k?btus?|therms?))(\s*/\s*|\s+per\s+)(hh|half[\s-]?hours?|(?<minutes>\d{1,2})\s*min(ute)?s?|(?<hour>h|hr|hour)|(?<day>d|day))"
        + @"|(?<unit>(?<!\p{L})([ns]?m[3³]|l|lit(er|re)s?|k?gal(lon)?s?|ft[3³]|[chkm]cf))(\s*/\s*|\s+per\s+)(?<day>d|day))(?!\p{L})(\s*\((per\s+)?half[\s-]?hour\))?",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex PerInterval();

    // Of the days of a month, say.
    [GeneratedRegex(@"(?<!\p{L})((avg|average|mean)\.?[\s_-]+daily|daily[\s_-]+(avg|average|mean)|tages(durchschnitt|mittel)\p{L}*)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex MeanOfDay();

    [GeneratedRegex(
        @"(?<!\p{L})(([ns]?m[3³]|l|lit(er|re)s?|gal(lon)?s?|ft[3³]|cf)(\s*/\s*|\s+per\s+)(h|hr|hour|min|minute|s|sec|second)|gp[mh]|lpm)(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex FlowOf();

    [GeneratedRegex(@"(?<unit>(?<!\p{L})[kmg]?(w|va|var))\s+(avg|average|mean)(?=\W*$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfMean();

    [GeneratedRegex(@"(?<unit>(?<!\p{L})(?i:[kmg]?wh))[\s_-]?(th(erm(al)?)?|\(th\))(?!\p{L})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfHeat();

    // They are as often the name of a city or a line.
    [GeneratedRegex(@"(?<![\p{L}\p{N}])(KL|ML)(?![\p{L}\p{N}])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex LitresInCapitals();

    // A lone letter is no word but the prefix of a unit (kGal).
    [GeneratedRegex(@"(?<=\p{L}\p{Ll})(?=\p{Lu})", RegexOptions.CultureInvariant)]
    private static partial Regex CamelHump();
}
