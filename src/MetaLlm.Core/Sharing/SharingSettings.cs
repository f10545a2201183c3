namespace MetaLlm.Core.Sharing;

/// <summary>What a tenant has agreed to with other tenants of the same cluster: to give noisy sums of its rewards, to start from theirs, or both.</summary>
public sealed record SharingSettings
{
    /// <summary>Least epsilon: with less, nothing can be read of a day's rewards.</summary>
    public const double LeastEpsilon = 0.01;

    /// <summary>Largest epsilon: with more, the noise hides nobody.</summary>
    public const double LargestEpsilon = 10;

    /// <summary>Whether sums of its rewards, with noise, go into the pool.</summary>
    public bool Give { get; init; }

    /// <summary>Whether models without a card, that nothing was learned of yet, start with what the pool says of them.</summary>
    public bool Take { get; init; }

    /// <summary>How far one decision can show in what is given, 0.01 to 10 in steps of a thousandth: no outcome becomes likelier than e to this power by it.</summary>
    public double Epsilon { get; init; } = 1;

    /// <summary>What models are known by among tenants, by arm id. An arm that is missing is not shared.</summary>
    public IReadOnlyDictionary<string, string> Models
    {
        get;
        init => field = value is null ? new Dictionary<string, string>() : new SortedDictionary<string, string>(value.ToDictionary(), StringComparer.Ordinal);
    }
    = new Dictionary<string, string>();

    /// <inheritdoc/>
    public bool Equals(SharingSettings? other) =>
        other is not null && Give == other.Give && Take == other.Take && Epsilon.Equals(other.Epsilon) && Models.SequenceEqual(other.Models);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Give, Take, Epsilon, Models.Count);
}
