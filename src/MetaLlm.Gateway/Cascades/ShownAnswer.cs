using System.Text;
using System.Text.Json;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Cascades;

/// <summary>What the first choice of a chat completion shows of itself.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Refused">Whether it refuses, or a filter kept it back.</param>
/// <param name="CallsTools">Whether it calls tools, so that its words are not the answer.</param>
/// <param name="MeanLogProbability">Mean of the natural log-probabilities of its tokens, at most 0; null where it does not tell them.</param>
internal sealed record ShownAnswer(string Text, bool Refused, bool CallsTools, double? MeanLogProbability)
{
    /// <summary>Reads an answer.</summary>
    /// <param name="parts">The body, or all events of a stream.</param>
    /// <param name="isStream">Whether it comes in events.</param>
    /// <returns>Null where it is no chat completion.</returns>
    public static ShownAnswer? Read(IReadOnlyList<ReadOnlyMemory<byte>> parts, bool isStream)
    {
        var sums = new Sums();
        try
        {
            foreach (var json in isStream ? parts.SelectMany(ChatEvents.Objects) : parts.Where(part => !part.IsEmpty))
            {
                using var document = JsonDocument.Parse(json);
                sums.Add(document.RootElement);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }

        return sums.Answer;
    }

    private sealed class Sums
    {
        private readonly StringBuilder _text = new();
        private bool _isAnswer;
        private bool _refused;
        private bool _callsTools;
        private double _sum;
        private long _tokens;

        public ShownAnswer? Answer => _isAnswer ? new ShownAnswer(_text.ToString(), _refused, _callsTools, _tokens > 0 ? Math.Min(0, _sum / _tokens) : null) : null;

        public void Add(JsonElement root)
        {
            if (!root.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0)
            {
                return;
            }

            _isAnswer = true;
            var choice = choices[0];
            if ((Object(choice, "message") ?? Object(choice, "delta")) is { } message)
            {
                AddText(message);
                _callsTools |= message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0;
            }

            _refused |= choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String && reason.ValueEquals("content_filter"u8);
            if (Object(choice, "logprobs") is { } told && told.TryGetProperty("content", out var tokens) && tokens.ValueKind == JsonValueKind.Array)
            {
                foreach (var token in tokens.EnumerateArray())
                {
                    AddToken(token);
                }
            }
        }

        private void AddText(JsonElement message)
        {
            if (message.TryGetProperty("content", out var content))
            {
                foreach (var part in content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().Where(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out _)).Select(part => part.GetProperty("text")) : [content])
                {
                    _text.Append(part.ValueKind == JsonValueKind.String ? part.GetString() : null);
                }
            }

            if (message.TryGetProperty("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.String && !refusal.ValueEquals(""u8))
            {
                _refused = true;
                _text.Append(refusal.GetString());
            }
        }

        private void AddToken(JsonElement token)
        {
            if (token.ValueKind == JsonValueKind.Object && token.TryGetProperty("logprob", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var logarithm) && logarithm <= 0 && double.IsFinite(logarithm))
            {
                _sum += logarithm;
                _tokens++;
            }
        }

        private static JsonElement? Object(JsonElement owner, string name) =>
            owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;
    }
}
