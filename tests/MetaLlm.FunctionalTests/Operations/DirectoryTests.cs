using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Dapper;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>Tenants that are managed over HTTP while the gateway serves.</summary>
public sealed class DirectoryTests : IAsyncLifetime
{
    private RunningGateway _gateway = null!;

    private Client Admin => _gateway.With(TestConfiguration.AdminKey);

    public async Task InitializeAsync() => _gateway = await RunningGateway.StartAsync(SignUp.Configuration("beta"));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_tenant_that_signs_up_is_served_at_once_and_after_a_restart()
    {
        var created = await SignUp.CreateAsync(Admin, "acme");
        Assert.Equal(("acme", "directory", 1), (created.Json.GetProperty("id").GetString(), created.Json.GetProperty("source").GetString(), created.Json.GetProperty("revision").GetInt32()));
        var made = (await Admin.SendAsync("POST", "/admin/v1/tenants/acme/keys")).Ok().Json;
        var key = made.GetProperty("key").GetString()!;
        Assert.Equal("mlk_" + made.GetProperty("id").GetString(), made.GetProperty("prefix").GetString());
        Assert.StartsWith(made.GetProperty("prefix").GetString()! + "_", key, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, made.GetProperty("expires_at").ValueKind);

        var decision = (await _gateway.With(key).ChatAsync("Hello?")).Ok().DecisionId;
        Assert.Equal(["auto", "sim-nano", "sim-lingo"], (await _gateway.With(key).GetAsync("/v1/models")).Ok().Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        Assert.DoesNotContain(key, (await Admin.GetAsync("/admin/v1/tenants/acme/keys")).Ok().Text, StringComparison.Ordinal);

        await _gateway.StopAsync();
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(_gateway.Directory, "metallm.db")};Pooling=False"))
        {
            Assert.Equal(32, (await database.QuerySingleAsync<byte[]>("SELECT hash FROM directory_keys")).Length);
        }

        _gateway = await RunningGateway.StartAsync(SignUp.Configuration(), directory: _gateway.Directory);
        (await _gateway.With(key).ChatAsync("Hello again?")).Ok();
        Assert.Equal(decision, (await _gateway.With(key).GetAsync($"/v1/decisions/{decision}")).Ok().Json.GetProperty("decision_id").GetString());
    }

    [Fact]
    public async Task A_key_opens_nothing_once_it_is_deleted_has_expired_or_its_tenant_is_gone()
    {
        await SignUp.CreateAsync(Admin, "acme");
        var (id, deleted) = await SignUp.KeyAsync(Admin, "acme");
        var (_, kept) = await SignUp.KeyAsync(Admin, "acme", new { name = "kept" });
        var (_, brief) = await SignUp.KeyAsync(Admin, "acme", new { expires_in_seconds = 2 });
        foreach (var key in new[] { deleted, kept, brief })
        {
            (await _gateway.With(key).GetAsync("/v1/models")).Ok();
        }

        Assert.True((await Admin.SendAsync("DELETE", $"/admin/v1/tenants/acme/keys/{id}")).Ok().Json.GetProperty("deleted").GetBoolean());
        Assert.Equal("invalid_api_key", (await _gateway.With(deleted).GetAsync("/v1/models")).Code);
        Assert.Equal("key_not_found", (await Admin.SendAsync("DELETE", $"/admin/v1/tenants/acme/keys/{id}")).Code);
        Assert.Equal("invalid_api_key", (await _gateway.With(kept[..^1] + (kept[^1] == 'A' ? 'B' : 'A')).GetAsync("/v1/models")).Code);
        await Eventually.TrueAsync("the key has expired", async () => (await _gateway.With(brief).GetAsync("/v1/models")).Status == HttpStatusCode.Unauthorized);

        (await _gateway.With(kept).ChatAsync("Hello?")).Ok();
        (await Admin.SendAsync("DELETE", "/admin/v1/tenants/acme")).Ok();
        Assert.Equal("invalid_api_key", (await _gateway.With(kept).ChatAsync("Hello?")).Code);
        Assert.Equal("tenant_not_found", (await Admin.GetAsync("/admin/v1/tenants/acme")).Code);

        Assert.Equal("tenant_not_found", (await Admin.SendAsync("DELETE", "/admin/v1/tenants/acme")).Code);

        await SignUp.CreateAsync(Admin, "acme");
        Assert.Equal("invalid_api_key", (await _gateway.With(kept).ChatAsync("Hello?")).Code);
        var (_, fresh) = await SignUp.KeyAsync(Admin, "acme");
        Assert.Equal(0, (await _gateway.With(fresh).GetAsync("/v1/policy")).Ok().Json.GetProperty("decisions").GetInt32());
    }

    [Fact]
    public async Task A_tenant_of_the_file_whose_cap_is_used_up_is_served_again_after_a_reset_that_stands_in_the_audit()
    {
        const string Url = "/admin/v1/tenants/beta/budget/reset";
        await _gateway.DisposeAsync();
        var configuration = SignUp.Configuration("beta");
        TestConfiguration.TenantAt(configuration, 0)["budget"] = new JsonObject { ["hardCapUsd"] = 0.0015, ["hardCapReserve"] = "mean" };
        _gateway = await RunningGateway.StartAsync(configuration);
        Reply last;
        do
        {
            last = await _gateway.Beta.ChatAsync("Hello?");
        }
        while (last.Status == HttpStatusCode.OK);

        Assert.Equal("hard_cap_reached", last.Code);
        var (_, reader) = await ManagerAsync("read");
        Assert.Equal("insufficient_role", (await reader.SendAsync("POST", Url)).Code);
        Assert.Equal("tenant_not_found", (await Admin.SendAsync("POST", "/admin/v1/tenants/nobody/budget/reset")).Code);

        var reset = (await Admin.SendAsync("POST", Url)).Ok().Json;

        Assert.Equal(("metallm.budget_reset", "beta"), (reset.GetProperty("object").GetString(), reset.GetProperty("tenant").GetString()));
        var change = (await Admin.GetAsync("/admin/v1/audit?tenant=beta")).Ok().Json.GetProperty("data").EnumerateArray().Last();
        Assert.Equal(("reset_budget", "configuration"), (change.GetProperty("action").GetString(), change.GetProperty("actor").GetString()));
        Assert.Equal(reset.GetProperty("before").GetRawText(), change.GetProperty("before").GetRawText());
        Assert.Equal(reset.GetProperty("after").GetRawText(), change.GetProperty("after").GetRawText());
        Assert.Equal(0, reset.GetProperty("after").GetProperty("windows")[0].GetProperty("spent_usd").GetDouble());
        (await _gateway.Beta.ChatAsync("Hello?")).Ok();
    }

    [Fact]
    public async Task A_key_opens_what_its_scopes_say()
    {
        await SignUp.CreateAsync(Admin, "acme");
        var (_, voter) = await SignUp.KeyAsync(Admin, "acme", new { scopes = new[] { "feedback" } });
        var (_, caller) = await SignUp.KeyAsync(Admin, "acme", new { scopes = new[] { "chat", "read" } });
        var decision = (await _gateway.With(caller).ChatAsync("Hello?")).Ok().DecisionId;

        (await _gateway.With(voter).PostAsync("/v1/feedback", new { decision_id = decision, reward = 1 })).Ok();
        Assert.Equal("insufficient_scope", (await _gateway.With(voter).ChatAsync("Hello?")).Code);
        Assert.Equal("insufficient_scope", (await _gateway.With(voter).GetAsync("/v1/policy")).Code);
        Assert.Equal((HttpStatusCode)403, (await _gateway.With(caller).PostAsync("/v1/feedback", new { decision_id = decision, reward = 1 })).Status);
        Assert.Equal("scopes", (await Admin.SendAsync("POST", "/admin/v1/tenants/acme/keys", new { scopes = new[] { "everything" } })).Error.GetProperty("param").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await Admin.SendAsync("POST", "/admin/v1/tenants/acme/keys", new { expires_at = "2001-01-01" })).Status);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_document_is_told_with_its_path_and_nothing_is_written()
    {
        var document = SignUp.Document("acme");
        document["arms"]![0]!["upstream"] = "nowhere";
        document["arms"]![1]!["inputUsdPerMillion"] = -1;
        document["budget"] = new JsonObject { ["usdPerDay"] = "much" };
        document["keyEnvironments"] = new JsonArray("TEST_ALPHA_KEY");
        var reply = await Admin.SendAsync("POST", "/admin/v1/tenants", document.ToJsonString());

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), (reply.Status, reply.Code));
        Assert.Equal(
            ["$.arms[0].upstream", "$.arms[1].inputUsdPerMillion", "$.budget.usdPerDay", "$.keyEnvironments"],
            reply.Error.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal("tenant_not_found", (await Admin.GetAsync("/admin/v1/tenants/acme")).Code);
        Assert.Empty((await Admin.GetAsync("/admin/v1/audit")).Ok().Json.GetProperty("data").EnumerateArray());
        foreach (var id in new[] { "", "a b", new string('x', 65) })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await Admin.SendAsync("POST", "/admin/v1/tenants", SignUp.Document(id).ToJsonString())).Status);
        }
    }

    [Fact]
    public async Task A_change_is_in_force_for_the_next_request_and_an_old_revision_is_refused()
    {
        var etag = (await SignUp.CreateAsync(Admin, "acme")).Headers["ETag"];
        var (_, key) = await SignUp.KeyAsync(Admin, "acme");
        (await _gateway.With(key).ChatAsync("Hello?", "sim-lingo")).Ok();

        (await Admin.SendAsync("DELETE", "/admin/v1/tenants/acme/models/sim-lingo")).Ok();
        Assert.Equal("model_not_found", (await _gateway.With(key).ChatAsync("Hello?", "sim-lingo")).Code);
        (await Admin.SendAsync("POST", "/admin/v1/tenants/acme/models", TestConfiguration.Arm("sim-math").ToJsonString())).Ok();
        Assert.Equal("sim-math", (await _gateway.With(key).ChatAsync("Hello?", "sim-math")).Ok().Model);
        Assert.Equal("model_exists", (await Admin.SendAsync("POST", "/admin/v1/tenants/acme/models", TestConfiguration.Arm("sim-math").ToJsonString())).Code);

        Assert.Equal("$.arms[2].id", (await Admin.SendAsync("POST", "/admin/v1/tenants/acme/models", TestConfiguration.Arm("..").ToJsonString())).Error.GetProperty("param").GetString());

        var stale = await Admin.SendAsync("PATCH", "/admin/v1/tenants/acme", new { seed = 9 }, ("If-Match", etag));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "revision_mismatch"), (stale.Status, stale.Code));
        var current = (await Admin.GetAsync("/admin/v1/tenants/acme")).Ok();
        var patched = (await Admin.SendAsync("PATCH", "/admin/v1/tenants/acme", new { budget = new { usdPerDay = 5 } }, ("If-Match", current.Headers["ETag"]))).Ok();
        Assert.Equal(5, patched.Json.GetProperty("budget").GetProperty("usdPerDay").GetInt32());
        patched = (await Admin.SendAsync("PATCH", "/admin/v1/tenants/acme", """{"BUDGET":{"UsdPerMonth":70}}""")).Ok();
        Assert.Equal("""{"usdPerDay":5,"usdPerMonth":70}""", patched.Json.GetProperty("budget").GetRawText());
        (await Admin.SendAsync("PUT", "/admin/v1/tenants/acme/budget", new { usdPerMonth = 7 })).Ok();
        Assert.Equal("""{"usdPerMonth":7}""", (await Admin.GetAsync("/admin/v1/tenants/acme/budget")).Ok().Text);
        var whole = (await Admin.GetAsync("/admin/v1/tenants/acme")).Ok();
        Assert.Equal(whole.Headers["ETag"], (await Admin.SendAsync("PUT", "/admin/v1/tenants/acme", whole.Text)).Ok().Headers["ETag"]);
    }

    [Fact]
    public async Task A_change_by_which_the_policy_would_forget_needs_a_word()
    {
        await SignUp.CreateAsync(Admin, "acme");
        var (_, key) = await SignUp.KeyAsync(Admin, "acme");
        (await Admin.SendAsync("PUT", "/admin/v1/tenants/acme/policy", new { policy = "linucb" })).Ok();
        (await _gateway.With(key).ChatAsync("Hello?")).Ok();

        var refusal = await Admin.SendAsync("PUT", "/admin/v1/tenants/acme/policy", new { policy = "metallm" });
        Assert.Equal((HttpStatusCode.Conflict, "policy_would_forget"), (refusal.Status, refusal.Code));
        Assert.Equal("linucb", (await Admin.GetAsync("/admin/v1/tenants/acme/policy")).Ok().Json.GetProperty("policy").GetString());
        (await Admin.SendAsync("PUT", "/admin/v1/tenants/acme/policy", new { policy = "metallm", policyRestart = "relearn" })).Ok();
        Assert.Equal("metallm", (await _gateway.With(key).GetAsync("/v1/policy")).Ok().Json.GetProperty("policy").GetString());
    }

    [Fact]
    public async Task Tenants_of_the_file_are_read_and_their_keys_made_but_nothing_else_is_changed()
    {
        var beta = (await Admin.GetAsync("/admin/v1/tenants/beta")).Ok();
        Assert.Equal(("file", 3, 7), (beta.Json.GetProperty("source").GetString(), beta.Json.GetProperty("arms").GetArrayLength(), beta.Json.GetProperty("seed").GetInt32()));
        Assert.DoesNotContain("TEST_BETA_KEY", beta.Text, StringComparison.Ordinal);
        foreach (var (method, path, body) in new[]
        {
            ("PATCH", "/admin/v1/tenants/beta", "{}"), ("PUT", "/admin/v1/tenants/beta", "{}"), ("DELETE", "/admin/v1/tenants/beta", null),
            ("POST", "/admin/v1/tenants", SignUp.Document("beta").ToJsonString()), ("PUT", "/admin/v1/tenants/beta/budget", "{}"),
        })
        {
            var reply = await Admin.SendAsync(method, path, body);
            Assert.Equal((HttpStatusCode.Conflict, "tenant_in_file"), (reply.Status, reply.Code));
        }

        await SignUp.CreateAsync(Admin, "acme");
        var first = (await Admin.GetAsync("/admin/v1/tenants?limit=1")).Ok().Json;
        Assert.Equal(("acme", true), (first.GetProperty("data")[0].GetProperty("id").GetString(), first.GetProperty("has_more").GetBoolean()));
        var second = (await Admin.GetAsync($"/admin/v1/tenants?limit=1&after={first.GetProperty("next").GetString()}")).Ok().Json;
        Assert.Equal(("beta", false), (second.GetProperty("data")[0].GetProperty("id").GetString(), second.GetProperty("has_more").GetBoolean()));

        var (_, key) = await SignUp.KeyAsync(Admin, "beta");
        (await _gateway.With(key).ChatAsync("Hello?")).Ok();
    }

    [Fact]
    public async Task A_key_that_manages_may_do_what_its_role_says_and_every_change_is_recorded()
    {
        await SignUp.CreateAsync(Admin, "acme");
        var (readerId, reader) = await ManagerAsync("read");
        var (operatorId, operating) = await ManagerAsync("operate");
        var (_, owner) = await ManagerAsync("own");

        (await reader.GetAsync("/admin/v1/tenants")).Ok();
        Assert.Equal("insufficient_role", (await reader.SendAsync("POST", "/admin/v1/tenants/acme/keys")).Code);
        var (_, key) = await SignUp.KeyAsync(operating, "acme");
        (await operating.SendAsync("PATCH", "/admin/v1/tenants/acme", new { seed = 3 })).Ok();
        Assert.Equal((HttpStatusCode)403, (await operating.SendAsync("DELETE", "/admin/v1/tenants/acme")).Status);
        Assert.Equal("insufficient_role", (await operating.SendAsync("PUT", "/admin/v1/tenants/newcomer", SignUp.Document("newcomer").ToJsonString())).Code);
        Assert.Equal("insufficient_role", (await operating.SendAsync("POST", "/admin/v1/keys", new { role = "own" })).Code);
        Assert.Equal("invalid_api_key", (await _gateway.With(key).GetAsync("/admin/v1/tenants")).Code);
        await SignUp.CreateAsync(owner, "newcomer");
        (await Admin.SendAsync("DELETE", $"/admin/v1/keys/{readerId}")).Ok();
        Assert.Equal("invalid_api_key", (await reader.GetAsync("/admin/v1/tenants")).Code);

        var changes = (await Admin.GetAsync("/admin/v1/audit")).Ok().Json.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(
            ["create_tenant", "create_key", "create_key", "create_key", "create_key", "replace_tenant", "create_tenant", "revoke_key"],
            changes.Select(change => change.GetProperty("action").GetString()));
        var patch = changes[5];
        Assert.Equal(operatorId, patch.GetProperty("actor").GetString());
        Assert.False(patch.GetProperty("before").TryGetProperty("seed", out _));
        Assert.Equal(3, patch.GetProperty("after").GetProperty("seed").GetInt32());
        Assert.Equal("configuration", changes[0].GetProperty("actor").GetString());
        var ofAcme = (await Admin.GetAsync("/admin/v1/audit?tenant=acme&limit=2")).Ok().Json;
        Assert.Equal([1, 5], ofAcme.GetProperty("data").EnumerateArray().Select(change => change.GetProperty("revision").GetInt32()));
        Assert.Equal("5", ofAcme.GetProperty("next").GetString());
        Assert.Empty((await Admin.GetAsync("/admin/v1/audit?since=2999-01-01")).Ok().Json.GetProperty("data").EnumerateArray());
        Assert.Equal("since", (await Admin.GetAsync("/admin/v1/audit?since=soon")).Error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Usage_adds_up_by_day_model_task_and_tenant_as_JSON_and_CSV()
    {
        await SignUp.CreateAsync(Admin, "acme");
        var (keyId, key) = await SignUp.KeyAsync(Admin, "acme");
        var client = _gateway.With(key);
        var first = (await client.ChatAsync("One?", "sim-nano", ("x-metallm-task", "=sum,1"))).Ok().DecisionId;
        var second = (await client.ChatAsync("Two?", "sim-lingo")).Ok().DecisionId;
        (await client.PostAsync("/v1/feedback", new { decision_id = first, reward = 0.5 })).Ok();
        foreach (var id in new[] { first, second })
        {
            await client.DecisionAsync(id, found => found.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        }

        var spent = (await client.GetAsync("/v1/policy")).Ok().Json.GetProperty("spend_usd").GetDouble();
        foreach (var (by, groups) in new[] { ("day", new[] { DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) }), ("model", ["sim-lingo", "sim-nano"]), ("task", ["", "=sum,1"]), ("key", [keyId]), ("tenant", ["acme"]) })
        {
            var rows = (await Admin.GetAsync($"/admin/v1/usage?tenant=acme&by={by}")).Ok().Json.GetProperty("data").EnumerateArray().ToList();
            Assert.Equal(groups, rows.Select(row => row.GetProperty("group").GetString()));
            Assert.Equal((2, 1), (rows.Sum(row => row.GetProperty("requests").GetInt32()), rows.Sum(row => row.GetProperty("rewards").GetInt32())));
            Assert.Equal(spent, rows.Sum(row => row.GetProperty("spend_usd").GetDouble()), 12);
            Assert.Contains(rows, row => row.GetProperty("mean_reward") is { ValueKind: JsonValueKind.Number } mean && mean.GetDouble() == 0.5);
        }

        var csv = (await Admin.SendAsync("GET", "/admin/v1/usage?tenant=acme&by=task", null, ("Accept", "text/csv"))).Ok();
        Assert.Equal("text/csv", csv.ContentType);
        var lines = csv.Text.Split("\r\n");
        Assert.StartsWith("task,requests,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(",1,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("\"'=sum,1\",1,", lines[2], StringComparison.Ordinal);
        Assert.Matches(@"^0\.[0-9]{1,12}$", lines[1].Split(',')[5]);
        Assert.Empty((await Admin.GetAsync("/admin/v1/usage?from=2001-01-01&to=2001-02-01")).Ok().Json.GetProperty("data").EnumerateArray());
        Assert.Equal("by", (await Admin.GetAsync("/admin/v1/usage?by=week")).Error.GetProperty("param").GetString());
        Assert.Equal("tenant_not_found", (await Admin.GetAsync("/admin/v1/usage?tenant=nobody")).Code);
    }

    [Fact]
    public async Task A_document_that_this_build_cannot_use_keeps_its_tenant_alone_from_being_served_until_it_is_mended()
    {
        await SignUp.CreateAsync(Admin, "sick");
        await SignUp.CreateAsync(Admin, "well");
        var (_, sick) = await SignUp.KeyAsync(Admin, "sick");
        var (_, well) = await SignUp.KeyAsync(Admin, "well");
        await _gateway.StopAsync();
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(_gateway.Directory, "metallm.db")};Pooling=False"))
        {
            await database.ExecuteAsync("UPDATE directory_tenants SET document = replace(document, 'sim-nano', '') WHERE tenant = 'sick'");
        }

        using var log = new ErrorLog();
        _gateway = await RunningGateway.StartAsync(SignUp.Configuration(), directory: _gateway.Directory, log: log);
        for (var i = 0; i < 2; i++)
        {
            var refusal = await _gateway.With(sick).ChatAsync("Hello?");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "tenant_unavailable"), (refusal.Status, refusal.Code));
            Assert.True(refusal.Headers.ContainsKey("Retry-After"));
        }

        await Eventually.TrueAsync("the log says who is refused", () => log.Messages.Count > 0);
        Assert.Contains("sick", Assert.Single(log.Messages), StringComparison.Ordinal);
        (await _gateway.With(well).ChatAsync("Hello?")).Ok();
        (await _gateway.Nobody.GetAsync("/health/ready")).Ok();

        (await Admin.SendAsync("PUT", "/admin/v1/tenants/sick", SignUp.Document("sick").ToJsonString())).Ok();
        (await _gateway.With(sick).ChatAsync("Hello?")).Ok();
    }

    [Fact]
    public async Task Without_an_admin_key_an_empty_list_of_tenants_is_refused_and_with_one_every_other_URL_and_method_gets_an_error()
    {
        var configuration = SignUp.Configuration();
        configuration["MetaLlm"]!.AsObject().Remove("admin");
        var error = await Assert.ThrowsAsync<Engine.Configuration.SettingsException>(() => RunningGateway.StartAsync(configuration));
        Assert.Contains("admin.keyEnvironment", error.Message, StringComparison.Ordinal);

        Assert.Equal("unknown_url", (await Admin.GetAsync("/admin/v1/nothing")).Code);
        Assert.Equal("method_not_allowed", (await Admin.SendAsync("POST", "/admin/v1/audit", "{}")).Code);
        Assert.Equal("missing_api_key", (await _gateway.Nobody.GetAsync("/admin/v1/tenants")).Code);
        Assert.Equal("invalid_api_key", (await _gateway.Beta.GetAsync("/admin/v1/tenants")).Code);
    }

    private async Task<(string Id, Client Client)> ManagerAsync(string role)
    {
        var made = (await Admin.SendAsync("POST", "/admin/v1/keys", new { role })).Ok().Json;
        return (made.GetProperty("id").GetString()!, _gateway.With(made.GetProperty("key").GetString()!));
    }
}
