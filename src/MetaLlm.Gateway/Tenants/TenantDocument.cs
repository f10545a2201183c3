using System.Text.Json;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Tenants;

/// <summary>Reads tenants of the directory as those of a configuration file are read.</summary>
internal static class TenantDocument
{
    /// <summary>What stands for the document in the paths of errors.</summary>
    public const string Root = "$";

    /// <summary>Members that a tenant has in a configuration file alone.</summary>
    internal static readonly string[] OfFiles = ["keyEnvironments", "keyFiles", "configurationVersion"];

    /// <summary>Reads a tenant.</summary>
    /// <param name="tenant">The tenant as the directory has it.</param>
    /// <param name="settings">The settings in force, whose upstreams its models may name.</param>
    /// <exception cref="SettingsException">The document cannot be used; the exception lists everything that is wrong with it.</exception>
    public static TenantSettings Read(DirectoryTenant tenant, MetaLlmSettings settings)
    {
        using var document = Parse(tenant.Document);
        return Read(tenant.Id, document.RootElement, tenant.Revision, settings);
    }

    /// <summary>Reads a tenant.</summary>
    /// <param name="id">The id that it must have.</param>
    /// <param name="document">The tenant object of a configuration file, without keys.</param>
    /// <param name="revision">Revision of the document; 0 for one that is only checked.</param>
    /// <param name="settings">The settings in force, whose upstreams its models may name.</param>
    /// <exception cref="SettingsException">The document cannot be used; the exception lists everything that is wrong with it.</exception>
    public static TenantSettings Read(string id, JsonElement document, long revision, MetaLlmSettings settings)
    {
        var found = new List<SettingsError>();
        var errors = new SettingsErrors(Root, found);
        var node = SettingsNode.Read(document, Root);
        foreach (var member in OfFiles.Where(member => node.Find(member) is not null))
        {
            errors.Add(member, "belongs to configuration files; the directory keeps keys and versions itself.");
        }

        var tenant = (TenantSettings)new SettingsBinder(SecretSources.None).Bind(node, typeof(TenantSettings), errors);
        found.RemoveAll(error => error.Path.StartsWith($"{Root}.keyEnvironments[", StringComparison.Ordinal) || error.Path.StartsWith($"{Root}.keyFiles[", StringComparison.Ordinal));
        if (tenant.Id.Length > 0 && tenant.Id != id)
        {
            errors.Add("id", $"is '{tenant.Id}'; it must be '{id}', as the path says.");
        }

        if (id is "." or "..")
        {
            errors.Add("id", $"is '{id}', which is no name in a URL.");
        }

        tenant.Revision = revision;
        tenant.Complete(settings.Upstreams, settings.Retrievers, settings.Guardrails, new Dictionary<string, string>(StringComparer.Ordinal), errors);
        return found.Count == 0 ? tenant : throw new SettingsException(found);
    }

    private static JsonDocument Parse(string document)
    {
        try
        {
            return JsonDocument.Parse(document);
        }
        catch (JsonException e)
        {
            throw new SettingsException([new SettingsError(Root, $"is no JSON: {e.Message}")]);
        }
    }
}
