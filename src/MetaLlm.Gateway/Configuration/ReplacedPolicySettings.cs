namespace MetaLlm.Gateway.Configuration;

/// <summary>The policy that a promoted challenger replaced: what a rollback puts back. Promotions write it.</summary>
public sealed class ReplacedPolicySettings
{
    /// <summary>The policy. Without it there is nothing to roll back to.</summary>
    public string? Policy { get; init; }

    /// <summary>Its options.</summary>
    public IReadOnlyDictionary<string, double> PolicyOptions { get; init; } = new Dictionary<string, double>();
}
