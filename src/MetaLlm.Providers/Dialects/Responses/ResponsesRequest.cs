using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Objections;

namespace MetaLlm.Providers.Dialects.Responses;

/// <summary>Writes a chat completion request as one of the Responses API. Members that neither format's translation knows go on as they came, for the model to judge.</summary>
/// <param name="request">The chat completion request.</param>
/// <param name="without">What is not to be asked for besides.</param>
internal sealed class ResponsesRequest(JsonElement request, Extras without)
{
    private readonly List<string> _adapted = [];

    /// <summary>Writes it.</summary>
    /// <exception cref="ChatProviderException">It asks for what the Responses API has no word for.</exception>
    public DialectRequest Write()
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            foreach (var member in request.EnumerateObject())
            {
                Write(json, member);
            }

            json.WriteBoolean("store", false);
            if (!without.HasFlag(Extras.EncryptedReasoning))
            {
                json.WriteStartArray("include");
                json.WriteStringValue("reasoning.encrypted_content");
                json.WriteEndArray();
            }

            if (AnswerLimit.Asked(request) is { } limit)
            {
                json.WriteNumber("max_output_tokens", limit);
            }

            WriteReasoning(json);
            WriteText(json);
            ResponsesTools.Write(json, request);
            new ResponsesInput(json).Write(request);
            json.WriteEndObject();
        }

        return new DialectRequest(output.WrittenMemory, _adapted);
    }

    private void Write(Utf8JsonWriter json, JsonProperty member)
    {
        var value = member.Value;
        if (value.ValueKind == JsonValueKind.Null || ChatOnly.IsNeutral(member))
        {
            return;
        }

        switch (member.Name)
        {
            // Written elsewhere, or said by the stream as it is. Thinking of Anthropic's form stands beside reasoning_effort, which says the same.
            case "messages" or "tools" or "tool_choice" or "max_tokens" or "max_completion_tokens" or "response_format" or "verbosity" or "reasoning_effort" or "include"
                or "stream_options" or "thinking":
                break;
            case "stop":
                ThrowIfSaid(value);
                break;
            case "frequency_penalty" or "presence_penalty" when ChatOnly.IsZero(value):
            case "store" when value.ValueKind == JsonValueKind.False:
                break;
            case "frequency_penalty" or "presence_penalty" or "seed" or "store" or "prediction" or "top_k":
                _adapted.Add(member.Name);
                break;
            default:
                json.WriteAsIs(member.Name, value);
                break;
        }
    }

    /// <summary>An answer that is to end at a sign would go on behind it.</summary>
    private static void ThrowIfSaid(JsonElement stop)
    {
        if (stop.IsFilledText() || (stop.ValueKind == JsonValueKind.Array && stop.GetArrayLength() > 0))
        {
            throw Untranslatable.Member("stop", "names where to stop; answers of this model end where it says.");
        }
    }

    private void WriteReasoning(Utf8JsonWriter json)
    {
        if (!request.Says("reasoning_effort", out var effort))
        {
            return;
        }

        json.WriteStartObject("reasoning");
        json.WriteAsIs("effort", effort);
        if (!effort.IsText("none"u8) && !without.HasFlag(Extras.Summary))
        {
            json.WriteString("summary", "auto");
        }

        json.WriteEndObject();
    }

    private void WriteText(Utf8JsonWriter json)
    {
        var hasForm = request.Says("response_format", out var form);
        var hasVerbosity = request.Says("verbosity", out var verbosity);
        if (!hasForm && !hasVerbosity)
        {
            return;
        }

        json.WriteStartObject("text");
        if (hasVerbosity)
        {
            json.WriteAsIs("verbosity", verbosity);
        }

        if (hasForm && form.Says("type", out var type) && type.IsText("json_schema"u8))
        {
            json.WriteStartObject("format");
            json.WriteAsIs("type", type);
            foreach (var member in form.Says("json_schema", out var named) && named.ValueKind == JsonValueKind.Object
                ? named.EnumerateObject().ToArray() : throw Untranslatable.Member("response_format", "has no json_schema."))
            {
                json.WriteAsIs(member.Name, member.Value);
            }

            json.WriteEndObject();
        }
        else if (hasForm)
        {
            json.WriteAsIs("format", form);
        }

        json.WriteEndObject();
    }
}
