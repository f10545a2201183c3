using System.Text;
using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>Writes the probabilities of tokens.</summary>
internal static class GeminiLogprobs
{
    /// <summary>The probability that the chat format tells of tokens without one.</summary>
    private const double Unlikely = -9999;

    /// <summary>Writes the member <c>logprobs</c> of a choice; null where the candidate has none.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement candidate)
    {
        if (!candidate.Says("logprobsResult", out var result) || !result.Says("chosenCandidates", out var chosen) || chosen.ValueKind != JsonValueKind.Array)
        {
            json.WriteNull("logprobs");
            return;
        }

        var tops = result.Says("topCandidates", out var all) && all.ValueKind == JsonValueKind.Array ? all : default;
        json.WriteStartObject("logprobs");
        json.WriteStartArray("content");
        for (var i = 0; i < chosen.GetArrayLength(); i++)
        {
            json.WriteStartObject();
            WriteToken(json, chosen[i]);
            json.WriteStartArray("top_logprobs");
            if (tops.ValueKind == JsonValueKind.Array && i < tops.GetArrayLength() && tops[i].Says("candidates", out var others) && others.ValueKind == JsonValueKind.Array)
            {
                foreach (var other in others.EnumerateArray())
                {
                    json.WriteStartObject();
                    WriteToken(json, other);
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal");
        json.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter json, JsonElement candidate)
    {
        var token = JsonTexts.Read(candidate, "token") ?? string.Empty;
        json.WriteString("token", token);
        json.WriteNumber("logprob", candidate.Says("logProbability", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : Unlikely);
        json.WriteStartArray("bytes");
        foreach (var one in Encoding.UTF8.GetBytes(token))
        {
            json.WriteNumberValue(one);
        }

        json.WriteEndArray();
    }
}
