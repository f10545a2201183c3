using System.ComponentModel;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.RequestLog;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary><c>/admin/v1/retention</c>: what would go, lets it go now, and what the archive holds.</summary>
internal sealed class RetentionEndpoint(RequestLogRetention requests, IRetention? retention = null)
{
    private const int MostListed = 1000;

    private IRetention Retention => retention ?? throw new ApiException(ErrorCode.ManagementDisabled, "This application lets nothing go.");

    public async Task<ApiResult<RetentionBody>> ShowAsync(
        HttpContext context,
        [Description("The tenant that they come after: `next` of the part before.")] string? after,
        [Description("Most tenants, 1 to 1000; 100 without it.")] string? limit)
    {
        var most = (int)AdminRequest.Number(context, "limit", 100, 1, MostListed);
        var plan = await Retention.PlanAsync(after ?? "", most + 1, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<RetentionBody>(new RetentionBody
        {
            Days = plan.Days,
            AuditDays = plan.AuditDays,
            Archives = plan.Archives,
            Data = [.. plan.Tenants.Take(most).Select(old => new OldDecisionsBody { Tenant = old.Tenant, Decisions = old.Decisions, FirstAt = old.FirstAt })],
            HasMore = plan.Tenants.Count > most,
            Next = plan.Tenants.Count > most ? plan.Tenants[most - 1].Tenant : null,
        });
    }

    public async Task<ApiResult<RetentionRunBody>> RunAsync(HttpContext context)
    {
        var outcome = await Retention.RunAsync(context.RequestAborted).ConfigureAwait(false);
        var logged = await requests.SweepAsync(context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<RetentionRunBody>(new RetentionRunBody { Decisions = outcome.Decisions, AuditRecords = outcome.Changes, Requests = logged });
    }

    public async Task<ApiResult<ListBody<ArchiveFileBody>>> ArchiveAsync(
        HttpContext context,
        [Description("Files of this tenant alone.")] string? tenant,
        [Description("Most files, 1 to 1000; 100 without it.")] string? limit)
    {
        var files = await Retention.ListArchiveAsync(tenant, (int)AdminRequest.Number(context, "limit", 100, 1, MostListed), context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<ListBody<ArchiveFileBody>>(new ListBody<ArchiveFileBody>
        {
            Data = [.. files.Select(file => new ArchiveFileBody { Tenant = file.Tenant, Day = file.Day, File = file.Name, Bytes = file.Bytes })],
        });
    }
}
