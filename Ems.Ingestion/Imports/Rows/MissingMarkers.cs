using System.Collections.Frozen;
using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>What people and programs write where there is no value.</summary>
internal static class MissingMarkers
{
    /// <summary>What stands for a value that a quality column says to be none.</summary>
    public const string MarkedInvalid = "marked invalid";

    private static readonly FrozenSet<string> Texts = new[]
    {
        "n/a", "na", "n.a.", "nan", "null", "nil", "none", "not available", "unavailable", "not applicable", "no data", "nodata", "missing", "bad", "error",
        "invalid", "void", "offline", "-", "--", "---", "–", "—", ".", "..", "...", "?", "x", "k.a.", "k. a.", "keine daten", "fehlt", "nd", "n.d.", "sin datos",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsMissing(in Cell cell) => cell.Kind switch
    {
        CellKind.Empty or CellKind.Error => true,
        CellKind.Text => Texts.Contains(cell.Text!),
        _ => false,
    };

    /// <summary>The kind of a missing cell, as a job lists it.</summary>
    public static string KindOf(in Cell cell) => cell.Kind == CellKind.Empty ? "blank" : cell.Text!;
}
