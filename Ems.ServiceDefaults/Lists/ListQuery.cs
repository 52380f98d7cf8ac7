using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ems.Core.Tables;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ems.ServiceDefaults.Lists;

/// <summary>What every list may be asked with.</summary>
public sealed record ListQuery
{
    /// <summary>Entries of a page, 1 to 1000; a file without a limit holds the whole list.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>That of the page before.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>json (default), csv or xlsx.</summary>
    [FromQuery(Name = "format")]
    public string? Format { get; init; }

    private const int MaxLimit = 1_000;
    private const int DefaultLimit = 100;
    private const int MaxFileEntries = 100_000;

    /// <summary>The answer to a query that cannot be: all that is wrong with it; null when nothing is.</summary>
    public ProblemHttpResult? Problem
    {
        get
        {
            var faults = Faults().ToList();
            return faults.Count == 0 ? null : ProblemOf(faults);
        }
    }

    /// <summary>The answer to a cursor that stands for nothing of the list.</summary>
    public static ProblemHttpResult UnknownCursor => ProblemOf([CursorFault]);

    private static FieldError CursorFault => new("cursor", "is not one that this list gave out: leave it out to start again.");

    /// <summary>How many entries are asked for.</summary>
    public int Size => Limit is not null ? int.Parse(Limit, NumberStyles.None, CultureInfo.InvariantCulture) : IsFile ? MaxFileEntries : DefaultLimit;

    /// <summary>Whether the answer is a file.</summary>
    public bool IsFile => TableAnswer.IsFile(Format);

    /// <summary>What the cursor stands for; null for the first page.</summary>
    public string? After => Cursor is null ? null : Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Cursor));

    /// <summary>The page of a list that is ordered by <paramref name="id"/>, and the cursor of the next one.</summary>
    public (List<T> Items, string? NextCursor) PageById<T>(IEnumerable<T> all, Func<T, string> id)
    {
        var after = After;
        return Page(
            [.. all.Where(item => after is null || string.CompareOrdinal(id(item), after) > 0).OrderBy(id, StringComparer.Ordinal).Take(Size + 1)],
            id);
    }

    /// <summary>The page out of the entries after the cursor, of which there is one more than asked for if there is a next page.</summary>
    /// <param name="position">What the cursor behind an entry is to stand for.</param>
    public (List<T> Items, string? NextCursor) Page<T>(IReadOnlyList<T> found, Func<T, string> position) => found.Count <= Size
        ? ([.. found], null)
        : ([.. found.Take(Size)], CursorOf(position(found[Size - 1])));

    /// <summary>A limit is a number, though it is read as text so that its faults can be named with the others.</summary>
    internal static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var limit in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.Name == "limit") ?? [])
        {
            limit.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = MaxLimit.ToString(CultureInfo.InvariantCulture),
                Default = JsonValue.Create(DefaultLimit),
            };
        }

        return Task.CompletedTask;
    }

    private static ProblemHttpResult ProblemOf(List<FieldError> faults) =>
        EmsProblem.Of(StatusCodes.Status400BadRequest, ProblemCodes.DataValidationFailed, $"{faults[0].Field} {faults[0].Message}", faults);

    private IEnumerable<FieldError> Faults()
    {
        if (Limit is not null && !(int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit))
        {
            yield return new FieldError("limit", $"is '{Limit}'; it must be a whole number from 1 to {MaxLimit}.");
        }

        if (Cursor is not null && !Base64Url.IsValid(Cursor))
        {
            yield return CursorFault;
        }

        if (TableAnswer.FaultOf(Format) is not null)
        {
            yield return new FieldError("format", $"is '{Format}'; it must be json, csv or xlsx.");
        }
    }

    /// <summary>The cursor that stands for a position; null for none.</summary>
    public static string? CursorOf(string? position) => position is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position));
}

/// <summary>Answers in the form of a file, for spreadsheets.</summary>
public static class TableAnswer
{
    public static bool IsFile(string? format) => format is "csv" or "xlsx";

    /// <summary>What is wrong with a format; null when nothing is.</summary>
    public static string? FaultOf(string? format) =>
        format is null or "json" || IsFile(format) ? null : $"format '{format}' is not known: json, csv or xlsx.";

    /// <summary>The table as a file of the format (csv or xlsx), with the table's name.</summary>
    public static FileContentHttpResult Of(string? format, Table table) => format == "csv"
        ? TypedResults.File(TableFile.ToCsv(table), TableFile.CsvContentType, $"{table.Name}.csv")
        : TypedResults.File(TableFile.ToXlsx(table), TableFile.XlsxContentType, $"{table.Name}.xlsx");
}
