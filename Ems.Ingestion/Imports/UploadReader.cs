using System.Text;
using System.Text.RegularExpressions;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Ems.Ingestion.Imports;

/// <summary>An upload on disk and what was said with it; or the problem that it is.</summary>
/// <param name="Repeated">Fields that came more than once.</param>
internal sealed record Upload(string FileName, IReadOnlyDictionary<string, string> Fields, IReadOnlySet<string> Repeated, ProblemHttpResult? Problem = null);

/// <summary>Streams a multipart upload to the spool folder.</summary>
internal sealed partial class UploadReader(SpoolFolder spool, IOptions<IngestionOptions> options)
{
    private const int MaxFieldBytes = 256 * 1024;
    private const int MaxFields = 32;
    private const int MaxNameLength = 255;
    private const int MaxExtension = 16;
    private const int CheckRoomEvery = 1 << 20;

    public async Task<Upload> ReadAsync(HttpRequest request, string spoolName, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
        {
            return NoFile("is missing: send it as multipart/form-data, in a part named file.");
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = options.Value.MaxFileBytes + (MaxFields * MaxFieldBytes);
        }

        try
        {
            return await ReadPartsAsync(new MultipartReader(boundary, request.Body), spoolName, cancellationToken);
        }
        catch (InvalidDataException)
        {
            return NoFile("is cut off, or the request is no multipart/form-data: send it again.");
        }
        catch (Exception full) when (StorageFull.Is(full))
        {
            return Refused(EmsProblem.Of(
                StatusCodes.Status503ServiceUnavailable, ProblemCodes.ServiceUnavailable,
                "There is no room for another upload. Nothing was taken in: try again when earlier imports have ended (Ems:Ingestion:MaxSpoolBytes), or when the disk has room."));
        }
    }

    private async Task<Upload> ReadPartsAsync(MultipartReader reader, string spoolName, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var repeated = new HashSet<string>(StringComparer.Ordinal);
        string? fileName = null;
        var count = 0;
        while (await FromClientAsync(() => reader.ReadNextSectionAsync(cancellationToken)) is { } section)
        {
            if (section.AsFileSection() is { FileName.Length: > 0 } file)
            {
                if (fileName is not null)
                {
                    return NoFile("comes more than once: send the files one by one, or in a .zip.");
                }

                fileName = DisplayName(file.FileName);
                if (!await CopyAsync(section.Body, spool.UploadPath(spoolName), cancellationToken))
                {
                    return Refuse(
                        StatusCodes.Status413PayloadTooLarge, ImportFault.FileTooLarge, "file",
                        $"has more than {options.Value.MaxFileBytes} bytes (Ems:Ingestion:MaxFileBytes): send it in parts, or packed.");
                }
            }
            else if (section.AsFormDataSection() is { } field)
            {
                if (++count > MaxFields)
                {
                    return Refuse(StatusCodes.Status400BadRequest, ImportFault.DataValidationFailed, field.Name, $"is one field too many: a request has at most {MaxFields} fields of text.");
                }

                if (!fields.TryAdd(field.Name, await ReadFieldAsync(section.Body, cancellationToken)))
                {
                    repeated.Add(field.Name);
                }
            }
        }

        return fileName is null
            ? NoFile("is missing: the request has no part named file with a file name.")
            : new Upload(fileName, fields, repeated);
    }

    private async Task<bool> CopyAsync(Stream from, string path, CancellationToken cancellationToken)
    {
        spool.EnsureRoomForUpload();
        await using var to = new FileStream(path, PrivateFile.ToWrite());
        var buffer = new byte[1 << 16];
        var left = options.Value.MaxFileBytes;
        int count;
        while ((count = await FromClientAsync(() => from.ReadAsync(buffer, cancellationToken).AsTask())) > 0)
        {
            left -= count;
            if (left < 0)
            {
                return false;
            }

            if (to.Position / CheckRoomEvery != (to.Position + count) / CheckRoomEvery)
            {
                spool.EnsureRoomForUpload();
            }

            await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        // The job is accepted only once its file will survive a crash.
        to.Flush(flushToDisk: true);
        return true;
    }

    private static async Task<string> ReadFieldAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxFieldBytes + 1];
        var count = await FromClientAsync(() => body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).AsTask());
        return count <= MaxFieldBytes ? Encoding.UTF8.GetString(buffer, 0, count).Trim() : throw new InvalidDataException("A field is too long.");
    }

    /// <summary>A broken connection is the sender's fault, and not one of the disk.</summary>
    private static async Task<T> FromClientAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (IOException cut) when (cut is not BadHttpRequestException)
        {
            throw new InvalidDataException("The upload ended early.", cut);
        }
    }

    /// <summary>The last part of a path, for people to read: it names no file of ours.</summary>
    private static string DisplayName(string fileName)
    {
        var name = Unprintable().Replace(Path.GetFileName(fileName.Replace('\\', '/')), "_").Trim();
        return name.Length == 0 ? "upload"
            : Path.GetExtension(name) is { Length: <= MaxExtension } extension ? EquipmentNames.Shorten(name[..^extension.Length], MaxNameLength - extension.Length) + extension
            : EquipmentNames.Shorten(name, MaxNameLength);
    }

    [GeneratedRegex(@"\p{C}", RegexOptions.CultureInvariant)]
    private static partial Regex Unprintable();

    private static Upload NoFile(string message) => Refuse(StatusCodes.Status400BadRequest, ImportFault.InvalidFileFormat, "file", message);

    private static Upload Refuse(int status, string code, string field, string message) =>
        Refused(EmsProblem.Of(status, code, $"{field} {message}", [new FieldFault(field, message)]));

    private static Upload Refused(ProblemHttpResult problem) => new("", new Dictionary<string, string>(), new HashSet<string>(), problem);
}
