namespace Ems.Ingestion.Sites;

/// <summary>What is wrong with one field of a request.</summary>
internal sealed record FieldFault(string Field, string Message);

internal static class FieldFaults
{
    public static void AddIf(this List<FieldFault> faults, string? message, string field)
    {
        if (message is not null)
        {
            faults.Add(new FieldFault(field, message));
        }
    }
}
