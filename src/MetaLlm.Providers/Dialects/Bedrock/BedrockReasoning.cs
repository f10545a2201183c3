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
        var hasThinking = request.Says("thinking", out _);
        if (!request.Says("reasoning_effort", out var asked) && !hasThinking && !request.Says("output_config", out _))
        {
            return new(null, null, null, null);
        }

        if (call.Model.Contains("claude", StringComparison.Ordinal))
        {
            var limit = AnswerLimit.Asked(request) ?? AnswerLimit.Standard(call.Options);
            return new(AnthropicThinking.Choose(call.Model, request, limit, adapted), null, null, limit);
        }

        var effort = asked.ValueKind == JsonValueKind.String ? asked.GetString() : null;
        var level = effort switch
        {
            "minimal" => "low",
            "xhigh" or "max" => "high",
            _ => effort,
        };
        var member = call.Model.Contains("openai.", StringComparison.Ordinal) ? "reasoning_effort" : call.Model.Contains("nova", StringComparison.Ordinal) ? "reasoningConfig" : null;
        if (effort is null or "none" || member is null)
        {
            // Without a word for it, a model that thinks by itself still does.
            if (effort is not (null or "none") || (effort == "none" && member == "reasoning_effort"))
            {
                adapted.Add("reasoning_effort");
            }

            return new(null, null, null, null);
        }

        if (level != effort)
        {
            adapted.Add("reasoning_effort");
        }

        return new(null, member, level, null);
    }

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
