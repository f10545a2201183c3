namespace MetaLlm.Chaos.Load;

/// <summary>What a client wanted once, with all its attempts.</summary>
/// <param name="Tenant">Whose, by number.</param>
/// <param name="IsChat">Whether it was a question, which only the tenant's owner can answer; feedback is taken by any host.</param>
/// <param name="Start">When its first attempt began.</param>
/// <param name="LastStart">When the attempt began that was answered.</param>
/// <param name="End">When it was answered.</param>
/// <param name="Errors">Attempts that came to nothing.</param>
/// <param name="Host">The host that answered, by number.</param>
internal readonly record struct Operation(int Tenant, bool IsChat, TimeSpan Start, TimeSpan LastStart, TimeSpan End, int Errors, int Host)
{
    /// <summary>How long the client waited.</summary>
    public TimeSpan Duration => End - Start;
}
