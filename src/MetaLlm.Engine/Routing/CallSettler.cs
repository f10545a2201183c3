using MetaLlm.Core.Arms;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>Settles one decision, once, with all its attempts. It waits for nothing and never listens to the client's cancellation.</summary>
/// <param name="settlements">Takes the settlement to its owner.</param>
/// <param name="time">The clock.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="decision">The decision.</param>
/// <param name="request">What was asked for; null where no call is made.</param>
/// <param name="admitted">The call at the limits of its tenant; null where it has none.</param>
internal sealed class CallSettler(
    PendingSettlements settlements, TimeProvider time, string tenant, DecisionRecord decision, DecisionRequest? request = null, AdmittedCall? admitted = null)
{
    private readonly long _requested = time.GetTimestamp();
    private readonly List<FailedAttempt> _failed = [];
    private readonly Dictionary<string, byte[]?> _retrieved = [];
    private TimeSpan _retrieving;
    private double _retrievalUsd;
    private ArmTarget? _target;
    private string? _deployment;
    private bool _stream;
    private long _attempted;
    private TimeSpan? _answering;
    private TimeSpan? _took;
    private bool _isLeft;
    private bool _statesCost;
    private int _settled;

    /// <summary>Is told of the end; null for nobody.</summary>
    public CallLog? Log { get; init; }

    /// <summary>Counts attempts; null for nobody.</summary>
    public GenAiMetrics? Metrics { get; init; }

    /// <summary>What is asked for.</summary>
    public CallKind Kind { get; init; }

    /// <summary>The client's id of its request.</summary>
    public string? RequestId { get; init; }

    /// <summary>The arm that is being tried, or that answers.</summary>
    public string Arm { get; private set; } = decision.ChosenArm;

    public TimeSpan SinceRequest => time.GetElapsedTime(_requested);

    public TimeSpan SinceAttempt => time.GetElapsedTime(_attempted);

    /// <summary>Whether the last attempt that failed is charged something.</summary>
    public bool IsLastCharged => _failed is [.., { Usage: var usage, CostUsd: var usd }] && (usage != default || usd > 0);

    /// <summary>What the attempts that failed are charged, USD, at the prices that this process knows.</summary>
    public double AttemptsUsd { get; private set; }

    /// <summary>What is owed before another attempt begins, USD: for attempts that failed, and for what was retrieved and no attempt has been charged for.</summary>
    public double OwedUsd => AttemptsUsd + _retrievalUsd;

    /// <summary>What was made of the first answer; null where nobody weighed it.</summary>
    public WeighedAnswer? Weighed { get; set; }

    /// <summary>Whether the answer was whole before its reader got any of it.</summary>
    public bool IsHeld => _took is not null;

    /// <summary>Most that the client admits, USD; infinite without a limit.</summary>
    public double MaxCostUsd => request?.MaxCostUsd ?? double.PositiveInfinity;

    private TimeSpan Took => _took ?? SinceAttempt;

    private int Choices => request?.Choices ?? 1;

    private double LongestOutput
    {
        get
        {
            var ofModel = _target?.Options.MaxOutputTokens ?? 0;
            return Choices * Math.Min(request?.MaxOutputTokens ?? double.PositiveInfinity, ofModel > 0 ? ofModel : double.PositiveInfinity);
        }
    }

    /// <summary>Prompt tokens to expect of the arm that is being tried.</summary>
    public double InputTokens => InputTokensOf(_target);

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

    /// <summary>
    /// Tokens of a call whose end nobody saw: the upstream may have gone on. Their cost is what the arm was predicted to cost, and at least that of the prompt.
    /// </summary>
    public TokenUsage Presumed
    {
        get
        {
            var predicted = (decision.Arms.FirstOrDefault(arm => arm.ArmId == Arm)?.CostUsd ?? 0) - (_target?.Overhead?.Usd ?? 0);
            var output = _target?.Prices.OutputFor(predicted, InputTokens) ?? 0;

            // The prediction is that of one choice.
            return new TokenUsage(InputTokens, 0, Math.Min(output * Choices, LongestOutput));
        }
    }

    /// <summary>Tokens of an answer that nobody has counted. An estimate may be too high, an answer is never longer than request and model allow.</summary>
    /// <param name="characters">Characters of its text.</param>
    /// <param name="bytes">Bytes of its text in UTF-8; 0 when unknown.</param>
    public double EstimateOutput(long characters, long bytes) => Math.Min(TokenEstimate.FromSize(characters, bytes), LongestOutput);

    public void Attempting(string arm)
    {
        Arm = arm;
        (_target, _deployment, _took) = (null, null, null);
        _attempted = time.GetTimestamp();
    }

    /// <summary>The answer begins.</summary>
    /// <returns>Time since the request.</returns>
    public TimeSpan Answering()
    {
        var elapsed = SinceRequest;
        _answering = elapsed;
        return elapsed;
    }

    /// <summary>From now on the upstream may have the prompt.</summary>
    /// <param name="target">Where it is sent.</param>
    /// <param name="deployment">The deployment of the arm; null where it has one only.</param>
    /// <param name="stream">Whether a stream is asked for.</param>
    public void Sending(ArmTarget target, string? deployment, bool stream) => (_target, _deployment, _stream) = (target, deployment, stream);

    /// <summary>Prompt tokens to expect of an arm.</summary>
    public double InputTokensOf(ArmTarget? target) => decision.InputTokens + (target?.Overhead?.InputTokens ?? 0);

    /// <summary>Whether a retriever has answered already in this call.</summary>
    /// <param name="retriever">Its name.</param>
    /// <param name="text">What it said; null where that cannot be used.</param>
    public bool HasAnswered(string retriever, out byte[]? text) => _retrieved.TryGetValue(retriever, out text);

    /// <summary>A retriever has answered, which counts with the next attempt.</summary>
    /// <param name="retrieval">The retriever.</param>
    /// <param name="text">What it said; null where that cannot be used.</param>
    /// <param name="took">The time to its answer.</param>
    public void Retrieved(ArmRetrieval retrieval, byte[]? text, TimeSpan took)
    {
        _retrieved[retrieval.Name] = text;
        _retrieving += took;
        _retrievalUsd += retrieval.Usd;
    }

    /// <summary>A retriever was asked, whose answer is none or another than it gave. It is not asked again, and costs no more than it does already.</summary>
    /// <param name="retriever">Its name.</param>
    /// <param name="text">What is used; null for nothing.</param>
    public void Uses(string retriever, byte[]? text) => _retrieved[retriever] = text;

    /// <summary>The answer is here, and has not left.</summary>
    /// <param name="isWhole">Whether all of it is.</param>
    public void Held(bool isWhole) => _took = isWhole ? SinceAttempt : null;

    /// <summary>What an attempt costs, USD, at the prices that this process knows.</summary>
    public double CostOf(in TokenUsage usage, double? invoiceUsd) => invoiceUsd ?? _target?.Prices.Cost(usage) ?? 0;

    /// <summary>The answer is held back, for that of another arm.</summary>
    /// <returns>The attempt, which may come back where the other arm fails.</returns>
    public HeldAttempt HoldBack(TokenUsage usage, double? invoiceUsd)
    {
        var usd = CostOf(usage, invoiceUsd) + _retrievalUsd;
        var attempt = new FailedAttempt(Arm, FailureKind.Escalated, usage, WithRetrieval(invoiceUsd ?? _target?.Fixed(usage), usage), Math.Max(0, (Retrieving + Took).TotalSeconds), _deployment);
        var held = new HeldAttempt(attempt, usd, _target, _took, _retrieving, _retrievalUsd);
        _failed.Add(attempt);
        AttemptsUsd += usd;
        (_target, _deployment, _retrieving, _retrievalUsd) = (null, null, TimeSpan.Zero, 0);
        return held;
    }

    /// <summary>The answer leaves after all.</summary>
    public void Restore(HeldAttempt held)
    {
        _failed.Remove(held.Attempt);
        AttemptsUsd -= held.Usd;
        Arm = held.Attempt.ArmId;
        StateCost();
        (_target, _deployment, _took, _retrieving, _retrievalUsd) = (held.Target, held.Attempt.Deployment, held.Took, held.Retrieving, held.RetrievalUsd);
    }

    /// <summary>The journal may name another arm than this one, at whose prices the call would be booked: the settlement says what it costs.</summary>
    public void StateCost() => _statesCost = true;

    /// <summary>The attempt gave the client nothing.</summary>
    public void Failed(ChatProviderException failure)
    {
        if (KindOf(failure.Failure) is { } kind && _target is not null)
        {
            var usage = Charged(failure);
            AttemptsUsd += _target.Prices.Cost(usage) + _retrievalUsd;
            Metrics?.Ended(Kind, _target, usage, SinceAttempt, RoutingMetrics.Word(failure.Failure));
            _failed.Add(new FailedAttempt(Arm, kind, usage, WithRetrieval(_target.Fixed(usage), usage), Math.Max(0, (Retrieving + SinceAttempt).TotalSeconds), _deployment));
            (_retrieving, _retrievalUsd) = (TimeSpan.Zero, 0);
        }

        (_target, _deployment) = (null, null);
    }

    /// <summary>The client has gone before the answer began. An upstream that has the prompt goes on with it as often as not.</summary>
    public void Abort()
    {
        if (!_isLeft)
        {
            Settle(CallOutcome.Aborted, _target is null ? default : Presumed);
        }
    }

    /// <summary>The client has gone, and whoever reads the answer settles the call.</summary>
    public void Leave() => _isLeft = true;

    /// <summary>No arm answered.</summary>
    public void Fail()
    {
        if (_target is not null)
        {
            Failed(new ChatProviderException(ChatFailure.BadAnswer, "The attempt was given up."));
        }

        Settle(CallOutcome.Failed, default);
    }

    /// <param name="outcome">How the call ended.</param>
    /// <param name="usage">What it used.</param>
    /// <param name="invoiceUsd">What the upstream asks for, USD; null where prices say.</param>
    /// <param name="heldUpByReader">Whether the client's reading is a good part of the time, so that the arm's latency is not known.</param>
    public void Settle(CallOutcome outcome, TokenUsage usage, double? invoiceUsd = null, bool heldUpByReader = false)
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            admitted?.Settle(usage);
            var settlement = Settlement(outcome, usage, invoiceUsd, heldUpByReader);
            settlements.Start(tenant, Arm, settlement, SinceRequest);
            if (_target is not null)
            {
                Metrics?.Ended(Kind, _target, usage, SinceAttempt, outcome == CallOutcome.Completed ? null : RoutingMetrics.Word(outcome));
            }

            Log?.Ended(
                tenant, decision, RequestId, Arm, _failed.Count, outcome, usage, AttemptsUsd + (settlement.CostUsd ?? _target?.Prices.Cost(usage) ?? 0), _answering?.TotalSeconds, SinceRequest.TotalSeconds);
        }
    }

    /// <summary>Announces that the call is settled before long.</summary>
    /// <returns>To be disposed once it is; null when too many calls are in that state.</returns>
    public IDisposable? Announce() => settlements.Announce(tenant, decision.DecisionId);

    private Settlement Settlement(CallOutcome outcome, TokenUsage usage, double? invoiceUsd, bool heldUpByReader) => new()
    {
        DecisionId = decision.DecisionId,
        Outcome = outcome,
        Usage = usage,
        CostUsd = outcome == CallOutcome.Failed || usage == default ? _retrievalUsd : WithRetrieval(invoiceUsd ?? _target?.Fixed(usage), usage),
        LatencySeconds = outcome == CallOutcome.Completed && !heldUpByReader ? (Retrieving + Took).TotalSeconds : null,
        FailedAttempts = [.. _failed],
        Deployment = _deployment,
        Weighed = Weighed,
    };

    /// <summary>What an attempt costs with what was retrieved for it. Where the arm retrieves that is said in any case: an engine would count on a retriever that has answered.</summary>
    private double? WithRetrieval(double? costUsd, in TokenUsage usage) =>
        _statesCost || _target?.Overhead is { Usd: > 0 } || _retrievalUsd > 0 ? (costUsd ?? _target?.Prices.Cost(usage) ?? 0) + _retrievalUsd : costUsd;

    private TimeSpan Retrieving => _target?.Retrieval is null ? TimeSpan.Zero : _retrieving;

    private TokenUsage Charged(ChatProviderException failure)
    {
        if (failure.NeverSent)
        {
            return default;
        }

        if (failure.Usage is { } usage)
        {
            return usage;
        }

        return failure switch
        {
            // Status 408: the upstream has not got the request. A proxy that gives up (504) leaves a model behind it that may go on.
            { Failure: ChatFailure.Timeout, UpstreamStatus: not 408 } => Presumed,
            { UpstreamStatus: not null } or { Failure: ChatFailure.RateLimited or ChatFailure.Refused or ChatFailure.Objected } => default,

            // A plain answer is sent when all of it has been generated: nobody has seen how much that was.
            _ when !_stream => Presumed,
            _ => new TokenUsage(InputTokens, 0, 0),
        };
    }

    private static FailureKind? KindOf(ChatFailure failure) => failure switch
    {
        ChatFailure.Connection => FailureKind.Connection,
        ChatFailure.Timeout => FailureKind.Timeout,
        ChatFailure.RateLimited => FailureKind.RateLimited,
        ChatFailure.ServerError => FailureKind.ServerError,
        ChatFailure.Refused => FailureKind.Refused,
        ChatFailure.BadAnswer => FailureKind.BadAnswer,
        ChatFailure.Cut => FailureKind.Cut,
        ChatFailure.Objected => FailureKind.Objected,
        _ => null,
    };
}
