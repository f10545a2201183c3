using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Budgets;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Features;
using MetaLlm.Core.Guarantees;
using MetaLlm.Core.Judging;
using MetaLlm.Core.Rollout;
using MetaLlm.Core.Sharing;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Grains;
using MetaLlm.Engine.Orleans.Streams;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.RequestLog;
using MetaLlm.Engine.Responses;
using MetaLlm.Engine.Retention;
using MetaLlm.Engine.SharedLearning;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Engine.Usage;

namespace MetaLlm.Engine.Orleans.Tests.Serialization;

/// <summary>One object of each type that crosses the wire.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset At = new(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2));
    private static readonly PreferenceWeights Preferences = new(1.5, 0.25, 2);
    private static readonly TokenUsage Usage = new(10, 3, 7);
    private static readonly ArmAssessment Assessment = new("small", 0.1, 0.2, 0.3, 0.4, -0.5, 0.6, "disabled", 0.7, 12.5);

    private static readonly UsageSum Sum = new()
    {
        Tenant = "acme", At = At, Group = "small", Requests = 1, Settled = 2, FailedAttempts = 3, InputTokens = 4, CachedInputTokens = 5, OutputTokens = 6, SpentUsd = 7, WastedUsd = 8,
        Rewards = 9, RewardSum = 10, RewardSquares = 11, ExplorationUsd = 12, Latencies = 13, LatencySeconds = 14,
    };

    private static readonly ConversationTurn Turn = new()
    {
        Key = 1, Previous = 2, Prefix = ulong.MaxValue, Whole = 4, IsStored = true, PrefixTokens = 5.5, MarkedTokens = 6.5, Hold = ConversationHold.ToolResult,
    };

    private static readonly ConversationPlace ConversationPlace = new()
    {
        Turn = Turn, Number = 2, PreviousOrdinal = 3, PreviousArm = "large", Choice = ConversationChoice.Switched, Preferred = "small", LastingTurns = 4.5, IsMixed = true,
    };

    private static readonly NativeRequest Native = new("anthropic", new byte[] { 4, 5 }, "msg_") { IsRequired = true, Headers = [new("anthropic-beta", "b")] };
    private static readonly PricedCandidate Candidate = new("embedder", 0.25, 0.5, "disabled");

    private static readonly DecisionFacts Facts = new()
    {
        DecisionId = "d-1", Ordinal = 4, ServedArm = "large", FeatureSchema = "schema", Context = [1, -0.5f, float.Epsilon],
        Propensity = 0.75, ReservedUsd = 0.5, SettledUsd = 0.4, Pinned = true, At = At, BoundUsd = 0.875,
        InputTokens = 12.5, ChosenArm = "small", UserWeight = 0.25,
    };

    private static readonly GuaranteePlace Under = new() { Topic = "tâche", Beside = "large", Bound = 0.125 };

    private static readonly DecisionRecord Decision = new()
    {
        Tenant = "acme", DecisionId = "d-2", Ordinal = 3, AppliedSequence = 2, At = At, Policy = "policy", PolicyVersion = 9,
        FeatureSchema = "schema", Context = [0.25f, -1], Task = "tâche", InputTokens = 12.5, Arms = [Assessment], ChosenArm = "small",
        GreedyArm = "large", Pinned = true, Propensity = 0.9, Draw = 1.0 / 3, Seed = ulong.MaxValue, Lambda = -2, Preferences = Preferences, ReservedUsd = 0.1, Origin = DecisionOrigin.Call,
        User = 5, UserWeight = 0.5, Key = "key", Conversation = ConversationPlace, Guarantee = Under,
    };

    private static readonly WeighedAnswer Weighed = new()
    {
        Signals = new AnswerSignals { MeanLogProbability = -0.5, Tokens = 12, Refused = true, SelfReport = 0.75, Verdict = 0.25 },
        Topic = "tâche", FirstUsd = 0.125, FirstQuality = 0.5, Doubt = 0.375, Gain = -0.25, Propensity = 0.98, Second = "large", SecondQuality = 0.875,
    };

    private static readonly Settlement Settled = new()
    {
        DecisionId = "d-3", Outcome = CallOutcome.Expired, Usage = Usage, CostUsd = 0.25, LatencySeconds = 1.5,
        FailedAttempts = [new("small", FailureKind.Timeout, Usage, 0.125, 1.5, "east")],
        Deployment = "west", Weighed = Weighed,
    };

    private static readonly FailedAttempt Failed = Settled.FailedAttempts[0];

    private static readonly UpstreamObjection Objection = new(422, "application/json", new byte[] { 1, 2 });

    private static readonly ArmFailures Failures = new(0.25, [1, 0, 2]);

    private static readonly ArmReport Report = new("small", true, new ArmStatistics(1, 2, 0.3, 0.4, 0.5, 0.6)) { QuizRows = 7, WastedUsd = 0.0625, Failures = Failures, Drifts = true };

    private static readonly ForgottenLearning Forgotten = new("acme", ["policy"], 1, 2, 3, 4);

    private static readonly WindowReport Window = new(BudgetWindow.Month, 1, 2, 3, 4, At);

    private static readonly HardCapRefusal Cap = new(At, TimeSpan.FromSeconds(7), 9);

    private static readonly QualityFloorReport Floor = new(0.5, 0.25, 7, QualityFloorStatus.LimitedByBudget);

    private static readonly ImputationReport Imputation = new(ImputationStatus.OffBiased, 0.125, 51, -0.5, 3);

    private static readonly DirectoryTenant Listed = new("acme", 3, "{}", At, At.AddDays(1));

    private static readonly DirectoryKey Known = new()
    {
        Id = "id", Tenant = "acme", Name = "name", Rights = ["chat"], Salt = [1], Hash = [2], CreatedAt = At, ExpiresAt = At.AddDays(1), LastUsedAt = At.AddDays(2),
        Limits = new AdmissionLimits { ParallelCalls = 3 },
    };

    private static readonly StoredResponse Kept = new()
    {
        Tenant = "acme", Id = "resp_1", PreviousId = "resp_0", CreatedAt = At, Input = new byte[] { 1 }, Response = new byte[] { 2 },
    };

    private static readonly AnswerClaim Claim = new()
    {
        Tenant = "acme", Id = "hash", Fingerprint = new byte[] { 1, 2 }, Owner = "call", At = At, HeldUntil = At.AddSeconds(30), Expired = At.AddDays(-1),
    };

    private static readonly DecisionSummary Found = new()
    {
        DecisionId = "dec-1", Ordinal = 2, At = At, Task = "task", ChosenArm = "small", ServedArm = "large", Pinned = true, Propensity = 0.5, Outcome = CallOutcome.Completed, CostUsd = 0.25,
        LatencySeconds = 1.5, Reward = 0.75, FeedbackCount = 3,
    };

    private static readonly LoggedRequest Logged = new() { Tenant = "acme", Id = "req-1", CreatedAt = At, Head = "{}", Body = new byte[] { 4 } };

    private static readonly KeptAnswer Remembered = new() { Fingerprint = new byte[] { 1, 2 }, Owner = "call", Status = 200, Head = "{}", Body = new byte[] { 3 } };

    private static readonly LinearReduction Reduction = new("reduction", 2, [1, 2], [3, 4], 0.5f);

    private static readonly QueryFeatures Features = new([1, 2], [3, 4], "task", 5);

    private static readonly WarmStartQuery Answered = new(Features, [0.5], [Usage], [0.25], [1.5]);

    private static readonly UpstreamTimeouts Timeouts = new()
    {
        Connect = TimeSpan.FromSeconds(1), FirstByte = TimeSpan.FromSeconds(2), Idle = TimeSpan.FromSeconds(3), Total = TimeSpan.FromSeconds(4),
        Plain = TimeSpan.FromSeconds(5),
    };

    private static readonly UpstreamEndpoint Endpoint = new()
    {
        Name = "up", BaseAddress = new Uri("https://host:8/v1/"), ApiKey = "key", Timeouts = Timeouts, ConnectRetries = 5, AskForStreamUsage = false,
        Protocol = UpstreamEndpoint.Anthropic, KeyHeader = "x-api-key", Headers = [new("h", "1")], Query = [new("q", "2")],
        Authentication = UpstreamAuthentication.Aws, Region = "eu-central-1",
    };

    private static readonly UsagePrices Prices = new(1, 2, 3, 4, 5, 6);

    private static readonly CallOptions Options = new()
    {
        DropParameters = ["a"], RenameParameters = [new("b", "c")], Defaults = [new("d", "1")], Prices = Prices, ContextTokens = 7, MaxOutputTokens = 8,
        Headers = [new("e", "3")], Query = [new("f", "4")], Dimensions = 9, SystemPrompt = new byte[] { 4, 5 },
    };

    private static readonly AdmissionLimits Limits = new() { RequestsPerMinute = 1, TokensPerMinute = 2, ParallelCalls = 3 };

    private static readonly AllowanceNeed Need = new() { Needed = 1.5, Least = 0.5, Corrections = [-1, 2], History = [3] };

    private static readonly AllowanceShare Share = new(1, 2, 3, 4);

    public static RewardedEvent Rewarded { get; } = new() { Sequence = 6, At = At, Decision = Facts, Reward = 0.5, PreviousReward = 0.25, Weight = 0.125, PreviousWeight = 0.75, Defaulted = true, Withdrawn = true, IsVerdict = true, Verdicts = "quality 1 0.5 0.25 -" };

    private static readonly JudgeVerdict Verdict = new("quality", 2, 0.75, 0.125, -1);

    private static readonly VerdictMoments Moments = new(3, new PairSums(1, 2, 3, 4, 5, 6), new PairSums(7, 8, 9, 10, 11, 12));

    private static readonly JudgeReport Judge = new()
    {
        Judge = "quality", Version = 2, Arms = [new JudgeArmReport("small", Moments, VerdictMoments.None)], Error = 0.2, ErrorLow = 0.1, ErrorHigh = 0.3, Compared = 5, FirstWon = 3, SecondWon = 1,
    };

    private static readonly CanaryReport Canary = new()
    {
        Arm = "small", Share = 0.1, Stop = CanaryStop.Reward, StoppedAt = At, Canary = new CanarySide(1, 0.2, 0.1, 3, 0.4, 0.5), Others = new CanarySide(6, 0.7, 0.8, 9, 0.9, 0.85),
    };

    private static readonly GuaranteeReport Promised = new()
    {
        Reference = "large", Equality = "exact", Candidates = ["small"], Waiting = 7,
        Certificate = new GuaranteeCertificate
        {
            Difference = 0.1, Confidence = 0.9, Since = At, Suspended = true, Total = new ServedDifference("", 1, 2, 3, 4, 0.5), Topics = [new ServedDifference("a", 5, 6, 7, 8, 0.25)],
            Candidates = [new CandidateEvidence("a", 0, 9, 8, 0.75, 2)], SpentUsd = 1.5, BesideUsd = 0.5, ReferenceUsd = 2.5, UsedUp = 3.5, Allowed = 4.5, Pending = 6, Arms = [new ServedCandidate(0, 3, 2, 1)],
        },
    };

    private static readonly TenantReport Learned = new()
    {
        Tenant = "acme", Policy = "policy", PolicyVersion = 1, FeatureSchema = "schema", Decisions = 2, EventsApplied = 3, RewardsApplied = 4,
        RewardsIgnored = 5, RewardsDefaulted = 9, WarmStartRows = 6, SpendUsd = 0.6, ReservedUsd = 0.7, Lambda = 0.8, Windows = [Window], QualityFloor = Floor, Imputation = Imputation, StateHash = "hash", Arms = [Report], BoundUsd = 0.9, WastedUsd = 0.05, Canary = Canary, Judges = [Judge], Cascade = new CascadeReport(5, 4, 0.5, 0.25, 3), Guarantee = Promised,
    };

    public static IReadOnlyList<object> All { get; } =
    [
        Decision, Assessment, new QueryAssessment(12.5, [Assessment]), Preferences, Facts, Rewarded, Usage, Failures, Report, Window, Floor, Imputation, Settled, Features, Timeouts, Endpoint,
        new ArmStatistics(1, 2, 0.3, 0.4, 0.5, 0.6),
        Learned, Under, Promised, Promised.Certificate, Promised.Certificate.Total, Promised.Certificate.Candidates[0], Promised.Certificate.Arms[0], Canary, Canary.Others, Verdict, Judge, Judge.Arms[0], Moments, Moments.First,
        new BudgetResetReceipt(4, Learned, Learned),
        new EvidenceQuestion { DecisionId = "d-1", PurseUsd = 2, LeftUsd = 1.5, ExpectedRequests = 100, Models = ["small"], QuizRows = 20 },
        new EvidenceAnswer("small", 0.5, Usage, 0.25, 1.5), new EvidenceReceipt(3, 2, ["small"]),
        new UpgradeInProgressException("upgrade"),
        new StoredDecision { Decision = Decision, ServedArm = "large", ReservedUsd = 0.1, Settlement = Settled, Reward = 0.5, RewardWeight = 0.25, FeedbackCount = 2, BoundUsd = 0.375, Verdicts = "quality 1 0.5 0.25 -" },
        Answered,
        new WarmStartSet
        {
            EmbeddingModelId = "model", ArmIds = ["small"],
            Rows = [Answered, new WarmStartQuery(Features with { Task = null }, [1], [Usage], [2], [3])],
        },
        new QuizSet
        {
            ArmId = "small",
            Outcomes = new WarmStartSet
            {
                EmbeddingModelId = "model", ArmIds = ["small", "large"],
                Rows = [new WarmStartQuery(Features, [0.5, double.NaN], [Usage, default], [0.25, 0], [1.5, double.NaN])],
            },
        },
        new WarmStartReceipt(2, true, 3),
        new Reroute("d-4", "large", 0.5, "timeout", 0.75, 0.125),
        Weighed, Weighed.Signals, new Consideration { DecisionId = "d-4", Signals = Weighed.Signals, SpentUsd = 0.125, Unavailable = ["small"] }, new CascadeReport(5, 4, 0.5, 0.25, 3),
        Cap,
        Failed,
        Objection,
        new FeedbackSubmission { DecisionId = "d-5", Reward = 0.5, IdempotencyKey = "key", Label = "label", Comment = "comment", Weight = 0.25, IsDefault = true, IsWithdrawal = true, Settlement = Settled, Verdicts = [Verdict] },
        new FeedbackReceipt("d-6", FeedbackStatus.UnknownDecision, 7),
        new DecisionRequest
        {
            Features = Features, Preferences = Preferences, PinnedArm = "small", AllowedArms = ["a"], UnhealthyArms = ["b"], RequiredCapabilities = ["c"], MaxCostUsd = 1, Origin = DecisionOrigin.Call, InputTokensBound = 9, MaxOutputTokens = 8, Choices = 7, User = 6, Key = "key", Candidates = [Candidate], Conversation = Turn, Unit = 5,
        },
        Turn, ConversationPlace, Candidate, Claim, Remembered, Logged, new AnswerOrigin("up-1", "model-2026"),
        new LoggedRequestQuery { Tenant = "acme", From = At, To = At.AddHours(1), BeforeId = "req-1", Limit = 5 },
        new EmbeddingModelInfo("model", 2, Reduction) { WholeCharacters = 9 }, Reduction,
        new ChatCall { Endpoint = Endpoint, Model = "model", Body = new byte[] { 1, 2, 3 }, Stream = true, ResponseId = "id", ResponseModel = "arm", Options = Options, InputTokens = 9, Kind = CallKind.Embeddings, Withheld = WithheldReasoning.Closed, Native = Native, Retrieved = new byte[] { 6 }, IsTraced = true },
        Options,
        Prices,
        new ChatProviderException(ChatFailure.Gone, "gone") { UpstreamStatus = 410, RetryAfter = TimeSpan.FromSeconds(9), Objection = Objection, Usage = Usage, NeverSent = true },
        new EmbeddingModelMismatchException("acme", "old", "new"),
        new UnknownTenantException("acme"),
        new OutdatedConfigurationException("acme", 1, 2),
        new ShardedTenantException("Tenant 'acme' has shards 4."),
        Listed,
        Known,
        Kept,
        new StoredFile { Tenant = "acme", Id = "file-1", Purpose = "batch", Name = "queries.jsonl", CreatedAt = At, Bytes = 3 },
        new SharedContribution
        {
            Through = 3, Next = 5, At = At, Releases = 2, Epsilon = 0.5, Cells = [new SharedCell("up/small", "code", -7, 120, 2.5)],
        },
        new SharedCell("up/small", "", 9, -3, 1.5),
        new PooledCell("up/small", "code", 1.25, 2.5, 0.5, 3),
        new StoredBatch { Tenant = "acme", Id = "batch_1", CreatedAt = At, IsOpen = false, CancelledAt = At.AddHours(1), Document = "{}" },
        new StoredLine(2, "{}"),
        new FileUse(3, 4),
        new DirectoryWrite
        {
            Action = DirectoryAction.CreateKey, Actor = "actor", At = At, Tenant = "acme", Document = "{}", ExpectedRevision = 4, Key = Known, KeyId = "id", NeedsTenant = true, Before = "[]",
        },
        new DirectoryReceipt(DirectoryOutcome.Outdated, 5, Listed),
        new DirectoryChange { Revision = 6, At = At, Actor = "actor", Action = DirectoryAction.RevokeKey, Tenant = "acme", KeyId = "id", Before = "{}", After = "[]" },
        new DirectoryChangeQuery { Tenant = "acme", Since = At, After = 7, Limit = 8, WithContents = false },
        new KeyUse("id", At),
        new DecisionSearchQuery { Owner = "acme#2", From = At, To = At.AddHours(1), Arm = "arm", Task = "task", Before = 9, Limit = 8, LookAt = 7, WithTasks = false },
        new DecisionSearchPage([Found], 6), Found,
        new UsageQuery("acme", At, At.AddDays(1), UsageGrouping.Task),
        new UsageRow { Group = "group", Requests = 1, InputTokens = 2, CachedInputTokens = 3, OutputTokens = 4, SpentUsd = 5, WastedUsd = 6, Rewards = 7, RewardSum = 8 },
        new UsageSumQuery { Tenant = "acme", From = At, To = At.AddDays(1), By = UsageDimension.Key, Bucket = UsageBucket.Hour, Patience = TimeSpan.FromSeconds(1) },
        Sum,
        new UsageSums([Sum], true),
        new OldDecisions("acme", 1, At),
        new ArchiveFile("acme", "2026-01-02", "1-2.jsonl.gz", 3),
        new RetentionPlan { Days = 1, AuditDays = 2, Archives = true, Tenants = [new OldDecisions("acme", 1, At)] },
        new RetentionOutcome(1, 2),
        new FencedException("fenced"),
        new EngineUnavailableException("away"),
        new TenantRebuildingException("acme"),
        new SiloDrainingException(),
        Forgotten,
        new PolicyRestartException(Forgotten),
        new RelearnReceipt(7, 6, 5),
        new NoFeasibleArmException([new("small", "disabled"), new("large", "unhealthy")]) { HardCap = Cap, RetryAfter = TimeSpan.FromSeconds(3) },
        new AnswerHead(200, "text/plain", ["name"], ["value"]) { IsNative = true },
        Native,
        new AnswerPart(new AnswerHead(201, "text/html", ["name"], ["value"]), [1, 2], Usage, 3, true) { OutputBytes = 4, InvoiceUsd = 0.5, Origin = new AnswerOrigin("up-1", null) },
        new RecordedRewards([Rewarded], 8),
        Limits,
        Need,
        Share,
        new AllowanceReport { Node = "node", Term = 5, Limits = Limits, IsActive = true, Requests = Need, Tokens = Need, CallsHeld = 6, CallsNeeded = 7 },
        new AllowanceGrant(8, true, 9, Share, Share, 10, 11),
    ];
}
