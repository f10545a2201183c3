using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>
/// Writes a chat completion request as one of the Messages API. Members that neither format's translation knows go on as they came, so that Anthropic's own
/// (<c>top_k</c>, <c>thinking</c>, <c>output_config</c>, <c>container</c>) can be used, and others are objected to by Anthropic itself.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="request">The chat completion request.</param>
internal sealed class AnthropicRequest(ChatCall call, JsonElement request)
{
    private readonly List<string> _adapted = [];

    /// <summary>Writes it.</summary>
    /// <exception cref="ChatProviderException">It asks for what the Messages API has no word for.</exception>
    public DialectRequest Write()
    {
        var maxTokens = MaxTokens();
        var thinking = AnthropicThinking.Choose(call.Model, request, maxTokens, _adapted);
        var output = new ArrayBufferWriter<byte>(call.Body.Length + 256);
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("max_tokens", maxTokens);
            thinking.Write(json);
            foreach (var member in request.EnumerateObject())
            {
                Write(json, member, thinking);
            }

            WriteUser(json);
            AnthropicTools.Write(json, request);
            new AnthropicMessages(json, _adapted).Write(request);
            json.WriteEndObject();
        }

        return new DialectRequest(output.WrittenMemory, _adapted);
    }

    private void Write(Utf8JsonWriter json, JsonProperty member, AnthropicThinking thinking)
    {
        var value = member.Value;
        if (value.ValueKind == JsonValueKind.Null || ChatOnly.IsNeutral(member))
        {
            return;
        }

        switch (member.Name)
        {
            // Written elsewhere, or said by the stream as it is.
            case "messages" or "tools" or "tool_choice" or "parallel_tool_calls" or "max_tokens" or "max_completion_tokens" or "user" or "safety_identifier" or "metadata"
                or "thinking" or "output_config" or "reasoning_effort" or "stream_options":
                break;
            case "response_format":
                ResponseSchema.ThrowIfOther(value);
                break;
            case "stop":
                WriteStop(json, value);
                break;
            case "temperature":
                WriteTemperature(json, value, thinking);
                break;
            case "top_p":
                WriteTopP(json, value);
                break;
            case "service_tier":
                WriteTier(json, value);
                break;
            case "frequency_penalty" or "presence_penalty" when ChatOnly.IsZero(value):
            case "store" when value.ValueKind == JsonValueKind.False:
                break;
            case "frequency_penalty" or "presence_penalty" or "seed" or "store" or "prediction" or "verbosity" or "prompt_cache_key" or "prompt_cache_retention":
                _adapted.Add(member.Name);
                break;
            default:
                json.WriteAsIs(member.Name, value);
                break;
        }
    }

    /// <summary>The lower of the request's two limits, else the model's, else the standard one; never more than caps have set aside for.</summary>
    private int MaxTokens() => AnswerLimit.Asked(request) ?? AnswerLimit.Standard(call.Options);

    private static void WriteStop(Utf8JsonWriter json, JsonElement stop)
    {
        json.WriteStartArray("stop_sequences");
        foreach (var text in stop.ValueKind == JsonValueKind.Array ? stop.EnumerateArray().ToArray() : [stop])
        {
            json.WriteAsIs(text);
        }

        json.WriteEndArray();
    }

    /// <summary>The range ends at 1 instead of 2, and a model that thinks within a budget takes none.</summary>
    private void WriteTemperature(Utf8JsonWriter json, JsonElement value, AnthropicThinking thinking)
    {
        var number = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var given) ? given : double.NaN;
        if (thinking.HasBudget)
        {
            Adapt("temperature", number != 1);
        }
        else if (number > 1)
        {
            Adapt("temperature", true);
            json.WriteNumber("temperature", 1);
        }
        else
        {
            json.WriteAsIs("temperature", value);
        }
    }

    /// <summary>Most models take one of the two alone.</summary>
    private void WriteTopP(Utf8JsonWriter json, JsonElement value)
    {
        if (request.Says("temperature", out _))
        {
            Adapt("top_p", !(value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == 1));
        }
        else
        {
            json.WriteAsIs("top_p", value);
        }
    }

    private void WriteTier(Utf8JsonWriter json, JsonElement tier)
    {
        if (tier.IsText("auto"u8) || tier.IsText("standard_only"u8))
        {
            json.WriteAsIs("service_tier", tier);
        }
        else if (tier.IsText("default"u8))
        {
            json.WriteString("service_tier", "standard_only");
        }
        else
        {
            Adapt("service_tier", true);
        }
    }

    /// <summary>Anthropic knows one word about who asks.</summary>
    private void WriteUser(Utf8JsonWriter json)
    {
        var user = default(JsonElement);
        if (request.Says("metadata", out var metadata))
        {
            var hasUser = metadata.Says("user_id", out user);
            Adapt("metadata", metadata.ValueKind != JsonValueKind.Object || metadata.EnumerateObject().Count() > (hasUser ? 1 : 0));
        }

        if (user.ValueKind == JsonValueKind.String || request.Says("user", out user) || request.Says("safety_identifier", out user))
        {
            json.WriteStartObject("metadata");
            json.WriteAsIs("user_id", user);
            json.WriteEndObject();
        }
    }

    private void Adapt(string name, bool isLoss)
    {
        if (isLoss)
        {
            _adapted.Add(name);
        }
    }
}
