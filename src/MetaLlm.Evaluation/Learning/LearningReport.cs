using MetaLlm.Engine.Journal;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Evaluation.Learning;

/// <summary>What a sample of decisions says of how well a tenant's router chooses.</summary>
public sealed record LearningReport
{
    /// <summary>Decisions of the sample.</summary>
    public required int Decisions { get; init; }

    /// <summary>Those that estimates can use: freely chosen, answered by the chosen model, with a reward of a client.</summary>
    public required int Used { get; init; }

    /// <summary>When the first of them was made; null without any.</summary>
    public required DateTimeOffset? From { get; init; }

    /// <summary>When the last of them was made; null without any.</summary>
    public required DateTimeOffset? To { get; init; }

    /// <summary>What the router earned and cost, as logged; null for fewer than 30 decisions that can be used.</summary>
    public required PolicyPoint? Router { get; init; }

    /// <summary>What each model would have earned and cost if it had answered everything, those that were hardly tried without a point.</summary>
    public required IReadOnlyList<PolicyPoint> Models { get; init; }

    /// <summary>The best random mix of single models for each cost: corners by rising cost; empty where fewer than two models have points.</summary>
    public required IReadOnlyList<CostRewardPoint> StaticMix { get; init; }

    /// <summary>Mean reward of the static mix that costs what the router costs; null where it is not known.</summary>
    public required double? MixRewardAtRouterCost { get; init; }

    /// <summary>How far expected scores fell behind the best ones, over time.</summary>
    public required IReadOnlyList<RegretPoint> Regret { get; init; }

    /// <summary>Predicted quality and rewards that came, by rising prediction.</summary>
    public required IReadOnlyList<CalibrationBin> Quality { get; init; }

    /// <summary>Predicted cost and cost that was booked, USD, by rising prediction.</summary>
    public required IReadOnlyList<CalibrationBin> Cost { get; init; }

    /// <summary>What models are good at, by task and then by model.</summary>
    public required IReadOnlyList<TaskSkill> Skills { get; init; }

    /// <summary>Whether the newest requests ask something new; null for too few decisions.</summary>
    public required TopicDrift? Topics { get; init; }

    /// <summary>Looks at a sample.</summary>
    /// <param name="sample">The sample.</param>
    public static LearningReport Of(DecisionSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        StoredDecision[] usable = [.. sample.Decisions.Where(LearningPoints.IsUsable)];
        var router = LearningPoints.Router(usable);
        var models = LearningPoints.Models(sample.Decisions, usable);
        CostRewardPoint[] points = [.. models.Where(model => model is { Reward: not null, CostUsd: not null }).Select(model => new CostRewardPoint(model.CostUsd!.Value, model.Reward!.Value))];
        var mix = points.Length > 1 ? new UpperConcaveHull(points) : null;
        return new LearningReport
        {
            Decisions = sample.Decisions.Count,
            Used = usable.Length,
            From = sample.Decisions is [var first, ..] ? first.Decision.At : null,
            To = sample.Decisions is [.., var last] ? last.Decision.At : null,
            Router = router,
            Models = models,
            StaticMix = mix?.Vertices ?? [],
            MixRewardAtRouterCost = router?.CostUsd is { } cost ? mix?.RewardAt(cost) : null,
            Regret = RegretPoint.Of(sample.Decisions),
            Quality = CalibrationBin.Of(usable.Select(one => (LearningPoints.Chosen(one.Decision).Quality, one.Reward!.Value))),
            Cost = CalibrationBin.Of(sample.Decisions.Where(LearningPoints.IsPriced).Select(one => (LearningPoints.Chosen(one.Decision).CostUsd, one.Settlement!.CostUsd!.Value))),
            Skills = TaskSkill.Of(sample.Decisions),
            Topics = TopicDrift.Of(sample.Decisions),
        };
    }
}
