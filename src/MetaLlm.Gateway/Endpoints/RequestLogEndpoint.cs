using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.RequestLog;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>/v1/requests</c>, and the same of a tenant for those who manage: requests that were kept with their texts.</summary>
internal sealed class RequestLogEndpoint(TenantCatalog catalog, TimeProvider time, IRequestLogStore? store = null)
{
    private const int LongestId = 128;
    private const string FromText = "The earliest time: a date or a time in ISO 8601; as long ago as requests are kept without it.";
    private const string ToText = "The time before which: a date or a time in ISO 8601; now without it.";
    private const string AfterText = "The request that they come after: `next` of the part before.";
    private const string LimitText = "Most requests, 1 to 100; 20 without it.";
    private const string IdText = "The id of the request: the decision's, or that of the answer that it led to.";

    private IRequestLogStore Store => store ?? throw new ApiException(ErrorCode.ManagementDisabled, "This application's store keeps no requests.");

    public Task<ApiResult<PageBody<LoggedRequestBody>>> ListAsync(
        HttpContext context, [Description(FromText)] string? from, [Description(ToText)] string? to, [Description(AfterText)] string? after, [Description(LimitText)] string? limit) =>
        ListAsync(context, context.Tenant());

    public Task<ApiResult<LoggedRequestBody>> FindAsync(HttpContext context, [Description(IdText)] string id) => FindAsync(context, context.Tenant(), id);

    public async Task<ApiResult<PageBody<LoggedRequestBody>>> ListOfAsync(
        HttpContext context,
        [Description("The tenant.")] string tenant,
        [Description(FromText)] string? from,
        [Description(ToText)] string? to,
        [Description(AfterText)] string? after,
        [Description(LimitText)] string? limit) =>
        await ListAsync(context, await catalog.NamedAsync(tenant, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);

    public async Task<ApiResult<LoggedRequestBody>> FindOfAsync(HttpContext context, [Description("The tenant.")] string tenant, [Description(IdText)] string id) =>
        await FindAsync(context, await catalog.NamedAsync(tenant, context.RequestAborted).ConfigureAwait(false), id).ConfigureAwait(false);

    private async Task<ApiResult<PageBody<LoggedRequestBody>>> ListAsync(HttpContext context, TenantSettings tenant)
    {
        var limit = (int)AdminRequest.Number(context, "limit", 20, 1, 100);
        var kept = Kept(tenant);
        var from = AdminRequest.Time(context, "from") is { } asked && asked > kept ? asked : kept;
        var to = AdminRequest.Time(context, "to") ?? DateTimeOffset.MaxValue;
        string? before = null;
        if (context.Request.Query["after"].ToString() is { Length: > 0 } after)
        {
            (to, before) = Place(after);
        }

        var found = await Store.ListAsync(
            new LoggedRequestQuery { Tenant = tenant.Id, From = from, To = to, BeforeId = before, Limit = limit + 1 }, context.RequestAborted).ConfigureAwait(false);
        var hasMore = found.Count > limit;
        var last = hasMore ? found[limit - 1] : null;
        return new ApiResult<PageBody<LoggedRequestBody>>(new PageBody<LoggedRequestBody>
        {
            Data = [.. found.Take(limit).Select(Head)],
            HasMore = hasMore,
            Next = last is null ? null : string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.UtcTicks}.{last.Id}"),
        });
    }

    private async Task<ApiResult<LoggedRequestBody>> FindAsync(HttpContext context, TenantSettings tenant, string id) =>
        new(await FindKeptAsync(tenant, id, context.RequestAborted).ConfigureAwait(false));

    /// <summary>Finds a request that was kept.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="id">Its id, or that of the answer that it led to.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ApiException">None was kept, or not for so long.</exception>
    public async Task<LoggedRequestBody> FindKeptAsync(TenantSettings tenant, string id, CancellationToken cancellationToken)
    {
        var found = id.Length <= LongestId ? await Store.FindAsync(tenant.Id, ChatIds.ToDecision(id), cancellationToken).ConfigureAwait(false) : null;
        if (found is null || found.CreatedAt < Kept(tenant))
        {
            throw new ApiException(ErrorCode.RequestNotFound, $"There is no request '{id}' here: none was kept, or not for so long.", "id");
        }

        var body = JsonSerializer.Deserialize(found.Body.Span, ApiJson.TypeOf<LoggedRequestTextsBody>())!;
        return Head(found) with { Request = body.Request, RequestCut = body.RequestCut, Answer = body.Answer, AnswerCut = body.AnswerCut };
    }

    private DateTimeOffset Kept(TenantSettings tenant) => time.GetUtcNow() - TimeSpan.FromDays(tenant.RequestLog.RetentionDays);

    private static LoggedRequestBody Head(LoggedRequest request) => JsonSerializer.Deserialize(request.Head, ApiJson.TypeOf<LoggedRequestBody>())!;

    private static (DateTimeOffset At, string Id) Place(string after)
    {
        var dot = after.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && after.Length - dot <= LongestId + 1 && long.TryParse(after.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), after[(dot + 1)..])
            : throw ApiException.BadField("after", $"is '{after}'; it must be 'next' of the part before.");
    }
}
