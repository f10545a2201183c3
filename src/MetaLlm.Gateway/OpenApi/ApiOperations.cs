using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>Every operation in words.</summary>
internal static class ApiOperations
{
    private const string Inference = "Inference";
    private const string Learning = "Learning";
    private const string Management = "Management";
    private const string Operations = "Operations";

    private static readonly ErrorCode[] BadBody =
        [ErrorCode.EmptyBody, ErrorCode.InvalidJson, ErrorCode.InvalidValue, ErrorCode.BadRequest, ErrorCode.RequestTooLarge, ErrorCode.UnsupportedMediaType];

    private static readonly ErrorCode[] NoModel =
    [
        ErrorCode.ContextLengthExceeded, ErrorCode.HardCapReached, ErrorCode.ModelNotFound, ErrorCode.MaxCostTooLow, ErrorCode.MissingCapability,
        ErrorCode.NoModelAvailable, ErrorCode.NoHealthyModel,
    ];

    private static readonly ApiHeader[] Wishes =
    [
        new(MetaLlmHeaders.Task, "As `metallm.task`: what kind of task this is, 1 to 64 characters."),
        new(MetaLlmHeaders.Quality, "As `metallm.dial.quality`: weight of quality, above 0 to 1000."),
        new(MetaLlmHeaders.Cost, "As `metallm.dial.cost`: weight of money, 0 to 1000."),
        new(MetaLlmHeaders.Latency, "As `metallm.dial.latency`: weight of time, 0 to 1000."),
        new(MetaLlmHeaders.MaxCostUsd, "As `metallm.max_cost_usd`: leaves out models that are predicted to cost more, above 0 to 1000000."),
        new(MetaLlmHeaders.Allow, "As `metallm.allow`: considers these models only; ids, separated by commas."),
    ];

    private static readonly ApiHeader[] Decision =
    [
        new(MetaLlmHeaders.DecisionId, "The decision, for feedback and for `GET /v1/decisions/{id}`."),
        new(MetaLlmHeaders.Model, "The model that answered, or was chosen."),
        new(MetaLlmHeaders.Policy, "The policy that decided."),
        new(MetaLlmHeaders.Propensity, "The exact probability with which the model had been chosen."),
        new(MetaLlmHeaders.Attempts, "Models tried, this one included; 0 where none was called."),
    ];

    public static readonly ApiOperation Chat = new("createChatCompletion", Inference, "Routes a chat request to a model and answers.", "With `stream`, the answer is a stream of server-sent events that ends with `[DONE]`; one that breaks off ends with an `error` event instead. What a model objects to in the request itself (400, 413, 415, 422) is handed on as the model said it.")
    {
        Bodies = [typeof(ChatRequestBody)],
        Answers = [typeof(ChatCompletionBody)],
        TextAnswer = "text/event-stream",
        RequestHeaders = Wishes,
        ResponseHeaders = Decision,
        Errors = [.. BadBody, .. NoModel, ErrorCode.UpstreamFailed, ErrorCode.UpstreamCut, ErrorCode.UpstreamRateLimited, ErrorCode.UpstreamTimeout],
    };

    public static readonly ApiOperation Route = new("decide", Inference, "Chooses a model for a chat request and calls none.", "You make the call yourself and report what it took with the feedback.")
    {
        Bodies = [typeof(ChatRequestBody)],
        RequestHeaders = Wishes,
        ResponseHeaders = Decision,
        Errors = [.. BadBody, .. NoModel],
    };

    public static readonly ApiOperation Models = new("listModels", Inference, "Lists `auto` and the tenant's enabled models.", "As OpenAI lists them, with prices and abilities.");

    public static readonly ApiOperation Model = new("getModel", Inference, "Describes `auto` or one model.", "As OpenAI describes it.") { Errors = [ErrorCode.ModelNotFound] };

    public static readonly ApiOperation Feedback = new("postFeedback", Learning, "Says how good answers were.", "One piece of feedback gets one receipt. A list, or an object with `items`, is checked whole before anything is recorded and gets a list of receipts in the same order. An accepted receipt means durable.")
    {
        Bodies = [typeof(FeedbackItemBody), typeof(FeedbackBatchBody)],
        OrList = true,
        Answers = [typeof(FeedbackReceiptBody), typeof(ListBody<FeedbackReceiptBody>)],
        RequestHeaders = [new(MetaLlmHeaders.IdempotencyKey, "As `idempotency_key`, 1 to 128 characters.")],
        Errors = [.. BadBody, ErrorCode.DecisionNotFound, ErrorCode.OutcomeNotReportable],
    };

    public static readonly ApiOperation GetDecision = new("getDecision", Learning, "Explains a decision, and tells what became of it.", "Another tenant's decision does not exist.") { Errors = [ErrorCode.DecisionNotFound] };

    public static readonly ApiOperation Policy = new("getPolicy", Learning, "Reports what the tenant's policy has learned.", "Counters, spend, budgets, and what is known of each model.");

    public static readonly ApiOperation WarmStart = new("warmStart", Management, "Teaches a tenant's policy from queries that every model has answered.", "The body is JSON lines, one query each, 8 to `limits.warmStartRows` of them. It replaces what the policy had learned from rewards.")
    {
        Bodies = [typeof(OnboardingLineBody)],
        MediaTypes = WarmStartEndpoint.MediaTypes,
        Errors = BadBody,
    };

    public static readonly ApiOperation Quiz = new("quiz", Management, "Tells a tenant's policy of one model from its answers to some queries.", "The body is JSON lines as of a warm start, 1 to 500 of them. What the policy has learned stays.")
    {
        Bodies = [typeof(OnboardingLineBody)],
        MediaTypes = WarmStartEndpoint.MediaTypes,
        Errors = [.. BadBody, ErrorCode.ModelNotFound],
    };

    public static readonly ApiOperation Live = new("isLive", Operations, "Answers as long as the process does.", "It looks at nothing else.") { Answers = [typeof(HealthBody)] };

    public static readonly ApiOperation Ready = new("isReady", Operations, "Tells whether calls can be served.", "The engine answers and its store takes writes. What was found holds for two seconds.")
    {
        Answers = [typeof(HealthBody)],
        Unavailable = typeof(HealthBody),
    };

    public static readonly ApiOperation Health = Ready with { Id = "isHealthy", Summary = "The same as `/health/ready`." };

    public static readonly ApiOperation Metrics = new("getMetrics", Operations, "Metrics as Prometheus reads them.", "For callers on this machine, or with the key of `metrics.keyEnvironment`; others get an empty 404.") { TextAnswer = "text/plain" };

    public static readonly ApiOperation Root = new("getGateway", Operations, "Tells what answers here.", "With the paths that matter.");
}
