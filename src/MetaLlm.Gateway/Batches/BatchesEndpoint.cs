using System.ComponentModel;
using System.Text.Json;
using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Batches;

/// <summary><c>/v1/batches</c>, as OpenAI has it. Another tenant's batch is as unknown as one that never was.</summary>
internal sealed class BatchesEndpoint(TenantFiles files, BatchRunner runner, SettingsStore settings, BodyMemory memory, TimeProvider time, IBatchStore? store = null)
{
    private const int MostOfPage = 100;
    private const int UsualPage = 20;
    private const int MostMetadata = 16;
    private const int LongestName = 64;
    private const int LongestValue = 512;
    private const int LongestId = 256;
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private IBatchStore Store => store ?? throw new ApiException(ErrorCode.BatchesDisabled, "Batches are not taken: the store of this application has no place for them.");

    public async Task<ApiResult<BatchBody>> CreateAsync(HttpContext context)
    {
        var (tenant, limits) = (context.Tenant().Id, settings.Current.Batches);
        if (!limits.Enabled)
        {
            throw new ApiException(ErrorCode.BatchesDisabled, "Files and batches are not taken: 'batches.enabled' is false.");
        }

        var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.BodyBytes, memory).ConfigureAwait(false);
        BatchDocument asked;
        using (var document = RequestBodyReader.Parse(body))
        {
            asked = Read(new JsonObjectReader(document.RootElement, "")) with { Key = context.CallerKey().Id, ExpiresAt = time.GetUtcNow() + Window };
        }

        var file = await files.Store.FindAsync(tenant, asked.Input, context.RequestAborted).ConfigureAwait(false);
        if (file?.Purpose != TenantFiles.Asked)
        {
            throw ApiException.BadField("input_file_id", $"is '{asked.Input}', which is {(file is null ? "no file of this tenant" : $"a file of purpose '{file.Purpose}'")}; it must be a file of purpose batch.");
        }

        var batch = new StoredBatch { Tenant = tenant, Id = $"batch_{Guid.NewGuid():N}", CreatedAt = time.GetUtcNow(), Document = asked.ToJson() };
        if (!await Store.PutAsync(batch, limits.TenantBatches, context.RequestAborted).ConfigureAwait(false))
        {
            throw new ApiException(ErrorCode.BatchQuotaReached, $"With this one the tenant would have {limits.TenantBatches + 1} batches that are not over; at most {limits.TenantBatches} are legal.");
        }

        runner.Wake();
        return new ApiResult<BatchBody>(asked.ToBody(batch));
    }

    public async Task<ApiResult<ItemListBody<BatchBody>>> ListAsync(
        HttpContext context, [Description("Most batches, 1 to 100; default 20.")] string? limit, [Description("Goes on after this batch.")] string? after)
    {
        var (tenant, most, place) = (context.Tenant().Id, Paging.Limit(limit, UsualPage, MostOfPage), Paging.Word(after, "after"));
        if (place is not null)
        {
            Paging.RequireKnown(place, await Store.FindAsync(tenant, place, context.RequestAborted).ConfigureAwait(false) is not null);
        }

        var found = await Store.ListAsync(tenant, place, most + 1, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<ItemListBody<BatchBody>>(Paging.Of([.. found.Select(batch => BatchDocument.Of(batch).ToBody(batch))], most, batch => batch.Id));
    }

    public async Task<ApiResult<BatchBody>> GetAsync(HttpContext context, [Description("The batch's id.")] string id) =>
        Answer(await Store.FindAsync(context.Tenant().Id, id, context.RequestAborted).ConfigureAwait(false) ?? throw Missing(id));

    public async Task<ApiResult<BatchBody>> CancelAsync(HttpContext context, [Description("The batch's id.")] string id)
    {
        var batch = await Store.CancelAsync(context.Tenant().Id, id, time.GetUtcNow(), context.RequestAborted).ConfigureAwait(false) ?? throw Missing(id);
        if (batch.CancelledAt is null)
        {
            throw new ApiException(ErrorCode.BadRequest, $"Batch '{id}' is {BatchDocument.Of(batch).Status}; it can be cancelled while it is not over.");
        }

        runner.Wake(batch);
        return Answer(batch);
    }

    private static ApiResult<BatchBody> Answer(StoredBatch batch) => new(BatchDocument.Of(batch).ToBody(batch));

    private static ApiException Missing(string id) => new(ErrorCode.BatchNotFound, $"There is no batch '{id}'.", "id");

    private static BatchDocument Read(JsonObjectReader body)
    {
        var input = body.StoredText("input_file_id", LongestId) ?? body.RequiredText("input_file_id", LongestId);
        var endpoint = body.RequiredText("endpoint", LongestId);
        if (!LocalCalls.Endpoints.Contains(endpoint))
        {
            throw ApiException.BadField("endpoint", $"is '{endpoint}'; it must be {string.Join(", ", LocalCalls.Endpoints)}.");
        }

        if (body.RequiredText("completion_window", LongestId) is var window and not "24h")
        {
            throw ApiException.BadField("completion_window", $"is '{window}'; it must be 24h.");
        }

        var (budget, quality) = ((double?)null, (double?)null);
        if (body.Object("metallm") is { } own)
        {
            own.RefuseUnknown("budgetUsd", "minQuality");
            budget = own.Number("budgetUsd", 0, 1_000_000, aboveMinimum: true);
            quality = own.Number("minQuality", 0, 1);
            if (endpoint != BatchLines.Chat && (budget ?? quality) is not null)
            {
                throw ApiException.BadField("metallm", $"names a goal, and 'endpoint' is '{endpoint}'; a goal is for {BatchLines.Chat} alone.");
            }
        }

        return new BatchDocument { Input = input, Endpoint = endpoint, Metadata = Metadata(body), BudgetUsd = budget, MinQuality = quality, ExpiresAt = default };
    }

    private static Dictionary<string, string>? Metadata(JsonObjectReader body)
    {
        if (body.Object("metadata") is not { } metadata)
        {
            return null;
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in metadata.Element.EnumerateObject())
        {
            var field = metadata.Field(member.Name);
            if (member.Name.Length is < 1 or > LongestName || texts.Count == MostMetadata)
            {
                throw ApiException.BadField("metadata", $"must have at most {MostMetadata} members with names of 1 to {LongestName} characters.");
            }

            texts[member.Name] = member.Value.ValueKind == JsonValueKind.String && JsonObjectReader.String(member.Value, field) is { Length: <= LongestValue } text && !text.Contains('\0')
                ? text
                : throw ApiException.BadField(field, $"must be a text of at most {LongestValue} characters.");
        }

        return texts;
    }
}
