namespace MetaLlm.Gateway.Http;

/// <summary>Our own headers, and those that no standard names.</summary>
internal static class MetaLlmHeaders
{
    public const string DecisionId = "x-metallm-decision-id";
    public const string Model = "x-metallm-model";
    public const string Policy = "x-metallm-policy";
    public const string Propensity = "x-metallm-propensity";
    public const string Attempts = "x-metallm-attempts";
    public const string EscalatedFrom = "x-metallm-escalated-from";
    public const string EscalatedUsd = "x-metallm-escalated-usd";

    public const string Task = "x-metallm-task";
    public const string Quality = "x-metallm-quality";
    public const string Cost = "x-metallm-cost";
    public const string Latency = "x-metallm-latency";
    public const string MaxCostUsd = "x-metallm-max-cost-usd";
    public const string Allow = "x-metallm-allow";
    public const string Session = "x-metallm-session";
    public const string RetryAfterMilliseconds = "retry-after-ms";
    public const string Cache = "x-metallm-cache";
    public const string Similarity = "x-metallm-cache-similarity";
    public const string Replayed = "x-metallm-replayed";
    public const string IdempotencyKey = "Idempotency-Key";
}
