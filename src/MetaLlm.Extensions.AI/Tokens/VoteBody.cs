using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Extensions.AI.Tokens;

/// <summary>What a browser posts.</summary>
internal sealed record VoteBody
{
    [JsonPropertyName("token"), Description("The token that came with the answer.")]
    public string? Token { get; init; }

    [JsonPropertyName("reward"), Description("A number from 0 to 1, such as 1 for a thumb up and 0 for a thumb down; null takes back what was said.")]
    public JsonElement Reward { get; init; }

    [JsonPropertyName("comment"), Description("A remark of at most 4,000 characters.")]
    public string? Comment { get; init; }
}
