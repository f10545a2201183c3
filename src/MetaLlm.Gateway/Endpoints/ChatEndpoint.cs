using System.Buffers;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(RoutingService routing, SettingsStore settings)
{
    public async Task HandleAsync(HttpContext context)
    {
        var tenant = context.Tenant();
        var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.BodyBytes).ConfigureAwait(false);
        ChatRequest request;
        using (var document = RequestBodyReader.Parse(body))
        {
            request = ChatRequestReader.Read(document.RootElement, context.Request.Headers, tenant);
        }

        RequestBodyReader.RequireTexts(body);

        var call = await routing.ChatAsync(
            tenant.Id, request.Query, request.Route, new ChatPayload(body, request.Stream), context.RequestAborted).ConfigureAwait(false);
        await using var callEnd = call.ConfigureAwait(false);
        WriteHeaders(context.Response, call);
        await WriteBodyAsync(context, call, request.Stream).ConfigureAwait(false);
    }

    private static void WriteHeaders(HttpResponse response, RoutedCall call)
    {
        response.StatusCode = call.Status;
        response.ContentType = call.ContentType;
        foreach (var (name, value) in call.Headers)
        {
            response.Headers[name] = value;
        }

        DecisionHeaders.Write(response, call.Decision, call.ServedArm, call.Attempts);
    }

    private static async Task WriteBodyAsync(HttpContext context, RoutedCall call, bool stream)
    {
        var response = context.Response;
        if (stream)
        {
            response.Headers.CacheControl = "no-cache";
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        }

        try
        {
            await foreach (var part in call.ReadAsync(context.RequestAborted).ConfigureAwait(false))
            {
                if (!stream)
                {
                    // A plain answer is one part: headers, body and end leave together when the handler returns.
                    response.BodyWriter.Write(part.Span);
                    continue;
                }

                await response.Body.WriteAsync(part, context.RequestAborted).ConfigureAwait(false);
                await response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (ChatProviderException e) when (response.HasStarted)
        {
            await BreakOffAsync(context, e).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Tells the client that the answer is incomplete, in words for those that read error events, and by closing the connection
    /// for those that do not: a stream that merely ended would pass for a whole answer.
    /// </summary>
    private static async Task BreakOffAsync(HttpContext context, ChatProviderException e)
    {
        var error = new ApiError(ErrorCode.UpstreamCut, e.Message);
        var body = context.Response.Body;
        await body.WriteAsync((byte[])[.. "data: "u8, .. error.ToJson(), .. "\n\n"u8], context.RequestAborted).ConfigureAwait(false);
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        context.Abort();
    }
}
