namespace Ems.Ingestion.Imports.Headers;

// What names of meters say, which departments, machines and pumps have as well: an injection of plastics, the outflow of a pump.
internal static partial class Directions
{
    /// <summary>Whether a name has no other words than that something flows out.</summary>
    public static bool MayBeOutward(string name) => new HeaderWords(name) is var words && NameExport(words) && NameNothing(words);

    /// <summary>Whether it says so in words that are those of nothing else. What is net has both directions in it.</summary>
    /// <param name="isReceived">Whether another one is a Bezug, beside which a Lieferung flows out.</param>
    public static bool AreSurelyOut(string name, bool isReceived)
    {
        var words = new HeaderWords(ToGrid().Replace(name, " "));
        var isToGrid = ToGrid().IsMatch(name);
        return !words.Any("net") && (AreFedIn(words) || (words.Except([.. Exports, .. Deliveries, .. Plain, .. Spans, .. Productions.Plants, .. isToGrid ? Imports : []]).Count == 0
            && (isToGrid || words.Any((IEnumerable<string>)OfElectricityAlone) || (words.Any((IEnumerable<string>)OfAnything) && words.Any((IEnumerable<string>)OfGridOrPlant)) || (isReceived && AreDelivered(words)))));
    }

    /// <summary>What a name has besides that something flows out, as one of what flows in may have it, too; null where it does not say so.</summary>
    /// <param name="ofMachines">In words that machines have as well.</param>
    public static string? OutwardNameOf(string name, bool ofMachines) =>
        new HeaderWords(name) is var words && words.Any((IEnumerable<string>)(ofMachines ? OfAnything : OfElectricityAlone)) && !words.Any("net") ? NameBeside(words) : null;

    /// <summary>The same of a Lieferung.</summary>
    public static string? DeliveredNameOf(string name) => new HeaderWords(name) is var words && AreDelivered(words) ? NameBeside(words) : null;

    /// <summary>What a name has besides that something flows in; null where it does not say so.</summary>
    /// <param name="ofMachines">Whether it is to say it in no words of a mere use.</param>
    public static string? InwardNameOf(string name, bool ofMachines) =>
        new HeaderWords(name) is var words && words.Any((IEnumerable<string>)(ofMachines ? [.. Imports.Except(OfUse)] : Imports)) && !NameExport(words) ? NameBeside(words) : null;

    private static string NameBeside(HeaderWords words) => string.Join(' ', words.Except([.. Exports, .. Imports, .. Deliveries, .. Plain, .. Spans]).Order(StringComparer.Ordinal));
}
