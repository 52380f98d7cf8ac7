using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>The words of a header, which is compared by whole words only: <c>Validated</c> names no date.</summary>
internal sealed partial class HeaderWords
{
    private static readonly HashSet<string> Times =
    [
        "time", "times", "date", "datetime", "timestamp", "stamp", "ts", "hour", "hours", "hr", "he", "day", "month", "interval", "period", "clock",
        "epoch", "zeit", "datum", "uhrzeit", "zeitstempel", "zeitpunkt", "zeitraum", "stunde", "tag", "monat", "heure", "horodatage", "horodate", "jour", "mois", "fecha", "hora",
        "mes", "data", "ora", "mese", "tijd", "tijdstip", "maand",
        "godzina", "godz", "czas", "hodina", "čas", "cas", "timme", "tid", "tidspunkt", "klokkeslett", "dato", "tunti", "kello", "päivä", "kuupäev", "kellaaeg", "日付", "年月日", "時間", "時刻",
    ];

    private static readonly HashSet<string> Intervals = ["hour", "hours", "hr", "he", "interval", "period", "stunde", "heure", "hora", "ora", "periodo", "période", "godzina", "godz", "hodina", "timme", "tunti", "時間"];

    private static readonly HashSet<string> TimesOfDay =
        ["time", "times", "hour", "hours", "hr", "he", "clock", "zeit", "uhrzeit", "stunde", "heure", "hora", "ora", "tijd", "tijdstip"];

    private static readonly HashSet<string> Starts =
        ["start", "starting", "started", "begin", "beginning", "begins", "from", "von", "beginn", "anfang", "anfangs", "ab", "début", "depuis", "inicio", "inicial", "desde", "inizio", "van", "vanaf", "fra", "från", "od", "algus", "sākums", "pradžia", "początek", "začátek", "alku", "kezdete", "başlangıç", "început"];

    private static readonly HashSet<string> Ends =
        ["end", "ending", "ended", "ends", "stop", "stopped", "to", "until", "through", "thru", "he", "bis", "ende", "eind", "slut", "fin", "fim", "final", "hasta", "até", "fine", "tot", "til", "till", "jusqu", "lõpp", "beigas", "pabaiga", "koniec", "konec", "loppu", "vége", "bitiş", "sfârșit"];

    // In Italian, Portuguese and Polish it is a date.
    private const string Data = "data";

    private static readonly HashSet<string> OfData = ["source", "type", "quality", "point", "value", "status", "set", "stream", "channel", "logger", "provider", "center", "centre", "unit", "owner"];

    // Of languages that all write the day first.
    private static readonly HashSet<string> DayFirst =
    [
        "datum", "uhrzeit", "zeitstempel", "zeitpunkt", "horodatage", "horodate", "jour", "journée", "fecha", "giorno", "tijd", "tijdstip", "dato",
        "début", "relevé", "facture", "inizio", "lettura", "fattura", "fatura", "leitura", "inicio", "fim", "lectura", "factura", "vanaf", "von", "bis", "dal", "del", "du", "desde", "hasta", "tidspunkt", "klokkeslett", "päivä", "päiväys", "czas", "día",
    ];

    // Polish and Czech.
    private const string To = "do";

    private static readonly HashSet<string> Periods =
    [
        "month", "months", "week", "weeks", "commencing", "wc", "quarter", "year", "period", "monat", "woche", "kw", "quartal", "jahr", "abrechnungsmonat", "verbrauchsmonat", "mois", "semaine", "trimestre", "année",
        "mes", "semana", "año", "mese", "settimana", "anno", "maand", "jaar", "monate", "mês", "miesiąc", "měsíc", "månad", "måned", "kuukausi", "ay",
    ];

    private static readonly HashSet<string> Administrative =
    [
        "created", "updated", "modified", "inserted", "exported", "downloaded", "printed", "generated", "imported", "invoice", "due", "payment", "paid",
        "revision", "revised",
    ];

    private static readonly HashSet<string> Reads =
    [
        "read", "reading", "readings", "bill", "billed", "billing", "invoice", "statement", "ablesedatum", "ablesetag", "ablesung", "rechnungsdatum", "relevé",
        "facture", "lectura", "factura", "lettura", "fattura", "meteropname",
    ];

    private static readonly HashSet<string> Money =
    [
        "cost", "costs", "price", "fee", "usd", "eur", "gbp", "kosten", "preis", "coût", "prix", "costo", "precio", "prezzo", "prijs",
    ];

    // What fills a battery, too.
    private static readonly HashSet<string> Charges = ["charge", "charges"];

    // Where it is filled.
    private static readonly string[] OfChargers = ["point", "points", "box", "station", "controller", "pole", "pile"];

    private static readonly string[] OfBills =
    [
        "standing", "fixed", "customer", "service", "tax", "vat", "p", "total", "current", "basic", "amount", "delivery", "supply", "distribution", "transmission",
        "energy", "demand", "electric", "electricity", "gas", "water",
    ];

    private static readonly HashSet<string> Prices = [.. Money, .. Charges, "rate", "tariff", "amount", "per", "tarif"];

    // In brackets behind a unit.
    private static readonly HashSet<string> Currencies =
    [
        "usd", "eur", "gbp", "chf", "aud", "cad", "nzd", "sek", "nok", "dkk", "isk", "pln", "czk", "huf", "ron", "bgn", "inr", "rs", "jpy", "cny", "rmb", "krw", "twd", "hkd", "sgd", "myr", "thb", "idr", "php", "brl",
        "mxn", "zar", "try", "tl", "aed", "sar", "ils", "kr", "kč", "zł", "ft", "p", "pence", "c", "ct", "cent", "cents", "euro", "euros", "dollar", "dollars",
    ];

    private const int FarthestHours = 14;

    private readonly string _header;
    private readonly HashSet<string> _words;

    public HeaderWords(string header)
    {
        _header = CamelHump().Replace(Umlauts.Of(PlainText.Of(header)), " ");
        _words = new(Split().Split(_header).Where(word => word.Length > 0).SelectMany(word => Parts(word.ToLowerInvariant())), Accents.Comparer);
    }

    public int Count => _words.Count;

    public bool NameTime => NameTimeBeside(IsEnglishData ? Data : "");

    /// <summary>Where the times are, and no zone of a building.</summary>
    public bool NameTimeZone => Any("timezone", "tz", "zeitzone") || (Any("zone") && NameTime);

    /// <summary>Whether the name itself is numbered, as those of <c>Pump No. 2</c> and <c>Wallbox (ID 1)</c> are.</summary>
    public bool HaveNumber => NumberBehind().IsMatch(_header);

    /// <summary>Parts of a day that may be numbered.</summary>
    public bool NameIntervals => _words.Overlaps(Intervals);

    /// <summary>An hour or a clock, and no period of any length.</summary>
    public bool NameTimeOfDay => _words.Overlaps(TimesOfDay);

    /// <summary>A time at which somebody wrote something down.</summary>
    public bool AreAdministrative => _words.Overlaps(Administrative);

    /// <summary>Minutes from UTC, as in <c>Time (UTC+01:00)</c>; null where it says none, or two as those of winter and summer.</summary>
    public short? OffsetMinutes => Utc().Matches(_header).Select(MinutesOf).Distinct().ToList() is [var only] ? only : null;

    /// <summary>The abbreviation of a zone, as in <c>Time (CET)</c>, or a name that zones of several countries share, as in <c>Time (Pacific)</c>; null where it names none.</summary>
    public string? Zone => Split().Split(_header).FirstOrDefault(word => word.Length > 2 && word.All(char.IsUpper) && word is not ("UTC" or "GMT") && ZoneNames.Find(word) is not null)
        ?? ZoneNames.SharedIn(_header, mayBeAlone: true);

    /// <summary>The IANA name of a zone, as in <c>Time (Europe/Berlin)</c>; null where it has none.</summary>
    public string? ZoneId => Iana().Matches(_header).Select(match => match.Value).FirstOrDefault(name => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is not null);

    /// <summary>The day on which somebody read a meter or wrote a bill, and no month or period of bills.</summary>
    public bool NameReadDate => _words.Overlaps(Reads) && !Any("month", "period", "cycle", "year", "monat", "mois", "mes", "mese");

    /// <summary>The month, the week or another period that rows are of, and neither its end nor a day on which somebody read: a date below it is its first day.</summary>
    public bool NamePeriod => (_words.Overlaps(Periods) || _words.SetEquals(["w", "c"]) || _words.SetEquals(["mm", "yyyy"])) && Label != LabelMeaning.End && !NameReadDate;

    /// <summary>Whether what they head is of bills.</summary>
    /// <summary>Whether they name when a meter was read.</summary>
    public bool NameReadings => Any("read", "reading", "readings", "ablesedatum", "ablesetag", "ablesung", "relevé", "lectura", "lettura", "leitura", "meteropname", "avläsning", "aflæsning", "avlesning");

    public bool NameBills => Any("bill", "bills", "billed", "billing", "invoice", "statement", "rechnung", "abrechnung", "rechnungszeitraum", "abrechnungszeitraum", "facture", "facturation", "factura", "facturación", "fattura", "fatturazione");

    /// <summary>Money, and nothing that may be a tariff or an amount.</summary>
    public bool NameMoney => _words.Overlaps(Money) || (_words.Contains("amount") && (_words.Overlaps(Currencies) || Any("vat", "tax", "due"))) || (_words.Overlaps(Charges) && !NameCharger && (_words.Overlaps(OfBills) || _header.Any(sign => char.GetUnicodeCategory(sign) == UnicodeCategory.CurrencySymbol)));

    /// <summary>Whether they are of a language that writes the day of a date first.</summary>
    public bool WriteDayFirst => _words.Overlaps(DayFirst) || (_words.Contains(Data) && !IsEnglishData && _words.IsSubsetOf([Data, .. Starts, .. Ends, "de", "di"]));

    /// <summary>What may be money or fill a battery.</summary>
    public bool NameCharge => _words.Overlaps(Charges) && !NameMoney;

    /// <summary>Whether they name where something is charged: <c>chargePointId</c>.</summary>
    private bool NameCharger => _words.Overlaps(Charges) && _words.Overlaps(OfChargers);

    /// <summary>Only the name of a currency.</summary>
    public bool NameCurrency => _words.Count > 0 && _words.IsSubsetOf(Currencies);

    /// <summary>Money, or an amount per something else.</summary>
    public bool NamePrice => NameCharger ? _words.Overlaps(Money) : _words.Overlaps(Prices);

    /// <summary>What the header says about its labels, as <c>Hour Ending</c> or <c>Start Date</c> do.</summary>
    public LabelMeaning? Label => _words.Overlaps(Ends) || SaysTo ? LabelMeaning.End : _words.Overlaps(Starts) ? LabelMeaning.Start : null;

    /// <summary>Whether they name an end of an interval and nothing else: the start of a peak is none.</summary>
    public bool NameAnEndAlone => _words.Count > 0 && Except([.. Starts, .. Ends, To]).Count == 0;

    private bool IsEnglishData => _words.Contains(Data) && _words.Overlaps(OfData);

    // In Portuguese a "do" stands before the word for what a date is of.
    private bool SaysTo => _words.Contains(To) && _header.TrimEnd().EndsWith(To, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether another word than this one names a time.</summary>
    public bool NameTimeBeside(string word) => _words.Any(other => other != word && Times.Contains(other));

    public bool Any(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (_words.Contains(word))
            {
                return true;
            }
        }

        return false;
    }

    public bool Any(IEnumerable<string> words) => _words.Overlaps(words);

    /// <summary>Whether any of them ends so, as compounds do.</summary>
    public bool AnyEndsWith(string[] ends) => _words.Any(word => Array.Exists(ends, end => word.EndsWith(end, StringComparison.Ordinal)));

    /// <summary>Whether the other words are all of these and more.</summary>
    public bool AreWithin(HeaderWords other) => _words.IsProperSubsetOf(other._words);

    /// <summary>Whether any of these stands within a word, as in writing without blanks.</summary>
    public bool Contains(string[] texts) => Array.Exists(texts, text => _header.Contains(text, StringComparison.Ordinal));

    /// <summary>The other words, in lower case.</summary>
    public HashSet<string> Except(IEnumerable<string> words) => new(Enumerable.Except(_words, words, Accents.Comparer), Accents.Comparer);

    /// <summary>The words of a compound: what it numbers, and that it is a number, as <c>Zählernummer</c>; what it names, as <c>Messstellenbezeichnung</c>; or an end and a time, as <c>Startdatum</c>.</summary>
    private static string[] Parts(string word) => NumberOf().Match(word) is { Success: true } number ? [number.Groups["of"].Value, "nummer"]
        : NameOf().Match(word) is { Success: true } name ? [name.Groups["of"].Value, "bezeichnung"]
        : EndOf().Match(word) is { Success: true } end ? [end.Groups["end"].Value, end.Groups["of"].Value] : [word];

    /// <summary>What goes on otherwise than an offset says UTC alone.</summary>
    private static short MinutesOf(Match utc)
    {
        var hours = utc.Groups["hours"].Success ? int.Parse(utc.Groups["hours"].Value, CultureInfo.InvariantCulture) : 0;
        var minutes = utc.Groups["minutes"].Success ? int.Parse(utc.Groups["minutes"].Value, CultureInfo.InvariantCulture) : 0;
        return hours > FarthestHours || minutes >= 60 ? (short)0 : (short)(((hours * 60) + minutes) * (utc.Groups["sign"].Value == "+" ? 1 : -1));
    }

    [GeneratedRegex(
        @"(?<![\p{L}\p{N}])(utc|gmt|zulu)(?![\p{L}\p{N}])(\s*(?<sign>[+−-])\s*(?<hours>\d{1,2})(:?(?<minutes>\d{2}))?(?!\d|\s*min))?",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Utc();

    [GeneratedRegex(@"(?<!\p{L})[A-Z][A-Za-z]+(/[A-Z][A-Za-z_-]*[A-Za-z]){1,2}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Iana();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}#]+", RegexOptions.CultureInvariant)]
    private static partial Regex Split();

    [GeneratedRegex("^(?<of>.{2,})(nummer|番号)$|^(?<of>zähler|zählpunkt|meter|messpunkt|messstellen|mätpunkts|målepunkts?|anläggnings)(nr|id|kennung)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex NumberOf();

    [GeneratedRegex("^(?<of>zähler|messstelle|messpunkt|gerät|anlage|objekt|datenpunkt|gebäude)[ens]?(name|bezeichnung)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex NameOf();

    [GeneratedRegex("^(?<end>start|anfangs|beginn|begin|end|eind|slut)(?<of>datum|dato|zeit|tid|tijd|zeitpunkt|tidspunkt)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex EndOf();

    [GeneratedRegex(@"(?<=[\p{L}\p{N})\]]\W+)((nr|no|id|num|number|nummer)\W{0,2}\d|#\s?\d)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex NumberBehind();

    // MaLo and MeLo are words.
    [GeneratedRegex(@"(?<=\p{Ll})(?<!\bM[ae](?=Lo))(?=\p{Lu})", RegexOptions.CultureInvariant)]
    private static partial Regex CamelHump();
}
