using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>Chat completions, which pass both ways as they come.</summary>
internal sealed class ChatSurface : ISurface
{
    public ValueTask<SurfaceRequest> ReadAsync(HttpContext context, byte[] body)
    {
        ChatRequest request;
        using (var document = RequestBodyReader.Parse(body))
        {
            request = ChatRequestReader.Read(document.RootElement, context.Request.Headers, context.Tenant(), context.CallerKey().OfDirectory);
        }

        RequestBodyReader.RequireTexts(body);
        return new(new SurfaceRequest(request, new ChatPayload(body, request.Stream), Answer: null));
    }

    public ApiError? Translate(UpstreamObjection objection) => null;
}
