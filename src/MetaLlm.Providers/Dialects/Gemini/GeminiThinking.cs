using System.Text.Json;
using System.Text.RegularExpressions;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>
/// Writes how much a model shall think. Models up to 2.5 take a budget of tokens, later ones a level. Earlier ones than 2.5 do not think. Some cannot be kept from
/// thinking: they are told to think as little as they can.
/// </summary>
internal static partial class GeminiThinking
{
    private const int LittleBudget = 1024;
    private const int MediumBudget = 8192;
    private const int MostBudget = 24_576;

    /// <summary>The least that 2.5 Pro takes.</summary>
    private const int LeastBudget = 128;

    /// <summary>Whether a model wants the signatures of its calls back, or the turn under way is refused.</summary>
    public static bool NeedsSignatures(string model) => Generation(model) >= 3;

    /// <summary>Writes the member <c>thinkingConfig</c>; nothing where the request does not ask for anything.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="request">The chat completion request; <c>thinking</c> has the form of Anthropic's.</param>
    /// <param name="adapted">Receives the member that cannot be followed.</param>
    public static void Write(Utf8JsonWriter json, string model, JsonElement request, List<string> adapted)
    {
        var hasEffort = request.Says("reasoning_effort", out var asked);
        var type = request.Says("thinking", out var thinking) && thinking.Says("type", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;
        var effort = type == "disabled" ? "none" : hasEffort ? asked.ValueKind == JsonValueKind.String ? asked.GetString()! : string.Empty : type is null ? null : "high";
        if (effort is null)
        {
            return;
        }

        var name = hasEffort ? "reasoning_effort" : "thinking";
        if (Generation(model) < 2.5)
        {
            if (effort != "none")
            {
                adapted.Add(name);
            }

            return;
        }

        if (effort is not ("none" or "minimal" or "low" or "medium" or "high" or "xhigh" or "max"))
        {
            throw Untranslatable.Member(name, "is none of none, minimal, low, medium, high, xhigh, max.");
        }

        json.WriteStartObject("thinkingConfig");
        if (Generation(model) >= 3)
        {
            WriteLevel(json, model, effort, name, adapted);
        }
        else
        {
            WriteBudget(json, model, effort, thinking, name, adapted);
        }

        json.WriteBoolean("includeThoughts", effort != "none");
        json.WriteEndObject();
    }

    private static void WriteLevel(Utf8JsonWriter json, string model, string effort, string name, List<string> adapted)
    {
        var level = effort switch
        {
            "none" or "minimal" => model.Contains("pro", StringComparison.Ordinal) ? "low" : "minimal",
            "xhigh" or "max" => "high",
            _ => effort,
        };
        if (level != effort)
        {
            adapted.Add(name);
        }

        json.WriteString("thinkingLevel", level);
    }

    private static void WriteBudget(Utf8JsonWriter json, string model, string effort, JsonElement thinking, string name, List<string> adapted)
    {
        var isPro = model.Contains("pro", StringComparison.Ordinal);
        if (effort == "none" && isPro)
        {
            adapted.Add(name);
        }

        json.WriteNumber("thinkingBudget", effort switch
        {
            "none" => isPro ? LeastBudget : 0,
            _ when thinking.Says("budget_tokens", out var budget) && budget.ValueKind == JsonValueKind.Number && budget.TryGetInt32(out var tokens) => Math.Clamp(tokens, LeastBudget, MostBudget),
            "minimal" or "low" => LittleBudget,
            "medium" => MediumBudget,
            _ => MostBudget,
        });
    }

    /// <summary>2.5 of <c>gemini-2.5-flash</c>. Names that say nothing, such as <c>gemini-flash-latest</c>, are those of late models.</summary>
    private static double Generation(string model) =>
        Number().Match(model) is { Success: true } match ? double.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
        : model.Contains("gemini", StringComparison.Ordinal) ? 3 : 0;

    [GeneratedRegex("gemini-([0-9]+(\\.[0-9]+)?)")]
    private static partial Regex Number();
}
