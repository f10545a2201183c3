using MetaLlm.Core.Arms;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="TokenUsage"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.token-usage")]
internal struct TokenUsageSurrogate
{
    [Id(0)]
    public double Input;

    [Id(1)]
    public double CachedInput;

    [Id(2)]
    public double Output;
}

/// <summary>Turns <see cref="TokenUsage"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class TokenUsageConverter : IConverter<TokenUsage, TokenUsageSurrogate>
{
    /// <inheritdoc/>
    public TokenUsage ConvertFromSurrogate(in TokenUsageSurrogate surrogate) => new(surrogate.Input, surrogate.CachedInput, surrogate.Output);

    /// <inheritdoc/>
    public TokenUsageSurrogate ConvertToSurrogate(in TokenUsage value) => new()
    {
        Input = value.Input,
        CachedInput = value.CachedInput,
        Output = value.Output,
    };
}

/// <summary>Passes <see cref="TokenUsage"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class TokenUsageCopier : ShallowCopier<TokenUsage>;
