using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>Writes how long an answer is and how it is drawn.</summary>
internal static class BedrockInference
{
    /// <summary>Writes the member <c>inferenceConfig</c>.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="request">The chat completion request.</param>
    /// <param name="reasoning">How the model thinks.</param>
    /// <param name="adapted">Receives what was left out or changed.</param>
    public static void Write(Utf8JsonWriter json, string model, JsonElement request, BedrockReasoning reasoning, List<string> adapted)
    {
        json.WriteStartObject("inferenceConfig");
        if ((AnswerLimit.Asked(request) ?? reasoning.Limit) is { } limit)
        {
            json.WriteNumber("maxTokens", limit);
        }

        WriteTemperature(json, request, reasoning, adapted);
        WriteTopP(json, model, request, adapted);
        if (request.Says("stop", out var stop))
        {
            json.WriteStartArray("stopSequences");
            foreach (var text in stop.ValueKind == JsonValueKind.Array ? stop.EnumerateArray().ToArray() : [stop])
            {
                json.WriteAsIs(text);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>The range ends at 1 instead of 2, and a model that thinks within a budget takes none.</summary>
    private static void WriteTemperature(Utf8JsonWriter json, JsonElement request, BedrockReasoning reasoning, List<string> adapted)
    {
        if (!request.Says("temperature", out var value))
        {
            return;
        }

        var number = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var given) ? given : double.NaN;
        if (number > 1 || (reasoning.HasBudget && number != 1))
        {
            adapted.Add("temperature");
        }

        if (reasoning.HasBudget)
        {
            return;
        }

        if (number > 1)
        {
            json.WriteNumber("temperature", 1);
        }
        else
        {
            json.WriteAsIs("temperature", value);
        }
    }

    /// <summary>Most Claude models take one of the two alone.</summary>
    private static void WriteTopP(Utf8JsonWriter json, string model, JsonElement request, List<string> adapted)
    {
        if (!request.Says("top_p", out var value))
        {
            return;
        }

        if (!model.Contains("claude", StringComparison.Ordinal) || !request.Says("temperature", out _))
        {
            json.WriteAsIs("topP", value);
        }
        else if (!(value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == 1))
        {
            adapted.Add("top_p");
        }
    }
}
