using MetaLlm.Gateway.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Gateway;

/// <inheritdoc/>
internal sealed record MetaLlmBuilder(IServiceCollection Services, MetaLlmSettings Settings) : IMetaLlmBuilder;
