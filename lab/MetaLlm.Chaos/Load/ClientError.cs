namespace MetaLlm.Chaos.Load;

/// <summary>An attempt of a client that came to nothing.</summary>
/// <param name="Start">When it began.</param>
/// <param name="At">When it ended.</param>
/// <param name="Tenant">Whose, by number.</param>
/// <param name="Host">At which host, by number; <see cref="NoHost"/> where none was ready.</param>
/// <param name="Label">What became of it; see <see cref="Attempt.Label"/>.</param>
internal readonly record struct ClientError(TimeSpan Start, TimeSpan At, int Tenant, int Host, string Label)
{
    /// <summary>The load balancer had no host to send it to.</summary>
    public const int NoHost = -1;
}
