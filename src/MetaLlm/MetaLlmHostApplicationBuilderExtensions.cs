using MetaLlm;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Makes an application a node of MetaLlm.</summary>
public static class MetaLlmHostApplicationBuilderExtensions
{
    /// <summary>
    /// Adds all of MetaLlm as the section <c>MetaLlm</c> of the configuration says: store, embedder, silo or cluster client, and gateway. Unless it says
    /// otherwise, the process is a silo of its own on the loopback address, with SQLite. The endpoints are mapped by <c>app.MapMetaLlm()</c>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="configure">Changes settings after each reading; null to take them as they are.</param>
    /// <exception cref="SettingsException">The configuration cannot be used; the exception lists everything that is wrong.</exception>
    public static IMetaLlmBuilder AddMetaLlm(this IHostApplicationBuilder builder, Action<NodeSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMetaLlm(builder.Configuration, new SettingsContext(), configure);
    }

    /// <summary>As <see cref="AddMetaLlm(IHostApplicationBuilder, Action{NodeSettings}?)"/>, for a host that has settings of its own in the section.</summary>
    /// <typeparam name="TSettings">The settings with those of the host.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="configuration">The configuration; its section <c>MetaLlm</c> is read now and again when it changes.</param>
    /// <param name="context">Environment and overrides.</param>
    /// <param name="configure">Changes settings after each reading; null to take them as they are.</param>
    /// <exception cref="SettingsException">The configuration cannot be used; the exception lists everything that is wrong.</exception>
    public static IMetaLlmBuilder AddMetaLlm<TSettings>(
        this IHostApplicationBuilder builder, IConfiguration configuration, SettingsContext context, Action<TSettings>? configure = null)
        where TSettings : NodeSettings, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        var added = builder.Services.AddMetaLlmGateway(configuration, context, configure);
        NodeSetup.Add(builder, (NodeSettings)added.Settings);
        return added;
    }
}
