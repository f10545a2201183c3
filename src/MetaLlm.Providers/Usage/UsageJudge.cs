using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Usage;

/// <summary>
/// Decides what an answer's count is worth. What the text contradicts, and what neither text nor limits explain, is replaced by an estimate. One per call; not
/// safe for concurrent use.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="metrics">Counts what was not believed.</param>
internal sealed class UsageJudge(ChatCall call, ProviderMetrics metrics)
{
    // Tokens of more characters than this are spaces and rules in a row; an answer is not made of them.
    private const double LongestToken = 64;

    // A bill may hold fees beside the tokens, and a price list may be out of date; no model is dearer than this.
    private const double BillFactor = 20;
    private const double DearestTokenUsd = 0.001;
    private const double LargestFeeUsd = 1;

    private UsageCounts? _counts;
    private UsageLimits? _limits;
    private TextSize _text;
    private string? _doubt;

    /// <summary>Takes in what one piece of the answer says.</summary>
    public void Saw(TextSize text, UsageCounts? counts)
    {
        _text += text;
        if (counts is { } said)
        {
            _counts = _counts is { } earlier ? said.Over(earlier) : said;
        }
    }

    /// <summary>What the call has used so far; nothing while nobody has counted.</summary>
    /// <param name="isEnd">Whether this is the last word, whose doubts are counted.</param>
    public (TokenUsage? Usage, double? InvoiceUsd) Judge(bool isEnd)
    {
        if (_counts is not { } counts)
        {
            return default;
        }

        _doubt = null;
        TokenUsage? usage = counts.HasTokens ? Tokens(counts) : null;
        var invoice = Invoice(counts, usage);
        if (isEnd && _doubt is { } doubt)
        {
            metrics.UsageDoubted(call.Endpoint.Name, doubt);
        }

        return (usage, invoice);
    }

    /// <summary>What an upstream has counted that then failed; null where it has counted nothing, or zeros.</summary>
    public TokenUsage? Counted => _counts is { Prompt: > 0 } or { Completion: > 0 } or { Total: > 0 } ? Judge(isEnd: true).Usage : null;

    private TokenUsage Tokens(UsageCounts counts)
    {
        var input = counts.Prompt ?? 0;
        var output = counts.Completion;

        // Reasoning, or what a cache held, may stand in the total alone.
        var beyond = counts.Total is { } total && input > 0 ? total - input - (output ?? 0) : 0;
        if (beyond > 0 && IsCache(counts, beyond) && counts.Reasoning != beyond)
        {
            input = input + beyond <= Limits.Input ? input + beyond : input;
        }
        else if (beyond > 0 && !IsTooMuch((output ?? 0) + beyond))
        {
            output = (output ?? 0) + beyond;
        }

        if (input <= 0 || (input > call.Body.Length && input > Limits.Input))
        {
            _doubt = input <= 0 ? "zero" : "absurd";
            input = InputEstimate;
        }

        if (output is null || output < _text.Characters / LongestToken || (output == 0 && _text.Bytes > 0))
        {
            _doubt = output is null ? "missing" : "contradicted";
            output = OutputEstimate;
        }
        else if (IsTooMuch(output.Value))
        {
            _doubt = "absurd";
            output = OutputEstimate;
        }

        return new TokenUsage(input, Math.Min(counts.Cached ?? 0, input), output.Value);
    }

    private double? Invoice(UsageCounts counts, TokenUsage? usage)
    {
        var prices = call.Options.Prices;
        var tokens = usage ?? new TokenUsage(InputEstimate, 0, OutputEstimate);
        var list = prices is null ? 0 : prices.List.Cost(tokens);
        if (counts.CostUsd is { } bill && (bill > 0 || list <= 0))
        {
            if (bill <= LargestFeeUsd + Math.Max(BillFactor * list, DearestTokenUsd * (tokens.Input + tokens.Output)))
            {
                return bill;
            }

            _doubt = "absurd";
        }

        if (prices is null || usage is null)
        {
            return null;
        }

        var fresh = tokens.Input - tokens.CachedInput;
        var written = Math.Min(counts.CacheWrite ?? 0, fresh);
        var heard = Math.Min(counts.AudioInput ?? 0, fresh - written);
        var spoken = Math.Min(counts.AudioOutput ?? 0, tokens.Output);
        var more = (written * (prices.CacheWrite - prices.Input)) + (heard * (prices.AudioInput - prices.Input)) + (spoken * (prices.AudioOutput - prices.Output));
        return more == 0 ? null : Math.Max(0, list + more);
    }

    private static bool IsCache(UsageCounts counts, double tokens) =>
        tokens == (counts.Cached ?? 0) + (counts.CacheWrite ?? 0) || tokens == counts.Cached || tokens == counts.CacheWrite;

    /// <summary>What an upstream may charge that has read the prompt and answered with an error.</summary>
    public TokenUsage PromptAlone => new(InputEstimate, 0, 0);

    /// <summary>An estimate may be too high; an answer is never longer than request and model allow.</summary>
    private double OutputEstimate => Math.Min(_text.Tokens, Limits.Allowed);

    private double InputEstimate => call.InputTokens > 0 ? call.InputTokens : new TextSize(call.Body.Length, call.Body.Length).Tokens;

    /// <summary>Text explains a token for each of its bytes; reasoning, which is not seen, as many as the limits allow.</summary>
    private bool IsTooMuch(double output) => output > _text.Bytes && output > Limits.Output;

    private UsageLimits Limits => _limits ??= UsageLimits.Of(call);
}
