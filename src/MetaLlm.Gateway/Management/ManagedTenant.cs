using System.Text.Json.Nodes;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Management;

/// <summary>A tenant as those see it who manage.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Document">The tenant object of a configuration file, without keys.</param>
/// <param name="Row">What the directory has of it; null for one of the configuration file.</param>
internal sealed record ManagedTenant(string Id, JsonObject Document, DirectoryTenant? Row)
{
    /// <summary>A tenant of the configuration file.</summary>
    public static ManagedTenant Of(TenantSettings settings) => new(settings.Id, SettingsWriter.Write(settings), null);

    /// <summary>A tenant of the directory.</summary>
    public static ManagedTenant Of(DirectoryTenant tenant) => new(tenant.Id, (JsonObject)JsonNode.Parse(tenant.Document)!, tenant);
}
