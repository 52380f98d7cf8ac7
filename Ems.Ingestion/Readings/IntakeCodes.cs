namespace Ems.Ingestion.Readings;

/// <summary>Codes of rejected readings and requests.</summary>
internal static class IntakeCodes
{
    public const string DataValidationFailed = "DATA_VALIDATION_FAILED";
    public const string InvalidTimestamp = "INVALID_TIMESTAMP";
    public const string Contradiction = "DUPLICATE_IN_FILE";
    public const string BatchTooLarge = "BATCH_TOO_LARGE";

    public static string VirtualMeter(string id) => $"{id} is a virtual meter, worked out from others: send the readings of those.";
}
