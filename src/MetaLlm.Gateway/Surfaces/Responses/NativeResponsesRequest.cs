using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>Writes a request for upstreams of the same format. What is kept is kept here: they get the whole conversation, and keep nothing.</summary>
internal static class NativeResponsesRequest
{
    /// <summary>Writes it.</summary>
    /// <param name="request">The client's request, with the items that it refers to.</param>
    /// <param name="earlier">Items of the responses that it goes on from, oldest first; each is a list.</param>
    /// <param name="isRequired">Whether it asks for what no other format has.</param>
    /// <returns>Null where it holds reasoning of models that speak another format, which must be translated.</returns>
    public static NativeRequest? Write(JsonElement request, IReadOnlyList<JsonElement> earlier, bool isRequired)
    {
        var input = request.GetProperty("input");
        var items = earlier.SelectMany(list => list.EnumerateArray()).Concat(input.ValueKind == JsonValueKind.Array ? input.EnumerateArray() : []).ToList();
        if (!items.TrueForAll(IsReadable))
        {
            return null;
        }

        var output = new ArrayBufferWriter<byte>(1024);
        using (var writer = ChatWriter.Open(output))
        {
            writer.WriteStartObject();
            foreach (var member in request.EnumerateObject())
            {
                // They are said anew, or stay here.
                if (member.Name is not ("input" or "store" or "previous_response_id" or "conversation" or "include" or "background"))
                {
                    writer.Copy(member.Name, member.Value);
                }
            }

            writer.WriteBoolean("store", false);
            WriteInput(writer, input, items);
            writer.WriteEndObject();
        }

        return new NativeRequest(UpstreamEndpoint.OpenAiResponses, output.WrittenMemory, ChatIds.ResponsePrefix) { IsRequired = isRequired };
    }

    private static void WriteInput(Utf8JsonWriter writer, JsonElement input, List<JsonElement> items)
    {
        if (input.ValueKind == JsonValueKind.String && items.Count == 0)
        {
            writer.Copy("input", input);
            return;
        }

        writer.WriteStartArray("input");
        foreach (var item in items)
        {
            // An item that was translated has an id of ours, which no upstream knows.
            NativeItems.Write(writer, item, id => NativeItems.UpstreamIdOf(id) ?? (OutputItem.DecisionOf(id) is null ? id : null));
        }

        if (input.ValueKind == JsonValueKind.String)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "user");
            writer.Copy("content", input);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Whether such an upstream reads an item: of reasoning what it has encrypted itself.</summary>
    private static bool IsReadable(JsonElement item)
    {
        var reader = new JsonObjectReader(item, string.Empty);
        return reader.Text("type", 64) != "reasoning"
            || (reader.Find("encrypted_content") is { ValueKind: JsonValueKind.String } content && !ResponsesReasoning.IsSealed(content));
    }
}
