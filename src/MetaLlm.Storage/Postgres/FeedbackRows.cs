using MetaLlm.Engine.Journal;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>New rows of <c>feedback</c>, by column.</summary>
internal sealed class FeedbackRows
{
    private const string Insert = """
        INSERT INTO feedback (tenant_key, decision_ordinal, idempotency_key, sequence, label, comment)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
        """;

    private readonly List<long> _tenantKeys = [];
    private readonly List<long> _ordinals = [];
    private readonly List<string?> _keys = [];
    private readonly List<long> _sequences = [];
    private readonly List<string?> _labels = [];
    private readonly List<string?> _comments = [];

    public int Count => _sequences.Count;

    public void Add(long tenantKey, long ordinal, FeedbackSubmission submission, long sequence)
    {
        _tenantKeys.Add(tenantKey);
        _ordinals.Add(ordinal);
        _keys.Add(submission.IdempotencyKey);
        _sequences.Add(sequence);
        _labels.Add(StorableText.Clean(submission.Label));
        _comments.Add(StorableText.Clean(submission.Comment));
    }

    public NpgsqlBatchCommand ToCommand() => new NpgsqlBatchCommand(Insert)
        .Column(_tenantKeys)
        .Column(_ordinals)
        .Column(_keys)
        .Column(_sequences)
        .Column(_labels)
        .Column(_comments);
}
