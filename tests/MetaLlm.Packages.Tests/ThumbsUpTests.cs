using System.Collections.Concurrent;
using MetaLlm.TestKit;
using Microsoft.Playwright;

namespace MetaLlm.Packages.Tests;

/// <summary>The sample with the thumbs-up button, as its user sees it.</summary>
public sealed class ThumbsUpTests
{
    private static readonly string Pictures = Path.Combine(AppContext.BaseDirectory, "pictures");

    [BrowserFact]
    public async Task A_vote_in_a_browser_changes_what_the_policy_knows()
    {
        await using var browser = await Browser.StartAsync();
        using var folder = new TemporaryDirectory();
        await using var upstream = await FakeUpstream.StartAsync();
        using var app = await RunningApp.StartAsync(folder.Path, Checkout.Sample("ThumbsUp"), $"--OPENAI_BASE_URL={upstream.BaseAddress}");
        var page = await browser.OpenAsync(1280, ColorScheme.Light);
        var (errors, sent) = (new ConcurrentQueue<string>(), new ConcurrentQueue<IRequest>());
        page.Console += (_, message) => Note(errors, message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => Note(errors, error);
        page.Request += (_, request) => sent.Enqueue(request);

        await page.GotoAsync(app.Address.ToString());
        await page.GetByLabel("Your question").FillAsync("What is six times seven?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
        await Assertions.Expect(page.Locator("#text")).ToHaveTextAsync(FakeUpstream.Word);
        var model = await page.Locator("#model").TextContentAsync();
        Assert.Contains(model, (string[])["small", "large"]);
        await Assertions.Expect(page.Locator("#spent")).ToContainTextAsync("Answers: 1,");
        var before = await app.GetAsync("/learned");

        var row = page.Locator("#models tr", new() { HasText = model });
        await page.GetByRole(AriaRole.Button, new() { Name = "Good answer" }).ClickAsync();
        await Assertions.Expect(row).ToHaveTextAsync($"{model}11.00");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, "thumbs-up-1280.png") });
        var voted = await app.GetAsync("/learned");
        Assert.Equal((0, 1), (before.GetProperty("rewardsApplied").GetInt32(), voted.GetProperty("rewardsApplied").GetInt32()));
        Assert.NotEqual(before.GetProperty("stateHash").GetString(), voted.GetProperty("stateHash").GetString());

        await page.GetByRole(AriaRole.Button, new() { Name = "Bad answer" }).ClickAsync();
        await Assertions.Expect(row).ToHaveTextAsync($"{model}10.00");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Good answer" })).ToHaveAttributeAsync("aria-pressed", "false");

        var narrow = await browser.OpenAsync(390, ColorScheme.Dark);
        await narrow.GotoAsync(app.Address.ToString());
        await Assertions.Expect(narrow.Locator("#models tr")).ToHaveCountAsync(2);
        await narrow.ScreenshotAsync(new() { Path = Path.Combine(Pictures, "thumbs-up-390.png") });

        Assert.Empty(errors);
        Assert.All(sent, request => Assert.Equal((app.Address.Authority, false), (new Uri(request.Url).Authority, request.Headers.ContainsKey("authorization"))));
        await app.StopAsync();
    }

    private static void Note(ConcurrentQueue<string> errors, string? text)
    {
        if (text is not null)
        {
            errors.Enqueue(text);
        }
    }
}
