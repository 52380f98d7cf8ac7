using Ems.Ingestion.Files;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Ingestion.Imports;

/// <summary>Says what is wrong with a file, and what its sender may choose from.</summary>
internal static class ImportProblems
{
    public static ProblemHttpResult Of(ImportFault fault)
    {
        var status = fault.Code == ImportFault.FileTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest;
        var problem = EmsProblem.Of(status, fault.Code, fault.Message, [fault]);
        if (fault.Alternatives is not null)
        {
            problem.ProblemDetails.Extensions["alternatives"] = fault.Alternatives;
        }

        return problem;
    }
}
