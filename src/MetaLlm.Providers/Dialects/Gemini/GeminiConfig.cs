using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>Writes the members of <c>generationConfig</c>: how long an answer is, how it is drawn, and what form it has.</summary>
/// <param name="json">Receives them.</param>
/// <param name="model">The model's name.</param>
/// <param name="taken">Members that the client has written itself.</param>
/// <param name="adapted">Receives what was left out or changed.</param>
internal sealed class GeminiConfig(Utf8JsonWriter json, string model, IReadOnlySet<string> taken, List<string> adapted)
{
    /// <summary>Members of a chat completion request that are written here.</summary>
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "seed", "n", "stop", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs",
        "response_format", "reasoning_effort", "thinking",
    };

    private static readonly (string Chat, string Gemini)[] Same =
    [
        ("temperature", "temperature"), ("top_p", "topP"), ("top_k", "topK"), ("seed", "seed"), ("n", "candidateCount"), ("presence_penalty", "presencePenalty"),
        ("frequency_penalty", "frequencyPenalty"), ("logprobs", "responseLogprobs"), ("top_logprobs", "logprobs"),
    ];

    /// <summary>Writes them.</summary>
    public void Write(JsonElement request)
    {
        foreach (var (chat, gemini) in Same)
        {
            if (request.Says(chat, out var value) && !taken.Contains(gemini) && !IsNeutral(chat, value))
            {
                json.WriteAsIs(gemini, value);
            }
        }

        if (AnswerLimit.Asked(request) is { } limit && !taken.Contains("maxOutputTokens"))
        {
            json.WriteNumber("maxOutputTokens", limit);
        }

        WriteStop(request);
        WriteFormat(request);
        if (!taken.Contains("thinkingConfig"))
        {
            GeminiThinking.Write(json, model, request, adapted);
        }
    }

    /// <summary>What says nothing; models without probabilities or penalties refuse even that.</summary>
    private static bool IsNeutral(string name, JsonElement value) => name switch
    {
        "logprobs" => value.ValueKind == JsonValueKind.False,
        "top_logprobs" or "presence_penalty" or "frequency_penalty" => ChatOnly.IsZero(value),
        "n" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var n) && n == 1,
        _ => false,
    };

    private void WriteStop(JsonElement request)
    {
        if (!request.Says("stop", out var stop) || taken.Contains("stopSequences"))
        {
            return;
        }

        json.WriteStartArray("stopSequences");
        foreach (var text in stop.ValueKind == JsonValueKind.Array ? stop.EnumerateArray().ToArray() : [stop])
        {
            json.WriteAsIs(text);
        }

        json.WriteEndArray();
    }

    private void WriteFormat(JsonElement request)
    {
        if (!request.Says("response_format", out var format) || !format.Says("type", out var type) || type.IsText("text"u8) || taken.Contains("responseMimeType"))
        {
            return;
        }

        var isSchema = type.IsText("json_schema"u8);
        if (!isSchema && !type.IsText("json_object"u8))
        {
            throw Untranslatable.Member("response_format", "is none of text, json_object and json_schema, which are the formats of this model.");
        }

        json.WriteString("responseMimeType", "application/json");
        if (isSchema)
        {
            json.WriteAsIs("responseJsonSchema", ResponseSchema.Read(request)!.Value);
        }
    }
}
