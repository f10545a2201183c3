namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>What a call of the Messages API has used. A marked prompt is written to the cache the first time; one whose text says "again" is read from it.</summary>
/// <param name="call">The call.</param>
internal sealed class AnthropicMeter(AnthropicCall call)
{
    private bool _refused;

    public long Read { get; } = call.IsMarked && call.FirstText.Contains("again", StringComparison.Ordinal) ? call.PromptTokens / 2 : 0;

    public long Written { get; } = call.IsMarked && !call.FirstText.Contains("again", StringComparison.Ordinal) ? call.PromptTokens / 2 : 0;

    /// <summary>Tokens of the prompt that no cache has to do with.</summary>
    public long Fresh => call.PromptTokens - Read - Written;

    public long Generated { get; set; }

    /// <summary>Whether the caller could learn the amount.</summary>
    public bool IsKnown { get; set; } = true;

    public decimal Usd => _refused ? 0
        : AnthropicUpstream.Price.Usd(Fresh + Read, Read, Generated) + (Written * AnthropicUpstream.CacheWriteUsd / 1_000_000);

    public void Refuse() => _refused = true;

    public object ToUsage() => new
    {
        input_tokens = Fresh,
        cache_creation_input_tokens = Written,
        cache_read_input_tokens = Read,
        cache_creation = new { ephemeral_5m_input_tokens = Written, ephemeral_1h_input_tokens = 0 },
        output_tokens = Generated,
        output_tokens_details = (object?)null,
        server_tool_use = (object?)null,
        service_tier = "standard",
        inference_geo = (string?)null,
        speed = (string?)null,
    };
}
