using System.ComponentModel;
using System.Text;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary><c>GET /admin/v1/tenants/{tenant}/report</c>: what a tenant's router has learned and what it cost, as one HTML file, or a table of it as CSV.</summary>
internal sealed class ReportEndpoint(TenantAdministration administration, TimeProvider time, IReportWriter? writer = null)
{
    private static readonly string[] Languages = ["en", "de"];

    public async Task<IResult> HandleAsync(
        HttpContext context,
        [Description("The tenant.")] string tenant,
        [Description("The earliest time: a date or a time in ISO 8601; 30 days before `to` without it.")] string? from,
        [Description("The time before which: a date or a time in ISO 8601; now without it.")] string? to,
        [Description("`days`, `models`, `tasks` or `keys`: that table as CSV; without it the whole report as HTML.")] string? table,
        [Description("`en` or `de`; `en` without it.")] string? language)
    {
        if (writer is null)
        {
            throw new ApiException(ErrorCode.ManagementDisabled, "This application writes no reports.");
        }

        await administration.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        var (begin, end) = AdminRequest.Period(context, time.GetUtcNow());
        if (language is not null && !Languages.Contains(language))
        {
            throw ApiException.BadField("language", $"is '{language}'; it must be one of {string.Join(", ", Languages)}.");
        }

        if (table is not null && !writer.Tables.Contains(table))
        {
            throw ApiException.BadField("table", $"is '{table}'; it must be one of {string.Join(", ", writer.Tables)}.");
        }

        var request = new ReportRequest(tenant, begin, end, language ?? Languages[0]);
        return table is null
            ? Results.Text(await writer.WriteHtmlAsync(request, context.RequestAborted).ConfigureAwait(false), "text/html; charset=utf-8", Encoding.UTF8)
            : Results.Text(await writer.WriteCsvAsync(request, table, context.RequestAborted).ConfigureAwait(false), "text/csv; charset=utf-8", Encoding.UTF8);
    }
}
