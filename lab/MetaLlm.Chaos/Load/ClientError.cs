namespace MetaLlm.Chaos.Load;

/// <summary>An attempt of a client that came to nothing.</summary>
/// <param name="At">When.</param>
/// <param name="Tenant">Whose, by number.</param>
/// <param name="Host">At which host, by number.</param>
/// <param name="Label">What became of it; see <see cref="Attempt.Label"/>.</param>
internal readonly record struct ClientError(TimeSpan At, int Tenant, int Host, string Label);
