using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A decision's place in its conversation.")]
internal sealed record ConversationBody
{
    [JsonPropertyName("turn"), Description("Number of the turn, from 1.")]
    public required int Turn { get; init; }

    [JsonPropertyName("outcome"), Description("What became of the model: begun, kept, held, switched, replaced, unsafe or pinned.")]
    public required string Outcome { get; init; }

    [JsonPropertyName("reason"), Description("The same in a sentence.")]
    public required string Reason { get; init; }

    [JsonPropertyName("previous_ordinal"), Description("Number of the decision of the turn before among those of the tenant; null where the conversation begins.")]
    public required long? PreviousOrdinal { get; init; }

    [JsonPropertyName("previous_model"), Description("The model of the turn before; null where the conversation begins.")]
    public required string? PreviousModel { get; init; }

    [JsonPropertyName("preferred_model"), Description("The model that would be best if the prompt lay in every model's cache.")]
    public required string? PreferredModel { get; init; }

    [JsonPropertyName("lasting_turns"), Description("Turns that a switch was judged on, this one included.")]
    public required double LastingTurns { get; init; }

    [JsonPropertyName("open"), Description("What kept the model from changing: tool_result, reasoning.")]
    public required IReadOnlyList<string> Open { get; init; }
}
