using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MetaLlm.Core.Judging;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Judging;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A judge of answers.</summary>
public sealed class JudgeSettings
{
    internal const int TokensOfVerdict = 256;

    private const int LongestRubric = 8000;
    private const int LongestPattern = 2000;
    private const int LongestSchema = 32_000;

    /// <summary>Its name within the tenant.</summary>
    [StringLength(64), RegularExpression("[A-Za-z0-9._-]+", ErrorMessage = "letters, digits, '-', '_' and '.' are legal")]
    public required string Id { get; init; } = "";

    /// <summary>Version of what it judges by. A change of model, rubric or pattern needs another number: what was measured of the one before does not count for it.</summary>
    [Range(1, 1_000_000)]
    public int Version { get; init; } = 1;

    /// <summary>How it judges.</summary>
    public JudgeKind Kind { get; init; }

    /// <summary>Of kind <c>model</c>: the model, of <c>arms</c> or their variants; also one that is not enabled.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public string? Model { get; init; }

    /// <summary>Of kind <c>model</c>: another model, whose answer to the same request the answer is compared with, in both orders. Without it the answer gets a score by itself.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public string? Against { get; init; }

    /// <summary>Of kind <c>model</c>: what makes an answer good.</summary>
    [StringLength(LongestRubric)]
    public string? Rubric { get; init; }

    /// <summary>Of kind <c>model</c>: most tokens of its verdict; a model that reasons needs more.</summary>
    [Range(16, 16_384), DefaultValue(TokensOfVerdict)]
    public int? MaxOutputTokens { get; init; }

    /// <summary>
    /// Of kind <c>regex</c>: what has to be found in the answer; <c>{expected}</c> in it stands for the request's <c>metallm.expected</c>. Of kind <c>exact</c>: takes the part to compare out of the answer, by its first group; without it the whole answer is compared.
    /// </summary>
    [StringLength(LongestPattern)]
    public string? Pattern { get; init; }

    /// <summary>Of kind <c>exact</c>: the reference answer of requests that bring none.</summary>
    [StringLength(LongestRubric)]
    public string? Expected { get; init; }

    /// <summary>Of kind <c>jsonSchema</c>: the schema, JSON as a text.</summary>
    [StringLength(LongestSchema)]
    public string? Schema { get; init; }

    /// <summary>Of kind <c>webhook</c>: one of the <c>guardrails</c> of kind <c>webhook</c>, whose address, key and time-out are used. It is sent <c>{"stage":"judge","tenant","model","decision_id","expected","texts","answer"}</c> and says <c>{"score":0.8}</c>, 0 to 1.</summary>
    [StringLength(128)]
    public string? Webhook { get; init; }

    /// <summary>How much a verdict counts while people have rated too few of the judged answers; from 20 such answers on it counts what was measured. 0 only compares until then.</summary>
    [Range(0.0, 1.0)]
    public double Trust { get; init; } = 0.25;

    /// <summary>Mean difference between verdict and people's reward above which it is switched off, once that is beyond chance.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double ErrorBound { get; init; } = 0.35;

    /// <summary>Models of its own family, whose answers it may prefer: that is measured beside people. Without any, its own <c>model</c>.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public IReadOnlyList<string> Family { get; init; } = [];

    /// <summary>Most tokens of its verdict.</summary>
    internal int VerdictTokens => MaxOutputTokens ?? TokensOfVerdict;

    /// <summary>Judge and version.</summary>
    internal string Name => JudgeVerdict.NameOf(Id, Version);

    internal JudgeTerms Terms => new(Trust, ErrorBound);

    internal IReadOnlyList<string> OwnFamily => Family.Count > 0 || Model is null ? Family : [Model];

    /// <summary>The schema of kind <c>jsonSchema</c>.</summary>
    internal JsonSchemaChecker? Checker { get; private set; }

    /// <param name="models">The tenant's models.</param>
    /// <param name="guardrails">The guardrails of the configuration.</param>
    /// <param name="errors">Its place.</param>
    internal void Check(IReadOnlyCollection<string> models, IReadOnlyDictionary<string, GuardrailSettings> guardrails, SettingsErrors errors)
    {
        foreach (var (member, isGiven, kinds) in ((string, bool, JudgeKind[])[])
            [
                ("model", Model is not null, [JudgeKind.Model]), ("against", Against is not null, [JudgeKind.Model]), ("rubric", Rubric is not null, [JudgeKind.Model]), ("maxOutputTokens", MaxOutputTokens is not null, [JudgeKind.Model]),
                ("pattern", Pattern is not null, [JudgeKind.Regex, JudgeKind.Exact]), ("expected", Expected is not null, [JudgeKind.Exact]),
                ("schema", Schema is not null, [JudgeKind.JsonSchema]), ("webhook", Webhook is not null, [JudgeKind.Webhook]),
            ])
        {
            if (isGiven && !kinds.Contains(Kind))
            {
                errors.Add(member, $"belongs to kind '{string.Join("' and '", kinds.Select(Word))}'; this judge is of kind '{Word(Kind)}'.");
            }
            else if (!isGiven && member == Needed(Kind))
            {
                errors.Add(member, $"is missing; a judge of kind '{Word(Kind)}' needs it.");
            }
        }

        CheckModel("model", Model, models, errors);
        CheckModel("against", Against, models, errors);
        for (var i = 0; i < Family.Count; i++)
        {
            CheckModel(null, Family[i], models, errors.At("family").At(i));
        }

        if (Pattern is not null)
        {
            MatchJudge.Check("pattern", Pattern, "x", Kind == JudgeKind.Exact ? "what is compared, such as in 'Answer: (.+)'" : null, errors);
        }

        if (Kind == JudgeKind.JsonSchema && Schema is not null)
        {
            try
            {
                Checker = JsonSchemaChecker.Parse(Schema);
            }
            catch (Exception e) when (e is JsonException or InvalidDataException)
            {
                errors.Add("schema", $"cannot be used: {e.Message}");
            }
        }

        if (Webhook is not null && !(guardrails.TryGetValue(Webhook, out var guardrail) && guardrail.Kind == GuardrailKind.Webhook))
        {
            errors.Add("webhook", $"is '{Webhook}'; it must name one of the guardrails of kind 'webhook'.");
        }
    }

    private static void CheckModel(string? member, string? model, IReadOnlyCollection<string> models, SettingsErrors errors)
    {
        if (model is not null && !models.Contains(model))
        {
            errors.Add(member, $"is '{model}', which is no model of the tenant.");
        }
    }

    private static string? Needed(JudgeKind kind) => kind switch
    {
        JudgeKind.Model => "model",
        JudgeKind.Regex => "pattern",
        JudgeKind.JsonSchema => "schema",
        JudgeKind.Webhook => "webhook",
        _ => null,
    };

    private static string Word(JudgeKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
