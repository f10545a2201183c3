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
        Errors = [ErrorCode.TenantUnavailable, ErrorCode.TenantRebuilding, ErrorCode.UpgradeInProgress],
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
