using MetaLlm.Core.Conversations;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Contracts;

namespace MetaLlm.Gateway.Endpoints;

/// <summary>A decision's place in its conversation as clients see it.</summary>
internal static class ConversationView
{
    /// <summary>The place in words.</summary>
    public static ConversationBody Of(ConversationPlace place) => new()
    {
        Turn = place.Number,
        Outcome = RoutingMetrics.Word(place.Choice),
        Reason = Reason(place.Choice),
        PreviousOrdinal = place.PreviousOrdinal > 0 ? place.PreviousOrdinal : null,
        PreviousModel = place.PreviousArm,
        PreferredModel = place.Preferred,
        LastingTurns = place.LastingTurns,
        Open = [.. Words(place.Turn.Hold)],
    };

    private static IEnumerable<string> Words(ConversationHold hold)
    {
        if (hold.HasFlag(ConversationHold.ToolResult))
        {
            yield return "tool_result";
        }

        if (hold.HasFlag(ConversationHold.Reasoning))
        {
            yield return "reasoning";
        }
    }

    private static string Reason(ConversationChoice choice) => choice switch
    {
        ConversationChoice.Begun => "Nothing of the conversation was remembered; the policy chose freely.",
        ConversationChoice.Kept => "No other model's advantage pays for the prompt cache that would be lost.",
        ConversationChoice.Held => "The model must not change while a tool's result or reasoning is open.",
        ConversationChoice.Switched => "The model's advantage pays for the prompt cache that is lost.",
        ConversationChoice.Replaced => "The model of the turn before cannot serve; the policy chose freely among the others.",
        ConversationChoice.Unsafe => "The model of the turn before cannot serve while something of it is open.",
        _ => "The request named the model.",
    };
}
