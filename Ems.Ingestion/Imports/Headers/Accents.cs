using System.Buffers;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Words of Romance languages with or without their accents, which programs and people leave out: <c>Calefaccion</c>, <c>ENERGIE INJECTEE</c>. Umlauts and rings are other letters.</summary>
internal static class Accents
{
    private const string With = "áàâãéèêëíìîïóòôõúùûñç";
    private const string Plain = "aaaaeeeeiiiioooouuunc";

    private static readonly SearchValues<char> Any = SearchValues.Create(With);

    /// <summary>Takes words in lower case as equal that are so but for accents.</summary>
    public static IEqualityComparer<string> Comparer { get; } = EqualityComparer<string>.Create(
        (one, other) => ReferenceEquals(one, other) || (one?.Length == other?.Length && Without(one!).Equals(Without(other!), StringComparison.Ordinal)),
        word => string.GetHashCode(Without(word), StringComparison.Ordinal));

    /// <param name="text">In lower case.</param>
    public static string Without(string text) => !text.AsSpan().ContainsAny(Any) ? text : string.Concat(text.Select(Of));

    private static char Of(char letter) => With.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var at ? Plain[at] : letter;
}
