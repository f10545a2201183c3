using System.Text.Json.Nodes;
using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Batches;

/// <summary>Writes the files of what came of a batch. They have names of their own, so that a second attempt replaces the first.</summary>
/// <param name="services">What jobs share.</param>
/// <param name="batch">The batch.</param>
internal sealed class BatchFiles(BatchServices services, StoredBatch batch)
{
    /// <summary>Queries that are read at once.</summary>
    public const int PageLines = 200;

    private readonly IFileStore _files = services.Files.Store;

    /// <summary>Writes answers into one file, and queries without one into another.</summary>
    /// <param name="lines">The queries.</param>
    /// <param name="isExpired">Whether queries that have no result are told to have expired; they are left out otherwise.</param>
    /// <param name="cancellationToken">Ends it before the files are there.</param>
    /// <returns>Ids of the files, null for one that has no line, and how many queries had no result and were told.</returns>
    public async Task<(string? Output, string? Errors, int Unanswered)> WriteAsync(List<BatchLine> lines, bool isExpired, CancellationToken cancellationToken)
    {
        var (output, errors) = (await OpenAsync("output", cancellationToken).ConfigureAwait(false), await OpenAsync("error", cancellationToken).ConfigureAwait(false));
        var job = batch.Id["batch_".Length..];
        var (next, unanswered) = (0, 0);
        while (true)
        {
            var page = await services.Store!.ReadLinesAsync(batch.Tenant, batch.Id, next, PageLines, cancellationToken).ConfigureAwait(false);
            foreach (var line in page)
            {
                await FillAsync(line.Number).ConfigureAwait(false);
                if (BatchJson.Read(line.State)?["result"] is JsonObject result)
                {
                    await WriteAsync(BatchOutcome.Of(result).IsAnswer ? output : errors, result, cancellationToken).ConfigureAwait(false);
                    next = line.Number + 1;
                }
                else
                {
                    await FillAsync(line.Number + 1).ConfigureAwait(false);
                }
            }

            if (page.Count < PageLines)
            {
                break;
            }
        }

        await FillAsync(lines.Count).ConfigureAwait(false);
        return ((await output.EndAsync(cancellationToken).ConfigureAwait(false))?.Id, (await errors.EndAsync(cancellationToken).ConfigureAwait(false))?.Id, unanswered);

        async ValueTask FillAsync(int end)
        {
            for (; next < end; next++)
            {
                if (isExpired && next < lines.Count)
                {
                    unanswered++;
                    var result = new BatchResult(job, next, lines[next]).Refused("batch_expired", "The query was not run before the batch's completion window ended.", new Dictionary<string, double>());
                    await WriteAsync(errors, result, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private static ValueTask WriteAsync(FileWriter file, JsonObject line, CancellationToken cancellationToken) => file.WriteAsync((byte[])[.. BatchJson.Bytes(line), (byte)'\n'], cancellationToken);

    private async Task<FileWriter> OpenAsync(string kind, CancellationToken cancellationToken)
    {
        var id = $"file-{batch.Id["batch_".Length..]}-{kind}";
        await _files.DeleteAsync(batch.Tenant, id, cancellationToken).ConfigureAwait(false);
        return new FileWriter(_files, new StoredFile { Tenant = batch.Tenant, Id = id, Purpose = TenantFiles.Results, Name = $"{batch.Id}_{kind}.jsonl", CreatedAt = services.Time.GetUtcNow() });
    }
}
