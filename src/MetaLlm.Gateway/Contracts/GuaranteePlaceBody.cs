using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What a decision rests on under the tenant's guarantee.")]
internal sealed record GuaranteePlaceBody
{
    [JsonPropertyName("topic"), Description("The topic whose evidence was used: the request's task; empty for none.")]
    public required string Topic { get; init; }

    [JsonPropertyName("beside"), Description("The model whose answer the served one is compared with; null where nobody is asked beside.")]
    public required string? Beside { get; init; }

    [JsonPropertyName("bound"), Description("The most that the probability of a different answer is, 0 to 1: what the request uses up of the promised differences.")]
    public required double Bound { get; init; }
}
