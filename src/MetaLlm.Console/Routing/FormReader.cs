using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.WebConsole.Pages.Manage.Teach;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MetaLlm.WebConsole.Routing;

/// <summary>Reads forms within limits of the console's own: a server's would refuse files that the configuration allows, and would not say why.</summary>
internal sealed class FormReader(SettingsStore settings)
{
    /// <summary>Most bytes of a form without a file.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    /// <summary>Most bytes of a form that anybody may send.</summary>
    public const int MostOpenBytes = 64 * 1024;

    /// <summary>What a form has beside its file.</summary>
    private const int FrameBytes = 64 * 1024;

    /// <summary>Most bytes of a file: what the API takes of lines to teach from, as far as files are kept.</summary>
    public long MostFileBytes => Math.Min(settings.Current.Limits.WarmStartBytes, StagedUploads.MostBytes);

    /// <summary>Reads the form of a route, which is kept with the request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">The route; null for what needs no session.</param>
    /// <exception cref="ApiException">It is too long (413), or cannot be read (400).</exception>
    public async Task ReadAsync(HttpContext context, ConsoleRoute? route)
    {
        var takesFile = route?.Place.TakesFile == true;
        var most = takesFile ? MostFileBytes + FrameBytes : route is null ? MostOpenBytes : MostBytes;
        var body = context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature ? feature : null;
        if (context.Request.ContentLength > most)
        {
            // The server takes the rest for some seconds and drops it, so that the browser reads the answer instead of a connection that broke.
            body?.MaxRequestBodySize = null;
            throw TooLong(takesFile, most);
        }

        body?.MaxRequestBodySize = most;
        if (!context.Request.HasFormContentType)
        {
            return;
        }

        try
        {
            await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLong(takesFile, most);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new ApiException(ErrorCode.BadRequest, $"The form cannot be read: {e.Message}");
        }
    }

    private ApiException TooLong(bool takesFile, long most) => new(
        ErrorCode.RequestTooLarge, takesFile ? $"'file' is too long; at most {MostFileBytes} bytes are legal." : $"The form is too long; at most {most} bytes are legal.", takesFile ? "file" : null);
}
