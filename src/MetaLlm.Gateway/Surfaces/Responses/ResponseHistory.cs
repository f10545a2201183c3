using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Responses;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>The responses of each tenant that are kept, for as long as the configuration says.</summary>
internal sealed class ResponseHistory(SettingsStore settings, TimeProvider time, IResponseStore? store = null)
{
    /// <summary>Most responses that a conversation goes on from.</summary>
    private const int LongestChain = 1000;

    private const int SweptAtOnce = 500;

    /// <summary>Whether responses are kept at all.</summary>
    public bool IsOpen => store is not null && settings.Current.Responses.Days > 0;

    /// <summary>When responses were made that are kept no more.</summary>
    public DateTimeOffset Expired => time.GetUtcNow() - TimeSpan.FromDays(settings.Current.Responses.Days);

    /// <summary>The store.</summary>
    /// <exception cref="ApiException">Nothing is kept here.</exception>
    public IResponseStore Store => IsOpen ? store! : throw NotKept();

    /// <summary>Deletes what is kept no more.</summary>
    /// <returns>How many responses that were.</returns>
    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        var swept = 0;
        for (var dropped = SweptAtOnce; dropped == SweptAtOnce && store is not null; swept += dropped)
        {
            dropped = await store.DropAsync(Expired, SweptAtOnce, cancellationToken).ConfigureAwait(false);
        }

        return swept;
    }

    /// <summary>Keeps a response.</summary>
    public ValueTask KeepAsync(StoredResponse response, CancellationToken cancellationToken) => Store.PutAsync(response, cancellationToken);

    /// <summary>Finds a response.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public async ValueTask<StoredResponse> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        IsOpen ? (Conversations.IsOne(id) ? null : await TryFindAsync(tenant, id, cancellationToken).ConfigureAwait(false)) ?? throw Missing(id, "id") : throw NotKept();

    /// <summary>Finds a response.</summary>
    /// <returns>Null where there is none.</returns>
    public async ValueTask<StoredResponse?> TryFindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var found = IsOpen && id.Length <= ResponsesSurface.LongestId ? await Store.FindAsync(tenant, id, cancellationToken).ConfigureAwait(false) : null;
        return found?.CreatedAt >= Expired ? found : null;
    }

    /// <summary>Reads what a conversation has held: of each response what was asked, and what it said.</summary>
    /// <returns>Lists of items, oldest first; the caller disposes them.</returns>
    /// <exception cref="ApiException">The response, or one that it goes on from, is kept no more; or there are too many.</exception>
    public async ValueTask<List<JsonDocument>> ReadAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (Conversations.IsOne(id))
        {
            throw Missing(id, "previous_response_id");
        }

        var chain = await Store.ReadChainAsync(tenant, id, LongestChain + 1, cancellationToken).ConfigureAwait(false);
        if (chain.Count > LongestChain)
        {
            throw ApiException.BadField("previous_response_id", $"goes on from more than {LongestChain} responses; at most that many are legal.");
        }

        if (chain.Count == 0 || chain[^1].CreatedAt < Expired)
        {
            throw Missing(id, "previous_response_id");
        }

        if (chain[0].PreviousId is { } lost)
        {
            throw Missing(lost, "previous_response_id");
        }

        var lists = new List<JsonDocument>(2 * chain.Count);
        foreach (var one in chain)
        {
            lists.Add(JsonDocument.Parse(one.Input));
            lists.Add(JsonDocument.Parse(Output(one)));
        }

        return lists;
    }

    /// <summary>The items of a request, as a list.</summary>
    public static byte[] Items(JsonObjectReader root)
    {
        var items = new ArrayBufferWriter<byte>();
        using (var writer = ChatWriter.Open(items))
        {
            if (root.Find("input") is { ValueKind: JsonValueKind.Array } list)
            {
                writer.Copy(list);
            }
            else
            {
                writer.WriteStartArray();
                writer.WriteStartObject();
                writer.WriteString("type", "message");
                writer.WriteString("role", "user");
                writer.WriteStartArray("content");
                writer.WriteStartObject();
                writer.WriteString("type", "input_text");
                writer.Copy("text", root.Find("input"));
                writer.WriteEndObject();
                writer.WriteEndArray();
                writer.WriteEndObject();
                writer.WriteEndArray();
            }
        }

        return items.WrittenSpan.ToArray();
    }

    /// <summary>The items of a response, a JSON list.</summary>
    public static byte[] Output(StoredResponse response)
    {
        using var document = JsonDocument.Parse(response.Response);
        return JsonSerializer.SerializeToUtf8Bytes(document.RootElement.GetProperty("output"));
    }

    private static ApiException NotKept() => new(NotFound("Responses are not kept here.", null));

    private static ApiException Missing(string id, string field) => new(NotFound($"There is no response '{id}'; it may have been deleted, or kept for as long as responses are.", field));

    private static ApiError NotFound(string message, string? field) => new(ErrorCode.ResponseNotFound, message, field);
}
