using System.Buffers;
using System.IO.Pipelines;
using System.Security.Claims;
using System.Text.Json;
using Ems.Core.Json;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.OpenApi;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Ems.Ingestion.Readings;

internal static class ReadingsEndpoints
{
    private const string Example =
        """
        [{"equipment_id": "main-meter", "timestamp": "2026-01-01T12:00:00Z", "values": {"active_power": 41.5, "voltage": 231.2}},
         {"equipment_id": "main-meter-copy", "timestamp": "2026-01-01T12:15:00Z", "active_power": 43}]
        """;

    public static void MapReadings(this IEndpointRouteBuilder routes)
    {
        var readings = routes.MapGroup("/").RequireAuthorization().WithTags("Readings");

        readings.MapPost("/ingest/realtime", SubmitReadings)
            .WithName(nameof(SubmitReadings))
            .WithBodyExample(Example)
            .WithSummary("Stores live readings")
            .WithDescription(
                "One reading, an array of readings, or {\"readings\": […]}. A reading names its equipment, its time and its values in "
                + "canonical units, either within \"values\" or beside them. Each is stored or rejected for itself, and so is a value that "
                + "is no number or out of its metric's range: the others of its reading are stored. What is answered as accepted is durable.")
            .Accepts<LiveReading[]>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

        readings.MapPost("/validate", ValidateReadings)
            .WithName(nameof(ValidateReadings))
            .WithBodyExample(Example)
            .WithSummary("Checks live readings and stores nothing")
            .Accepts<LiveReading[]>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
    }

    internal static async Task<Results<Ok<IntakeReceipt>, ProblemHttpResult>> SubmitReadings(
        HttpRequest request, ClaimsPrincipal user, ReadingIntake intake, IOptions<IngestionOptions> options,
        CancellationToken cancellationToken)
    {
        var (batch, problem) = await ReadAsync(request, options.Value, cancellationToken);
        return batch is null
            ? problem!
            : TypedResults.Ok(await intake.StoreAsync(batch, user.Identity?.Name ?? "unknown", cancellationToken));
    }

    internal static async Task<Results<Ok<ValidationReceipt>, ProblemHttpResult>> ValidateReadings(
        HttpRequest request, ReadingIntake intake, IOptions<IngestionOptions> options, CancellationToken cancellationToken)
    {
        var (batch, problem) = await ReadAsync(request, options.Value, cancellationToken);
        return batch is null ? problem! : TypedResults.Ok(await intake.ValidateAsync(batch, cancellationToken));
    }

    private static async Task<(ParsedBatch? Batch, ProblemHttpResult? Problem)> ReadAsync(
        HttpRequest request, IngestionOptions options, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return (null, EmsProblem.Of(
                StatusCodes.Status415UnsupportedMediaType, ProblemCodes.UnsupportedMediaType,
                "Readings are JSON: send them with Content-Type: application/json."));
        }

        if (await ReadBodyAsync(request.BodyReader, options.MaxBatchBytes, cancellationToken) is not { } body)
        {
            return (null, TooLarge($"has more than {options.MaxBatchBytes} bytes"));
        }

        try
        {
            var batch = new ReadingParser(options.BatchSize).Parse(body);
            return batch.TooMany ? (null, TooLarge($"has more than {options.BatchSize} readings")) : (batch, null);
        }
        catch (JsonException fault)
        {
            return (null, NotJson($"is not valid JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1})."));
        }
        catch (InvalidOperationException)
        {
            return (null, NotJson($"has a string that {JsonText.Fault}"));
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
        }
    }

    /// <summary>The whole body, still in the pipe's own buffers; null when it is longer than allowed.</summary>
    private static async Task<ReadOnlySequence<byte>?> ReadBodyAsync(
        PipeReader body, long maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.Buffer.Length > maxBytes)
            {
                body.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                return read.Buffer;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ProblemHttpResult TooLarge(string what) => EmsProblem.Of(
        StatusCodes.Status413PayloadTooLarge, IntakeCodes.BatchTooLarge, $"The request {what}: split it into several.", [new FieldFault("$", $"{what}: split it into several.")]);

    private static ProblemHttpResult NotJson(string what) => EmsProblem.Of(
        StatusCodes.Status400BadRequest, IntakeCodes.DataValidationFailed, $"The request {what}", [new FieldFault("$", what)]);
}

/// <summary>A live reading as it crosses the wire.</summary>
/// <param name="EquipmentId">1 to 128 printable characters without / \ ? # %.</param>
/// <param name="Timestamp">ISO 8601 with an offset, or local time of the equipment's site.</param>
/// <param name="DurationSeconds">Length of the interval that starts at the timestamp; left out or 0 for an instant.</param>
/// <param name="Values">Numbers by metric, in the metric's canonical unit; they may also stand beside the other fields.</param>
internal sealed record LiveReading(
    string EquipmentId, string Timestamp, double? DurationSeconds, IReadOnlyDictionary<string, double?> Values);
