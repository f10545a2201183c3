using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Judging;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Contracts;

[Description("What is known of one judge.")]
internal sealed record JudgeBody
{
    [JsonPropertyName("id"), Description("The judge.")]
    public required string Id { get; init; }

    [JsonPropertyName("version"), Description("Its version; what was measured of another does not count.")]
    public required int Version { get; init; }

    [JsonPropertyName("kind"), Description("How it judges."), JsonConverter(typeof(WireWord<JudgeKind>))]
    public required JudgeKind Kind { get; init; }

    [JsonPropertyName("status"), Description("`trusted` while people have rated too few judged answers, `calibrated`, `doubted` where it tells little so far, `off_error` or `off_useless` where it is asked no more."), JsonConverter(typeof(WireWord<JudgeStatus>))]
    public required JudgeStatus Status { get; init; }

    [JsonPropertyName("weight"), Description("How much a verdict counts as a reward now, 0 to 1.")]
    public required double Weight { get; init; }

    [JsonPropertyName("verdicts"), Description("Verdicts that it has given.")]
    public required long Verdicts { get; init; }

    [JsonPropertyName("rated"), Description("Answers among them that people have rated as well.")]
    public required long Rated { get; init; }

    [JsonPropertyName("error"), Description("Mean difference between verdict and people's reward; its bounds hold at any time.")]
    public required IntervalBody Error { get; init; }

    [JsonPropertyName("error_bound"), Description("It is switched off when `error.low` is above this.")]
    public required double ErrorBound { get; init; }

    [JsonPropertyName("correlation"), Description("Correlation of verdicts with people's rewards; null where it is not known.")]
    public required double? Correlation { get; init; }

    [JsonPropertyName("bias"), Description("Mean of verdict - reward; null where nobody has rated.")]
    public required double? Bias { get; init; }

    [JsonPropertyName("self_preference"), Description("How much better it thinks of its own family's answers than people do, beyond what it does of others.")]
    public required IntervalBody SelfPreference { get; init; }

    [JsonPropertyName("compared"), Description("Comparisons in both orders.")]
    public required long Compared { get; init; }

    [JsonPropertyName("position_bias"), Description("Share of them in which the first place won both times, less that of the second; null without any.")]
    public required double? PositionBias { get; init; }

    [JsonPropertyName("models"), Description("By model.")]
    public required IReadOnlyList<JudgedModelBody> Models { get; init; }

    public static JudgeBody Of(JudgeSettings judge, JudgeReport? report)
    {
        var standing = JudgeStanding.Of(report, judge.Terms);
        var known = report ?? new JudgeReport { Judge = judge.Id, Version = judge.Version, Arms = [] };
        var (all, pairs) = (known.All, known.Pairs);
        return new JudgeBody
        {
            Id = judge.Id,
            Version = judge.Version,
            Kind = judge.Kind,
            Status = standing.Status,
            Weight = standing.Weight,
            Verdicts = all.Count,
            Rated = pairs.Count,
            Error = new IntervalBody { Mean = ApiJson.Finite(known.Error), Low = known.ErrorLow, High = known.ErrorHigh },
            ErrorBound = judge.ErrorBound,
            Correlation = ApiJson.Finite(pairs.Correlation),
            Bias = ApiJson.Finite(pairs.MeanVerdict - pairs.MeanReward),
            SelfPreference = IntervalBody.Of(known.SelfPreference(judge.OwnFamily)),
            Compared = known.Compared,
            PositionBias = ApiJson.Finite(known.PositionBias),
            Models = [.. known.Arms.Select(JudgedModelBody.Of)],
        };
    }
}
