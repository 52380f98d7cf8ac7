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
        "n/a", "na", "n.a.", "nan", "null", "nil", "none", "not available", "unavailable", "not applicable", "no data", "nodata", "no ct", "missing", "bad", "error",
        "invalid", "void", "offline", "-", "--", "---", "–", "—", ".", "..", "...", "?", "x", "k.a.", "k. a.", "keine daten", "fehlt", "nd", "n.d.", "sin datos",
        // What historians of plants store in place of a value.
        "bad input", "bad data", "bad quality", "bad output", "i/o timeout", "io timeout", "pt created", "point created", "scan off", "scan timeout", "calc failed", "calc off", "no result",
        "no sample", "comm fail", "comm failed", "comm lost", "communication failure", "configure", "intf shut", "not connect", "not connected", "out of serv", "out of service",
        "shutdown", "over range", "under range", "overflow", "disconnected", "stale",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsMissing(in Cell cell) => cell.Kind switch
    {
        CellKind.Empty or CellKind.Error => true,
        // Historians write errors with their number: [-11059] No Good Data For Calculation.
        CellKind.Text => Texts.Contains(cell.Text!) || cell.Text!.StartsWith("[-", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>The kind of a missing cell, as a job lists it.</summary>
    public static string KindOf(in Cell cell) => cell.Kind == CellKind.Empty ? "blank" : cell.Text!;
}
