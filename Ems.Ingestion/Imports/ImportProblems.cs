using Ems.Ingestion.Files;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Ingestion.Imports;

/// <summary>Says what is wrong with a file, and what its sender may choose from.</summary>
internal static class ImportProblems
{
    /// <param name="faults">The first decides on the answer.</param>
    public static ProblemHttpResult Of(IReadOnlyList<ImportFault> faults)
    {
        var fault = faults[0];
        var status = fault.Code == ImportFault.FileTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest;
        var problem = EmsProblem.Of(status, fault.Code, fault.Message, faults);
        if (fault.Alternatives is not null)
        {
            problem.ProblemDetails.Extensions["alternatives"] = fault.Alternatives;
        }

        return problem;
    }
}
