using System.Text;
using System.Text.Json;
using MetaLlm.Core.Budgets;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Http;
using ErrorCode = MetaLlm.Gateway.Http.ErrorCode;

namespace MetaLlm.Gateway.Tests;

/// <summary>Names, order, words and escapes on the wire. A change here breaks clients.</summary>
public sealed class BodyTests
{
    [Fact]
    public void A_receipt_has_its_bytes()
    {
        Assert.Equal(
            """{"object":"metallm.feedback","decision_id":"d","status":"accepted","sequence":3}""",
            Write(new FeedbackReceiptBody { DecisionId = "d", Status = ReceiptStatus.Accepted, Sequence = 3 }));
        Assert.Equal(
            """{"object":"list","data":[{"object":"metallm.feedback","decision_id":"d","status":"unknown_decision","sequence":null}]}""",
            Write(new ListBody<FeedbackReceiptBody> { Data = [new FeedbackReceiptBody { DecisionId = "d", Status = ReceiptStatus.UnknownDecision, Sequence = null }] }));
    }

    [Fact]
    public void A_decision_has_its_bytes() => Assert.Equal(
        """{"object":"metallm.decision","decision_id":"d","ordinal":1,"model":"größe","chosen_arm":"größe","served_arm":"b","created_at":"2026-01-05T08:00:00+00:00","policy":"metallm","policy_version":2,"feature_schema":"f","task":null,"input_tokens":4,"greedy_arm":"b","pinned":false,"propensity":0.25,"lambda":0,"dial":{"quality":1,"cost":2,"latency":3},"reserved_usd":0.001,"bound_usd":0.5,"arms":[{"id":"a","quality":0.5,"quality_deviation":null,"cost_usd":1E-05,"bound_usd":0.25,"cached_tokens":0,"latency_seconds":2,"score":null,"propensity":0,"exclusion":"disabled"}],"conversation":{"turn":2,"outcome":"held","reason":"The model must not change while a tool's result or reasoning is open.","previous_ordinal":1,"previous_model":"b","preferred_model":"a","lasting_turns":3.5,"open":["tool_result","reasoning"]},"guarantee":null,"cascade":null,"settlement":{"outcome":"completed","prompt_tokens":100,"cached_tokens":0,"completion_tokens":50,"cost_usd":0.0002,"latency_seconds":null},"attempts":[{"arm":"a","outcome":"server_error","prompt_tokens":100,"cached_tokens":0,"completion_tokens":0,"cost_usd":0.0001,"seconds":1.5}],"reward":1,"reward_weight":0.5,"reward_defaulted":false,"reward_source":null,"feedback_count":1}""",
        Write(new DecisionBody
        {
            DecisionId = "d",
            Ordinal = 1,
            Model = "größe",
            ChosenArm = "größe",
            ServedArm = "b",
            CreatedAt = new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero),
            Policy = "metallm",
            PolicyVersion = 2,
            FeatureSchema = "f",
            Task = null,
            InputTokens = 4,
            GreedyArm = "b",
            Pinned = false,
            Propensity = 0.25,
            Lambda = 0,
            Preferences = new PreferenceBody { Quality = 1, Cost = 2, Latency = 3 },
            ReservedUsd = 0.001,
            BoundUsd = 0.5,
            Arms = [new AssessmentBody { Id = "a", Quality = 0.5, QualityDeviation = null, CostUsd = 1e-5, BoundUsd = 0.25, CachedTokens = 0, LatencySeconds = 2, Score = null, Propensity = 0, Exclusion = "disabled" }],
            Conversation = ConversationView.Of(new ConversationPlace
            {
                Turn = new ConversationTurn { Hold = ConversationHold.ToolResult | ConversationHold.Reasoning },
                Number = 2,
                PreviousOrdinal = 1,
                PreviousArm = "b",
                Preferred = "a",
                Choice = ConversationChoice.Held,
                LastingTurns = 3.5,
            }),
            Settlement = new SettlementBody { Outcome = CallOutcome.Completed, PromptTokens = 100, CachedTokens = 0, CompletionTokens = 50, CostUsd = 0.0002, LatencySeconds = null },
            Attempts = [new AttemptBody { Arm = "a", Outcome = "server_error", PromptTokens = 100, CachedTokens = 0, CompletionTokens = 0, CostUsd = 1e-4, Seconds = 1.5 }],
            Reward = 1,
            RewardWeight = 0.5,
            RewardDefaulted = false,
            FeedbackCount = 1,
        }));

    [Fact]
    public void A_policy_report_has_its_bytes() => Assert.Equal(
        """{"object":"metallm.policy","tenant":"t","policy":"metallm","policy_version":2,"feature_schema":"f","decisions":1,"events_applied":2,"rewards_applied":3,"rewards_defaulted":4,"warm_start_rows":5,"spend_usd":0.5,"wasted_usd":0.25,"reserved_usd":0,"bound_usd":2,"lambda":1.5,"windows":[{"window":"hard_cap","budget_usd":10,"spent_usd":1,"left_usd":9,"target_usd_per_request":null,"ends_at":"2026-02-01T00:00:00+00:00"}],"cascade":null,"quality_floor":{"floor":0.8,"recent_reward":null,"rewards":0,"status":"limited_by_budget"},"imputation":{"status":"off_biased","bias":0.1,"n":60,"late_bias":null,"late_n":0},"state_hash":"ab","arms":[{"id":"a","enabled":true,"quiz_rows":0,"pulls":1,"rewards":1,"mean_reward":1,"mean_cost_usd":null,"mean_latency_seconds":null,"spend_usd":0,"wasted_usd":0,"failure_rate":0.125,"failures":{"connection":1,"timeout":2,"rate_limited":3,"server_error":4,"refused":5,"bad_answer":6,"cut":7,"objected":8},"circuit":"half_open","held_out_seconds":2.5}]}""",
        Write(new PolicyBody
        {
            Tenant = "t",
            Policy = "metallm",
            PolicyVersion = 2,
            FeatureSchema = "f",
            Decisions = 1,
            EventsApplied = 2,
            RewardsApplied = 3,
            RewardsDefaulted = 4,
            WarmStartRows = 5,
            SpendUsd = 0.5,
            WastedUsd = 0.25,
            ReservedUsd = 0,
            BoundUsd = 2,
            Lambda = 1.5,
            Windows = [new WindowBody { Window = BudgetWindow.HardCap, BudgetUsd = 10, SpentUsd = 1, LeftUsd = 9, TargetUsdPerRequest = null, EndsAt = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero) }],
            QualityFloor = new QualityFloorBody { Floor = 0.8, RecentReward = null, Rewards = 0, Status = QualityFloorStatus.LimitedByBudget },
            Imputation = new ImputationBody { Status = ImputationStatus.OffBiased, Bias = 0.1, N = 60, LateBias = null, LateN = 0 },
            StateHash = "ab",
            Arms = [new PolicyArmBody { Id = "a", Enabled = true, QuizRows = 0, Pulls = 1, Rewards = 1, MeanReward = 1, MeanCostUsd = null, MeanLatencySeconds = null, SpendUsd = 0, WastedUsd = 0, FailureRate = 0.125, Failures = new FailuresBody { Connection = 1, Timeout = 2, RateLimited = 3, ServerError = 4, Refused = 5, BadAnswer = 6, Cut = 7, Objected = 8 }, Circuit = CircuitWord.HalfOpen, HeldOutSeconds = 2.5 }],
        }));

    [Fact]
    public void Models_onboarding_health_and_errors_have_their_bytes()
    {
        Assert.Equal("""{"id":"auto","object":"model","created":0,"owned_by":"metallm"}""", Write(new ModelBody { Id = "auto", OwnedBy = "metallm" }));
        Assert.Equal(
            """{"id":"a","object":"model","created":0,"owned_by":"up","metallm":{"input_usd_per_million":1,"cached_input_usd_per_million":0.5,"output_usd_per_million":2,"context_tokens":null,"capabilities":["tools"]}}""",
            Write(new ModelBody { Id = "a", OwnedBy = "up", Metallm = new ModelDetailsBody { InputUsdPerMillion = 1, CachedInputUsdPerMillion = 0.5, OutputUsdPerMillion = 2, ContextTokens = null, Capabilities = ["tools"] } }));
        Assert.Equal(
            """{"object":"metallm.warm_start","tenant":"t","status":"accepted","rows":8,"sequence":1}""",
            Write(new WarmStartBody { Tenant = "t", Status = OnboardingStatus.Accepted, Rows = 8, Sequence = 1 }));
        Assert.Equal(
            """{"object":"metallm.quiz","tenant":"t","arm":"a","status":"duplicate","quiz_rows":20,"sequence":null}""",
            Write(new QuizBody { Tenant = "t", Arm = "a", Status = OnboardingStatus.Duplicate, QuizRows = 20, Sequence = null }));
        Assert.Equal("""{"status":"ready","embedder":"e"}""", Write(new HealthBody { Status = HealthState.Ready, Embedder = "e" }));
        Assert.Equal("""{"status":"not_ready","reason":"r"}""", Write(new HealthBody { Status = HealthState.NotReady, Reason = "r" }));
        Assert.Equal(
            """{"error":{"message":"'größe' <is> \"wrong\"","type":"invalid_request_error","param":null,"code":"invalid_value"}}""",
            Encoding.UTF8.GetString(new ApiError(ErrorCode.InvalidValue, "'größe' <is> \"wrong\"").ToJson()));
        Assert.Equal(
            """{"error":{"message":"m","type":"insufficient_quota","param":null,"code":"hard_cap_reached","max_tokens":100,"window_ends_at":"2026-02-01T00:00:00+00:00"}}""",
            Encoding.UTF8.GetString(new ApiError(ErrorCode.HardCapReached, "m")
            {
                HardCap = new HardCapRefusal(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(1), 100),
            }.ToJson()));
    }

    private static string Write<T>(T body) => JsonSerializer.Serialize(body, ApiJson.TypeOf<T>());
}
