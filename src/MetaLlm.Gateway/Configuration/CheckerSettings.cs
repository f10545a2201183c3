using System.ComponentModel.DataAnnotations;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Judging;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A checker of first answers: a judge that runs in the gateway and costs nothing.</summary>
public sealed class CheckerSettings
{
    private JudgeSettings? _judge;

    /// <summary>How it checks.</summary>
    public CheckerKind Kind { get; init; }

    /// <summary>
    /// Of kind <c>regex</c>: what has to be found in the answer; <c>{expected}</c> in it stands for the request's <c>metallm.expected</c>. Of kind <c>exact</c>: takes the part to compare out of the answer, by its first group; without it the whole answer is compared.
    /// </summary>
    [StringLength(2000)]
    public string? Pattern { get; init; }

    /// <summary>Of kind <c>exact</c>: the reference answer of requests that bring none.</summary>
    [StringLength(8000)]
    public string? Expected { get; init; }

    /// <summary>Of kind <c>jsonSchema</c>: the schema, JSON as a text.</summary>
    [StringLength(32_000)]
    public string? Schema { get; init; }

    private JudgeSettings Judge => _judge ??= new JudgeSettings
    {
        Id = "checker",
        Kind = Kind switch { CheckerKind.Exact => JudgeKind.Exact, CheckerKind.JsonSchema => JudgeKind.JsonSchema, _ => JudgeKind.Regex },
        Pattern = Pattern,
        Expected = Expected,
        Schema = Schema,
    };

    internal void Check(SettingsErrors errors) => Judge.Check([], new Dictionary<string, GuardrailSettings>(), errors);

    /// <summary>What it says of an answer; null where it needs a reference and there is none.</summary>
    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">The pattern takes too long on the answer.</exception>
    internal Opinion? Look(string? expected, string answer) => Kind switch
    {
        CheckerKind.Exact => MatchJudge.Exact(Judge, expected, answer),
        CheckerKind.JsonSchema => new Opinion(Judge.Checker!.Admits(answer) ? 1 : 0),
        _ => MatchJudge.Regex(Judge, expected, answer),
    };
}
