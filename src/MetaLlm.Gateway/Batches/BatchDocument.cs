using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Engine.Batches;
using MetaLlm.Gateway.Contracts;

namespace MetaLlm.Gateway.Batches;

/// <summary>What is known of a batch, as the store keeps it. Members that come later have defaults.</summary>
internal sealed record BatchDocument
{
    /// <summary>The file of its queries.</summary>
    public required string Input { get; init; }

    /// <summary>Where its queries go.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Id of the key that made it, which its calls are made with; null for a caller without a key.</summary>
    public string? Key { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public double? BudgetUsd { get; init; }

    public double? MinQuality { get; init; }

    /// <summary>One of <see cref="BatchStatus"/>; who asked it to stop is known beside it.</summary>
    public string Status { get; init; } = BatchStatus.Validating;

    public int Total { get; init; }

    public int Completed { get; init; }

    public int Failed { get; init; }

    public double SpentUsd { get; init; }

    public string? Output { get; init; }

    public string? Errors { get; init; }

    public IReadOnlyList<BatchProblem> Problems { get; init; } = [];

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? InProgressAt { get; init; }

    public DateTimeOffset? FinalizingAt { get; init; }

    /// <summary>How many attempts in a row a defect has ended, without a query that got its result.</summary>
    public int Defects { get; init; }

    /// <summary>How many queries had a result when the last of them ended.</summary>
    public int DoneAtDefect { get; init; }

    /// <summary>When it was over, in whichever way.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether a plan assigns its queries to models.</summary>
    [JsonIgnore]
    public bool IsPlanned => BudgetUsd is not null || MinQuality is not null;

    /// <exception cref="InvalidDataException">It was written by a build that means something else.</exception>
    public static BatchDocument Of(StoredBatch batch)
    {
        try
        {
            return JsonSerializer.Deserialize(batch.Document, BatchDocumentContext.Default.BatchDocument)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Batch {batch.Id} cannot be read: {e.Message}", e);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, BatchDocumentContext.Default.BatchDocument);

    /// <summary>The batch as clients see it.</summary>
    public BatchBody ToBody(StoredBatch batch)
    {
        var status = batch is { IsOpen: true, CancelledAt: not null } ? BatchStatus.Cancelling : Status;
        return new BatchBody
        {
            Id = batch.Id,
            Endpoint = Endpoint,
            Errors = Problems.Count == 0 ? null : new ListBody<BatchErrorBody> { Data = [.. Problems.Select(problem => new BatchErrorBody { Code = problem.Code, Message = problem.Message, Line = problem.Line })] },
            InputFileId = Input,
            Status = status,
            OutputFileId = Output,
            ErrorFileId = Errors,
            CreatedAt = batch.CreatedAt.ToUnixTimeSeconds(),
            InProgressAt = InProgressAt?.ToUnixTimeSeconds(),
            ExpiresAt = ExpiresAt.ToUnixTimeSeconds(),
            FinalizingAt = FinalizingAt?.ToUnixTimeSeconds(),
            CompletedAt = EndedIf(BatchStatus.Completed),
            FailedAt = EndedIf(BatchStatus.Failed),
            ExpiredAt = EndedIf(BatchStatus.Expired),
            CancellingAt = batch.CancelledAt?.ToUnixTimeSeconds(),
            CancelledAt = EndedIf(BatchStatus.Cancelled),
            RequestCounts = new BatchCountsBody { Total = Total, Completed = Completed, Failed = Failed },
            Metadata = Metadata,
            Metallm = new BatchMoneyBody { BudgetUsd = BudgetUsd, MinQuality = MinQuality, SpentUsd = SpentUsd },
        };
    }

    private long? EndedIf(string status) => Status == status ? EndedAt?.ToUnixTimeSeconds() : null;
}
