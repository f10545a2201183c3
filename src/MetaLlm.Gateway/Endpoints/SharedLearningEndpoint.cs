using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/shared-learning</c>: what the tenant has given. <c>GET /admin/v1/shared-learning</c>: what is pooled.</summary>
internal sealed class SharedLearningEndpoint(ISharedLearning? shared = null)
{
    public async Task<ApiResult<SharedContributionBody>> HandleAsync(HttpContext context)
    {
        var tenant = context.Tenant();
        var given = shared is null ? null : await shared.FindAsync(tenant.Id, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<SharedContributionBody>(new SharedContributionBody
        {
            Tenant = tenant.Id,
            Give = tenant.ShareLearning.Give,
            Take = tenant.ShareLearning.Take,
            Epsilon = given?.Epsilon ?? 0,
            Releases = given?.Releases ?? 0,
            At = given?.At,
            Data = [.. (given?.Cells ?? []).Select(GivenSumBody.Of)],
        });
    }

    public async Task<ApiResult<ListBody<PooledModelBody>>> PoolAsync(HttpContext context)
    {
        var pool = shared is null ? [] : await shared.PoolAsync(context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<ListBody<PooledModelBody>>(new ListBody<PooledModelBody> { Data = [.. pool.Select(PooledModelBody.Of)] });
    }
}
