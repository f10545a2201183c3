using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Judging;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What makes two answers the same. A change begins the guarantee anew: what was compared otherwise is no evidence.</summary>
public sealed class EqualitySettings
{
    private const double LeastScore = 0.5;

    private const int LongestText = 8000;
    private const int LongestSchema = 32_000;

    /// <summary>How answers are compared. Calls of tools are always compared by their names and arguments.</summary>
    public EqualityKind Kind { get; init; }

    /// <summary>Of kind <c>exact</c>: takes the part to compare out of each answer, by its first group. Where an answer has no such part, the whole is compared.</summary>
    [StringLength(2000)]
    public string? Pattern { get; init; }

    /// <summary>Of kind <c>json</c>: the schema of answers, JSON as a text. An answer that it admits and one that it does not are different.</summary>
    [StringLength(LongestSchema)]
    public string? Schema { get; init; }

    /// <summary>Of kind <c>model</c>: the model that compares, of <c>arms</c> or their variants; also one that is not enabled.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public string? Model { get; init; }

    /// <summary>Of kind <c>model</c>: what makes an answer say the same as the reference's; that facts and results are the same without it.</summary>
    [StringLength(LongestText)]
    public string? Rubric { get; init; }

    /// <summary>Of kind <c>model</c>: least score at which an answer counts as the same.</summary>
    [Range(0.0, 1.0), DefaultValue(LeastScore)]
    public double? Threshold { get; init; }

    /// <summary>Of kind <c>model</c>: most tokens of its verdict; a model that reasons needs more.</summary>
    [Range(16, 16_384), DefaultValue(JudgeSettings.TokensOfVerdict)]
    public int? MaxOutputTokens { get; init; }

    /// <summary>Least score at which an answer counts as the same.</summary>
    internal double ScoreOfSame => Threshold ?? LeastScore;

    /// <summary>Most tokens of a verdict.</summary>
    internal int VerdictTokens => MaxOutputTokens ?? JudgeSettings.TokensOfVerdict;

    /// <summary>The schema of kind <c>json</c>; null without one.</summary>
    internal JsonSchemaChecker? Checker { get; private set; }

    /// <summary>Names it; another equality has another name.</summary>
    internal string Name
    {
        get
        {
            var kind = Word(Kind);
            var said = FormattableString.Invariant($"{Pattern}\0{Schema}\0{Model}\0{Rubric}\0{(Kind == EqualityKind.Model ? ScoreOfSame : 0)}");
            return said.Trim('\0', '0').Length == 0 ? kind : $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)).AsSpan(0, 4))}";
        }
    }

    /// <param name="models">The tenant's models.</param>
    /// <param name="errors">Its place.</param>
    internal void Check(IReadOnlyCollection<string> models, SettingsErrors errors)
    {
        foreach (var (member, isGiven, kind) in ((string, bool, EqualityKind)[])
            [
                ("pattern", Pattern is not null, EqualityKind.Exact), ("schema", Schema is not null, EqualityKind.Json), ("model", Model is not null, EqualityKind.Model),
                ("rubric", Rubric is not null, EqualityKind.Model), ("threshold", Threshold is not null, EqualityKind.Model), ("maxOutputTokens", MaxOutputTokens is not null, EqualityKind.Model),
            ])
        {
            if (isGiven && kind != Kind)
            {
                errors.Add(member, $"belongs to kind '{Word(kind)}'; this equality is of kind '{Word(Kind)}'.");
            }
        }

        if (Kind == EqualityKind.Model && (Model is null || !models.Contains(Model)))
        {
            errors.Add("model", Model is null ? "is missing; an equality of kind 'model' needs it." : $"is '{Model}', which is no model of the tenant.");
        }

        Complete("pattern", Pattern, pattern =>
        {
            if (MatchJudge.Compile(pattern, expected: "x").GetGroupNumbers().Length < 2)
            {
                errors.Add("pattern", "has no group; its first group is what is compared, such as in 'Answer: (.+)'.");
            }
        }, errors);
        Complete("schema", Schema, schema => Checker = JsonSchemaChecker.Parse(schema), errors);
    }

    private static void Complete(string member, string? text, Action<string> complete, SettingsErrors errors)
    {
        try
        {
            if (text is not null)
            {
                complete(text);
            }
        }
        catch (Exception e) when (e is ArgumentException or JsonException or InvalidDataException)
        {
            errors.Add(member, $"cannot be used: {e.Message}");
        }
    }

    private static string Word(EqualityKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
