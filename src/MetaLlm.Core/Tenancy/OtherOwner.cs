using MetaLlm.Core.Budgets;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

/// <summary>What one owner of a tenant knows of another one: how far it was read, what it has spent, and which of its task slots is which of one's own.</summary>
/// <param name="number">Number of the other owner, from 1.</param>
internal sealed class OtherOwner(int number)
{
    private const int Unknown = -1;

    // Once a slot has a counterpart it keeps it, whichever tags come to share it: a correction must leave the sums that the reward went into.
    private readonly int[] _slots = [.. Enumerable.Repeat(Unknown, TaskVocabulary.Slots)];

    /// <summary>Number of the other owner.</summary>
    public int Number => number;

    /// <summary>Ordinal of the last of its decisions that was taken in.</summary>
    public long Ordinal { get; set; }

    /// <summary>Sequence of the last of its events that was taken in.</summary>
    public long Sequence { get; set; }

    /// <summary>Its money, as of then. It says how to pace; caps are each owner's own.</summary>
    public SpendLedger Ledger { get; } = new();

    /// <summary>What it has spent of a window, and set aside, USD.</summary>
    public double UsedUsd(BudgetWindow window, DateTimeOffset at) => -Ledger.RemainingUsd(window, 0, at);

    /// <summary>A task's slots with the other owner and here, which are taken for the same from now on.</summary>
    public void Match(int theirs, int own)
    {
        if (_slots[theirs] == Unknown)
        {
            _slots[theirs] = own;
        }
    }

    /// <summary>A context of the other owner as one of one's own: the entry of its task's slot moves to the slot here.</summary>
    /// <param name="context">The context; it is not changed.</param>
    /// <param name="start">Where the slots begin.</param>
    public float[] Translate(float[] context, int start)
    {
        var slots = context.AsSpan(start, TaskVocabulary.Slots);
        var theirs = slots.IndexOfAnyExcept(0f);
        if (theirs < 0 || _slots[theirs] == theirs || _slots[theirs] == Unknown)
        {
            return context;
        }

        var translated = (float[])context.Clone();
        translated[start + theirs] = 0;
        translated[start + _slots[theirs]] = context[start + theirs];
        return translated;
    }

    public void Write(StateWriter writer)
    {
        writer.Int(number);
        writer.Long(Ordinal);
        writer.Long(Sequence);
        Ledger.Write(writer, held: true);
        foreach (var slot in _slots)
        {
            writer.Int(slot);
        }
    }

    public static OtherOwner Read(ref StateReader reader)
    {
        var other = new OtherOwner(reader.Int()) { Ordinal = reader.Long(), Sequence = reader.Long() };
        other.Ledger.Read(ref reader, held: true);
        for (var slot = 0; slot < TaskVocabulary.Slots; slot++)
        {
            var own = reader.Int();
            other._slots[slot] = own is >= Unknown and < TaskVocabulary.Slots ? own : throw new InvalidDataException($"Learned state is damaged: {own} is no task slot.");
        }

        return other;
    }
}
