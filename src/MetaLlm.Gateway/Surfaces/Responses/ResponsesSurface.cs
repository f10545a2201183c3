using System.Buffers;
using MetaLlm.Core.Conversations;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Responses;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces.Messages;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>OpenAI's Responses format.</summary>
internal sealed class ResponsesSurface(ResponseHistory history, SettingsStore settings) : ISurface
{
    private readonly ItemReferences _references = new(history);

    public const int LongestId = 128;

    public async ValueTask<SurfaceRequest> ReadAsync(HttpContext context, byte[] body)
    {
        using var document = RequestBodyReader.Parse(body);
        RequestBodyReader.RequireTexts(body);
        var tenant = context.Tenant();
        using var resolved = await _references.ResolveAsync(document.RootElement, tenant.Id, context.RequestAborted).ConfigureAwait(false);
        var request = resolved?.RootElement ?? document.RootElement;
        var root = new JsonObjectReader(request, string.Empty);
        var asked = new ResponsesAsked(request, history.IsOpen && (root.Find("store") is null || root.Flag("store")));
        var earlier = asked.PreviousId is { } previous ? await history.ReadAsync(tenant.Id, previous, context.RequestAborted).ConfigureAwait(false) : [];
        try
        {
            var chat = new ArrayBufferWriter<byte>(body.Length + 256);
            ResponsesRequest.Write(request, [.. earlier.Select(items => items.RootElement)], chat);
            RefuseTooLong(chat.WrittenCount);
            var read = MessagesSurface.ReadChat(context, chat.WrittenMemory);
            if (read.Route.Conversation is { } turn)
            {
                read = read with { Route = read.Route with { Conversation = Chained(turn, tenant.Id, asked) } };
            }

            var answer = new ResponsesAnswer(asked, asked.IsStored ? Keeper(tenant.Id, asked.PreviousId, ResponseHistory.Items(root)) : null);
            return new SurfaceRequest(read, new ChatPayload(chat.WrittenMemory, read.Stream), answer);
        }
        finally
        {
            foreach (var items in earlier)
            {
                items.Dispose();
            }
        }
    }

    /// <summary>Errors have the form of chat's; only within a stream are they told otherwise.</summary>
    public ApiError? Translate(UpstreamObjection objection) => null;

    private static ConversationTurn Chained(ConversationTurn turn, string tenant, ResponsesAsked asked) => turn with
    {
        Previous = asked.PreviousId is { } previous ? ConversationHandle.OfResponse(tenant, ChatIds.ToDecision(previous)) : 0,
        IsStored = asked.IsStored,
    };

    private Func<string, DateTimeOffset, ReadOnlyMemory<byte>, CancellationToken, ValueTask> Keeper(string tenant, string? previous, byte[] input) => (decisionId, at, response, cancellationToken) =>
        history.KeepAsync(
            new StoredResponse
            {
                Tenant = tenant, Id = ChatIds.ResponsePrefix + decisionId, PreviousId = previous, CreatedAt = at, Input = input, Response = response,
            },
            cancellationToken);

    /// <summary>What a conversation has grown to is bounded as a body is.</summary>
    private void RefuseTooLong(int bytes)
    {
        if (bytes > 2L * settings.Current.Limits.BodyBytes)
        {
            throw new ApiException(ErrorCode.RequestTooLarge, $"The conversation has {bytes} bytes with the responses that it goes on from; at most {2L * settings.Current.Limits.BodyBytes} are legal.", "previous_response_id");
        }
    }
}
