using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using MetaLlm.Engine.Responses;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces;
using MetaLlm.Gateway.Surfaces.Responses;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>/v1/conversations</c>: conversations that are kept here. Another tenant's is as unknown as one that never was.</summary>
internal sealed class ConversationsEndpoint(Conversations conversations, SettingsStore settings, BodyMemory memory)
{
    public async Task<ApiResult<KeptConversationBody>> CreateAsync(HttpContext context)
    {
        var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.BodyBytes, memory).ConfigureAwait(false);
        using var document = RequestBodyReader.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
        RequestBodyReader.RequireTexts(body);
        var root = new JsonObjectReader(document.RootElement, string.Empty);
        root.RefuseUnknown("items", "metadata");
        var items = root.List("items") is { } list ? JsonSerializer.SerializeToUtf8Bytes(Checked(list)) : "[]"u8.ToArray();
        var metadata = root.Object("metadata") is { } given ? JsonSerializer.SerializeToUtf8Bytes(given.Element) : "{}"u8.ToArray();
        return Of(await conversations.CreateAsync(context.Tenant().Id, items, metadata, context.RequestAborted).ConfigureAwait(false));
    }

    public async Task<ApiResult<KeptConversationBody>> GetAsync(HttpContext context, [Description("The conversation's id.")] string id) =>
        Of(await conversations.FindAsync(context.Tenant().Id, id, "id", context.RequestAborted).ConfigureAwait(false));

    public async Task<ApiResult<DeletedConversationBody>> DeleteAsync(HttpContext context, [Description("The conversation's id.")] string id)
    {
        await conversations.DeleteAsync(context.Tenant().Id, id, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<DeletedConversationBody>(new DeletedConversationBody { Id = id });
    }

    public async Task ItemsAsync(HttpContext context, [Description("The conversation's id.")] string id)
    {
        var rows = await conversations.ReadAsync(context.Tenant().Id, id, "id", context.RequestAborted).ConfigureAwait(false);
        var items = new List<(string Id, JsonElement Item)>();
        for (var turn = 0; turn < rows.Count; turn++)
        {
            items.AddRange(Items(rows[turn].Input, id, turn));
            if (turn > 0)
            {
                items.AddRange(Items(ResponseHistory.Output(rows[turn]), id, turn));
            }
        }

        await ItemPage.AnswerAsync(context, items).ConfigureAwait(false);
    }

    private static IEnumerable<(string Id, JsonElement Item)> Items(ReadOnlyMemory<byte> list, string id, int turn)
    {
        using var document = JsonDocument.Parse(list);
        return ItemPage.Named(document.RootElement.Clone(), string.Create(CultureInfo.InvariantCulture, $"{id}_{turn}"));
    }

    /// <summary>Refuses what no request could go on with.</summary>
    private static JsonElement Checked(JsonElement items)
    {
        using var writer = ChatWriter.Open(new System.Buffers.ArrayBufferWriter<byte>());
        writer.WriteStartArray();
        var turns = new ResponsesTurns(writer, new NativeNeeds(Engine.Ports.UpstreamEndpoint.OpenAiResponses));
        turns.Write(items, "items");
        turns.End();
        writer.WriteEndArray();
        return items;
    }

    private static ApiResult<KeptConversationBody> Of(StoredResponse conversation)
    {
        using var metadata = JsonDocument.Parse(conversation.Response);
        return new ApiResult<KeptConversationBody>(new KeptConversationBody { Id = conversation.Id, CreatedAt = conversation.CreatedAt.ToUnixTimeSeconds(), Metadata = metadata.RootElement.Clone() });
    }
}
