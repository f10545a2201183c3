using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A model that may be asked what another one has served.")]
internal sealed record EvidenceArmBody
{
    [JsonPropertyName("id"), Description("The model.")]
    public required string Id { get; init; }

    [JsonPropertyName("answers"), Description("Calls that were made for its answers.")]
    public required long Answers { get; init; }

    [JsonPropertyName("spend_usd"), Description("What they have cost, USD.")]
    public required double SpendUsd { get; init; }

    [JsonPropertyName("quiz_rows"), Description("Answers that were handed over as quizzes.")]
    public required int QuizRows { get; init; }
}
