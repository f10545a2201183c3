using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What comparisons say of a model in a topic.")]
internal sealed record CandidateEvidenceBody
{
    [JsonPropertyName("topic"), Description("The topic; empty for requests without one.")]
    public required string Topic { get; init; }

    [JsonPropertyName("id"), Description("The model.")]
    public required string Id { get; init; }

    [JsonPropertyName("comparisons"), Description("Verdicts since its test began.")]
    public required long Comparisons { get; init; }

    [JsonPropertyName("differing"), Description("Those by which answers differ.")]
    public required long Differing { get; init; }

    [JsonPropertyName("bound"), Description("The most that its rate is.")]
    public required double Bound { get; init; }

    [JsonPropertyName("restarts"), Description("How often evidence was dropped, because the rate had risen.")]
    public required int Restarts { get; init; }
}
