namespace MetaLlm.Chaos.Load;

/// <summary>What a client wanted once, with all its attempts.</summary>
/// <param name="Tenant">Whose, by number.</param>
/// <param name="Start">When its first attempt began.</param>
/// <param name="End">When it was answered.</param>
/// <param name="Errors">Attempts that came to nothing.</param>
internal readonly record struct Operation(int Tenant, TimeSpan Start, TimeSpan End, int Errors)
{
    /// <summary>How long the client waited.</summary>
    public TimeSpan Duration => End - Start;
}
