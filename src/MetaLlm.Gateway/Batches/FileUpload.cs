using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MetaLlm.Gateway.Batches;

/// <summary>Takes a file out of a form as it comes, part by part.</summary>
/// <param name="store">Where it goes.</param>
/// <param name="draft">The file, without its name.</param>
/// <param name="most">What the tenant's files may take together.</param>
internal sealed class FileUpload(IFileStore store, StoredFile draft, FileUse most)
{
    private const int LongestText = 1024;
    private const int LongestName = 255;
    private const int FormBytes = 64 * 1024;

    private static readonly (string Header, string[] Plain)[] Encodings = [("Content-Encoding", ["identity"]), ("Content-Transfer-Encoding", ["binary", "8bit", "7bit"])];

    private bool _hasBegun;

    /// <summary>Reads the form.</summary>
    /// <param name="context">The request.</param>
    /// <param name="largest">Largest file, bytes.</param>
    /// <returns>The file, which is there.</returns>
    /// <exception cref="ApiException">The form is none or packed, the file is too large, or the tenant has no room for it.</exception>
    public async Task<StoredFile> ReadAsync(HttpContext context, int largest)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: >= 1 and <= 70 } boundary)
        {
            throw new ApiException(ErrorCode.UnsupportedMediaType, $"Content-Type is '{request.ContentType}'; it must be multipart/form-data with a boundary.");
        }

        RequestBodyReader.RequirePlain(request);
        if (request.ContentLength > (long)largest + FormBytes)
        {
            throw TooLarge(largest);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = (long)largest + FormBytes;
        }

        try
        {
            return await ReadAsync(new MultipartReader(boundary.ToString(), request.Body), largest, context.RequestAborted).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge(largest);
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException))
        {
            throw new ApiException(ErrorCode.BadRequest, $"The form cannot be read to its end: {e.Message}");
        }
    }

    /// <summary>Leaves nothing behind of a file that cannot be taken.</summary>
    public async ValueTask UndoAsync()
    {
        if (!_hasBegun)
        {
            return;
        }

        try
        {
            await store.DeleteAsync(draft.Tenant, draft.Id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (EngineUnavailableException)
        {
            // What never became whole is deleted after an hour.
        }
    }

    private async Task<StoredFile> ReadAsync(MultipartReader form, int largest, CancellationToken cancellationToken)
    {
        var (purpose, writer) = ((string?)null, (FileWriter?)null);
        while (await form.ReadNextSectionAsync(cancellationToken).ConfigureAwait(false) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
            {
                throw new ApiException(ErrorCode.BadRequest, "The form has a part without a name.");
            }

            RequirePlain(section);
            var field = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (field == "file" && writer is null)
            {
                writer = new FileWriter(store, draft with { Name = Name(disposition) }, most);
                await CopyAsync(section.Body, writer, largest, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (field is not "purpose" || purpose is not null)
            {
                throw field is "file" or "purpose" ? ApiException.BadField(field, "is given twice; it may be once.")
                    : ApiException.BadField(field, "is not known; known are file, purpose. How long files are kept is said by the configuration.");
            }

            purpose = await TextAsync(section.Body, cancellationToken).ConfigureAwait(false);
        }

        if (purpose != TenantFiles.Asked)
        {
            throw ApiException.BadField("purpose", purpose is null ? "is missing; it must be batch." : $"is '{purpose}'; it must be batch.");
        }

        if (writer is null)
        {
            throw ApiException.BadField("file", "is missing; it must be a file.");
        }

        return await writer.EndAsync(cancellationToken).ConfigureAwait(false) ?? throw ApiException.BadField("file", "is empty; it must have a query in each line.");
    }

    private async Task CopyAsync(Stream content, FileWriter writer, int largest, CancellationToken cancellationToken)
    {
        var buffer = new byte[FormBytes];
        for (int count; (count = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (writer.Bytes + count > largest)
            {
                throw TooLarge(largest);
            }

            _hasBegun = true;
            await writer.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Refuses a part that is packed: it would be kept as it came.</summary>
    private static void RequirePlain(MultipartSection section)
    {
        foreach (var (header, plain) in Encodings)
        {
            if (section.Headers?.TryGetValue(header, out var encoding) == true && !plain.Contains(encoding.ToString(), StringComparer.OrdinalIgnoreCase))
            {
                throw new ApiException(ErrorCode.UnsupportedMediaType, $"{header} of a part of the form is '{encoding}'; it must be {string.Join(", ", plain)}, or left out: parts are read as they are.");
            }
        }
    }

    private static async Task<string> TextAsync(Stream content, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content);
        var text = new char[LongestText + 1];
        var length = await reader.ReadBlockAsync(text, cancellationToken).ConfigureAwait(false);
        return length <= LongestText ? new string(text, 0, length) : throw ApiException.BadField("purpose", $"has more than {LongestText} characters; it must be batch.");
    }

    private static string Name(ContentDispositionHeaderValue disposition)
    {
        var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        return name.Length is >= 1 and <= LongestName && !name.Contains('\0') ? name
            : throw ApiException.BadField("file", $"has a name of {name.Length} characters; 1 to {LongestName} are legal, without U+0000.");
    }

    private static ApiException TooLarge(int largest) => new(ErrorCode.RequestTooLarge, $"The file has too many bytes; at most {largest} are legal.", "file");
}
