using System.ComponentModel;
using MetaLlm.Engine.Batches;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Batches;

/// <summary><c>/v1/files</c>, as OpenAI has it, for files of batches.</summary>
internal sealed class FilesEndpoint(TenantFiles files, SettingsStore settings, TimeProvider time)
{
    private const int MostOfPage = 10_000;

    public async Task<ApiResult<FileBody>> CreateAsync(HttpContext context)
    {
        var (tenant, limits) = (context.Tenant().Id, settings.Current.Batches);
        if (!limits.Enabled)
        {
            throw new ApiException(ErrorCode.BatchesDisabled, "Files and batches are not taken: 'batches.enabled' is false.");
        }

        await files.RequireRoomAsync(tenant, context.Request.ContentLength ?? 0, context.RequestAborted).ConfigureAwait(false);
        var draft = new StoredFile { Tenant = tenant, Id = $"file-{Guid.NewGuid():N}", Purpose = TenantFiles.Asked, Name = "", CreatedAt = time.GetUtcNow() };
        var upload = new FileUpload(files.Store, draft, new FileUse(limits.TenantFiles, limits.TenantBytes));
        try
        {
            return new ApiResult<FileBody>(files.BodyOf(await upload.ReadAsync(context, limits.FileBytes).ConfigureAwait(false)));
        }
        catch
        {
            await upload.UndoAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<ApiResult<ItemListBody<FileBody>>> ListAsync(
        HttpContext context,
        [Description("Files of this purpose alone: batch or batch_output.")] string? purpose,
        [Description("Most files, 1 to 10000; default 10000.")] string? limit,
        [Description("Goes on after this file.")] string? after,
        [Description("asc for the oldest first, desc (the default) for the newest.")] string? order)
    {
        var (tenant, most, newestFirst) = (context.Tenant().Id, Paging.Limit(limit, MostOfPage, MostOfPage), Paging.IsNewestFirst(order));
        var (kind, place) = (Paging.Word(purpose, "purpose"), Paging.Word(after, "after"));
        if (place is not null)
        {
            Paging.RequireKnown(place, await files.Store.FindAsync(tenant, place, context.RequestAborted).ConfigureAwait(false) is not null);
        }

        var found = await files.Store.ListAsync(tenant, kind, place, newestFirst, most + 1, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<ItemListBody<FileBody>>(Paging.Of([.. found.Select(files.BodyOf)], most, file => file.Id));
    }

    public async Task<ApiResult<FileBody>> GetAsync(HttpContext context, [Description("The file's id.")] string id) =>
        new(files.BodyOf(await files.FindAsync(context.Tenant().Id, id, context.RequestAborted).ConfigureAwait(false)));

    public async Task ContentAsync(HttpContext context, [Description("The file's id.")] string id)
    {
        var tenant = context.Tenant().Id;
        var file = await files.FindAsync(tenant, id, context.RequestAborted).ConfigureAwait(false);
        (context.Response.ContentType, context.Response.ContentLength) = ("application/octet-stream", file.Bytes);
        context.Response.Headers["x-content-type-options"] = "nosniff";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        for (var part = 0; await files.Store.ReadAsync(tenant, id, part, context.RequestAborted).ConfigureAwait(false) is { } content; part++)
        {
            await context.Response.Body.WriteAsync(content, context.RequestAborted).ConfigureAwait(false);
        }
    }

    public async Task<ApiResult<DeletedFileBody>> DeleteAsync(HttpContext context, [Description("The file's id.")] string id)
    {
        var tenant = context.Tenant().Id;
        await files.FindAsync(tenant, id, context.RequestAborted).ConfigureAwait(false);
        await files.Store.DeleteAsync(tenant, id, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<DeletedFileBody>(new DeletedFileBody { Id = id });
    }
}
