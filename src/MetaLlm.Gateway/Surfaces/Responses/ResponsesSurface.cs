using System.Buffers;
using System.Text.Json;
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
internal sealed class ResponsesSurface(ResponseHistory history, Conversations conversations, SettingsStore settings) : ISurface
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
        var conversation = asked.ConversationId is { } id ? await conversations.ReadAsync(tenant.Id, id, "conversation", context.RequestAborted).ConfigureAwait(false) : [];
        var earlier = conversation.Count > 0 ? Conversations.Items(conversation)
            : asked.PreviousId is { } previous ? await history.ReadAsync(tenant.Id, previous, context.RequestAborted).ConfigureAwait(false) : [];
        try
        {
            var chat = new ArrayBufferWriter<byte>(body.Length + 256);
            var needs = new NativeNeeds(UpstreamEndpoint.OpenAiResponses);
            JsonElement[] lists = [.. earlier.Select(items => items.RootElement)];
            ResponsesRequest.Write(request, lists, chat, needs);
            RefuseTooLong(chat.WrittenCount);
            var read = needs.Limit(MessagesSurface.ReadChat(context, chat.WrittenMemory), tenant);
            if (read.Route.Conversation is { } turn)
            {
                read = read with { Route = read.Route with { Conversation = Chained(turn, tenant.Id, asked, conversation) } };
            }

            var answer = new ResponsesAnswer(asked, asked.IsStored || conversation.Count > 0 ? Keeper(tenant.Id, asked, ResponseHistory.Items(root), conversation.Count - 1) : null);
            var native = HasNative(tenant) ? NativeResponsesRequest.Write(request, lists, needs.IsAny) : null;
            if (needs.IsAny && native is null)
            {
                throw needs.Refusal;
            }

            return new SurfaceRequest(read, new ChatPayload(chat.WrittenMemory, read.Stream) { Native = native }, answer);
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

    /// <summary>Whether an upstream of the tenant's speaks the format.</summary>
    private static bool HasNative(TenantSettings tenant) => tenant.Targets.Values.Any(
        target => target.Endpoint.Protocol == UpstreamEndpoint.OpenAiResponses || target.Deployments.Any(one => one.Target.Endpoint.Protocol == UpstreamEndpoint.OpenAiResponses));

    private static ConversationTurn Chained(ConversationTurn turn, string tenant, ResponsesAsked asked, IReadOnlyList<StoredResponse> conversation) => turn with
    {
        Previous = (asked.PreviousId ?? LastOf(conversation)) is { } previous ? ConversationHandle.OfResponse(tenant, ChatIds.ToDecision(previous)) : 0,
        IsStored = asked.IsStored || conversation.Count > 0,
    };

    /// <summary>The response that was a conversation's last turn; null where it has none.</summary>
    private static string? LastOf(IReadOnlyList<StoredResponse> conversation)
    {
        if (conversation.Count < 2)
        {
            return null;
        }

        using var last = JsonDocument.Parse(conversation[^1].Response);
        return last.RootElement.GetProperty("id").GetString();
    }

    private Func<string, DateTimeOffset, ReadOnlyMemory<byte>, CancellationToken, ValueTask> Keeper(string tenant, ResponsesAsked asked, byte[] input, int turns) => async (decisionId, at, response, cancellationToken) =>
    {
        var kept = new StoredResponse { Tenant = tenant, Id = ChatIds.ResponsePrefix + decisionId, PreviousId = asked.PreviousId, CreatedAt = at, Input = input, Response = response };
        if (asked.IsStored)
        {
            await history.KeepAsync(kept, cancellationToken).ConfigureAwait(false);
        }

        if (asked.ConversationId is { } conversation)
        {
            await conversations.AddAsync(kept, conversation, turns, cancellationToken).ConfigureAwait(false);
        }
    };

    /// <summary>What a conversation has grown to is bounded as a body is.</summary>
    private void RefuseTooLong(int bytes)
    {
        if (bytes > 2L * settings.Current.Limits.BodyBytes)
        {
            throw new ApiException(ErrorCode.RequestTooLarge, $"The conversation has {bytes} bytes with the responses that it goes on from; at most {2L * settings.Current.Limits.BodyBytes} are legal.", "previous_response_id");
        }
    }
}
