using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

/// <summary>Conversations keep their model, unless another one's advantage pays for the prompt cache that is lost: docs/math/conversations.md.</summary>
public sealed partial class TenantState
{
    private readonly ConversationMemory _conversations = new();
    private PromptReuse[] _reuse = [];

    /// <summary>The last turn of the conversation that clients know by a name.</summary>
    /// <param name="key">Hash of the name (<see cref="ConversationTurn.Key"/>).</param>
    /// <returns>Ordinal of its decision; 0 where none is remembered.</returns>
    public long FindConversation(ulong key) => _conversations.LastOrdinal(key);

    private Conversation? FindConversation(TenantConfiguration configuration, DecisionRequest request, DateTimeOffset at) =>
        configuration.Conversations is { } settings && request.Conversation is { } turn ? _conversations.Find(turn, at, settings.IdleTime) : null;

    /// <summary>What each arm's cache does for the prompt; empty where conversations are not followed.</summary>
    private ReadOnlySpan<PromptReuse> Reuse(TenantConfiguration configuration, DecisionRequest request, Conversation? conversation, DateTimeOffset at)
    {
        if (configuration.Conversations is null || request.Conversation is not { } turn)
        {
            return [];
        }

        if (_reuse.Length != configuration.Arms.Count)
        {
            _reuse = new PromptReuse[configuration.Arms.Count];
        }

        for (var a = 0; a < _reuse.Length; a++)
        {
            _reuse[a] = Reuse(configuration.Arms[a], turn, request.Features.InputTokens, conversation, at);
        }

        return _reuse;
    }

    private static PromptReuse Reuse(Arm arm, ConversationTurn turn, double inputTokens, Conversation? conversation, DateTimeOffset at)
    {
        if (arm.PromptCache is not { } cache)
        {
            return new PromptReuse(double.NaN, 0, double.NaN, 0);
        }

        // What the request lets the cache keep, and what of it the turn before has had already.
        var kept = cache.NeedsMarks ? Math.Min(turn.MarkedTokens, inputTokens) : inputTokens;
        if (conversation is null)
        {
            return new PromptReuse(double.NaN, kept, double.NaN, kept);
        }

        var known = turn.Prefix != 0 && conversation.Knows(turn.Prefix) ? Math.Min(turn.PrefixTokens, inputTokens) : 0;
        var read = conversation.TryServed(arm.Id, out var served) && at.UtcTicks - served.Ticks <= cache.TimeToLive.Ticks
            ? Readable(cache, Math.Min(known, served.Tokens), kept)
            : 0;
        var warm = Readable(cache, known, kept);
        return new PromptReuse(read, Math.Max(0, kept - read), warm, Math.Max(0, kept - warm));
    }

    private static double Readable(PromptCache cache, double tokens, double kept) =>
        Math.Min(tokens, kept) is var readable && readable > 0 && readable >= cache.MinTokens ? readable : 0;

    private double ExpectedCached(int arm) => arm < _reuse.Length && _reuse[arm].Read > 0 ? _reuse[arm].Read : 0;

    /// <summary>Keeps, holds or changes the conversation's model: where that is not the policy's free choice, all probability is on one arm.</summary>
    /// <returns>The decision's place in its conversation; null where conversations are not followed.</returns>
    private ConversationPlace? Place(TenantConfiguration configuration, DecisionRequest request, Conversation? conversation, in DecisionQuery query)
    {
        if (configuration.Conversations is null || request.Conversation is not { } turn)
        {
            return null;
        }

        var preferred = Preferred(query);
        var begun = new ConversationPlace
        {
            Turn = turn, Number = 1, Preferred = configuration.Arms[preferred].Id, Choice = request.PinnedArm is null ? ConversationChoice.Begun : ConversationChoice.Pinned,
        };
        if (conversation is null)
        {
            return begun;
        }

        var number = conversation.Turns + 1;
        var lasting = _conversations.Turns.Lasting(number);
        var (choice, arm) = Choose(request, turn, _armIndex.TryGetValue(conversation.Arm, out var found) ? found : -1, lasting, query);
        if (arm >= 0)
        {
            _scores!.Greedy = arm;
            Bandits.Choice.Certain(arm, _scores);
        }

        return begun with
        {
            Number = number,
            PreviousOrdinal = conversation.Last.Ordinal,
            PreviousArm = conversation.Arm,
            Choice = choice,
            LastingTurns = lasting,
            IsMixed = conversation.IsMixed,
        };
    }

    /// <returns>What becomes of the model, and the arm that has all probability; -1 where the policy chose freely.</returns>
    private (ConversationChoice Choice, int Arm) Choose(DecisionRequest request, ConversationTurn turn, int previous, double lasting, in DecisionQuery query)
    {
        if (request.PinnedArm is not null)
        {
            return (ConversationChoice.Pinned, -1);
        }

        if (previous < 0 || !query.Feasible[previous])
        {
            return (turn.Hold == ConversationHold.None ? ConversationChoice.Replaced : ConversationChoice.Unsafe, -1);
        }

        if (turn.Hold != ConversationHold.None)
        {
            return (ConversationChoice.Held, previous);
        }

        var best = previous;
        var most = 0.0;
        for (var a = 0; a < query.Feasible.Length; a++)
        {
            if (query.Feasible[a] && a != previous && Advantage(a, previous, lasting, query) is var advantage && advantage > most)
            {
                (best, most) = (a, advantage);
            }
        }

        return (best == previous ? ConversationChoice.Kept : ConversationChoice.Switched, best);
    }

    /// <summary>
    /// What a switch gains a turn, in units of the score: how much better the arm is with the prompt in both caches, less what the lost cache costs, spread over the turns that the switch
    /// lasts. A gain of predicted quality counts as far as it exceeds one standard deviation: prices are certain, predictions are not.
    /// </summary>
    private double Advantage(int arm, int previous, double lasting, in DecisionQuery query)
    {
        var scores = _scores!;
        var lost = query.Lambda * (Surcharge(arm) - Surcharge(previous));
        var doubt = Math.Sqrt(Square(scores.QualityDeviation[arm]) + Square(scores.QualityDeviation[previous]));
        var doubted = query.QualityWeight * Math.Clamp(scores.Quality[arm] - scores.Quality[previous], 0, doubt);
        return Warm(arm, query) - Warm(previous, query) - (lost / lasting) - doubted;
    }

    private static double Square(double value) => value * value;

    /// <summary>USD that a call costs more now than it would had the arm served the turn before.</summary>
    private double Surcharge(int arm) => _scores!.CostUsd[arm] - _scores.WarmCostUsd[arm];

    // The ordinary score, whatever the policy maximises: its own may count costs otherwise, or draw lots.
    private double Warm(int arm, in DecisionQuery query)
    {
        var scores = _scores!;
        return (query.QualityWeight * (scores.Quality[arm] - scores.FailureLoss[arm])) - (query.Lambda * scores.WarmCostUsd[arm]) - (query.LatencyWeight * scores.LatencySeconds[arm]);
    }

    private int Preferred(in DecisionQuery query)
    {
        var best = -1;
        for (var a = 0; a < query.Feasible.Length; a++)
        {
            best = query.Feasible[a] && (best < 0 || Warm(a, query) > Warm(best, query)) ? a : best;
        }

        return best;
    }

    private void FollowConversation(DecisionRecord decision, TenantConfiguration configuration)
    {
        if (configuration.Conversations is { } settings && decision.Conversation is { } place)
        {
            _conversations.Apply(decision, place, settings, CacheOf(decision.ChosenArm));
        }
    }

    private PromptCache? CacheOf(string armId) => _armIndex.TryGetValue(armId, out var arm) ? Configured().Arms[arm].PromptCache : null;

    // Where something is open there was nothing to choose from, whatever money is worth.
    private static bool IsOffered(DecisionRecord decision, ArmAssessment arm) =>
        decision.Conversation is not { Choice: ConversationChoice.Held } || arm.ArmId == decision.ChosenArm;

    private static bool HasConversations(TenantConfiguration configuration) =>
        configuration.Conversations is not null || configuration.Arms.Any(arm => arm.PromptCache is not null);

    private void WriteConversations(StateWriter writer, TenantConfiguration configuration)
    {
        foreach (var arm in configuration.Arms)
        {
            writer.Bool(arm.PromptCache is not null);
            if (arm.PromptCache is { } cache)
            {
                writer.Long(cache.TimeToLive.Ticks);
                writer.Int(cache.MinTokens);
                writer.Bool(cache.NeedsMarks);
                writer.Double(cache.WritePrice);
            }
        }

        writer.Bool(configuration.Conversations is not null);
        if (configuration.Conversations is { } settings)
        {
            writer.Int(settings.Remembered);
            writer.Long(settings.IdleTime.Ticks);
            _conversations.Write(writer);
        }
    }

    private void ReadConversations(ref StateReader reader)
    {
        var configuration = Configuration!;
        var arms = configuration.Arms.ToArray();
        for (var a = 0; a < arms.Length; a++)
        {
            if (reader.Bool())
            {
                arms[a] = arms[a] with
                {
                    PromptCache = new PromptCache
                    {
                        TimeToLive = TimeSpan.FromTicks(reader.Long()), MinTokens = reader.Int(), NeedsMarks = reader.Bool(), WritePrice = reader.Double(),
                    },
                };
            }
        }

        // The policy prices by its own list of arms.
        Configuration = configuration with { Arms = arms };
        _policy!.SetArms(arms);
        if (reader.Bool())
        {
            Configuration = Configuration with
            {
                Conversations = new ConversationSettings { Remembered = reader.Int(), IdleTime = TimeSpan.FromTicks(reader.Long()) },
            };
            _conversations.Read(ref reader);
        }
    }
}
