using System.ComponentModel;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary><c>GET /admin/v1/tenants/{tenant}/decisions</c>: a tenant's log, for whoever evaluates it elsewhere.</summary>
internal sealed class DecisionsEndpoint(TenantAdministration administration, SettingsStore settings, ITenantJournal? journal = null)
{
    private const string JsonLines = "application/x-ndjson";

    public async Task<IResult> HandleAsync(
        HttpContext context,
        [Description("The tenant.")] string tenant,
        [Description("The earliest decision: a date or a time in ISO 8601; the first without it.")] string? from,
        [Description("The time before which decisions were made: a date or a time in ISO 8601; no end without it.")] string? to)
    {
        if (journal is null)
        {
            throw new ApiException(ErrorCode.ManagementDisabled, "This process has no store of its own; a silo exports decisions.");
        }

        if (!settings.Current.Tenants.ContainsKey(tenant))
        {
            await administration.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        }

        var (begin, end) = (AdminRequest.Time(context, "from") ?? DateTimeOffset.MinValue, AdminRequest.Time(context, "to") ?? DateTimeOffset.MaxValue);
        return begin < end
            ? Results.Stream(output => DecisionLogFile.WriteAsync(journal, tenant, begin, end, output, context.RequestAborted), JsonLines)
            : throw ApiException.BadField("from", $"is {begin:O}; it must be before 'to', which is {end:O}.");
    }
}
