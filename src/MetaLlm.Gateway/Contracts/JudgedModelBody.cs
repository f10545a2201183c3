using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Judging;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Contracts;

[Description("What a judge says of one model's answers, beside people.")]
internal sealed record JudgedModelBody
{
    [JsonPropertyName("id"), Description("The model.")]
    public required string Id { get; init; }

    [JsonPropertyName("verdicts"), Description("Verdicts on its answers.")]
    public required long Verdicts { get; init; }

    [JsonPropertyName("rated"), Description("Answers among them that people have rated as well.")]
    public required long Rated { get; init; }

    [JsonPropertyName("mean_verdict"), Description("Mean verdict, over all answers as they would come without selection; null without any.")]
    public required double? MeanVerdict { get; init; }

    [JsonPropertyName("bias"), Description("Mean of verdict - reward where people have rated; null where nobody has.")]
    public required double? Bias { get; init; }

    [JsonPropertyName("mean_reward"), Description("Mean reward as people would give it, from their rewards and the verdicts together.")]
    public required IntervalBody MeanReward { get; init; }

    public static JudgedModelBody Of(JudgeArmReport arm) => new()
    {
        Id = arm.ArmId,
        Verdicts = arm.All.Count,
        Rated = arm.Pairs.Count,
        MeanVerdict = ApiJson.Finite(arm.All.MeanVerdict),
        Bias = ApiJson.Finite(arm.Pairs.MeanVerdict - arm.Pairs.MeanReward),
        MeanReward = IntervalBody.Of(arm.MeanReward()),
    };
}
