using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>
/// Writes a chat completion request as one of <c>generateContent</c>. Members that neither format's translation knows go on as they came, so that Google's own
/// (<c>safetySettings</c>, <c>cachedContent</c>) can be used, and others are objected to by Google itself. Those of the client's <c>generationConfig</c> go before ours.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="request">The chat completion request.</param>
internal sealed class GeminiRequest(ChatCall call, JsonElement request)
{
    private const string Config = "generationConfig";

    private readonly List<string> _adapted = [];

    /// <summary>Writes it.</summary>
    /// <exception cref="ChatProviderException">It asks for what the API has no word for.</exception>
    public DialectRequest Write()
    {
        var output = new ArrayBufferWriter<byte>(call.Body.Length + 256);
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            foreach (var member in request.EnumerateObject())
            {
                Write(json, member);
            }

            WriteConfig(json);
            GeminiTools.Write(json, request, _adapted);
            new GeminiMessages(json, call.Model, _adapted).Write(request);
            json.WriteEndObject();
        }

        return new DialectRequest(output.WrittenMemory, _adapted);
    }

    private void Write(Utf8JsonWriter json, JsonProperty member)
    {
        var value = member.Value;
        if (value.ValueKind == JsonValueKind.Null || GeminiConfig.Names.Contains(member.Name) || ChatOnly.IsNeutral(member))
        {
            return;
        }

        switch (member.Name)
        {
            // Written elsewhere, or said by the address.
            case "messages" or "tools" or "tool_choice" or "parallel_tool_calls" or "model" or "stream" or "stream_options" or Config:
            case "store" when value.ValueKind == JsonValueKind.False:
            case "service_tier" when value.IsText("auto"u8) || value.IsText("default"u8):
                break;
            case "store" or "service_tier" or "user" or "safety_identifier" or "metadata" or "prediction" or "verbosity" or "prompt_cache_key" or "prompt_cache_retention" or "output_config":
                _adapted.Add(member.Name);
                break;
            default:
                json.WriteAsIs(member.Name, value);
                break;
        }
    }

    private void WriteConfig(Utf8JsonWriter json)
    {
        var own = request.Says(Config, out var given) && given.ValueKind == JsonValueKind.Object ? given.EnumerateObject().ToArray() : [];
        if (given.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            json.WriteAsIs(Config, given);
            return;
        }

        json.WriteStartObject(Config);
        foreach (var member in own)
        {
            json.WriteAsIs(member.Name, member.Value);
        }

        new GeminiConfig(json, call.Model, own.Select(member => member.Name).ToHashSet(StringComparer.Ordinal), _adapted).Write(request);
        json.WriteEndObject();
    }
}
