using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Http;

/// <summary>A kind of error: the word for programs, with the status and the class of error that go with it. There are no others.</summary>
internal sealed record ErrorCode
{
    private const string Invalid = "invalid_request_error";
    private const string Authentication = "authentication_error";
    private const string Server = "server_error";
    private const string Upstream = "upstream_error";

    public static readonly ErrorCode EmptyBody = new(StatusCodes.Status400BadRequest, Invalid, "empty_body");
    public static readonly ErrorCode InvalidJson = new(StatusCodes.Status400BadRequest, Invalid, "invalid_json");
    public static readonly ErrorCode InvalidValue = new(StatusCodes.Status400BadRequest, Invalid, "invalid_value");
    public static readonly ErrorCode BadRequest = new(StatusCodes.Status400BadRequest, Invalid, "bad_request");
    public static readonly ErrorCode HostNotAllowed = new(StatusCodes.Status400BadRequest, Invalid, "host_not_allowed");
    public static readonly ErrorCode ContextLengthExceeded = new(StatusCodes.Status400BadRequest, Invalid, "context_length_exceeded");
    public static readonly ErrorCode ModelObjected = new(StatusCodes.Status400BadRequest, Invalid, "model_objected");
    public static readonly ErrorCode ContentBlocked = new(StatusCodes.Status400BadRequest, Invalid, "content_blocked");
    public static readonly ErrorCode FileQuotaReached = new(StatusCodes.Status400BadRequest, Invalid, "file_quota_reached");
    public static readonly ErrorCode BatchQuotaReached = new(StatusCodes.Status400BadRequest, Invalid, "batch_quota_reached");
    public static readonly ErrorCode MissingApiKey = new(StatusCodes.Status401Unauthorized, Authentication, "missing_api_key");
    public static readonly ErrorCode InvalidApiKey = new(StatusCodes.Status401Unauthorized, Authentication, "invalid_api_key");
    public static readonly ErrorCode HardCapReached = new(StatusCodes.Status402PaymentRequired, "insufficient_quota", "hard_cap_reached");
    public static readonly ErrorCode ManagementDisabled = new(StatusCodes.Status403Forbidden, "permission_error", "management_disabled");
    public static readonly ErrorCode BatchesDisabled = new(StatusCodes.Status403Forbidden, "permission_error", "batches_disabled");
    public static readonly ErrorCode InsufficientRole = new(StatusCodes.Status403Forbidden, "permission_error", "insufficient_role");
    public static readonly ErrorCode InsufficientScope = new(StatusCodes.Status403Forbidden, "permission_error", "insufficient_scope");
    public static readonly ErrorCode ModelNotFound = new(StatusCodes.Status404NotFound, Invalid, "model_not_found");
    public static readonly ErrorCode DecisionNotFound = new(StatusCodes.Status404NotFound, Invalid, "decision_not_found");
    public static readonly ErrorCode TenantNotFound = new(StatusCodes.Status404NotFound, Invalid, "tenant_not_found");
    public static readonly ErrorCode KeyNotFound = new(StatusCodes.Status404NotFound, Invalid, "key_not_found");
    public static readonly ErrorCode RequestNotFound = new(StatusCodes.Status404NotFound, Invalid, "request_not_found");
    public static readonly ErrorCode ResponseNotFound = new(StatusCodes.Status404NotFound, Invalid, "response_not_found");
    public static readonly ErrorCode FileNotFound = new(StatusCodes.Status404NotFound, Invalid, "file_not_found");
    public static readonly ErrorCode BatchNotFound = new(StatusCodes.Status404NotFound, Invalid, "batch_not_found");
    public static readonly ErrorCode ChallengerNotFound = new(StatusCodes.Status404NotFound, Invalid, "challenger_not_found");
    public static readonly ErrorCode UnknownUrl = new(StatusCodes.Status404NotFound, Invalid, "unknown_url");
    public static readonly ErrorCode MethodNotAllowed = new(StatusCodes.Status405MethodNotAllowed, Invalid, "method_not_allowed");
    public static readonly ErrorCode OutcomeNotReportable = new(StatusCodes.Status409Conflict, Invalid, "outcome_not_reportable");
    public static readonly ErrorCode IdempotencyConflict = new(StatusCodes.Status409Conflict, Invalid, "idempotency_conflict");
    public static readonly ErrorCode IdempotencyInProgress = new(StatusCodes.Status409Conflict, Invalid, "idempotency_in_progress");
    public static readonly ErrorCode TenantExists = new(StatusCodes.Status409Conflict, Invalid, "tenant_exists");
    public static readonly ErrorCode TenantInFile = new(StatusCodes.Status409Conflict, Invalid, "tenant_in_file");
    public static readonly ErrorCode ModelExists = new(StatusCodes.Status409Conflict, Invalid, "model_exists");
    public static readonly ErrorCode PolicyWouldForget = new(StatusCodes.Status409Conflict, Invalid, "policy_would_forget");
    public static readonly ErrorCode GateShut = new(StatusCodes.Status409Conflict, Invalid, "gate_shut");
    public static readonly ErrorCode NothingToRollBack = new(StatusCodes.Status409Conflict, Invalid, "nothing_to_roll_back");
    public static readonly ErrorCode ShardedTenant = new(StatusCodes.Status409Conflict, Invalid, "sharded_tenant");
    public static readonly ErrorCode RevisionMismatch = new(StatusCodes.Status412PreconditionFailed, Invalid, "revision_mismatch");
    public static readonly ErrorCode NeverRan = new(StatusCodes.Status409Conflict, Invalid, "never_ran");
    public static readonly ErrorCode RequestTooLarge = new(StatusCodes.Status413PayloadTooLarge, Invalid, "request_too_large");
    public static readonly ErrorCode UnsupportedMediaType = new(StatusCodes.Status415UnsupportedMediaType, Invalid, "unsupported_media_type");
    public static readonly ErrorCode IdempotencyKeyReused = new(StatusCodes.Status422UnprocessableEntity, Invalid, "idempotency_key_reused");
    public static readonly ErrorCode MaxCostTooLow = new(StatusCodes.Status422UnprocessableEntity, Invalid, "max_cost_too_low");
    public static readonly ErrorCode MissingCapability = new(StatusCodes.Status422UnprocessableEntity, Invalid, "missing_capability");
    public static readonly ErrorCode NoModelAvailable = new(StatusCodes.Status422UnprocessableEntity, Invalid, "no_model_available");
    public static readonly ErrorCode InternalError = new(StatusCodes.Status500InternalServerError, Server, "internal_error");
    public static readonly ErrorCode UpstreamFailed = new(StatusCodes.Status502BadGateway, Upstream, "upstream_failed");
    public static readonly ErrorCode UpstreamCut = new(StatusCodes.Status502BadGateway, Upstream, "upstream_cut");
    public static readonly ErrorCode NoHealthyModel = new(StatusCodes.Status503ServiceUnavailable, Upstream, "no_healthy_model");
    public static readonly ErrorCode UpstreamRateLimited = new(StatusCodes.Status429TooManyRequests, Upstream, "upstream_rate_limited");
    public static readonly ErrorCode RateLimitExceeded = new(StatusCodes.Status429TooManyRequests, "requests", "rate_limit_exceeded");
    public static readonly ErrorCode Overloaded = new(StatusCodes.Status503ServiceUnavailable, Server, "overloaded");
    public static readonly ErrorCode TenantNotReady = new(StatusCodes.Status503ServiceUnavailable, Server, "tenant_not_ready");
    public static readonly ErrorCode TenantUnavailable = new(StatusCodes.Status503ServiceUnavailable, Server, "tenant_unavailable");
    public static readonly ErrorCode TenantRebuilding = new(StatusCodes.Status503ServiceUnavailable, Server, "tenant_rebuilding");
    public static readonly ErrorCode UpgradeInProgress = new(StatusCodes.Status503ServiceUnavailable, Server, "upgrade_in_progress");
    public static readonly ErrorCode EngineUnavailable = new(StatusCodes.Status503ServiceUnavailable, Server, "engine_unavailable");
    public static readonly ErrorCode GuardrailUnavailable = new(StatusCodes.Status503ServiceUnavailable, Server, "guardrail_unavailable");
    public static readonly ErrorCode GatewayStopping = new(StatusCodes.Status503ServiceUnavailable, Server, "gateway_stopping");
    public static readonly ErrorCode UpstreamTimeout = new(StatusCodes.Status504GatewayTimeout, Upstream, "upstream_timeout");

    private ErrorCode(int status, string type, string name) => (Status, Type, Name) = (status, type, name);

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>Class of error, such as <c>invalid_request_error</c>.</summary>
    public string Type { get; }

    /// <summary>Stable word for programs.</summary>
    public string Name { get; }
}
