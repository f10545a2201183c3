using System.Text.Json;
using System.Text.RegularExpressions;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>How a model is told to think, and in what form to answer: what the members <c>thinking</c> and <c>output_config</c> become.</summary>
/// <remarks>
/// <c>reasoning_effort</c> is an effort with adaptive thinking, except for models of the fourth generation up to 4.5 and older ones, which take a budget: a share of
/// <c>max_tokens</c> between 1,024 and 32,000 tokens.
/// </remarks>
internal sealed partial class AnthropicThinking
{
    private const int LeastBudget = 1024;
    private const int MostBudget = 32_000;

    private readonly JsonElement? _native;
    private readonly JsonElement? _output;
    private readonly JsonElement? _schema;
    private readonly string? _effort;
    private readonly string? _type;
    private readonly int? _budget;

    private AnthropicThinking(JsonElement request, string? effort, string? type, int? budget, bool isOff = false)
    {
        var thinking = default(JsonElement);
        _native = !isOff && request.Says("thinking", out thinking) ? thinking : null;
        _output = request.Says("output_config", out var output) ? output : null;
        _schema = ResponseSchema.Read(request);
        _effort = effort;
        _type = type;
        _budget = budget;
        HasBudget = budget is not null || (thinking.Says("type", out var kind) && kind.IsText("enabled"u8));
    }

    /// <summary>Whether it thinks within a budget, which binds other members.</summary>
    public bool HasBudget { get; }

    /// <summary>Chooses.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="request">The chat completion request.</param>
    /// <param name="maxTokens">The limit of the answer, thinking included.</param>
    /// <param name="adapted">Receives the effort where it can be followed no further.</param>
    public static AnthropicThinking Choose(string model, JsonElement request, int maxTokens, List<string> adapted)
    {
        if (request.Says("thinking", out var thinking) && thinking.Says("type", out var kind) && kind.IsText("enabled"u8) && LacksThinking(request))
        {
            adapted.Add("thinking");
            return new AnthropicThinking(request, null, null, null, isOff: true);
        }

        var effort = request.Says("reasoning_effort", out var asked) ? asked.ValueKind == JsonValueKind.String ? asked.GetString() : string.Empty : null;
        if (effort is null || request.Says("thinking", out _))
        {
            // Older models know no effort, and their thinking is said.
            return new AnthropicThinking(request, effort is null or "none" || OlderModel().IsMatch(model) ? null : Word(effort), null, null);
        }

        if (!OlderModel().IsMatch(model))
        {
            return effort == "none" ? new AnthropicThinking(request, null, "disabled", null) : new AnthropicThinking(request, Word(effort), "adaptive", null);
        }

        if (effort == "none")
        {
            return new AnthropicThinking(request, null, null, null);
        }

        var budget = Math.Min(Math.Max((int)(Share(effort) * maxTokens), LeastBudget), MostBudget);
        if (budget >= maxTokens || ForcesTool(request) || LacksThinking(request))
        {
            adapted.Add("reasoning_effort");
            return new AnthropicThinking(request, null, null, null);
        }

        return new AnthropicThinking(request, null, null, budget);
    }

    /// <summary>Writes both members.</summary>
    /// <param name="json">Receives them.</param>
    /// <param name="withSchema">Whether the form of the answer is among them.</param>
    public void Write(Utf8JsonWriter json, bool withSchema = true)
    {
        if (_native is { } native)
        {
            json.WriteAsIs("thinking", native);
        }
        else if (_type is not null || _budget is not null)
        {
            json.WriteStartObject("thinking");
            json.WriteString("type", _type ?? "enabled");
            if (_budget is { } budget)
            {
                json.WriteNumber("budget_tokens", budget);
            }

            json.WriteEndObject();
        }

        WriteOutput(json, withSchema ? _schema : null);
    }

    private void WriteOutput(Utf8JsonWriter json, JsonElement? form)
    {
        if (_output is null && _effort is null && form is null)
        {
            return;
        }

        if (_output is { ValueKind: not JsonValueKind.Object } odd)
        {
            json.WriteAsIs("output_config", odd);
            return;
        }

        json.WriteStartObject("output_config");
        foreach (var member in _output?.EnumerateObject().ToArray() ?? [])
        {
            json.WriteAsIs(member.Name, member.Value);
        }

        if (_effort is not null && _output?.TryGetProperty("effort", out _) is not true)
        {
            json.WriteString("effort", _effort);
        }

        if (form is { } schema && _output?.TryGetProperty("format", out _) is not true)
        {
            json.WriteStartObject("format");
            json.WriteString("type", "json_schema");
            json.WriteAsIs("schema", schema);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Word(string effort) => effort == "minimal" ? "low" : effort;

    private static double Share(string effort) => effort switch
    {
        "minimal" => 0.1,
        "low" => 0.2,
        "medium" => 0.5,
        "high" => 0.8,
        "xhigh" or "max" => 0.95,
        _ => throw Untranslatable.Member("reasoning_effort", "is none of none, minimal, low, medium, high, xhigh, max."),
    };

    /// <summary>A tool that must be called leaves no room for thinking.</summary>
    private static bool ForcesTool(JsonElement request) =>
        request.Says("tool_choice", out var choice)
        && (choice.ValueKind == JsonValueKind.Object || choice.IsText("required"u8));

    /// <summary>Whether the model's turn that is under way, which called tools, came without the signed thinking that it would have to begin with.</summary>
    private static bool LacksThinking(JsonElement request)
    {
        if (!request.Says("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var message in messages.EnumerateArray().Reverse())
        {
            if (message.Says("role", out var role) && role.IsText("assistant"u8))
            {
                return message.Says("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0 && !AnthropicReasoning.IsIn(message);
            }

            if (!role.IsText("tool"u8))
            {
                return false;
            }
        }

        return false;
    }

    // claude-3-..., claude-opus-4-20250514, claude-sonnet-4-5, also with a vendor before it.
    [GeneratedRegex("claude-(instant|[123](?![0-9])|[a-z]+-4([-.][0-5])?(?![-.]?[0-9])|[a-z]+-4([-.][0-5])?[-@]20[0-9]{6})")]
    private static partial Regex OlderModel();
}
