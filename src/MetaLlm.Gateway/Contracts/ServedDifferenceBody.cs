using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Guarantees;

namespace MetaLlm.Gateway.Contracts;

[Description("How often served answers differed from the reference's, by audits.")]
internal sealed record ServedDifferenceBody
{
    [JsonPropertyName("topic"), Description("The topic; empty for all together, and for requests without one.")]
    public required string Topic { get; init; }

    [JsonPropertyName("requests"), Description("Requests.")]
    public required long Requests { get; init; }

    [JsonPropertyName("diverted"), Description("Those that another model than the reference served.")]
    public required long Diverted { get; init; }

    [JsonPropertyName("audits"), Description("Those of the diverted in which the reference was asked beside, and a verdict came.")]
    public required long Audits { get; init; }

    [JsonPropertyName("differing"), Description("Audits whose verdict was that the answers differ.")]
    public required long Differing { get; init; }

    [JsonPropertyName("bound"), Description("The most that the mean probability of a different answer was, over all requests.")]
    public required double Bound { get; init; }

    public static ServedDifferenceBody Of(ServedDifference served) => new()
    {
        Topic = served.Topic, Requests = served.Requests, Diverted = served.Diverted, Audits = served.Audits, Differing = served.Differing, Bound = served.Bound,
    };
}
