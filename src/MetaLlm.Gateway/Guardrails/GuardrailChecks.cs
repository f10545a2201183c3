using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>Has the guardrails of a tenant look at texts, one after the other.</summary>
internal sealed partial class GuardrailChecks(IServiceProvider services, SettingsStore settings, GuardrailMetrics metrics, TimeProvider time, ILogger<GuardrailChecks> logger) : IDisposable
{
    private const int LongestReason = 500;
    private const int LongestVerdict = 64 * 1024 * 1024;

    private readonly GuardrailLanes _lanes = new(time);
    private readonly QuietLog _quiet = new(time);
    private readonly HttpClient _client = GuardrailWebhook.Connect(LongestVerdict);

    /// <summary>Has texts looked at.</summary>
    /// <param name="names">The guardrails, in order.</param>
    /// <param name="content">The texts.</param>
    /// <param name="canReplace">Whether others may still stand in their place; where they may not, a replacement blocks.</param>
    /// <param name="cancellationToken">Ends the checks.</param>
    /// <returns>The texts that go on in their place; null where they go on as they are.</returns>
    /// <exception cref="ApiException">They are blocked, or a guardrail that must look could not.</exception>
    public async ValueTask<IReadOnlyList<string>?> CheckAsync(IReadOnlyList<string> names, GuardedContent content, bool canReplace, CancellationToken cancellationToken)
    {
        IReadOnlyList<string>? replaced = null;
        foreach (var name in names)
        {
            var verdict = await AskAsync(name, content, cancellationToken).ConfigureAwait(false);
            if (verdict.Action == GuardrailAction.Block || (verdict.Action == GuardrailAction.Replace && !canReplace))
            {
                throw new ApiException(Blocked(name, content, verdict));
            }

            if (verdict.Action == GuardrailAction.Replace)
            {
                replaced = verdict.Texts;
                content = content with { Texts = [.. content.Texts.Zip(verdict.Texts, (text, other) => text with { Text = other })] };
            }
        }

        return replaced;
    }

    public void Dispose() => _client.Dispose();

    private static ApiError Blocked(string name, GuardedContent content, GuardrailVerdict verdict)
    {
        var what = content.Stage == GuardrailStage.Request ? "request" : "answer";
        var why = verdict switch
        {
            { Action: GuardrailAction.Replace } => " It would have other words in place of what was sent already.",
            { Reason: { Length: > 0 } reason } => $" {(reason.Length > LongestReason ? reason[..LongestReason] : reason)}",
            _ => "",
        };
        return new ApiError(ErrorCode.ContentBlocked, $"The guardrail '{name}' has blocked the {what}.{why}") { DecisionId = content.DecisionId };
    }

    private async ValueTask<GuardrailVerdict> AskAsync(string name, GuardedContent content, CancellationToken cancellationToken)
    {
        if (!settings.Current.Guardrails.TryGetValue(name, out var current))
        {
            throw Unavailable(name, content);
        }

        var lane = _lanes.Of(name, content.Tenant, current);
        var started = time.GetTimestamp();
        try
        {
            var verdict = await lane.CheckAsync(Find(name, current), content, cancellationToken).ConfigureAwait(false);
            metrics.Checked(name, content.Stage, Word(verdict.Action), time.GetElapsedTime(started));
            return verdict;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // What a guardrail throws is its failure, whatever it is; the configuration says what follows from it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            metrics.Checked(name, content.Stage, "failed", time.GetElapsedTime(started));
            if (_quiet.MaySay((name, e.GetType()), out var unsaid))
            {
                // The words of the exception may be those of a client.
                LogFailed(logger, name, e.GetType().Name, current.OnFailure, unsaid);
            }

            return current.OnFailure == GuardrailFailure.Allow ? GuardrailVerdict.Allow : throw Unavailable(name, content);
        }
    }

    private IGuardrail Find(string name, GuardrailSettings of) => of.Kind == GuardrailKind.Webhook
        ? new WebhookGuardrail(_client, of)
        : services.GetKeyedService<IGuardrail>(name) ?? throw new InvalidOperationException($"No IGuardrail is registered under the key '{name}'.");

    private static ApiException Unavailable(string name, GuardedContent content) => new(new ApiError(
        ErrorCode.GuardrailUnavailable, $"The guardrail '{name}' cannot be asked at the moment, and nothing passes without it; the request may be repeated.")
    {
        RetryAfterSeconds = 1, DecisionId = content.DecisionId,
    });

    private static string Word(GuardrailAction action) => action switch
    {
        GuardrailAction.Block => "block",
        GuardrailAction.Replace => "replace",
        _ => "allow",
    };

    [LoggerMessage(5421, LogLevel.Warning, "Guardrail {Guardrail} failed ({Error}); then its texts get: {OnFailure} ({Unsaid} more since the last such line).")]
    private static partial void LogFailed(ILogger logger, string guardrail, string error, GuardrailFailure onFailure, int unsaid);
}
