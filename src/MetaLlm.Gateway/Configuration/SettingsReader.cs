using MetaLlm.Engine.Configuration;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Reads and checks the section <c>MetaLlm</c>.</summary>
public static class SettingsReader
{
    /// <summary>Reads the settings.</summary>
    /// <typeparam name="TSettings">The settings; with those of the host where it has some.</typeparam>
    /// <param name="configuration">The configuration; its section <c>MetaLlm</c> is read.</param>
    /// <param name="context">Environment and what the command line overrides.</param>
    /// <returns>Settings that can be used as they are.</returns>
    /// <exception cref="SettingsException">Something is wrong; the exception lists everything.</exception>
    public static TSettings Read<TSettings>(IConfiguration configuration, SettingsContext context)
        where TSettings : MetaLlmSettings, new()
    {
        var root = ReadTree(configuration, context);
        if (root.IsEmpty)
        {
            throw new SettingsException([new SettingsError(root.Key, "is missing; the configuration needs this object.")]);
        }

        return Bind<TSettings>(root, root.Key, context, (settings, errors) => settings.Complete(context, errors));
    }

    /// <summary>Reads one object of the section, and nothing else: who sets a database up needs no keys of upstreams.</summary>
    /// <typeparam name="TSettings">The object's settings.</typeparam>
    /// <param name="configuration">The configuration.</param>
    /// <param name="member">Name of the object within the section <c>MetaLlm</c>.</param>
    /// <param name="context">Environment and what the command line overrides.</param>
    /// <param name="complete">Checks what the members say together.</param>
    /// <exception cref="SettingsException">Something is wrong with it; the exception lists everything.</exception>
    public static TSettings ReadMember<TSettings>(
        IConfiguration configuration, string member, SettingsContext context, Action<TSettings, SettingsErrors> complete)
        where TSettings : new()
    {
        ArgumentNullException.ThrowIfNull(complete);
        var root = ReadTree(configuration, context);
        return Bind(root.Find(member) ?? new SettingsNode(member), $"{root.Key}.{member}", context, complete);
    }

    private static SettingsNode ReadTree(IConfiguration configuration, SettingsContext context)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(context);
        return context.SourceError() is { } error ? throw new SettingsException([error]) : SettingsNode.Read(configuration, MetaLlmSettings.SectionName);
    }

    private static TSettings Bind<TSettings>(SettingsNode node, string path, SettingsContext context, Action<TSettings, SettingsErrors> complete)
    {
        var found = new List<SettingsError>();
        var errors = new SettingsErrors(path, found);
        context.Files.Begin();
        var settings = (TSettings)new SettingsBinder(new SecretSources(context.Variable, context.Files.Read)).Bind(node, typeof(TSettings), errors);
        complete(settings, errors);
        return found.Count == 0 ? settings : throw new SettingsException(found);
    }
}
