using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>Items of a request that name items of kept responses. Clients send them in place of what they take to be kept.</summary>
/// <param name="history">What is kept.</param>
internal sealed class ItemReferences(ResponseHistory history)
{
    private const string Type = "item_reference";

    /// <summary>Most responses that the items of one request lie in.</summary>
    private const int MostResponses = 100;

    /// <summary>Puts the items in the place of those that name them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tenant">Whose responses are looked at.</param>
    /// <param name="cancellationToken">Cancels the lookups.</param>
    /// <returns>The request with the items themselves, which the caller disposes; null where none is named.</returns>
    /// <exception cref="ApiException">An item is not kept, or they lie in too many responses.</exception>
    public async ValueTask<JsonDocument?> ResolveAsync(JsonElement request, string tenant, CancellationToken cancellationToken)
    {
        if (request.ValueKind != JsonValueKind.Object || !request.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.Array || !input.EnumerateArray().Any(IsReference))
        {
            return null;
        }

        var kept = new Dictionary<string, JsonDocument>(StringComparer.Ordinal);
        try
        {
            var items = new List<JsonElement>();
            foreach (var item in input.EnumerateArray())
            {
                items.Add(IsReference(item) ? await FindAsync(new JsonObjectReader(item, $"input[{items.Count}]"), tenant, kept, cancellationToken).ConfigureAwait(false) : item);
            }

            return Write(request, items);
        }
        finally
        {
            foreach (var response in kept.Values)
            {
                response.Dispose();
            }
        }
    }

    private static bool IsReference(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals(Type);

    private async ValueTask<JsonElement> FindAsync(JsonObjectReader reference, string tenant, Dictionary<string, JsonDocument> kept, CancellationToken cancellationToken)
    {
        var id = reference.RequiredText("id", ResponsesSurface.LongestId);
        if (OutputItem.DecisionOf(id) is { } decision)
        {
            if (!kept.TryGetValue(decision, out var response) && await history.TryFindAsync(tenant, ChatIds.ResponsePrefix + decision, cancellationToken).ConfigureAwait(false) is { } found)
            {
                if (kept.Count == MostResponses)
                {
                    throw ApiException.BadField(reference.Field("id"), $"is in one of more than {MostResponses} responses; at most that many are legal.");
                }

                kept[decision] = response = JsonDocument.Parse(found.Response);
            }

            foreach (var item in response?.RootElement.GetProperty("output").EnumerateArray() ?? default)
            {
                if (item.GetProperty("id").ValueEquals(id))
                {
                    return item;
                }
            }
        }

        throw ApiException.BadField(reference.Field("id"), $"is '{id}', which is no item of a response that is kept; it must be one, or the item itself must stand here.");
    }

    private static JsonDocument Write(JsonElement request, List<JsonElement> items)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = ChatWriter.Open(output))
        {
            writer.WriteStartObject();
            foreach (var member in request.EnumerateObject())
            {
                if (!member.NameEquals("input"))
                {
                    writer.Copy(member.Name, member.Value);
                    continue;
                }

                writer.WriteStartArray("input");
                items.ForEach(writer.Copy);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return JsonDocument.Parse(output.WrittenMemory);
    }
}
