using MetaLlm.TestKit;
using System.Net;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaLlm.WebConsole.Tests.Manage;

[Collection(ConsoleFixture.Collection)]
public sealed class PlaygroundTests(ConsoleFixture console)
{
    private readonly ManagedGateway _gateway = new(console.Gateway);

    [Fact]
    public async Task Looking_at_what_would_be_chosen_changes_nothing()
    {
        await _gateway.MakeTenantAsync("looked");
        using var visitor = await ConsoleVisitor.SignInAsync(_gateway.Address, ManagedGateway.AdminKey);
        await visitor.ReadAsync("/console/playground?tenant=looked");

        // Its owner is told of the tenant by the first question, not by opening the page.
        await visitor.SendAsync("/console/playground/preview?tenant=looked", ("prompt", "Is 7 prime?"), ("dial", "1"));
        var before = await _gateway.ReportAsync("looked");
        var (status, html) = await visitor.SendAsync("/console/playground/preview?tenant=looked", ("prompt", "Is 91 prime?"), ("dial", "1"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("sim-coder", ConsoleVisitor.Find(html, "How each model looked(.*?)</table>"), StringComparison.Ordinal);
        Assert.Contains("If money weighed otherwise", html, StringComparison.Ordinal);
        Assert.Contains("cheapest", html, StringComparison.Ordinal);
        var after = await _gateway.ReportAsync("looked");
        Assert.Equal((before.StateHash, before.Decisions, before.EventsApplied), (after.StateHash, after.Decisions, after.EventsApplied));
    }

    [Fact]
    public async Task A_question_is_answered_paid_and_voted_and_the_policy_moves()
    {
        await _gateway.MakeTenantAsync("voted");
        using var visitor = await ConsoleVisitor.SignInAsync(_gateway.Address, ManagedGateway.AdminKey);
        await visitor.ReadAsync("/console/playground?tenant=voted");
        var (_, sent) = await visitor.SendAsync("/console/playground/send?tenant=voted", ("prompt", "<script>alert(1)</script> Is 91 prime?"), ("model", "sim-large"));
        Assert.DoesNotContain("<script>alert", sent, StringComparison.Ordinal);
        var report = await _gateway.ReportAsync("voted");
        Assert.Equal(1, report.Decisions);
        Assert.True(report.SpendUsd > 0);

        var decision = ConsoleVisitor.Find(sent, "name=\"decision\" value=\"([^\"]+)\"");
        var answer = ConsoleVisitor.Find(sent, "<pre class=\"text\" id=\"answer\">(.*?)</pre>");
        Assert.NotEmpty(answer);
        var (_, voted) = await visitor.SendAsync("/console/playground/vote?tenant=voted", ("decision", decision), ("prompt", "Is 91 prime?"), ("answer", answer), ("reward", "1"));
        Assert.Contains("id=\"voted\"", voted, StringComparison.Ordinal);
        Assert.StartsWith("+", ConsoleVisitor.Find(voted, "data-moved=\"sim-large\">([^<]+)<"), StringComparison.Ordinal);
        Assert.Equal(1, (await _gateway.ReportAsync("voted")).RewardsApplied);
    }

    [Fact]
    public async Task What_is_wrong_with_a_question_stands_on_the_page_which_keeps_it()
    {
        using var visitor = await ConsoleVisitor.SignInAsync(_gateway.Address, ManagedGateway.AdminKey);
        await visitor.ReadAsync("/console/playground?tenant=beta");
        var (status, html) = await visitor.SendAsync("/console/playground/preview?tenant=beta", ("prompt", "Keep me."), ("dial", "-3"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("metallm.dial.cost", html, StringComparison.Ordinal);
        Assert.Contains("Keep me.", html, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_newcomer_asks_looks_sends_votes_and_sees_the_state_move()
    {
        await _gateway.MakeTenantAsync("newcomer");
        var tab = await console.TabAsync(1280, ColorScheme.Light);
        var page = tab.Page;
        tab.TakeFaults();
        await tab.GoAsync("/playground?tenant=newcomer");
        await page.GetByLabel("Question").FillAsync("Is 91 prime? " + ConsoleGateway.HostilePrompt);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what it would choose" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Other policies" })).ToBeVisibleAsync();
        await CheckAsync(tab, "preview");

        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(page.Locator("#answer")).ToBeVisibleAsync();
        await CheckAsync(tab, "answer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Good" }).ClickAsync();
        await Expect(page.Locator("#voted")).ToContainTextAsync("Your vote of 1.00 is learned.");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What the policy has learned" })).ToBeVisibleAsync();
        await CheckAsync(tab, "voted");
    }

    private static async Task CheckAsync(ConsoleTab tab, string name)
    {
        await tab.TakePictureAsync($"playground-{name}");
        Assert.Empty(await tab.FindBarriersAsync());
        Assert.Equal(0, await tab.Page.Locator("#xss").CountAsync());
        Assert.Empty(tab.TakeFaults());
    }
}
