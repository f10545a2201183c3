using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>Every operation of <c>/admin/v1</c> in words.</summary>
internal static class AdminOperations
{
    private const string Tenants = "Tenants";
    private const string Keys = "Keys";
    private const string Reports = "Reports";
    private const string NewTenant = """{"id":"acme","arms":[{"id":"small","upstream":"openrouter","model":"example/small","inputUsdPerMillion":0.1,"outputUsdPerMillion":0.4}],"budget":{"usdPerDay":5}}""";

    private static readonly ErrorCode[] BadBody =
        [ErrorCode.EmptyBody, ErrorCode.InvalidJson, ErrorCode.InvalidValue, ErrorCode.BadRequest, ErrorCode.RequestTooLarge, ErrorCode.UnsupportedMediaType];

    private static readonly ErrorCode[] Change = [.. BadBody, ErrorCode.TenantInFile, ErrorCode.PolicyWouldForget, ErrorCode.RevisionMismatch];

    private static readonly ErrorCode[] NotServed = [ErrorCode.TenantUnavailable, ErrorCode.TenantRebuilding, ErrorCode.UpgradeInProgress];

    private static readonly ApiHeader[] IfMatch = [new("If-Match", "The `ETag` of an answer: the change is made only if nobody has changed the tenant since.")];
    private static readonly ApiHeader[] ETag = [new("ETag", "The tenant's revision.")];

    public static readonly ApiOperation ListTenants = new("listTenants", Tenants, "List tenants", "Those of the directory and of the configuration file, in the order of their ids.") { Errors = [ErrorCode.InvalidValue] };

    public static readonly ApiOperation CreateTenant = new("createTenant", Tenants, "Create a tenant", "The body is the tenant object of a configuration file, without keys. It is checked whole; `errors` of the error lists everything that is wrong with it. The tenant is served by every gateway at once.")
    {
        Bodies = [typeof(DocumentBody)],
        Example = NewTenant,
        Errors = [.. BadBody, ErrorCode.TenantExists, ErrorCode.TenantInFile],
    };

    public static readonly ApiOperation GetTenant = new("getTenant", Tenants, "Describe a tenant", "As the directory or the configuration file has it.");

    public static readonly ApiOperation PutTenant = new("putTenant", Tenants, "Create or replace a tenant", "The whole document; what it does not say has its default. Gateways follow within two seconds.")
    {
        Bodies = [typeof(DocumentBody)],
        Example = NewTenant,
        RequestHeaders = IfMatch,
        Errors = [.. Change, ErrorCode.TenantExists],
    };

    public static readonly ApiOperation PatchTenant = new("patchTenant", Tenants, "Change a tenant", "A merge patch (RFC 7396): objects are merged, null removes a member, and a list replaces the one before. Gateways follow within two seconds.")
    {
        Bodies = [typeof(DocumentBody)],
        Example = """{"budget":{"usdPerDay":10,"usdPerMonth":null}}""",
        MediaTypes = ["application/json", "application/merge-patch+json"],
        RequestHeaders = IfMatch,
        Errors = Change,
    };

    public static readonly ApiOperation DeleteTenant = new("deleteTenant", Tenants, "Delete a tenant", "The tenant, all of its keys, and all that was recorded and learned of it. Gateways refuse the keys within two seconds.")
    {
        RequestHeaders = IfMatch,
        Errors = [ErrorCode.InvalidValue, ErrorCode.TenantInFile, ErrorCode.RevisionMismatch],
    };

    public static readonly ApiOperation ListKeys = new("listKeys", Keys, "List keys of a tenant", "Those that were made over HTTP and not deleted. The keys themselves are kept nowhere.");

    public static readonly ApiOperation CreateKey = new("createKey", Keys, "Make a key of a tenant", "The answer shows the key, and nothing ever shows it again. It is known to every gateway at once. The body may be left out.")
    {
        Bodies = [typeof(KeyRequestBody)],
        Example = """{"name":"web shop","scopes":["chat","feedback"],"expires_in_seconds":7776000}""",
        Errors = BadBody,
    };

    public static readonly ApiOperation DeleteKey = new("deleteKey", Keys, "Delete a key of a tenant", "Gateways refuse it within two seconds.") { Errors = [ErrorCode.KeyNotFound] };

    public static readonly ApiOperation ListAdminKeys = new("listAdminKeys", Keys, "List keys that manage", "Those that were made over HTTP and not deleted; the one that the configuration names is not among them.");

    public static readonly ApiOperation CreateAdminKey = new("createAdminKey", Keys, "Make a key that manages", "Its role is `read` (everything that is read), `operate` (keys, models, budgets and policies of tenants too) or `own` (everything). The answer shows the key, and nothing ever shows it again.")
    {
        Bodies = [typeof(KeyRequestBody)],
        Example = """{"name":"billing","role":"read"}""",
        Errors = BadBody,
    };

    public static readonly ApiOperation DeleteAdminKey = new("deleteAdminKey", Keys, "Delete a key that manages", "Gateways refuse it within two seconds.") { Errors = [ErrorCode.KeyNotFound] };

    public static readonly ApiOperation GetModels = new("getModels", Tenants, "List models of a tenant", "The tenant's `arms`.") { ResponseHeaders = ETag };

    public static readonly ApiOperation PutModels = new("putModels", Tenants, "Replace models of a tenant", "A list of models, or what `GET` answers. What was learned of models that stay, stays.")
    {
        Bodies = [typeof(ListBody<DocumentBody>)],
        Example = """{"object":"list","data":[{"id":"small","upstream":"openrouter","model":"example/small","inputUsdPerMillion":0.1,"outputUsdPerMillion":0.4}]}""",
        RequestHeaders = IfMatch,
        Errors = Change,
    };

    public static readonly ApiOperation AddModel = new("addModel", Tenants, "Add a model to a tenant", "It comes last. The answer lists all models.")
    {
        Bodies = [typeof(DocumentBody)],
        Example = """{"id":"small","upstream":"openrouter","model":"example/small","inputUsdPerMillion":0.1,"outputUsdPerMillion":0.4}""",
        RequestHeaders = IfMatch,
        Errors = [.. Change, ErrorCode.ModelExists],
    };

    public static readonly ApiOperation DeleteModel = new("deleteModel", Tenants, "Remove a model from a tenant", "What was learned of it goes with it; `\"enabled\": false` keeps that. The answer lists all models.")
    {
        RequestHeaders = IfMatch,
        Errors = [ErrorCode.InvalidValue, ErrorCode.ModelNotFound, ErrorCode.TenantInFile, ErrorCode.RevisionMismatch],
    };

    public static readonly ApiOperation GetBudget = new("getBudget", Tenants, "Read the budget of a tenant", "The tenant's `budget`.") { ResponseHeaders = ETag };

    public static readonly ApiOperation PutBudget = new("putBudget", Tenants, "Replace the budget of a tenant", "The whole `budget`; what it does not say has its default.")
    {
        Bodies = [typeof(DocumentBody)],
        Example = """{"usdPerDay":5,"usdPerMonth":100}""",
        RequestHeaders = IfMatch,
        Errors = Change,
    };

    public static readonly ApiOperation ResetBudget = new("resetBudget", Tenants, "Begin the budgets of a tenant anew", "The windows that are open now have spent nothing then, and the shadow price starts as at first. For a tenant whose spend is wrong, or was recorded by a clock that was ahead. What was spent in all stays, and so does what calls that run have set aside. Tenants of the configuration file too.")
    {
        Errors = NotServed,
    };

    public static readonly ApiOperation GetGuarantee = new("getGuarantee", Tenants, "Report what is proven of a tenant's answers", "The certificate of its `guarantee`: differences allowed and used up, audits, and bounds by topic and model. What questions beside have cost, and what is left in their purse.")
    {
        Errors = [ErrorCode.TenantUnavailable, ErrorCode.TenantRebuilding],
    };

    public static readonly ApiOperation Evidence = new("getTenantEvidence", Tenants, "Report what the purse of a tenant has bought", "As `GET /v1/evidence` for one of its keys.") { Errors = [ErrorCode.TenantUnavailable, ErrorCode.TenantRebuilding] };

    public static readonly ApiOperation GetPolicy = new("getTenantPolicy", Tenants, "Read how a tenant is routed", "The members of the tenant's document that say how requests are routed and what is learned.") { ResponseHeaders = ETag };

    public static readonly ApiOperation PutPolicy = new("putTenantPolicy", Tenants, "Replace how a tenant is routed", "All members of the tenant's document that say how requests are routed; what is not said has its default.")
    {
        Bodies = [typeof(DocumentBody)],
        Example = """{"policy":"metallm","qualityFloor":0.8}""",
        RequestHeaders = IfMatch,
        Errors = Change,
    };

    public static readonly ApiOperation GetChallenger = new("getChallenger", Tenants, "Read the challenger of a tenant", "The tenant's policy, the policy that would take its place, what the tenant's log says of both, and why the challenger may not be promoted yet. The log is looked at where the last look does not hold any more, which may take seconds. It needs a process with a store of its own.")
    {
        ResponseHeaders = ETag,
        Errors = [ErrorCode.TenantUnavailable],
    };

    public static readonly ApiOperation PutChallenger = new("putChallenger", Tenants, "Name a challenger of a tenant", "The whole `challenger`; what it does not say has its default. It serves nobody: it is estimated from the tenant's own log.")
    {
        Bodies = [typeof(DocumentBody)],
        Example = """{"policy":"linucb","policyOptions":{"alpha":0.5},"leastDecisions":1000}""",
        RequestHeaders = IfMatch,
        ResponseHeaders = ETag,
        Errors = [.. Change, ErrorCode.TenantUnavailable],
    };

    public static readonly ApiOperation DeleteChallenger = new("deleteChallenger", Tenants, "Take the challenger of a tenant away", "The tenant's policy stays what it is.")
    {
        RequestHeaders = IfMatch,
        ResponseHeaders = ETag,
        Errors = [ErrorCode.InvalidValue, ErrorCode.ChallengerNotFound, ErrorCode.TenantInFile, ErrorCode.RevisionMismatch, ErrorCode.TenantUnavailable],
    };

    public static readonly ApiOperation PromoteChallenger = new("promoteChallenger", Tenants, "Promote the challenger of a tenant", "It becomes the tenant's policy and learns from the whole journal, so that no feedback is lost; it is in force when the answer comes. Refused while its gate is shut, with what is missing, unless `force` is true. The body may be left out. The audit keeps what the log said.")
    {
        Bodies = [typeof(PromotionBody)],
        Example = """{"force":false}""",
        RequestHeaders = IfMatch,
        Errors = [.. Change, ErrorCode.ChallengerNotFound, ErrorCode.GateShut, .. NotServed],
    };

    public static readonly ApiOperation RollBackChallenger = new("rollBackChallenger", Tenants, "Put the policy of before a promotion back", "It learns from the whole journal, feedback since the promotion included, and is in force when the answer comes.")
    {
        RequestHeaders = IfMatch,
        Errors = [ErrorCode.InvalidValue, ErrorCode.NothingToRollBack, ErrorCode.TenantInFile, ErrorCode.RevisionMismatch, .. NotServed],
    };

    public static readonly ApiOperation SharedLearning = new("getPool", Reports, "Report what tenants know together", "Sums of rewards by model and topic, with noise, of the tenants whose `shareLearning` says that they give. What fewer tenants gave than `sharedLearning.minTenants` is not shown.");

    public static readonly ApiOperation Retention = new("getRetention", Reports, "Say what would go", "How long decisions and the audit are kept, and which tenants have decisions that are old enough to go.") { Errors = [ErrorCode.InvalidValue] };

    public static readonly ApiOperation RunRetention = new("runRetention", Reports, "Let go now what is old", "What `retention` of the configuration says, without waiting for the next hour; answered once it is done. A look that runs is waited for.");

    public static readonly ApiOperation Archive = new("listArchive", Reports, "List files of the archive", "By tenant, day and name; none without an archive.") { Errors = [ErrorCode.InvalidValue] };

    public static readonly ApiOperation Usage = new("getUsage", Reports, "Report usage", "Requests, tokens, USD and rewards of a time, by day, model, task, key or tenant, as the journal has them. As CSV with `Accept: text/csv` or `format=csv`.")
    {
        Answers = [typeof(UsageReportBody)],
        TextAnswer = "text/csv",
        Errors = [ErrorCode.InvalidValue],
    };

    public static readonly ApiOperation Report = new("getReport", Reports, "Report on a tenant", "What its router has learned and what it cost: one HTML file, which needs no server and no internet, or a table of it as CSV.")
    {
        TextAnswer = "text/html",
        Errors = [ErrorCode.InvalidValue, ErrorCode.TenantNotFound],
    };

    public static readonly ApiOperation ListRequests = new("listTenantRequests", Reports, "List requests of a tenant that were kept", "Where its `requestLog` says that they are: the newest first, without their texts.") { Errors = [ErrorCode.InvalidValue] };

    public static readonly ApiOperation GetRequest = new("getTenantRequest", Reports, "Read a request of a tenant that was kept", "With its texts and those of its answer, without what `requestLog` blots out.") { Errors = [ErrorCode.RequestNotFound] };

    public static readonly ApiOperation Decisions = new("exportDecisions", Reports, "Export decisions", "Decisions of a time and what became of them as lines of JSON, in the order in which the policy saw them, with every configuration and training set of before. They hold the vectors of queries, no texts.")
    {
        TextAnswer = "application/x-ndjson",
        Errors = [ErrorCode.InvalidValue, ErrorCode.TenantNotFound],
    };

    public static readonly ApiOperation Audit = new("listChanges", Reports, "List changes", "Every change of tenants and keys, oldest first: who, when, what was there before and after.") { Errors = [ErrorCode.InvalidValue] };
}
