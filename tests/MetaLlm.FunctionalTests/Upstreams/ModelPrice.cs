namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>An upstream's price list for a model, USD per million tokens.</summary>
internal sealed record ModelPrice(decimal Input, decimal CachedInput, decimal Output)
{
    public decimal Usd(long prompt, long cached, long generated) =>
        (((prompt - cached) * Input) + (cached * CachedInput) + (generated * Output)) / 1_000_000;
}
