using System.ComponentModel;
using System.Globalization;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary><c>GET /admin/v1/audit</c>: who changed what, when.</summary>
internal sealed class AuditEndpoint(TenantAdministration administration)
{
    private const int MostListed = 1000;

    public async Task<ApiResult<PageBody<ChangeBody>>> ListAsync(
        HttpContext context,
        [Description("Changes of this tenant alone.")] string? tenant,
        [Description("Changes from this time on: a date or a time in ISO 8601.")] string? since,
        [Description("The revision that they come after: `next` of the part before.")] string? after,
        [Description("Most changes, 1 to 1000; 100 without it.")] string? limit)
    {
        var most = (int)AdminRequest.Number(context, "limit", 100, 1, MostListed);
        var found = await administration.Directory.ReadChangesAsync(
            new DirectoryChangeQuery
            {
                Tenant = tenant,
                Since = AdminRequest.Time(context, "since"),
                After = AdminRequest.Number(context, "after", 0, 0, long.MaxValue),
                Limit = most + 1,
            },
            context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<PageBody<ChangeBody>>(new PageBody<ChangeBody>
        {
            Data = [.. found.Take(most).Select(AdminViews.Of)],
            HasMore = found.Count > most,
            Next = found.Count > most ? found[most - 1].Revision.ToString(CultureInfo.InvariantCulture) : null,
        });
    }
}
