using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Knows texts that name reactive or apparent energy, which swings between a source and a load and is no energy used.</summary>
internal static partial class ReactiveEnergy
{
    private static readonly string[] Words =
        ["react", "reactive", "aprt", "apparent", "blindarbeit", "blindenergie", "reactiva", "reattiva", "reativa", "reactief", "reactieve", "jalova"];

    // What counts both is no channel of one of them.
    private static readonly string[] Active = ["active", "activa", "attiva", "ativa", "actief", "actieve", "aktiv", "wirkarbeit", "wirkenergie"];

    /// <summary>Why it is left out.</summary>
    public const string Why = "it is reactive energy, for which there is no metric; map it to one of your own to keep it";

    /// <summary>Whether a word says so, be it of energy or of power.</summary>
    public static bool IsNamedBy(HeaderWords words) => words.Any((IEnumerable<string>)Words) && !words.Any((IEnumerable<string>)Active);

    /// <summary>Whether a text names active energy alone, as stands beside it.</summary>
    public static bool NamesActive(string text) => new HeaderWords(text) is var words && words.Any((IEnumerable<string>)Active) && !words.Any((IEnumerable<string>)Words);

    /// <summary>Whether its unit is in a text: <c>kVArh</c>, <c>Import [Mvarh]</c>.</summary>
    public static bool HasUnit(string text) => UnitOf().IsMatch(text);

    /// <summary>Whether a header has its unit or its code.</summary>
    public static bool IsSurelyNamedBy(string header) => HasUnit(header) || ObisCode.IsReactive(header);

    /// <summary>Whether a text says that values are of it, by its unit, a word or the code of a meter.</summary>
    public static bool IsNamedBy(string text) => IsSurelyNamedBy(text)
        || (IsNamedBy(new HeaderWords(text)) && HeaderReader.Read(text) is { Unit: null or { Dimension: Dimension.Energy } } reading && reading.Metric?.Dimension is not (Dimension.ReactivePower or Dimension.ApparentPower));

    /// <summary>Whether a header has the letter of it and its direction: <c>R+</c>, <c>Energija R-</c>, <c>-Q</c>.</summary>
    public static bool IsDirectionIn(string header) => Direction().IsMatch(header);

    /// <summary>Whether it is what British meters and NEM files call its channels, and others their quarters of a year.</summary>
    public static bool IsCode(string text) => Code().IsMatch(text);

    /// <summary>Whether it is what they call channels of active energy.</summary>
    public static bool IsCodeOfActive(string text) => CodeOfActive().IsMatch(text);

    [GeneratedRegex(@"(?<![\p{L}\p{N}])[kmg]?var?[\s-]?(h|hrs?|hours?)(?![\p{L}\p{N}])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex UnitOf();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])([RQ][+-]|(?<!\S)[+-][RQ])(?![\p{L}\p{N}])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Direction();

    [GeneratedRegex(@"^(R[IE]|Q\d)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex(@"^(A[IE]|[EB]\d)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex CodeOfActive();
}
