using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Query.Requests;

/// <summary>One thing that is wrong with a request.</summary>
internal sealed record Fault(string Field, string Code, string Message)
{
    public const string InvalidTimeRange = "INVALID_TIME_RANGE";
    public const string Invalid = "DATA_VALIDATION_FAILED";
    public const string EquipmentNotFound = "EQUIPMENT_NOT_FOUND";

    public static Fault Of(string field, string message) => new(field, Invalid, message);

    public static Fault NoEquipment(string id) =>
        new("equipment_id", EquipmentNotFound, $"There is no equipment '{id}'. data/equipment lists what there is.");

    /// <summary>The problem that a request with these faults is answered with.</summary>
    public static ProblemHttpResult Problem(IReadOnlyList<Fault> faults)
    {
        var status = faults.All(f => f.Code == EquipmentNotFound) ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest;
        var code = status == StatusCodes.Status404NotFound ? EquipmentNotFound : faults.First(f => f.Code != EquipmentNotFound).Code;
        return EmsProblem.Of(status, code, string.Join(" ", faults.Select(f => f.Message)), faults);
    }
}
