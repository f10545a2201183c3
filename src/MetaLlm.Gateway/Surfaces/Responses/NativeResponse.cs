using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>A response of an upstream that speaks the format: its bytes pass, under our ids and the names that the client knows.</summary>
/// <param name="call">The call.</param>
/// <param name="asked">What it repeats of its request.</param>
internal sealed class NativeResponse(RoutedCall call, ResponsesAsked asked)
{
    /// <summary>Number of the event that comes next.</summary>
    public int NextSequence { get; private set; }

    /// <summary>Writes a whole response.</summary>
    /// <param name="body">The upstream's.</param>
    /// <param name="output">Receives ours.</param>
    /// <exception cref="ChatProviderException">It is no JSON object.</exception>
    public void Whole(ReadOnlyMemory<byte> body, IBufferWriter<byte> output)
    {
        using var document = Parse(body);
        using var writer = ChatWriter.Open(output);
        Write(writer, document.RootElement);
    }

    /// <summary>Writes an event.</summary>
    /// <param name="data">The upstream's, without its name.</param>
    /// <param name="output">Receives ours.</param>
    /// <returns>The whole response, where the event ends one; else null.</returns>
    /// <exception cref="ChatProviderException">It is no JSON object.</exception>
    public byte[]? Event(ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        using var document = Parse(data);
        var root = document.RootElement;
        var type = root.TryGetProperty("type", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "message";
        NextSequence = root.TryGetProperty("sequence_number", out var number) && number.TryGetInt32(out var sequence) ? sequence + 1 : NextSequence + 1;
        byte[]? whole = null;
        output.Write("event: "u8);
        output.Write(System.Text.Encoding.UTF8.GetBytes(type.ReplaceLineEndings(" ")));
        output.Write("\ndata: "u8);
        using (var writer = ChatWriter.Open(output))
        {
            writer.WriteStartObject();
            foreach (var member in root.EnumerateObject())
            {
                switch (member.Name)
                {
                    case "response" when member.Value.ValueKind == JsonValueKind.Object:
                        var response = new ArrayBufferWriter<byte>(1024);
                        using (var own = ChatWriter.Open(response))
                        {
                            Write(own, member.Value);
                        }

                        writer.WritePropertyName("response");
                        writer.WriteRawValue(response.WrittenSpan, skipInputValidation: true);
                        whole = type is "response.completed" or "response.incomplete" ? response.WrittenSpan.ToArray() : null;
                        break;
                    case "item":
                        writer.WritePropertyName("item");
                        NativeItems.Write(writer, member.Value, IdOf);
                        break;
                    case "item_id" when member.Value.ValueKind == JsonValueKind.String:
                        writer.WriteString("item_id", IdOf(member.Value.GetString()!));
                        break;
                    default:
                        writer.Copy(member.Name, member.Value);
                        break;
                }
            }

            writer.WriteEndObject();
        }

        output.Write("\n\n"u8);
        return whole;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new JsonException("A JSON object was expected.");
        }
        catch (JsonException e)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, "The answer holds what is no response.", e);
        }
    }

    private string IdOf(string id) => NativeItems.IdOf(id, call.Decision.DecisionId);

    private void Write(Utf8JsonWriter writer, JsonElement response)
    {
        writer.WriteStartObject();
        writer.WriteString("id", ChatIds.ResponsePrefix + call.Decision.DecisionId);
        writer.WriteString("model", call.ServedArm);
        writer.WriteBoolean("store", asked.IsStored);
        writer.WriteString("previous_response_id", asked.PreviousId);
        asked.WriteConversation(writer);
        foreach (var member in response.EnumerateObject())
        {
            switch (member.Name)
            {
                case "id" or "model" or "store" or "previous_response_id" or "conversation":
                    break;
                case "output" when member.Value.ValueKind == JsonValueKind.Array:
                    writer.WriteStartArray("output");
                    foreach (var item in member.Value.EnumerateArray())
                    {
                        NativeItems.Write(writer, item, IdOf);
                    }

                    writer.WriteEndArray();
                    break;
                default:
                    writer.Copy(member.Name, member.Value);
                    break;
            }
        }

        writer.WriteEndObject();
    }
}
