using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces.Messages;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>Every operation in words.</summary>
internal static class ApiOperations
{
    private const string Inference = "Inference";
    private const string Batches = "Batches";
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

    private static readonly ErrorCode[] Busy = [ErrorCode.RateLimitExceeded, ErrorCode.Overloaded];

    private static readonly ApiHeader[] Limits =
    [
        new(RateLimitHeaders.LimitRequests, "The limit of requests per minute, where there is one.", IsAlways: false),
        new(RateLimitHeaders.RemainingRequests, "Requests left of it.", IsAlways: false),
        new(RateLimitHeaders.ResetRequests, "Time until all of it is there again, if nothing else comes, such as `59.5s`.", IsAlways: false),
        new(RateLimitHeaders.LimitTokens, "The limit of tokens per minute, where there is one.", IsAlways: false),
        new(RateLimitHeaders.RemainingTokens, "Tokens left of it.", IsAlways: false),
        new(RateLimitHeaders.ResetTokens, "Time until all of it is there again.", IsAlways: false),
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

    private static readonly ApiHeader[] Key =
        [new(MetaLlmHeaders.IdempotencyKey, "1 to 255 characters: a request that comes again with the same key within a day gets the answer of the first, without another call. Needs `idempotency.hours`."),
            new(MetaLlmHeaders.Cache, "`use` to get the answer that the very same request got before, where the tenant has `responseCache`; `skip` to have a call made.")];

    private static readonly ErrorCode[] Guarded = [ErrorCode.ContentBlocked, ErrorCode.GuardrailUnavailable];

    private static readonly ErrorCode[] KeyErrors = [ErrorCode.IdempotencyInProgress, ErrorCode.IdempotencyKeyReused];

    private static readonly ApiHeader[] Replayed = [new(MetaLlmHeaders.Replayed, "`true` where the answer is that of an earlier request with the same idempotency key.", IsAlways: false),
        new(MetaLlmHeaders.Cache, "`hit` where the answer is that of an earlier request, which was the very same; `miss` where a call was made; missing where the cache has no part.", IsAlways: false),
        new(MetaLlmHeaders.Similarity, "Where the answer is that of a similar question: the similarity, up to 1.", IsAlways: false)];

    private static readonly ApiHeader[] Decision =
    [
        new(MetaLlmHeaders.DecisionId, "The decision, for feedback and for `GET /v1/decisions/{id}`."),
        new(MetaLlmHeaders.Model, "The model that answered, or was chosen."),
        new(MetaLlmHeaders.Policy, "The policy that decided."),
        new(MetaLlmHeaders.Propensity, "The exact probability with which the model had been chosen; missing where another one answers than was chosen, for which none is known."),
        new(MetaLlmHeaders.Attempts, "Models tried, this one included; 0 where none was called."),
    ];

    private static readonly ApiHeader[] OfAnthropic = [new(MessagesErrors.VersionHeader, "The version of Anthropic's format; any is taken.")];

    public static readonly ApiOperation Chat = new("createChatCompletion", Inference, "Answer a chat request", "The request is routed to the model that is best for it. With `stream`, the answer is a stream of server-sent events that ends with `[DONE]`; one that breaks off ends with an `error` event instead. What a model objects to in the request itself (400, 413, 415, 422) is handed on as the model said it.")
    {
        Bodies = [typeof(ChatRequestBody)],
        Example = """{"model":"auto","messages":[{"role":"user","content":"What is 17 * 23?"}],"metallm":{"task":"arithmetic","dial":{"cost":2},"max_cost_usd":0.01}}""",
        Answers = [typeof(ChatCompletionBody)],
        TextAnswer = "text/event-stream",
        RequestHeaders = [.. Wishes, .. Key],
        ResponseHeaders = [.. Decision, .. Limits, .. Replayed],
        Errors = [.. BadBody, .. NoModel, .. Busy, .. Guarded, .. KeyErrors, ErrorCode.UpstreamFailed, ErrorCode.UpstreamCut, ErrorCode.UpstreamRateLimited, ErrorCode.UpstreamTimeout],
    };

    public static readonly ApiOperation Completions = new("createCompletion", Inference, "Answer a request of the format before chat", "The request is routed as if its prompt were a user's message, among models whose upstreams speak the OpenAI format, and goes on as it is; a model with a list of capabilities needs `completions` in it. With `stream`, the answer is a stream of server-sent events that ends with `[DONE]`. What a model objects to in the request itself is handed on as the model said it.")
    {
        Bodies = [typeof(CompletionRequestBody)],
        Example = """{"model":"auto","prompt":"What is 17 * 23?","max_tokens":100}""",
        Answers = [typeof(CompletionBody)],
        TextAnswer = "text/event-stream",
        RequestHeaders = [.. Wishes, .. Key],
        ResponseHeaders = [.. Decision, .. Limits, .. Replayed],
        Errors = [.. BadBody, .. NoModel, .. Busy, .. Guarded, .. KeyErrors, ErrorCode.UpstreamFailed, ErrorCode.UpstreamCut, ErrorCode.UpstreamRateLimited, ErrorCode.UpstreamTimeout],
    };

    public static readonly ApiOperation Embeddings = new("createEmbedding", Inference, "Embed texts", "The cheapest healthy model of a vector space serves, and another one of that space when it fails; vectors of different spaces are never mixed. What a model objects to in the request itself is handed on as the model said it.")
    {
        Bodies = [typeof(EmbeddingsRequestBody)],
        Example = """{"model":"auto","input":["one text","another text"],"encoding_format":"float"}""",
        Answers = [typeof(EmbeddingsBody)],
        RequestHeaders = [.. Wishes.Where(header => header.Name is MetaLlmHeaders.Task or MetaLlmHeaders.MaxCostUsd or MetaLlmHeaders.Allow), .. Key],
        ResponseHeaders = [.. Decision, .. Limits, .. Replayed],
        Errors =
        [
            .. BadBody, .. NoModel.Where(code => code != ErrorCode.MissingCapability), .. Busy, .. Guarded, .. KeyErrors, ErrorCode.UpgradeInProgress,
            ErrorCode.UpstreamFailed, ErrorCode.UpstreamRateLimited, ErrorCode.UpstreamTimeout,
        ],
    };

    public static readonly ApiOperation Messages = new("createMessage", Inference, "Answer a request of Anthropic's format", "The request is routed as a chat request is. With `stream`, the answer is a stream of server-sent events that ends with `message_stop`; one that breaks off ends with an `error` event instead. What a model objects to in the request itself (400, 413, 415, 422) has the code `model_objected` and the model's words.")
    {
        Bodies = [typeof(MessagesRequestBody)],
        Example = """{"model":"auto","max_tokens":1000,"messages":[{"role":"user","content":"What is 17 * 23?"}],"metallm":{"task":"arithmetic"}}""",
        Answers = [typeof(MessageBody)],
        TextAnswer = "text/event-stream",
        RequestHeaders = [.. Wishes, .. Key, .. OfAnthropic],
        ResponseHeaders = [.. Decision, .. Limits, .. Replayed],
        ErrorType = typeof(MessagesErrorBody),
        Errors = [.. BadBody, .. NoModel, .. Busy, .. Guarded, .. KeyErrors, ErrorCode.ModelObjected, ErrorCode.UpstreamFailed, ErrorCode.UpstreamCut, ErrorCode.UpstreamRateLimited, ErrorCode.UpstreamTimeout],
    };

    public static readonly ApiOperation CountTokens = new("countTokens", Inference, "Estimate the length of a request of Anthropic's format", "The estimate that routing itself goes by. No model is asked.")
    {
        Bodies = [typeof(TokenCountRequestBody)],
        Example = """{"model":"auto","messages":[{"role":"user","content":"What is 17 * 23?"}]}""",
        RequestHeaders = OfAnthropic,
        ErrorType = typeof(MessagesErrorBody),
        Errors = [.. BadBody, ErrorCode.ModelNotFound],
    };

    public static readonly ApiOperation Responses = new("createResponse", Inference, "Answer a request of the Responses format", "The request is routed as a chat request is. With `stream`, the answer is a stream of server-sent events that ends with `response.completed` or `response.incomplete`; one that breaks off ends with `response.failed`. What a model objects to in the request itself (400, 413, 415, 422) is handed on as the model said it.")
    {
        Bodies = [typeof(ResponsesRequestBody)],
        Example = """{"model":"auto","input":"What is 17 * 23?","metallm":{"task":"arithmetic"}}""",
        Answers = [typeof(ResponseBody)],
        TextAnswer = "text/event-stream",
        RequestHeaders = [.. Wishes, .. Key],
        ResponseHeaders = [.. Decision, .. Limits, .. Replayed],
        Errors = [.. BadBody, .. NoModel, .. Busy, .. Guarded, .. KeyErrors, ErrorCode.ResponseNotFound, ErrorCode.UpstreamFailed, ErrorCode.UpstreamCut, ErrorCode.UpstreamRateLimited, ErrorCode.UpstreamTimeout],
    };

    public static readonly ApiOperation GetResponse = new("getResponse", Inference, "Read a response", "As it was sent, for as long as `responses.days` of the configuration says. Another tenant's response does not exist.")
    {
        Answers = [typeof(ResponseBody)],
        Errors = [ErrorCode.InvalidValue, ErrorCode.ResponseNotFound],
    };

    public static readonly ApiOperation DeleteResponse = new("deleteResponse", Inference, "Delete a response", "Nothing can go on from it after that.") { Errors = [ErrorCode.ResponseNotFound] };

    public static readonly ApiOperation GetResponseInput = new("getResponseInput", Inference, "Read what a response was the answer to", "The items of its request, without those of responses that it went on from; newest first unless `order` is `asc`.")
    {
        Answers = [typeof(ResponseItemsBody)],
        Errors = [ErrorCode.InvalidValue, ErrorCode.ResponseNotFound],
    };

    public static readonly ApiOperation CreateConversation = new("createConversation", Inference, "Begin a conversation", "Requests to `/v1/responses` that name it go on from all of its turns. It is kept for `responses.days` after it was begun.")
    {
        Bodies = [typeof(ConversationRequestBody)],
        Example = """{"items":[{"role":"user","content":"Call me Ann."}],"metadata":{"topic":"names"}}""",
        Errors = [.. BadBody, ErrorCode.ResponseNotFound],
    };

    public static readonly ApiOperation GetConversation = new("getConversation", Inference, "Read a conversation", "Another tenant's conversation does not exist.") { Errors = [ErrorCode.ResponseNotFound] };

    public static readonly ApiOperation DeleteConversation = new("deleteConversation", Inference, "Delete a conversation", "Its turns go with it. Responses that were made in it are deleted one by one.") { Errors = [ErrorCode.ResponseNotFound] };

    public static readonly ApiOperation ListFiles = new("listFiles", Batches, "List files", "Files of the tenant, the newest first unless `order` is `asc`.") { Errors = [ErrorCode.InvalidValue] };

    public static readonly ApiOperation CreateFile = new("createFile", Batches, "Upload a file", "A file of queries for a batch, a line each. It is kept for `batches.days` days.")
    {
        Bodies = [typeof(FileUploadBody)],
        MediaTypes = ["multipart/form-data"],
        Example = """{"purpose":"batch","file":"queries.jsonl"}""",
        Errors = [.. BadBody, ErrorCode.FileQuotaReached, ErrorCode.BatchesDisabled],
    };

    public static readonly ApiOperation GetFile = new("getFile", Batches, "Describe a file", "Another tenant's file does not exist.") { Errors = [ErrorCode.FileNotFound] };

    public static readonly ApiOperation DeleteFile = new("deleteFile", Batches, "Delete a file", "A batch that has not begun fails without its file.") { Errors = [ErrorCode.FileNotFound] };

    public static readonly ApiOperation GetFileContent = new("getFileContent", Batches, "Read a file", "As it was uploaded, or as a batch has written it.")
    {
        TextAnswer = "application/octet-stream",
        Errors = [ErrorCode.FileNotFound],
    };

    public static readonly ApiOperation ListBatches = new("listBatches", Batches, "List batches", "Batches of the tenant, the newest first.") { Errors = [ErrorCode.InvalidValue] };

    public static readonly ApiOperation CreateBatch = new("createBatch", Batches, "Begin a batch", "The queries of a file are answered within a day, beside other work. With `metallm`, a plan assigns them to models: the most quality within a budget, or the least money for a quality.")
    {
        Bodies = [typeof(BatchRequestBody)],
        Example = """{"input_file_id":"file-1","endpoint":"/v1/chat/completions","completion_window":"24h","metadata":{"topic":"tickets"},"metallm":{"budgetUsd":5}}""",
        Errors = [.. BadBody, ErrorCode.BatchQuotaReached, ErrorCode.BatchesDisabled],
    };

    public static readonly ApiOperation GetBatch = new("getBatch", Batches, "Describe a batch", "Another tenant's batch does not exist.") { Errors = [ErrorCode.BatchNotFound] };

    public static readonly ApiOperation CancelBatch = new("cancelBatch", Batches, "Stop a batch", "Calls that run come to their end, and what has an answer stands in its files.") { Errors = [ErrorCode.BadRequest, ErrorCode.BatchNotFound] };

    public static readonly ApiOperation GetConversationItems = new("getConversationItems", Inference, "Read the items of a conversation", "What it began with, was asked and has said; newest first unless `order` is `asc`.")
    {
        Answers = [typeof(ResponseItemsBody)],
        Errors = [ErrorCode.InvalidValue, ErrorCode.ResponseNotFound],
    };

    public static readonly ApiOperation Route = new("decide", Inference, "Choose a model without calling it", "You make the call yourself and report what it took with the feedback.")
    {
        Bodies = [typeof(ChatRequestBody)],
        Example = """{"model":"auto","messages":[{"role":"user","content":"What is 17 * 23?"}],"metallm":{"task":"arithmetic","dial":{"cost":2},"max_cost_usd":0.01}}""",
        RequestHeaders = Wishes,
        ResponseHeaders = [.. Decision, .. Limits],
        Errors = [.. BadBody, .. NoModel, .. Busy],
    };

    public static readonly ApiOperation Assess = new("assess", Inference, "Predict without choosing", "What every model is expected to be worth and to cost, for plans of many requests. Nothing is decided, recorded or set aside.")
    {
        Bodies = [typeof(AssessRequestBody)],
        Example = """{"requests":[{"model":"auto","messages":[{"role":"user","content":"What is 17 * 23?"}]}]}""",
        RequestHeaders = Wishes,
        ResponseHeaders = Limits,
        Errors = [.. BadBody, .. Busy],
    };

    public static readonly ApiOperation Models = new("listModels", Inference, "List models", "`auto` and the tenant's enabled models as OpenAI lists them, with prices and abilities; with the header `anthropic-version`, as Anthropic does.")
    {
        Answers = [typeof(ListBody<ModelBody>), typeof(MessagesModelListBody)],
        RequestHeaders = OfAnthropic,
        Errors = [ErrorCode.InvalidValue],
    };

    public static readonly ApiOperation Model = new("getModel", Inference, "Describe a model", "`auto` or one of the tenant's enabled models, as OpenAI describes it; with the header `anthropic-version`, as Anthropic does.")
    {
        Answers = [typeof(ModelBody), typeof(MessagesModelBody)],
        RequestHeaders = OfAnthropic,
        Errors = [ErrorCode.ModelNotFound],
    };

    public static readonly ApiOperation Feedback = new("postFeedback", Learning, "Say how good answers were", "One piece of feedback gets one receipt. A list, or an object with `items`, is checked whole before anything is recorded and gets a list of receipts in the same order. An accepted receipt means durable.")
    {
        Example = """{"decision_id":"chatcmpl-…","reward":1,"label":"thumbs-up","idempotency_key":"vote-77"}""",
        Bodies = [typeof(FeedbackItemBody), typeof(FeedbackBatchBody)],
        OrList = true,
        Answers = [typeof(FeedbackReceiptBody), typeof(ListBody<FeedbackReceiptBody>)],
        RequestHeaders = [new(MetaLlmHeaders.IdempotencyKey, "As `idempotency_key`, 1 to 128 characters.")],
        Errors = [.. BadBody, ErrorCode.DecisionNotFound, ErrorCode.OutcomeNotReportable, ErrorCode.IdempotencyConflict, ErrorCode.NeverRan],
    };

    public static readonly ApiOperation GetDecision = new("getDecision", Learning, "Explain a decision", "Why this model, and what became of the call. Another tenant's decision does not exist.") { Errors = [ErrorCode.DecisionNotFound] };

    public static readonly ApiOperation ListRequests = new("listRequests", Learning, "List requests that were kept", "Of a tenant whose `requestLog` says that they are kept: the newest first, without their texts.") { Errors = [ErrorCode.InvalidValue] };

    public static readonly ApiOperation GetRequest = new("getRequest", Learning, "Read a request that was kept", "With its texts and those of its answer, without what `requestLog` blots out. Another tenant's request does not exist. It is there a moment after its answer.") { Errors = [ErrorCode.RequestNotFound] };

    public static readonly ApiOperation Shadow = new("getShadow", Learning, "Report what a shadow has seen", "Calls, spend, cap, and what is known of each model of the tenant's shadow.");

    public static readonly ApiOperation Judges = new("getJudges", Learning, "Report what judges are worth", "Of each judge of the tenant's answers: verdicts, agreement with people, bias, weight, state, and each model's mean reward estimated from both. What they have cost, and what is left in their purse.");

    public static readonly ApiOperation SharedLearning = new("getSharedLearning", Learning, "Report what was given to other tenants", "All that the tenant's `shareLearning` has put into the pool: sums of rewards by model and topic, with the noise that they left with.");

    public static readonly ApiOperation Evidence = new("getEvidence", Learning, "Report what a purse for evidence has bought", "Answers of models that did not serve, by model, with what they cost and what is left in the purse.");

    public static readonly ApiOperation Policy = new("getPolicy", Learning, "Report what was learned", "Counters, spend, budgets, and what is known of each model.");

    public static readonly ApiOperation WarmStart = new("warmStart", Management, "Teach from answers of every model", "Queries that every model of the tenant has answered, as JSON lines, 8 to `limits.warmStartRows` of them. It replaces what the policy had learned from rewards.")
    {
        Bodies = [typeof(OnboardingLineBody)],
        Example = """{"query":"What is 17 * 23?","task":"arithmetic","outcomes":{"small":{"reward":0,"output_tokens":9},"large":{"reward":1,"output_tokens":31,"latency_ms":900}}}""",
        MediaTypes = WarmStartEndpoint.MediaTypes,
        Errors = BadBody,
    };

    public static readonly ApiOperation Quiz = new("quiz", Management, "Teach about one model", "What the model answered to some queries, as JSON lines, 1 to 500 of them. What the policy has learned stays.")
    {
        Bodies = [typeof(OnboardingLineBody)],
        Example = """{"query":"What is 17 * 23?","task":"arithmetic","outcomes":{"small":{"reward":0,"output_tokens":9},"large":{"reward":1,"output_tokens":31,"latency_ms":900}}}""",
        MediaTypes = WarmStartEndpoint.MediaTypes,
        Errors = [.. BadBody, ErrorCode.ModelNotFound],
    };

    public static readonly ApiOperation Relearn = new("relearn", Management, "Learn again from the journal", "Rebuilds the tenant's policy from all decisions, rewards, warm starts and quizzes of its journal, under the configuration in force. The tenant's other requests wait meanwhile. A tenant with `shards` cannot do it.")
    {
        Errors = [ErrorCode.ShardedTenant],
    };

    public static readonly ApiOperation Live = new("isLive", Operations, "Live", "Answers as long as the process does, and looks at nothing else.") { Answers = [typeof(HealthBody)] };

    public static readonly ApiOperation Ready = new("isReady", Operations, "Ready", "The engine answers and its store takes writes. What was found holds for two seconds.")
    {
        Answers = [typeof(HealthBody)],
        Unavailable = typeof(HealthBody),
    };

    public static readonly ApiOperation Health = Ready with { Id = "isHealthy", Summary = "Ready, under a shorter name" };


    public static readonly ApiOperation Root = new("getGateway", Operations, "Where to go on", "With the paths that matter.");
}
