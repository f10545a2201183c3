using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects.Anthropic;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>How a model is told to think. Each family has members of its own for that; Converse has none.</summary>
internal sealed class BedrockReasoning
{
    private readonly AnthropicThinking? _claude;
    private readonly string? _member;
    private readonly string? _effort;

    private BedrockReasoning(AnthropicThinking? claude, string? member, string? effort, int? limit)
    {
        _claude = claude;
        _member = member;
        _effort = effort;
        Limit = limit;
    }

    /// <summary>The limit of the answer that a budget of thinking is a share of; null where none has to be sent.</summary>
    public int? Limit { get; }

    /// <summary>Whether it thinks within a budget, which binds other members.</summary>
    public bool HasBudget => _claude?.HasBudget is true;

    /// <summary>Chooses.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">The chat completion request.</param>
    /// <param name="adapted">Receives the effort where it can be followed no further.</param>
    public static BedrockReasoning Choose(ChatCall call, JsonElement request, List<string> adapted)
    {
        var hasThinking = request.Says("thinking", out var thinking);
        if (!request.Says("reasoning_effort", out var asked) && !hasThinking && !request.Says("output_config", out _))
        {
            return new(null, null, null, null);
        }

        if (call.Model.Contains("claude", StringComparison.Ordinal))
        {
            var limit = AnswerLimit.Asked(request) ?? AnswerLimit.Standard(call.Options);
            return new(AnthropicThinking.Choose(call.Model, request, limit, adapted), null, null, limit);
        }

        if (!hasThinking && asked.ValueKind != JsonValueKind.String)
        {
            adapted.Add("output_config");
            return new(null, null, null, null);
        }

        // The forms of Anthropic's that clients of Messages send beside the effort say nothing more to other families.
        var hasEffort = asked.ValueKind == JsonValueKind.String;
        var effort = hasEffort ? asked.GetString()! : IsOff(thinking) ? "none" : "high";
        var level = effort switch
        {
            "minimal" => "low",
            "xhigh" or "max" => "high",
            _ => effort,
        };
        var member = call.Model.Contains("openai.", StringComparison.Ordinal) ? "reasoning_effort" : call.Model.Contains("nova", StringComparison.Ordinal) ? "reasoningConfig" : null;
        var thinksAnyway = member != "reasoningConfig";
        if (level != effort || (member is null && effort != "none") || (effort == "none" && thinksAnyway && hasEffort))
        {
            adapted.Add(hasEffort ? "reasoning_effort" : "thinking");
        }

        return new(null, effort == "none" ? null : member, level, null);
    }

    private static bool IsOff(JsonElement thinking) => thinking.Says("type", out var type) && type.IsText("disabled"u8);

    /// <summary>Writes the members.</summary>
    public void Write(BedrockExtras extra)
    {
        if (_claude is { } claude)
        {
            extra.Add("thinking", json => claude.Write(json, withSchema: false));
        }
        else if (_member == "reasoningConfig")
        {
            extra.Add(_member, json =>
            {
                json.WriteStartObject("reasoningConfig");
                json.WriteString("type", "enabled");
                json.WriteString("maxReasoningEffort", _effort);
                json.WriteEndObject();
            });
        }
        else if (_member is { } member)
        {
            extra.Add(member, json => json.WriteString(member, _effort));
        }
    }
}
