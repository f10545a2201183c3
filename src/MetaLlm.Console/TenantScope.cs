using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole;

/// <summary>
/// Says which tenant a request is about, in this place alone. Keys that manage see every tenant; were there such that see some, this is where the others would be hidden.
/// </summary>
internal sealed class TenantScope(SettingsStore settings, ITenantDirectory? directory = null)
{
    /// <summary>The query's member that names the tenant.</summary>
    public const string Parameter = "tenant";

    /// <summary>Most tenants that the picker offers; others are named by hand.</summary>
    public const int MostOffered = 200;

    /// <summary>Finds the tenant, and those to pick from.</summary>
    /// <param name="context">The request.</param>
    /// <param name="view">Receives both.</param>
    /// <param name="offer">Whether tenants to pick from are wanted: by what shows a page, not by what renews a part of one.</param>
    /// <returns>Whether there is such a tenant; without a name, whether there is one at all.</returns>
    public async Task<bool> FindAsync(HttpContext context, ConsoleView view, bool offer)
    {
        var named = context.Request.Query[Parameter].ToString();
        if (offer || named.Length == 0)
        {
            var offered = await ListAsync(context.RequestAborted).ConfigureAwait(false);
            view.HasMoreTenants = offered.Count > MostOffered;
            view.Tenants = [.. offered.Take(MostOffered)];
        }

        if (named.Length > 0)
        {
            var exists = view.Tenants.Contains(named) || await ExistsAsync(named, context.RequestAborted).ConfigureAwait(false);
            view.TenantOrNull = exists ? named : null;
            return exists;
        }

        var last = context.Request.Cookies[Preferences.TenantCookie];
        view.TenantOrNull = last is not null && (view.Tenants.Contains(last) || await ExistsAsync(last, context.RequestAborted).ConfigureAwait(false)) ? last : view.Tenants is [var first, ..] ? first : null;
        return view.TenantOrNull is not null;
    }

    private async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        // Ids alone are looked at: a document that cannot be read keeps nobody from the other tenants.
        var listed = directory is null ? [] : await directory.ListTenantsAsync(null, MostOffered + 1, cancellationToken).ConfigureAwait(false);
        return [.. settings.Current.Tenants.Keys.Union(listed.Select(tenant => tenant.Id), StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MostOffered + 1)];
    }

    private async Task<bool> ExistsAsync(string id, CancellationToken cancellationToken)
    {
        if (settings.Current.Tenants.ContainsKey(id))
        {
            return true;
        }

        if (directory is null || !TenantSettings.IsId(id))
        {
            return false;
        }

        return await directory.FindTenantAsync(id, cancellationToken).ConfigureAwait(false) is not null;
    }
}
