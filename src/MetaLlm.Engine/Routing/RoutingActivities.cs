using System.Diagnostics;
using System.Globalization;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>
/// The spans of a routed call: <c>embed</c>, <c>decide</c>, one <c>call</c> for each attempt, <c>settle</c>, and <c>feedback</c>. Attributes follow
/// OpenTelemetry's conventions for generative AI where there are any. Texts of clients and upstreams are never among them.
/// </summary>
/// <remarks>While nobody listens every method here returns null, or does nothing, at once.</remarks>
public static class RoutingActivities
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "MetaLlm.Routing";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Feedback is taken in. Dispose the result to end it.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="count">How many items were handed in.</param>
    /// <param name="decisionId">The decision of the first.</param>
    /// <returns>The span; null when nobody listens.</returns>
    public static Activity? Feedback(string tenant, int count, string decisionId)
    {
        var activity = Start("feedback", tenant)?.SetTag("metallm.feedback.count", count);
        return count == 1 ? activity?.SetTag("metallm.decision.id", decisionId) : activity;
    }

    internal static Activity? Embed(string tenant, EmbeddingModelInfo model)
    {
        if (Start("embed", tenant) is not { } activity)
        {
            return null;
        }

        activity.DisplayName = $"embeddings {model.Id}";
        return activity.SetTag("gen_ai.operation.name", "embeddings").SetTag("gen_ai.request.model", model.Id);
    }

    internal static Activity? Decide(string tenant) => Start("decide", tenant);

    internal static void Decided(this Activity? activity, DecisionRecord decision) => activity?
        .SetTag("metallm.decision.id", decision.DecisionId)
        .SetTag("metallm.arm", decision.ChosenArm)
        .SetTag("metallm.propensity", decision.Propensity)
        .SetTag("metallm.pinned", decision.Pinned);

    internal static Activity? Call(string tenant, DecisionRecord decision, string arm, ArmTarget target, string? deployment, ChatPayload payload)
    {
        if (Start("call", tenant, ActivityKind.Client) is not { } activity)
        {
            return null;
        }

        var operation = Operation(payload.Kind);
        activity.DisplayName = $"{operation} {target.Model}";
        return activity
            .SetTag("gen_ai.operation.name", operation)
            .SetTag("gen_ai.provider.name", target.Endpoint.Name)
            .SetTag("gen_ai.request.model", target.Model)
            .SetTag("server.address", target.Endpoint.BaseAddress.Host)
            .SetTag("server.port", target.Endpoint.BaseAddress.Port)
            .SetTag("metallm.arm", arm)
            .SetTag("metallm.deployment", deployment)
            .SetTag("metallm.decision.id", decision.DecisionId)
            .SetTag("metallm.propensity", decision.Propensity)
            .SetTag("metallm.stream", payload.Stream);
    }

    /// <summary>What the conventions call a kind of call.</summary>
    internal static string Operation(CallKind kind) => kind switch
    {
        CallKind.Embeddings => "embeddings",
        CallKind.Completions => "text_completion",
        _ => "chat",
    };

    /// <summary>Ends a call's span with its outcome.</summary>
    internal static void Ended(this Activity? activity, CallOutcome outcome, TokenUsage usage, int status, AnswerTrace? answer)
    {
        if (activity is null)
        {
            return;
        }

        activity
            .SetTag("http.response.status_code", status)
            .SetTag("gen_ai.usage.input_tokens", (long)Math.Round(usage.Input))
            .SetTag("gen_ai.usage.output_tokens", (long)Math.Round(usage.Output))
            .SetTag("metallm.outcome", RoutingMetrics.Word(outcome));
        if (answer is not null)
        {
            activity
                .SetTag("gen_ai.usage.cache_read.input_tokens", usage.CachedInput > 0 ? (long)Math.Round(usage.CachedInput) : null)
                .SetTag("gen_ai.response.id", answer.Origin?.Id)
                .SetTag("gen_ai.response.model", answer.Origin?.Model)
                .SetTag("gen_ai.response.finish_reasons", answer.FinishReasons is { Length: > 0 } reasons ? reasons : null);
        }

        if (status >= 400)
        {
            activity.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture)).SetStatus(ActivityStatusCode.Error);
        }

        activity.Dispose();
    }

    /// <summary>Marks a span as failed; the upstream's words stay out.</summary>
    internal static void Failed(this Activity? activity, ChatFailure failure) =>
        activity?.SetTag("error.type", RoutingMetrics.Word(failure)).SetStatus(ActivityStatusCode.Error);

    /// <summary>Marks a span as failed by a defect, or by the engine.</summary>
    internal static void Failed(this Activity? activity, Exception exception) =>
        activity?.SetTag("error.type", exception.GetType().FullName).SetStatus(ActivityStatusCode.Error);

    internal static Activity? Settle(string tenant, string arm, Settlement settlement) => Start("settle", tenant)?
        .SetTag("metallm.decision.id", settlement.DecisionId)
        .SetTag("metallm.arm", arm)
        .SetTag("metallm.outcome", RoutingMetrics.Word(settlement.Outcome));

    private static Activity? Start(string name, string tenant, ActivityKind kind = ActivityKind.Internal) =>
        Source.StartActivity(name, kind)?.SetTag("metallm.tenant", tenant);
}
