using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Benchmarks.Engines;

/// <summary>What a tenant's context vectors are made of; arms are always eight.</summary>
/// <param name="Dimensions">Length of the vectors.</param>
/// <param name="Parts">Their parts.</param>
/// <param name="Embedding">Length of the reduced embedding in them.</param>
internal sealed record TenantShape(int Dimensions, ContextParts Parts, int Embedding)
{
    /// <summary>32 numbers: the bias, 7 of the embedding, 24 topics.</summary>
    public static TenantShape Small { get; } = new(32, ContextParts.Embedding, 7);

    /// <summary>100 numbers, as a tenant has that says nothing: the bias, 19 structural, 24 task slots, 32 of the embedding, 24 topics.</summary>
    public static TenantShape Standard { get; } = new(100, ContextParts.All, 32);

    /// <summary>The configuration of such a tenant.</summary>
    public TenantConfiguration Configuration { get; } = new()
    {
        Parts = Parts,
        Arms = [.. Enumerable.Range(0, 8).Select(a => new Arm { Id = $"arm-{a}", Prices = TokenPrices.PerMillion(0.1 * (a + 1), 0.4 * (a + 1)) })],
    };

    /// <summary>A request whose context differs from its neighbours'.</summary>
    public DecisionRequest Command(int query)
    {
        var structural = new float[StructuralFeatures.Count];
        structural[0] = query % 7;
        structural[3] = query % 3;
        var embedding = new float[Embedding];
        embedding[query % Embedding] = 1;
        return new DecisionRequest { Features = new QueryFeatures(structural, embedding, null, 100) };
    }
}
