using MetaLlm.Gateway.Configuration;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>One guardrail, as one tenant uses it, with its time-out and its circuit breaker: while most looks fail, the next ones fail at once.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class GuardrailLane
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private const int FewestLooks = 8;

    private readonly ResiliencePipeline<GuardrailVerdict> _pipeline;

    public GuardrailLane(GuardrailSettings settings, TimeProvider time)
    {
        Settings = settings;
        _pipeline = new ResiliencePipelineBuilder<GuardrailVerdict> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<GuardrailVerdict>
            {
                FailureRatio = 0.5,
                MinimumThroughput = FewestLooks,
                SamplingDuration = Window,
                BreakDuration = Pause,
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is not null and not OperationCanceledException),
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = settings.Timeout })
            .Build();
    }

    /// <summary>What it was made from.</summary>
    public GuardrailSettings Settings { get; }

    public ValueTask<GuardrailVerdict> CheckAsync(IGuardrail guardrail, GuardedContent content, CancellationToken cancellationToken) => _pipeline.ExecuteAsync(
        static async (state, token) =>
        {
            // A check that heeds no cancellation is waited for no longer either.
            var checking = state.Guardrail.CheckAsync(state.Content, token);
            var verdict = checking.IsCompletedSuccessfully ? checking.Result : await checking.AsTask().WaitAsync(token).ConfigureAwait(false);
            return verdict.Action != GuardrailAction.Replace || (verdict.Texts.Count == state.Content.Texts.Count && verdict.Texts.All(text => text is not null))
                ? verdict
                : throw new InvalidDataException($"The guardrail gives {verdict.Texts.Count} texts in place of {state.Content.Texts.Count}.");
        },
        (Guardrail: guardrail, Content: content),
        cancellationToken);
}
