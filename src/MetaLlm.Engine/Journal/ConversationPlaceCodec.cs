using MetaLlm.Core.Conversations;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>A decision's place in its conversation, as it stands behind the decision's own record. Arms are places in the decision's list.</summary>
internal static class ConversationPlaceCodec
{
    private const int Version = 1;

    public static void Write(StateWriter writer, DecisionRecord decision, ConversationPlace place)
    {
        var turn = place.Turn;
        writer.Int(Version);
        writer.Long(unchecked((long)turn.Key));
        writer.Long(unchecked((long)turn.Previous));
        writer.Long(unchecked((long)turn.Prefix));
        writer.Long(unchecked((long)turn.Whole));
        writer.Bool(turn.IsStored);
        writer.Double(turn.PrefixTokens);
        writer.Double(turn.MarkedTokens);
        writer.Int((int)turn.Hold);
        writer.Int(place.Number);
        writer.Long(place.PreviousOrdinal);
        writer.Bool(place.PreviousArm is not null);
        if (place.PreviousArm is { } previous)
        {
            // It may have left the configuration.
            writer.Text(previous);
        }

        writer.Int((int)place.Choice);
        writer.Int(Place(decision, place.Preferred));
        writer.Double(place.LastingTurns);
        writer.Bool(place.IsMixed);
        writer.Int(decision.Arms.Count(arm => arm.CachedTokens > 0));
        for (var a = 0; a < decision.Arms.Count; a++)
        {
            if (decision.Arms[a].CachedTokens > 0)
            {
                writer.Int(a);
                writer.Double(decision.Arms[a].CachedTokens);
            }
        }
    }

    /// <exception cref="InvalidDataException">The bytes are damaged or of another version.</exception>
    public static DecisionRecord Read(ref StateReader reader, DecisionRecord decision)
    {
        var version = reader.Int();
        if (version != Version)
        {
            throw new InvalidDataException(
                $"The conversation of decision {decision.Ordinal} of tenant '{decision.Tenant}' is stored in layout {version}; this build reads layout {Version}.");
        }

        var place = new ConversationPlace
        {
            Turn = new ConversationTurn
            {
                Key = unchecked((ulong)reader.Long()),
                Previous = unchecked((ulong)reader.Long()),
                Prefix = unchecked((ulong)reader.Long()),
                Whole = unchecked((ulong)reader.Long()),
                IsStored = reader.Bool(),
                PrefixTokens = reader.Double(),
                MarkedTokens = reader.Double(),
                Hold = (ConversationHold)reader.Int(),
            },
            Number = reader.Int(),
            PreviousOrdinal = reader.Long(),
            PreviousArm = reader.Bool() ? reader.Text() : null,
            Choice = (ConversationChoice)reader.Int(),
            Preferred = reader.Int() is var preferred and >= 0 && preferred < decision.Arms.Count ? decision.Arms[preferred].ArmId : null,
            LastingTurns = reader.Double(),
            IsMixed = reader.Bool(),
        };
        var cached = reader.Int();
        var arms = cached > 0 ? decision.Arms.ToArray() : decision.Arms;
        for (; cached > 0; cached--)
        {
            var a = reader.Int();
            if (a < 0 || a >= decision.Arms.Count)
            {
                throw new InvalidDataException($"The conversation of decision {decision.Ordinal} of tenant '{decision.Tenant}' names arm {a} of {decision.Arms.Count}.");
            }

            ((ArmAssessment[])arms)[a] = arms[a] with { CachedTokens = reader.Double() };
        }

        return decision with { Conversation = place, Arms = arms };
    }

    private static int Place(DecisionRecord decision, string? armId)
    {
        for (var a = 0; a < decision.Arms.Count; a++)
        {
            if (decision.Arms[a].ArmId == armId)
            {
                return a;
            }
        }

        return -1;
    }
}
