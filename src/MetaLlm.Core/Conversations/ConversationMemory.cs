using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Conversations;

/// <summary>The tenant's conversations that were used last: bounded, and forgotten in the order of their last use. Equal logs give equal bytes.</summary>
internal sealed class ConversationMemory
{
    private readonly Dictionary<ulong, Conversation> _byHandle = [];
    private readonly Dictionary<long, Conversation> _byOrdinal = [];
    private readonly LinkedList<Conversation> _byUse = new();

    /// <summary>How conversations go.</summary>
    public TurnStatistics Turns { get; } = new();

    public bool IsEmpty => _byUse.Count == 0 && Turns.IsEmpty;

    public int Count => _byUse.Count;

    /// <summary>The conversation that a request goes on with; null where it begins one. Changes nothing.</summary>
    public Conversation? Find(ConversationTurn turn, DateTimeOffset at, TimeSpan idleTime)
    {
        var found = Named(turn.Key) ?? OfTranscript(turn, turn.Previous) ?? OfTranscript(turn, turn.Prefix);
        return found is not null && at.UtcTicks - found.Ticks <= idleTime.Ticks ? found : null;
    }

    /// <summary>The last turn of the conversation with a name; 0 where there is none.</summary>
    public long LastOrdinal(ulong key) => Named(key)?.Last.Ordinal ?? 0;

    /// <summary>Takes in a decision.</summary>
    public void Apply(DecisionRecord decision, ConversationPlace place, ConversationSettings settings, PromptCache? cache)
    {
        var turn = place.Turn;
        var before = place.PreviousOrdinal > 0 ? _byOrdinal.GetValueOrDefault(place.PreviousOrdinal) : null;
        var conversation = before ?? new Conversation();
        Turns.Count(place.Number, before is null || place.Preferred is null ? null : conversation.Preferred == place.Preferred);
        conversation.IsMixed |= before is not null && conversation.Arm != decision.ChosenArm;
        (conversation.Turns, conversation.Arm, conversation.Preferred) = (place.Number, decision.ChosenArm, place.Preferred ?? "");
        Remember(conversation, decision, turn);
        if (cache is not null)
        {
            conversation.Serve(new ServedPrompt(decision.ChosenArm, cache.NeedsMarks ? turn.MarkedTokens : decision.InputTokens, decision.At.UtcTicks));
        }

        if (turn.Key != 0 && conversation.Key == 0)
        {
            Give(turn.Key, conversation);
            conversation.Key = turn.Key;
        }

        AddHandle(conversation, turn.Whole);
        AddHandle(conversation, turn.IsStored ? ConversationHandle.OfResponse(decision.Tenant, decision.DecisionId) : 0);
        Use(conversation, decision.At);
        while (_byUse.Count > settings.Remembered || (_byUse.First is { Value: var oldest } && decision.At.UtcTicks - oldest.Ticks > settings.IdleTime.Ticks))
        {
            Forget(_byUse.First!.Value);
        }
    }

    /// <summary>Another arm took over a turn.</summary>
    public void Rerouted(long ordinal, string arm, PromptCache? cache, DateTimeOffset at)
    {
        if (!_byOrdinal.TryGetValue(ordinal, out var conversation) || conversation.Last.Ordinal != ordinal)
        {
            return;
        }

        conversation.Forget(conversation.Arm);
        conversation.IsMixed |= conversation.Arm != arm;
        conversation.Arm = arm;
        conversation.Last = conversation.Last with { ExpectedCached = double.NaN };
        if (cache is not null)
        {
            conversation.Serve(new ServedPrompt(arm, cache.NeedsMarks ? conversation.Last.MarkedTokens : conversation.Last.PromptTokens, at.UtcTicks));
        }
    }

    /// <summary>A turn's call has ended.</summary>
    /// <returns>Prompt tokens that had been expected out of the arm's cache; NaN where nothing was, or where that is not known any more.</returns>
    public double Settled(SettledEvent settled)
    {
        var ordinal = settled.Decision.Ordinal;
        if (!_byOrdinal.TryGetValue(ordinal, out var conversation))
        {
            return double.NaN;
        }

        var expected = double.NaN;
        if (conversation.Last.Ordinal == ordinal)
        {
            expected = conversation.Last.ExpectedCached;
            conversation.Last = conversation.Last with { ExpectedCached = double.NaN };
            if (settled.Outcome == CallOutcome.Failed)
            {
                conversation.Forget(conversation.Arm);
            }
        }
        else if (conversation.Before.Ordinal == ordinal)
        {
            expected = conversation.Before.ExpectedCached;
            _byOrdinal.Remove(ordinal);
            conversation.Before = OpenTurn.None;
        }

        return expected;
    }

    public void Rename(string from, string to)
    {
        foreach (var conversation in _byUse)
        {
            conversation.Rename(from, to);
        }
    }

    public void Clear()
    {
        _byHandle.Clear();
        _byOrdinal.Clear();
        _byUse.Clear();
        Turns.Clear();
    }

    public void Write(StateWriter writer)
    {
        Turns.Write(writer);
        string[] arms = [.. _byUse.SelectMany(one => one.Served.Select(s => s.Arm).Append(one.Arm).Append(one.Preferred)).Distinct(StringComparer.Ordinal)];
        var places = arms.Select((arm, i) => (arm, i)).ToDictionary(p => p.arm, p => p.i, StringComparer.Ordinal);
        writer.Int(arms.Length);
        foreach (var arm in arms)
        {
            writer.Text(arm);
        }

        writer.Int(_byUse.Count);
        foreach (var conversation in _byUse)
        {
            ConversationCodec.Write(writer, conversation, places);
        }
    }

    public void Read(ref StateReader reader)
    {
        Clear();
        Turns.Read(ref reader);
        var arms = new string[reader.Int()];
        for (var i = 0; i < arms.Length; i++)
        {
            arms[i] = reader.Text();
        }

        for (var left = reader.Int(); left > 0; left--)
        {
            var conversation = ConversationCodec.Read(ref reader, arms);
            conversation.Node = _byUse.AddLast(conversation);
            foreach (var handle in conversation.Handles.Append(conversation.Key).Where(handle => handle != 0))
            {
                _byHandle[handle] = conversation;
            }

            foreach (var turn in new[] { conversation.Last, conversation.Before }.Where(turn => turn.Ordinal > 0))
            {
                _byOrdinal[turn.Ordinal] = conversation;
            }
        }
    }

    private Conversation? Named(ulong key) => key == 0 ? null : _byHandle.GetValueOrDefault(key);

    // What has a name is not found by its messages by a request that has another one.
    private Conversation? OfTranscript(ConversationTurn turn, ulong handle) =>
        handle != 0 && _byHandle.TryGetValue(handle, out var found) && (turn.Key == 0 || found.Key == 0) ? found : null;

    private void Remember(Conversation conversation, DecisionRecord decision, ConversationTurn turn)
    {
        if (conversation.Before.Ordinal > 0)
        {
            _byOrdinal.Remove(conversation.Before.Ordinal);
        }

        // A turn that is settled is of no more interest.
        conversation.Before = OpenTurn.None;
        if (conversation.Last is { Ordinal: > 0 } last)
        {
            if (double.IsNaN(last.ExpectedCached))
            {
                _byOrdinal.Remove(last.Ordinal);
            }
            else
            {
                conversation.Before = last;
            }
        }

        var expected = double.NaN;
        foreach (var arm in decision.Arms)
        {
            expected = arm.ArmId == decision.ChosenArm && arm.CachedTokens > 0 ? arm.CachedTokens : expected;
        }

        conversation.Last = new OpenTurn(decision.Ordinal, expected, decision.InputTokens, turn.MarkedTokens);
        _byOrdinal[decision.Ordinal] = conversation;
    }

    private void AddHandle(Conversation conversation, ulong handle)
    {
        if (handle != 0 && !conversation.Knows(handle))
        {
            Give(handle, conversation);
            if (conversation.AddHandle(handle) is var dropped and > 0)
            {
                _byHandle.Remove(dropped);
            }
        }
    }

    // The same words may have been said before: the handle is the later conversation's.
    private void Give(ulong handle, Conversation conversation)
    {
        if (_byHandle.TryGetValue(handle, out var other) && other != conversation)
        {
            other.RemoveHandle(handle);
        }

        _byHandle[handle] = conversation;
    }

    private void Use(Conversation conversation, DateTimeOffset at)
    {
        conversation.Ticks = Math.Max(conversation.Ticks, at.UtcTicks);
        if (conversation.Node is { } node)
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
        }
        else
        {
            conversation.Node = _byUse.AddLast(conversation);
        }
    }

    private void Forget(Conversation conversation)
    {
        _byUse.Remove(conversation.Node!);
        foreach (var handle in conversation.Handles)
        {
            _byHandle.Remove(handle);
        }

        // A later conversation may have the name by now.
        if (_byHandle.GetValueOrDefault(conversation.Key) == conversation)
        {
            _byHandle.Remove(conversation.Key);
        }

        _byOrdinal.Remove(conversation.Last.Ordinal);
        _byOrdinal.Remove(conversation.Before.Ordinal);
    }
}
