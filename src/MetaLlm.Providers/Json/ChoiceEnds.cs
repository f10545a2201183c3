namespace MetaLlm.Providers.Json;

/// <summary>Which choices of an answer there are, and which of them have said why they ended. Those past the 128th are not looked at.</summary>
internal struct ChoiceEnds
{
    private UInt128 _seen;
    private UInt128 _ended;

    /// <summary>Whether there are choices and each has ended.</summary>
    public readonly bool AreAll => _ended != 0 && _ended == _seen;

    /// <summary>Whether one has ended and another has not.</summary>
    public readonly bool AreMixed => _ended != 0 && _ended != _seen;

    public void Saw(int index, bool hasEnded)
    {
        if (index is >= 0 and < 128)
        {
            _seen |= UInt128.One << index;
            _ended |= hasEnded ? UInt128.One << index : 0;
        }
    }
}
