using System.Diagnostics.Metrics;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>What routing counts, as verbs. Labels are tenants, arms, upstreams and fixed words; never texts of clients.</summary>
public sealed class RoutingMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "MetaLlm.Routing";

    private static readonly InstrumentAdvice<double> Latencies = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    };

    private static readonly InstrumentAdvice<double> Overheads = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    };

    private readonly Counter<long> _decisions;
    private readonly Histogram<double> _decideSeconds;
    private readonly Histogram<double> _firstPartSeconds;
    private readonly Histogram<double> _callSeconds;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _reroutes;
    private readonly Counter<double> _tokens;
    private readonly Counter<long> _openings;
    private readonly Counter<long> _embeddings;
    private readonly Counter<long> _deployments;
    private readonly Counter<long> _turns;
    private readonly Counter<long> _unsafeSwitches;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Where the meter comes from; it owns the meter.</param>
    public RoutingMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var meter = factory.Create(MeterName);
        _decisions = meter.CreateCounter<long>("metallm.routing.decisions", "{decision}", "Decisions by chosen arm.");
        _decideSeconds = meter.CreateHistogram("metallm.routing.decide.duration", "s", "Time to embed a query and decide durably.", advice: Overheads);
        _firstPartSeconds = meter.CreateHistogram("metallm.routing.first_part.duration", "s", "Time from the request to the first part of its answer.", advice: Latencies);
        _callSeconds = meter.CreateHistogram("metallm.routing.call.duration", "s", "Time from the request to the end of its answer.", advice: Latencies);
        _failures = meter.CreateCounter<long>("metallm.routing.failures", "{attempt}", "Failed attempts by arm and kind of failure.");
        _reroutes = meter.CreateCounter<long>("metallm.routing.reroutes", "{call}", "Calls that another arm took over.");
        _tokens = meter.CreateCounter<double>("metallm.routing.tokens", "{token}", "Tokens of settled calls by direction.");
        _openings = meter.CreateCounter<long>("metallm.routing.circuit.openings", "{opening}", "Times the circuit breaker of a model opened.");
        GenAi = new GenAiMetrics(meter);
        _deployments = meter.CreateCounter<long>(
            "metallm.routing.deployment.attempts", "{attempt}", "Attempts at arms with several deployments, by deployment and by what came of them: an answer that began, or the kind of failure.");
        _embeddings = meter.CreateCounter<long>("metallm.routing.embeddings", "{query}", "Queries by where their embedding came from: the cache (hit) or the model (miss).");
        _turns = meter.CreateCounter<long>("metallm.routing.conversation.turns", "{turn}", "Turns of conversations by what became of their model.");
        _unsafeSwitches = meter.CreateCounter<long>(
            "metallm.routing.conversation.unsafe_switches", "{switch}", "Turns that another model had to serve while a tool's result or reasoning was open.");
    }

    internal GenAiMetrics GenAi { get; }

    internal void Decided(string tenant, DecisionRecord decision, TimeSpan elapsed)
    {
        _decisions.Add(1, Tag("tenant", tenant), Tag("arm", decision.ChosenArm), Tag("pinned", decision.Pinned ? "true" : "false"));
        if (decision.Conversation is { } place)
        {
            _turns.Add(1, Tag("tenant", tenant), Tag("outcome", Word(place.Choice)));
            if (place.Choice == ConversationChoice.Unsafe)
            {
                UnsafelySwitched(tenant);
            }
        }

        _decideSeconds.Record(elapsed.TotalSeconds, Tag("tenant", tenant));
    }

    internal void UnsafelySwitched(string tenant) => _unsafeSwitches.Add(1, Tag("tenant", tenant));

    internal void EmbeddingKept() => _embeddings.Add(1, Tag("cache", "hit"));

    internal void EmbeddingComputed() => _embeddings.Add(1, Tag("cache", "miss"));

    internal void Answering(string tenant, string arm, TimeSpan elapsed) =>
        _firstPartSeconds.Record(elapsed.TotalSeconds, Tag("tenant", tenant), Tag("arm", arm));

    internal void Failed(string tenant, string arm, ChatFailure failure) =>
        _failures.Add(1, Tag("tenant", tenant), Tag("arm", arm), Tag("kind", Word(failure)));

    internal void Deployed(string tenant, string arm, string deployment, ChatFailure? failure) => _deployments.Add(
        1, Tag("tenant", tenant), Tag("arm", arm), Tag("deployment", deployment), Tag("result", failure is { } kind ? Word(kind) : "answering"));

    internal void Rerouted(string tenant, string from, string to) =>
        _reroutes.Add(1, Tag("tenant", tenant), Tag("from", from), Tag("to", to));

    /// <param name="tenant">The tenant.</param>
    /// <param name="arm">The arm that served.</param>
    /// <param name="settlement">How the call ended.</param>
    /// <param name="elapsed">Time from the request to the end of its answer; null for a call of an earlier process.</param>
    internal void Settled(string tenant, string arm, Settlement settlement, TimeSpan? elapsed)
    {
        if (elapsed is { } time)
        {
            _callSeconds.Record(time.TotalSeconds, Tag("tenant", tenant), Tag("arm", arm), Tag("outcome", Word(settlement.Outcome)));
        }

        _tokens.Add(settlement.Usage.Input, Tag("tenant", tenant), Tag("arm", arm), Tag("direction", "input"));
        _tokens.Add(settlement.Usage.Output, Tag("tenant", tenant), Tag("arm", arm), Tag("direction", "output"));
    }

    internal void CircuitOpened(string upstream, string model) => _openings.Add(1, Tag("upstream", upstream), Tag("model", model));

    internal static string Word(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Completed => "completed",
        CallOutcome.Cut => "cut",
        CallOutcome.Aborted => "aborted",
        CallOutcome.Failed => "failed",
        CallOutcome.Expired => "expired",
        _ => "unknown",
    };

    internal static string Word(ConversationChoice choice) => choice switch
    {
        ConversationChoice.Begun => "begun",
        ConversationChoice.Kept => "kept",
        ConversationChoice.Held => "held",
        ConversationChoice.Switched => "switched",
        ConversationChoice.Replaced => "replaced",
        ConversationChoice.Unsafe => "unsafe",
        ConversationChoice.Pinned => "pinned",
        _ => "unknown",
    };

    internal static string Word(ChatFailure failure) => failure switch
    {
        ChatFailure.Connection => "connection",
        ChatFailure.Timeout => "timeout",
        ChatFailure.RateLimited => "rate_limited",
        ChatFailure.ServerError => "server_error",
        ChatFailure.Refused => "refused",
        ChatFailure.BadAnswer => "bad_answer",
        ChatFailure.Cut => "cut",
        ChatFailure.Gone => "gone",
        ChatFailure.CircuitOpen => "circuit_open",
        ChatFailure.Objected => "objected",
        ChatFailure.Unprepared => "unprepared",
        _ => "unknown",
    };

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
