using System.Net;
using MetaLlm.WebConsole.Pages;

namespace MetaLlm.WebConsole.Tests.Manage;

[Collection(ConsoleFixture.Collection)]
public sealed class ManagePagesTests(ConsoleFixture console)
{
    private readonly ManagedGateway _gateway = new(console.Gateway);

    [Fact]
    public async Task A_role_that_reads_sees_no_button_and_changes_nothing()
    {
        using var reader = await VisitAsync(await _gateway.MakeAdminKeyAsync("read"));
        Assert.DoesNotContain(">Save<", await reader.ReadAsync("/console/manage/tenant?tenant=acme"), StringComparison.Ordinal);
        var needing = ManageRoutes.All.Where(route => !route.IsPage && route.Role > MetaLlm.Gateway.Authentication.AdminRole.Read).ToList();
        Assert.NotEmpty(needing);
        foreach (var route in needing)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await reader.SendAsync($"/console/{route.Place.Path}?tenant=acme")).Status);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await reader.TryReadAsync("/console/manage/new")).Status);
    }

    [Fact]
    public async Task A_tenant_is_made_gets_a_key_is_changed_and_is_deleted()
    {
        using var visitor = await VisitAsync();
        var (status, refused) = await visitor.SendAsync("/console/manage/create", ("id", "shop"), ("upstream", "sim"), ("model", "sim-nano"), ("input", "cheap"), ("output", "1"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("aria-invalid=\"true\"", refused, StringComparison.Ordinal);
        Assert.Contains("value=\"cheap\"", refused, StringComparison.Ordinal);
        var (_, keys) = await visitor.SendAsync("/console/manage/create", ("id", "shop"), ("upstream", "sim"), ("model", "sim-nano"), ("input", "1"), ("output", "1"), ("day", "5"));
        Assert.Contains("Keys of shop", keys, StringComparison.Ordinal);

        var (_, made) = await visitor.SendAsync("/console/manage/keys/create?tenant=shop", ("name", "till"), ("scopes", "chat"), ("days", "30"));
        var key = ConsoleVisitor.Find(made, "id=\"made-key\">([^<]+)<");
        Assert.DoesNotContain(key, await visitor.ReadAsync("/console/manage/keys?tenant=shop"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await _gateway.AskAsync(key));

        var id = ConsoleVisitor.Find(made, "name=\"id\" value=\"([^\"]+)\"");
        await visitor.SendAsync("/console/manage/keys/revoke?tenant=shop", ("id", id));
        Assert.Equal(HttpStatusCode.Unauthorized, await _gateway.AskAsync(key));

        var (wrong, text) = await visitor.SendAsync("/console/manage/delete?tenant=shop", ("name", "shopp"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong);
        Assert.Contains("it must be &#x27;shop&#x27; to delete that tenant", text, StringComparison.Ordinal);
        await visitor.SendAsync("/console/manage/delete?tenant=shop", ("name", "shop"));
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.TryReadAsync("/console/manage/tenant?tenant=shop")).Status);
    }

    [Fact]
    public async Task What_is_wrong_with_a_field_stands_beside_it_and_nothing_is_written()
    {
        await _gateway.MakeTenantAsync("edited");
        using var visitor = await VisitAsync();
        var revision = Revision(await visitor.ReadAsync("/console/manage/budget?tenant=edited"));
        var (status, html) = await visitor.SendAsync("/console/manage/save?form=budget&tenant=edited", ("revision", revision), ("budget.usdPerDay", "-1"), ("budget.usdPerHour", "much"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("class=\"problem\"", ConsoleVisitor.Find(html, "id=\"budget-budget.usdPerDay-note\">(.*?)</div>"), StringComparison.Ordinal);
        Assert.Contains("class=\"problem\"", ConsoleVisitor.Find(html, "id=\"budget-budget.usdPerHour-note\">(.*?)</div>"), StringComparison.Ordinal);
        Assert.Equal(revision, Revision(await visitor.ReadAsync("/console/manage/budget?tenant=edited")));

        (_, html) = await visitor.SendAsync("/console/manage/save?form=budget&tenant=edited", ("revision", revision), ("budget.usdPerDay", "7"), ("budget.usdPerRequest", ""));
        Assert.Contains("Saved.", html, StringComparison.Ordinal);
        var document = await _gateway.DocumentAsync("edited");
        Assert.Equal("""{"usdPerDay":7}""", document["budget"]!.ToJsonString());

        (status, html) = await visitor.SendAsync("/console/manage/save?form=budget&tenant=edited", ("revision", revision), ("budget.usdPerDay", "9"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, status);
        Assert.Contains("Somebody was faster.", html, StringComparison.Ordinal);
        Assert.Contains("Stored now: 7", html, StringComparison.Ordinal);
        await visitor.SendAsync("/console/manage/save?form=budget&tenant=edited", ("revision", Revision(html)), ("budget.usdPerDay", "9"));
        Assert.Equal(9, (await _gateway.DocumentAsync("edited"))["budget"]!["usdPerDay"]!.GetValue<int>());
    }

    [Fact]
    public async Task Models_are_added_priced_from_a_date_and_removed()
    {
        await _gateway.MakeTenantAsync("priced");
        using var visitor = await VisitAsync();
        await visitor.SendAsync("/console/manage/models/change?tenant=priced", ("do", "add"), ("id", "sim-math"), ("upstream", "sim"), ("input", "0.5"), ("output", "2"));
        await visitor.SendAsync("/console/manage/models/change?tenant=priced", ("do", "price"), ("id", "sim-math"), ("input", "0.4"), ("output", "1.5"), ("from", "2999-01-01"));
        await visitor.SendAsync("/console/manage/models/change?tenant=priced", ("do", "disable"), ("id", "sim-nano"));
        var arms = (await _gateway.DocumentAsync("priced"))["arms"]!.AsArray();
        Assert.Equal("""[{"from":"2999-01-01","inputUsdPerMillion":0.4,"outputUsdPerMillion":1.5}]""", arms[3]!["prices"]!.ToJsonString());
        Assert.False(arms[0]!["enabled"]!.GetValue<bool>());
        await visitor.SendAsync("/console/manage/models/change?tenant=priced", ("do", "remove"), ("id", "sim-math"));
        Assert.Equal(3, (await _gateway.DocumentAsync("priced"))["arms"]!.AsArray().Count);
        var (status, html) = await visitor.SendAsync("/console/manage/models/change?tenant=priced", ("do", "price"), ("id", "sim-nano"), ("input", "x"), ("output", "1"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("inputUsdPerMillion", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_shows_who_changed_what_from_what_to_what()
    {
        await _gateway.MakeTenantAsync("watched");
        using var visitor = await VisitAsync();
        await visitor.SendAsync("/console/manage/save?form=tenant&tenant=watched", ("limits.requestsPerMinute", "60"));
        var html = await visitor.ReadAsync("/console/manage/audit?of=watched&find=replace");
        Assert.Contains("<code>limits.requestsPerMinute</code>", html, StringComparison.Ordinal);
        Assert.Contains("<ins>60</ins>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("CreateTenant", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_holes_becomes_a_quiz_of_one_model()
    {
        await _gateway.MakeTenantAsync("taught");
        using var visitor = await VisitAsync();
        var csv = "frage;sim-nano;sim-nano output_tokens;sim-large\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"\"Question {i}; really?\";{(i % 4 == 0 ? "" : "0.5")};100;\n"));
        var (_, html) = await visitor.UploadAsync("/console/manage/teach/upload?tenant=taught", "answers.csv", csv);
        Assert.Equal("30", ConsoleVisitor.Find(html, "id=\"holes\">([^<]+)<"));
        var upload = ConsoleVisitor.Find(html, "name=\"upload\" value=\"([^\"]+)\"");
        Assert.Contains("query", html, StringComparison.Ordinal);

        string[] columns = ["query", "reward@sim-nano", "output_tokens@sim-nano", ""];
        var fields = columns.Select(column => ("column", column)).Append(("upload", upload));
        (_, html) = await visitor.SendAsync("/console/manage/teach/apply?tenant=taught", [.. fields, ("do", "read")]);
        Assert.Contains("value=\"quiz:sim-nano\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"warm-start\"", html, StringComparison.Ordinal);
        (_, html) = await visitor.SendAsync("/console/manage/teach/apply?tenant=taught", [.. fields, ("do", "quiz:sim-nano")]);
        Assert.Contains("id=\"taught\"", html, StringComparison.Ordinal);
        Assert.Equal(30, (await _gateway.ReportAsync("taught")).Arms[0].QuizRows);
    }

    [Fact]
    public async Task A_shadow_begins_and_stops()
    {
        await _gateway.MakeTenantAsync("shadowed");
        using var visitor = await VisitAsync();
        var (_, html) = await visitor.SendAsync("/console/manage/save?form=shadow&tenant=shadowed", ("shadow.models", "sim-large, sim-coder"), ("shadow.usd", "1"));
        Assert.Contains("Stop the shadow", html, StringComparison.Ordinal);
        Assert.Equal("""["sim-large","sim-coder"]""", (await _gateway.DocumentAsync("shadowed"))["shadow"]!["models"]!.ToJsonString());
        await visitor.SendAsync("/console/manage/rollout/stop?part=shadow&tenant=shadowed");
        Assert.Null((await _gateway.DocumentAsync("shadowed"))["shadow"]);
    }

    [Fact]
    public async Task A_challenger_is_named_looked_at_refused_while_its_gate_is_shut_and_taken_away()
    {
        await _gateway.MakeTenantAsync("challenged");
        using var visitor = await VisitAsync();
        var (_, html) = await visitor.SendAsync("/console/manage/save?form=challenger&tenant=challenged", ("challenger.policy", "linucb"), ("challenger.leastDecisions", "60"));
        Assert.Contains("Promote the challenger", html, StringComparison.Ordinal);
        Assert.Contains("Nobody has looked at the log yet.", html, StringComparison.Ordinal);
        (_, html) = await visitor.SendAsync("/console/manage/rollout/challenger?act=look&tenant=challenged");
        Assert.Contains("It needs 60 more decisions with feedback: 0 of 60 are there.", html, StringComparison.Ordinal);
        (_, html) = await visitor.SendAsync("/console/manage/rollout/challenger?act=promote&tenant=challenged");
        Assert.Contains("is not promoted", html, StringComparison.Ordinal);
        await visitor.SendAsync("/console/manage/rollout/stop?part=challenger&tenant=challenged");
        Assert.Null((await _gateway.DocumentAsync("challenged"))["challenger"]);
    }

    [Fact]
    public async Task An_estimate_of_another_policy_says_where_the_log_does_not_tell_and_saves_nothing()
    {
        await _gateway.MakeTenantAsync("asked");
        using var visitor = await VisitAsync();
        var (_, html) = await visitor.SendAsync("/console/manage/policy/estimate?tenant=asked", ("policy", "linucb"), ("priceWeight", "3"));
        Assert.Contains("The log does not tell.", html, StringComparison.Ordinal);
        Assert.Contains("The log has 0 decisions", html, StringComparison.Ordinal);
        Assert.Contains("value=\"3\"", html, StringComparison.Ordinal);
        Assert.Null((await _gateway.DocumentAsync("asked"))["policy"]);
    }

    private Task<ConsoleVisitor> VisitAsync(string key = ManagedGateway.AdminKey) => ConsoleVisitor.SignInAsync(_gateway.Address, key);

    private static string Revision(string html) => ConsoleVisitor.Find(html, "name=\"revision\" value=\"([^\"]+)\"");
}
