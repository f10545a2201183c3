using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("How many calls a key may make, over all nodes together.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record KeyLimitsBody
{
    [JsonPropertyName("requestsPerMinute"), Description("Calls of any minute, 1 to 1000000000.")]
    public int? RequestsPerMinute { get; init; }

    [JsonPropertyName("tokensPerMinute"), Description("Tokens of any minute, prompts and answers together, 1 to 1000000000000.")]
    public long? TokensPerMinute { get; init; }

    [JsonPropertyName("parallelCalls"), Description("Calls at once, 1 to 1000000.")]
    public int? ParallelCalls { get; init; }
}
