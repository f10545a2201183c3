using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Evaluation.Challenging;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Contracts;

[Description("Value of the challenger less that of the champion on the same decisions: reward less what money and time are worth to the tenant.")]
internal sealed record ChallengerDifferenceBody
{
    [JsonPropertyName("mean"), Description("The estimate; null without any decision that counts.")]
    public required double? Mean { get; init; }

    [JsonPropertyName("low"), Description("The least that it is, however often somebody looks; null without any decision that counts.")]
    public required double? Low { get; init; }

    [JsonPropertyName("high"), Description("The most that it is, however often somebody looks; null without any decision that counts.")]
    public required double? High { get; init; }

    public static ChallengerDifferenceBody Of(TrialFigures figures) => new()
    {
        Mean = ApiJson.Finite(figures.Difference),
        Low = ApiJson.Finite(figures.Lower),
        High = ApiJson.Finite(figures.Upper),
    };
}
