namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>How an upstream answers one request.</summary>
/// <param name="Fault">What it does.</param>
/// <param name="Tokens">Tokens that it generates per choice, unless the request allows fewer.</param>
/// <param name="CachedShare">Share of the prompt that it has cached.</param>
internal sealed record Order(InvoiceFault Fault, int Tokens, double CachedShare = 0);
