namespace MetaLlm.Simulator.Http;

/// <summary>A price on the wire, USD per million tokens; cached input costs as much as input where it is not stated.</summary>
internal sealed record PriceBody(decimal? Input, decimal? CachedInput, decimal? Output)
{
    public ModelPrice ToPrice() => Input is { } input && Output is { } output
        ? new ModelPrice(input, CachedInput ?? input, output)
        : throw new FieldException("price", "price: it needs input and output, in USD per million tokens.");
}
