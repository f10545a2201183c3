using System.Buffers;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces;
using MetaLlm.Gateway.Surfaces.Messages;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/messages/count_tokens</c>: the estimate that routing itself goes by. No model is asked, since which one would answer is not decided.</summary>
internal sealed class CountTokensEndpoint(SettingsStore settings, BodyMemory memory)
{
    public async Task<ApiResult<TokenCountBody>> HandleAsync(HttpContext context)
    {
        var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.BodyBytes, memory).ConfigureAwait(false);
        using var document = RequestBodyReader.Parse(body);
        RequestBodyReader.RequireTexts(body);
        var chat = new ArrayBufferWriter<byte>(body.Length + 256);
        MessagesRequest.Write(document.RootElement, chat, needsLimit: false, new NativeNeeds(UpstreamEndpoint.Anthropic));
        var tokens = MessagesSurface.ReadChat(context, chat.WrittenMemory).Route.Features.InputTokens;
        return new ApiResult<TokenCountBody>(new TokenCountBody { InputTokens = (long)Math.Ceiling(tokens) });
    }
}
