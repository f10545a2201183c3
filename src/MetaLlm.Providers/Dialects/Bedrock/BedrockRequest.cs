using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>
/// Writes a chat completion request as one of Converse. Members of Converse's own (<c>guardrailConfig</c>, <c>performanceConfig</c>) go on as they came. Others that
/// neither format's translation knows become <c>additionalModelRequestFields</c>, which the model itself judges.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="request">The chat completion request.</param>
internal sealed class BedrockRequest(ChatCall call, JsonElement request)
{
    private const string Additional = "additionalModelRequestFields";
    private const string OutputConfig = "outputConfig";

    private readonly List<string> _adapted = [];

    /// <summary>Writes it.</summary>
    /// <exception cref="ChatProviderException">It asks for what the API has no word for.</exception>
    public DialectRequest Write()
    {
        var output = new ArrayBufferWriter<byte>(call.Body.Length + 256);
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true }))
        using (var extra = new BedrockExtras())
        {
            json.WriteStartObject();
            var reasoning = BedrockReasoning.Choose(call, request, _adapted);
            extra.Take(request.Says(Additional, out var own) ? own : default);
            reasoning.Write(extra);
            foreach (var member in request.EnumerateObject())
            {
                Write(json, extra, member);
            }

            BedrockInference.Write(json, call.Model, request, reasoning, _adapted);
            WriteFormat(json);
            BedrockTools.Write(json, request, _adapted);
            new BedrockMessages(json, _adapted).Write(request);
            extra.Write(json, Additional);
            json.WriteEndObject();
        }

        return new DialectRequest(output.WrittenMemory, _adapted);
    }

    private void Write(Utf8JsonWriter json, BedrockExtras extra, JsonProperty member)
    {
        var value = member.Value;
        if (value.ValueKind == JsonValueKind.Null || ChatOnly.IsNeutral(member))
        {
            return;
        }

        switch (member.Name)
        {
            // Written elsewhere, or said by the address.
            case "messages" or "tools" or "tool_choice" or "parallel_tool_calls" or "max_tokens" or "max_completion_tokens" or "temperature" or "top_p" or "stop" or "model" or "stream"
                or "stream_options" or "reasoning_effort" or "thinking" or "output_config" or Additional:
            case "frequency_penalty" or "presence_penalty" when ChatOnly.IsZero(value):
            case "store" when value.ValueKind == JsonValueKind.False:
            case "service_tier" when value.IsText("auto"u8):
                break;
            case "response_format":
                ResponseSchema.ThrowIfOther(value);
                break;
            case "service_tier" when value.IsText("default"u8) || value.IsText("flex"u8) || value.IsText("priority"u8):
                json.WriteStartObject("serviceTier");
                json.WriteAsIs("type", value);
                json.WriteEndObject();
                break;
            case "frequency_penalty" or "presence_penalty" or "seed" or "store" or "prediction" or "verbosity" or "prompt_cache_key" or "prompt_cache_retention" or "service_tier" or "user"
                or "safety_identifier" or "metadata":
                _adapted.Add(member.Name);
                break;
            case "guardrailConfig" or "performanceConfig" or "promptVariables" or "additionalModelResponseFieldPaths" or "requestMetadata" or "serviceTier" or OutputConfig:
                json.WriteAsIs(member.Name, value);
                break;
            default:
                extra.Add(member.Name, value);
                break;
        }
    }

    /// <summary>The schema is a text there.</summary>
    private void WriteFormat(Utf8JsonWriter json)
    {
        if (ResponseSchema.Read(request) is not { } schema || request.Says(OutputConfig, out _))
        {
            return;
        }

        json.WriteStartObject(OutputConfig);
        json.WriteStartObject("textFormat");
        json.WriteString("type", "json_schema");
        json.WriteStartObject("structure");
        json.WriteStartObject("jsonSchema");
        if (request.GetProperty("response_format").GetProperty("json_schema").Says("name", out var name))
        {
            json.WriteAsIs("name", name);
        }

        json.WriteString("schema", schema.GetRawText());
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
