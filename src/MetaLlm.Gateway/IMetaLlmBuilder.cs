using MetaLlm.Gateway.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What <c>AddMetaLlm</c> and <c>AddMetaLlmGateway</c> hand out to go on from.</summary>
public interface IMetaLlmBuilder
{
    /// <summary>The services.</summary>
    IServiceCollection Services { get; }

    /// <summary>The settings that the process starts with.</summary>
    MetaLlmSettings Settings { get; }
}
