namespace MetaLlm.Gateway.Tests.Configuration;

/// <summary>A small sound configuration, and ways to get it wrong: the text to replace, its replacement, the place and a part of the message.</summary>
public static class Mistakes
{
    public const string Good = """
        {"MetaLlm":{
          "upstreams":{"up":{"baseUrl":"https://api.example.com/v1","apiKeyEnvironment":"UP_KEY"}},
          "tenants":[{"id":"t","keyEnvironments":["T_KEY"],"arms":[{"id":"a","upstream":"up","inputUsdPerMillion":1.5,"outputUsdPerMillion":6}]}]}}
        """;

    private const string Root = "\"upstreams\":{";
    private const string Tenant = "\"id\":\"t\"";
    private const string Arm = "\"id\":\"a\"";

    /// <summary>What one member says is wrong by itself.</summary>
    public static TheoryData<string, string, string, string> OfOneMember { get; } = new()
    {
        { Root, "\"limits\":{\"bodyBytes\":12},\"upstreams\":{", "MetaLlm.limits.bodyBytes", "is '12'; it must be a whole number from 1024" },
        { Tenant, "\"embeddingModels\":[{\"id\":\"e\",\"upstream\":\"up\",\"dimensions\":0}],\"id\":\"t\"", "MetaLlm.tenants[0].embeddingModels[0].dimensions", "from 1 to 65536" },
        { Root, "\"cors\":{\"methods\":[\"PATCH\"]},\"upstreams\":{", "MetaLlm.cors.methods[0]", "is 'PATCH'; it must be one of" },
        { Root, "\"cors\":{\"maxAgeSeconds\":-1},\"upstreams\":{", "MetaLlm.cors.maxAgeSeconds", "from 0 to 86400" },
        { Root, "\"idempotency\":{\"hours\":721},\"upstreams\":{", "MetaLlm.idempotency.hours", "from 0 to 720" },
        { Root, "\"limits\":{\"warmStartRows\":7},\"upstreams\":{", "MetaLlm.limits.warmStartRows", "a whole number from 8 to 50000" },
        { Root, "\"limits\":[1],\"upstreams\":{", "MetaLlm.limits", "is not known" },
        { Root, "\"limits\":3,\"upstreams\":{", "MetaLlm.limits", "is '3'; it must be an object" },
        { Root, "\"listen\":\"x\",\"upstreams\":{", "MetaLlm.listen", "must be a list" },
        { Root, "\"routing\":{\"coolDownSeconds\":0},\"upstreams\":{", "MetaLlm.routing.coolDownSeconds", "a number above 0 to 86400" },
        { Root, "\"engine\":\"steam\",\"upstreams\":{", "MetaLlm.engine", "is 'steam'; it must be one of orleans" },
        { Root, "\"engine\":\"in-process\",\"upstreams\":{", "MetaLlm.engine", "is 'in-process'; it must be one of orleans" },
        { Root, "\"cluster\":{\"streamProvider\":\"rewards\"},\"upstreams\":{", "MetaLlm.cluster.streamProvider", "is 'rewards'; it must be one of metallm-memory" },
        { Root, "\"role\":\"king\",\"upstreams\":{", "MetaLlm.role", "one of all, gateway, silo" },
        { Root, "\"cluster\":{\"siloPort\":70000},\"upstreams\":{", "MetaLlm.cluster.siloPort", "a whole number from 1 to 65535" },
        { Root, "\"storage\":{\"sqlite\":{\"durability\":\"none\"}},\"upstreams\":{", "MetaLlm.storage.sqlite.durability", "one of powerLoss, processCrash" },
        { Root, "\"storage\":{\"postgres\":{\"commandTimeoutSeconds\":1.5}},\"upstreams\":{", "MetaLlm.storage.postgres.commandTimeoutSeconds", "a whole number from 1 to 300" },
        { Root, "\"storage\":{\"postgres\":{\"connectionString\":\"sk-secret\"}},\"upstreams\":{", "MetaLlm.storage.postgres.connectionString", "is not known" },
        { Root, "\"runtime\":{\"catchUpPeriodSeconds\":0.01},\"upstreams\":{", "MetaLlm.runtime.catchUpPeriodSeconds", "a number from 0.1 to 3600" },
        { Root, "\"runtime\":{\"checkpointEvery\":0},\"upstreams\":{", "MetaLlm.runtime.checkpointEvery", "a whole number from 1 to 1000000" },
        { Root, "\"embeddings\":{\"threads\":0},\"upstreams\":{", "MetaLlm.embeddings.threads", "a whole number from 1 to 256" },
        { "\"apiKeyEnvironment\":\"UP_KEY\"", "\"apiKey\":\"sk-secret\"", "MetaLlm.upstreams.up.apiKey", "is not known; MetaLlm.upstreams.up takes kind, baseUrl" },
        { "\"UP_KEY\"", "{\"name\":1}", "MetaLlm.upstreams.up.apiKeyEnvironment", "a single value" },
        { "\"id\":\"a\",", "", "MetaLlm.tenants[0].arms[0].id", "is missing; it must be a text of 1 to 128 characters" },
        { "\"id\":\"a\"", "\"id\":\" \"", "MetaLlm.tenants[0].arms[0].id", "1 to 128 are needed, not all blank" },
        { "\"id\":\"a\"", "\"id\":\"größe\"", "MetaLlm.tenants[0].arms[0].id", "ids travel in headers" },
        { "\"id\":\"a\"", "\"id\":\"a \"", "MetaLlm.tenants[0].arms[0].id", "ids travel in headers" },
        { "\"inputUsdPerMillion\":1.5", "\"inputUsdPerMillion\":\"cheap\"", "MetaLlm.tenants[0].arms[0].inputUsdPerMillion", "is 'cheap'; it must be a number from 0" },
        { "\"inputUsdPerMillion\":1.5", "\"inputUsdPerMillion\":-1", "MetaLlm.tenants[0].arms[0].inputUsdPerMillion", "is '-1'; it must be a number from 0 to 1000000" },
        { "\"inputUsdPerMillion\":1.5", "\"enabled\":\"perhaps\"", "MetaLlm.tenants[0].arms[0].enabled", "is 'perhaps'; it must be true or false" },
        { Arm, "\"dropParameters\":[\"a b\"],\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].dropParameters[0]", "is 'a b'; it must be a member of a request" },
        { Arm, "\"renameParameters\":{\"a\":\"b c\"},\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].renameParameters.a", "is 'b c'; it must be a member of a request" },
        { Arm, "\"defaults\":{\"top_k\":{\"a\":1}},\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].defaults.top_k", "must be a single value" },
        { Arm, "\"cacheWriteUsdPerMillion\":-1,\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].cacheWriteUsdPerMillion", "a number from 0 to 1000000" },
        { Arm, "\"prices\":[{\"inputUsdPerMillion\":1}],\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].prices[0].from", "is missing" },
        { Arm, "\"prices\":[{\"from\":\"soon\"}],\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].prices[0].from", "is 'soon'; a date or a time in ISO 8601 is legal" },
        { Arm, "\"prices\":[{\"from\":\"2027-01-01\",\"outputUsdPerMillion\":-1}],\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].prices[0].outputUsdPerMillion", "is '-1'; it must be a number from 0 to 1000000" },
        { "\"apiKeyEnvironment\":\"UP_KEY\"", "\"kind\":\"telex\"", "MetaLlm.upstreams.up.kind", "is 'telex'; it must be one of openai, simulator, azure-openai, anthropic" },
        { "\"apiKeyEnvironment\":\"UP_KEY\"", "\"apiKeyHeader\":\"a b\"", "MetaLlm.upstreams.up.apiKeyHeader", "is 'a b'; it must be the name of a header" },
        { "\"apiKeyEnvironment\":\"UP_KEY\"", "\"plainTimeoutSeconds\":0", "MetaLlm.upstreams.up.plainTimeoutSeconds", "a number above 0 to 86400" },
        { Tenant, "\"id\":\"t t\"", "MetaLlm.tenants[0].id", "is 't t'; letters, digits" },
        { Tenant, "\"policy\":\"luck\",\"id\":\"t\"", "MetaLlm.tenants[0].policy", "known policies are metallm" },
        { Tenant, "\"policyOptions\":{\"zeal\":1},\"id\":\"t\"", "MetaLlm.tenants[0].policyOptions.zeal", "no option of policy" },
        { Tenant, "\"policyOptions\":{\"zeal\":\"much\"},\"id\":\"t\"", "MetaLlm.tenants[0].policyOptions.zeal", "is 'much'; it must be a number" },
        { Tenant, "\"budget\":{\"usdPerRequest\":0},\"id\":\"t\"", "MetaLlm.tenants[0].budget.usdPerRequest", "a number above 0" },
        { Tenant, "\"budget\":{\"usdPerMonth\":0},\"id\":\"t\"", "MetaLlm.tenants[0].budget.usdPerMonth", "a number above 0" },
        { Tenant, "\"context\":[\"mood\"],\"id\":\"t\"", "MetaLlm.tenants[0].context[0]", "is 'mood'; it must be one of structural, task, embedding" },
        { Tenant, "\"qualityFloor\":1.2,\"id\":\"t\"", "MetaLlm.tenants[0].qualityFloor", "a number from 0 to 1" },
        { Tenant, "\"missingReward\":{\"mode\":\"guess\"},\"id\":\"t\"", "MetaLlm.tenants[0].missingReward.mode", "one of ignore, value, impute" },
        { Tenant, "\"missingReward\":{\"mode\":\"value\",\"value\":0,\"afterSeconds\":5},\"id\":\"t\"", "MetaLlm.tenants[0].missingReward.afterSeconds", "a number from 60" },
    };

    /// <summary>What several members, or a member and the environment, say together.</summary>
    public static TheoryData<string, string, string, string> OfSeveralMembers { get; } = new()
    {
        { Arm, "\"dropParameters\":[\"seed\",\"messages\"],\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].dropParameters[1]", "names 'messages'; it may name any member of a request but model, messages" },
        { Arm, "\"dropParameters\":[\"max_tokens\"],\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].dropParameters[0]", "names 'max_tokens'" },
        { Arm, "\"renameParameters\":{\"stream\":\"x\"},\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].renameParameters.stream", "names 'stream'" },
        { Arm, "\"renameParameters\":{\"a\":\"b\",\"b\":\"c\"},\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].renameParameters.a", "is 'b'; each member may be renamed once" },
        { Arm, "\"defaults\":{\"n\":2},\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].defaults.n", "names 'n'" },
        { Arm, "\"prices\":[{\"from\":\"2027-02-30\"}],\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].prices[0].from", "is '2027-02-30'; it must be a date" },
        { Arm, "\"prices\":[{\"from\":\"2027-01-02\"},{\"from\":\"2027-01-02T00:00:00Z\"}],\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].prices[1].from", "must be later than the one before, which is 2027-01-02T00:00:00Z" },
        { Root, "\"listen\":[\"http://0.0.0.0:80\"],\"anonymousTenant\":\"t\",\"upstreams\":{", "MetaLlm.anonymousTenant", "loopback only" },
        { Root, "\"anonymousTenant\":\"who\",\"upstreams\":{", "MetaLlm.anonymousTenant", "no tenant; tenants are t" },
        { Root, "\"allowedHosts\":[\"a.example:80\"],\"upstreams\":{", "MetaLlm.allowedHosts[0]", "is 'a.example:80'; it must be a name" },
        { Root, "\"allowedHosts\":[\"::1\"],\"upstreams\":{", "MetaLlm.allowedHosts[0]", "around IPv6" },
        { Root, "\"listen\":[],\"upstreams\":{", "MetaLlm.listen", "at least one address" },
        { Root, "\"listen\":[\"https://127.0.0.1:80\"],\"upstreams\":{", "MetaLlm.listen[0]", "http://ADDRESS:PORT" },
        { Root, "\"routing\":{\"coolDownSeconds\":9,\"maxCoolDownSeconds\":3},\"upstreams\":{", "MetaLlm.routing.maxCoolDownSeconds", "is 3; it must be at least coolDownSeconds (9)" },
        { Root, "\"cluster\":{\"gatewayPort\":0},\"upstreams\":{", "MetaLlm.cluster.gatewayPort", "is 0, which membership localhost does not allow" },
        { Root, "\"cluster\":{\"membership\":\"postgres\"},\"upstreams\":{", "MetaLlm.cluster.membership", "storage.kind is sqlite" },
        { Root, "\"cluster\":{\"advertisedAddress\":\"0.0.0.0\"},\"upstreams\":{", "MetaLlm.cluster.advertisedAddress", "is '0.0.0.0'; it must be an IP address" },
        { Root, "\"cluster\":{\"advertisedAddressEnvironment\":\"NO_IP\"},\"upstreams\":{", "MetaLlm.cluster.advertisedAddressEnvironment", "'NO_IP', which is not set" },
        { Root, "\"cluster\":{\"advertisedAddressEnvironment\":\"POD\"},\"upstreams\":{", "MetaLlm.cluster.advertisedAddressEnvironment", "gives 'POD-value'; it must be the IP address" },
        { Root, "\"storage\":{\"kind\":\"postgres\"},\"upstreams\":{", "MetaLlm.storage.connectionEnvironment", "is missing" },
        { Root, "\"storage\":{\"kind\":\"postgres\",\"connectionEnvironment\":\"NO_DB\"},\"upstreams\":{", "MetaLlm.storage.connectionEnvironment", "'NO_DB', which is not set" },
        { "\"upstream\":\"up\"", "\"deployments\":[]", "MetaLlm.tenants[0].arms[0].upstream", "is missing; it must be the name of an upstream, or deployments must name some" },
        { "\"upstream\":\"up\"", "\"deployments\":[{\"upstream\":\"up\"},{}]", "MetaLlm.tenants[0].arms[0].deployments[1].upstream", "is missing, and the arm has none" },
        { Arm, "\"id\":\"a\",\"deployments\":[{\"upstream\":\"down\"}]", "MetaLlm.tenants[0].arms[0].deployments[0].upstream", "is 'down'; upstreams are up" },
        { Arm, "\"id\":\"a\",\"deployments\":[{},{}]", "MetaLlm.tenants[0].arms[0].deployments[1].name", "is 'up', as another deployment's" },
        { Arm, "\"id\":\"a\",\"deployments\":[{\"cacheWriteUsdPerMillion\":1}]", "MetaLlm.tenants[0].arms[0].deployments[0].cacheWriteUsdPerMillion", "needs inputUsdPerMillion or outputUsdPerMillion" },
        { Arm, "\"id\":\"a\",\"deployments\":[{\"totalTimeoutSeconds\":86400}]", "MetaLlm.tenants[0].arms[0].deployments[0].totalTimeoutSeconds", "is 86400; it must be at most that of the upstream, 600" },
        { Arm, "\"id\":\"a\",\"deployments\":[{\"headers\":{\"host\":\"x\"}}]", "MetaLlm.tenants[0].arms[0].deployments[0].headers.host", "is set by the gateway" },
        { Root, "\"storage\":{\"connectionEnvironment\":\"DB\"},\"upstreams\":{", "MetaLlm.storage.connectionEnvironment", "belongs to kind postgres" },
        { Root, "\"admin\":{\"keyEnvironment\":\"T_KEY\"},\"upstreams\":{", "MetaLlm.admin.keyEnvironment", "tenant 't' has too" },
        { Root, "\"metrics\":{\"keyEnvironment\":\"T_KEY\"},\"upstreams\":{", "MetaLlm.metrics.keyEnvironment", "every key must be another" },
        { Root, "\"metrics\":{\"keyEnvironment\":\"M\"},\"admin\":{\"keyEnvironment\":\"M\"},\"upstreams\":{", "MetaLlm.metrics.keyEnvironment", "names a key that manages tenants" },
        { "UP_KEY", "NO_KEY", "MetaLlm.upstreams.up.apiKeyEnvironment", "'NO_KEY', which is not set" },
        { "https://api.example.com/v1", "api.example.com", "MetaLlm.upstreams.up.baseUrl", "http or https address" },
        { "\"apiKeyEnvironment\":\"UP_KEY\"", "\"headers\":{\"Host\":\"h\"}", "MetaLlm.upstreams.up.headers.Host", "is set by the gateway" },
        { "\"apiKeyEnvironment\":\"UP_KEY\"", "\"headers\":{\"x y\":\"h\"}", "MetaLlm.upstreams.up.headers.x y", "no name of a header" },
        { "\"apiKeyEnvironment\":\"UP_KEY\"", "\"headers\":{\"x\":\"sk-secretö\"}", "MetaLlm.upstreams.up.headers.x", "has a value that is no header" },
        { "\"apiKeyEnvironment\":\"UP_KEY\"", "\"headers\":{\"x\":\"1\"},\"headerEnvironments\":{\"X\":\"UP_KEY\"}", "MetaLlm.upstreams.up.headers", "given more than once" },
        { "\"apiKeyEnvironment\":\"UP_KEY\"", "\"queryFiles\":{\"q\":\"/no/such/file\"}", "MetaLlm.upstreams.up.queryFiles.q", "does not exist" },
        { Arm, "\"headers\":{\"content-type\":\"x\"},\"id\":\"a\"", "MetaLlm.tenants[0].arms[0].headers.content-type", "is set by the gateway" },
        { "\"apiKeyEnvironment\":\"UP_KEY\"", "\"seed\":3", "MetaLlm.upstreams.up.seed", "belongs to kind 'simulator'" },
        { "\"upstream\":\"up\"", "\"upstream\":\"down\"", "MetaLlm.tenants[0].arms[0].upstream", "is 'down'; upstreams are up" },
        { "\"id\":\"a\"", "\"id\":\"auto\"", "MetaLlm.tenants[0].arms[0].id", "asks for routing" },
        { "T_KEY\"]", "T_KEY\",\"T_KEY\"]", "MetaLlm.tenants[0].keyEnvironments[1]", "in use already" },
        { "T_KEY", "NO_KEY", "MetaLlm.tenants[0].keyEnvironments[0]", "'NO_KEY', which is not set" },
        { Tenant, "\"aliases\":{\"gpt-4o\":\"b\"},\"id\":\"t\"", "MetaLlm.tenants[0].aliases.gpt-4o", "is 'b'; it must be auto, the id" },
        { Root, "\"cors\":{\"origins\":[\"app.example.com\"]},\"upstreams\":{", "MetaLlm.cors.origins[0]", "is 'app.example.com'; it must be an origin" },
        { Root, "\"cors\":{\"origins\":[\"https://app.example.com/\"]},\"upstreams\":{", "MetaLlm.cors.origins[0]", "it must be an origin" },
        { Root, "\"anonymousTenant\":\"t\",\"cors\":{\"origins\":[\"*\"]},\"upstreams\":{", "MetaLlm.cors.origins[0]", "origins must be named" },
        { Tenant, "\"embeddingModels\":[{\"id\":\"e\",\"upstream\":\"down\"}],\"id\":\"t\"", "MetaLlm.tenants[0].embeddingModels[0].upstream", "is 'down'; upstreams are up" },
        { Tenant, "\"embeddingModels\":[{\"id\":\"a\",\"upstream\":\"up\",\"space\":\"s\"}],\"id\":\"t\"", "MetaLlm.tenants[0].embeddingModels[0].id", "names something else already" },
        { Tenant, "\"embeddingModels\":[{\"id\":\"e\",\"upstream\":\"up\",\"space\":\"auto\"}],\"id\":\"t\"", "MetaLlm.tenants[0].embeddingModels[0].space", "names something else already" },
        { Tenant, "\"embeddingModels\":[{\"id\":\"e\",\"upstream\":\"up\",\"space\":\"f\"},{\"id\":\"f\",\"upstream\":\"up\",\"space\":\"s\"}],\"id\":\"t\"", "MetaLlm.tenants[0].embeddingModels[0].space", "may be called after a model that is in it" },
        { Tenant, "\"embeddingModels\":[{\"id\":\"e\",\"upstream\":\"up\",\"space\":\"s\",\"dimensions\":8},{\"id\":\"f\",\"upstream\":\"up\",\"space\":\"s\"}],\"id\":\"t\"", "MetaLlm.tenants[0].embeddingModels[1].dimensions", "is not given; it must be that of 'e', 8" },
        { "\"baseUrl\":\"https://api.example.com/v1\",\"apiKeyEnvironment\":\"UP_KEY\"}},\n  \"tenants\":[{", "\"kind\":\"anthropic\"}},\"tenants\":[{\"embeddingModels\":[{\"id\":\"e\",\"upstream\":\"up\"}],", "MetaLlm.tenants[0].embeddingModels[0].upstream", "whose kind has no embeddings" },
        { Tenant, "\"aliases\":{\"a\":\"auto\"},\"id\":\"t\"", "MetaLlm.tenants[0].aliases.a", "is the name of something already" },
        { Tenant, "\"qualityFloor\":0.8,\"priceWeight\":2,\"id\":\"t\"", "MetaLlm.tenants[0].qualityFloor", "one of the two must go" },
        { Tenant, "\"missingReward\":{\"mode\":\"impute\",\"value\":1},\"id\":\"t\"", "MetaLlm.tenants[0].missingReward.value", "belongs to mode 'value'" },
        { Tenant, "\"missingReward\":{\"mode\":\"value\"},\"id\":\"t\"", "MetaLlm.tenants[0].missingReward.value", "is missing" },
        { Tenant, "\"missingReward\":{\"value\":0},\"id\":\"t\"", "MetaLlm.tenants[0].missingReward.mode", "takes no value" },
    };

    public static string Make(string old, string changed) => Good.Replace(old, changed, StringComparison.Ordinal);

    /// <summary>An environment in which every variable is set whose name does not begin with NO_.</summary>
    public static string? Variable(string name) => name.StartsWith("NO_", StringComparison.Ordinal) ? null : name + "-value";
}
