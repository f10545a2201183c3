using MetaLlm.TestKit;
using MetaLlm.WebConsole.Routing;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace MetaLlm.WebConsole.Tests;

/// <summary>Every page in a browser, wide and narrow, light and dark.</summary>
[Collection(ConsoleFixture.Collection)]
public sealed class PageTests(ConsoleFixture console, ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. ConsolePageList.All.Select(page => page.Name)];

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public async Task A_page_is_whole_and_keeps_nobody_out(string name)
    {
        var (_, path, heading) = ConsolePageList.All.Single(page => page.Name == name);
        var (wide, narrow) = (await console.TabAsync(1280, ColorScheme.Light), await console.TabAsync(390, ColorScheme.Dark));
        await Task.WhenAll(LookAsync(wide, $"{name}-1280-light"), LookAsync(narrow, $"{name}-390-dark"));

        async Task LookAsync(ConsoleTab tab, string picture)
        {
            tab.TakeFaults();

            Assert.Equal(200, await tab.GoAsync(path.Replace(ConsolePageList.Decision, console.Decision, StringComparison.Ordinal)));
            output.WriteLine($"{picture}: loaded after {await tab.LoadedAfterAsync():F0} ms");

            await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(heading == ConsolePageList.Decision ? console.Decision : heading);
            await Assertions.Expect(tab.Page.Locator("[data-chart]:not(:has(canvas))")).ToHaveCountAsync(0);
            await tab.TakePictureAsync(picture);
            Assert.Empty(await tab.FindBarriersAsync());
            Assert.Equal(0, await tab.Page.Locator("#xss").CountAsync());
            Assert.Empty(tab.TakeFaults());
        }
    }

    [BrowserFact]
    public async Task What_people_wrote_is_shown_as_text()
    {
        var tab = await console.TabAsync(1280, ColorScheme.Light);
        tab.TakeFaults();
        await tab.GoAsync($"/decisions/{console.Decision}?tenant=alpha");
        await Assertions.Expect(tab.Page.GetByText(ConsoleGateway.HostileTask)).ToHaveCountAsync(1);
        await Assertions.Expect(tab.Page.GetByText(ConsoleGateway.HostileModel).First).ToBeVisibleAsync();

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Request and answer" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("pre").First).ToContainTextAsync(ConsoleGateway.HostilePrompt);

        await tab.GoAsync("/decisions?tenant=alpha&task=" + Uri.EscapeDataString(ConsoleGateway.HostileTask));
        await Assertions.Expect(tab.Page.GetByLabel("Task")).ToHaveValueAsync(ConsoleGateway.HostileTask);
        await Assertions.Expect(tab.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        Assert.Empty(tab.TakeFaults());
    }

    [BrowserFact]
    public async Task Decisions_are_found_by_id_and_page_by_page()
    {
        var tab = await console.TabAsync(1280, ColorScheme.Light);
        await tab.GoAsync("/decisions?tenant=alpha");
        await Assertions.Expect(tab.Page.Locator("tbody tr")).ToHaveCountAsync(50);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("tbody tr")).ToHaveCountAsync(Math.Min(50, ConsoleFixture.Requests - 50));
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Older" })).ToHaveCountAsync(ConsoleFixture.Requests > 100 ? 1 : 0);

        await tab.Page.GetByLabel("Id of a decision").FillAsync("chatcmpl-" + console.Decision);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(console.Decision);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "What if the price weight" })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task The_board_renews_itself_without_the_page_around_it()
    {
        var tab = await console.OpenAsync(1280, ColorScheme.Light);
        await tab.SignInAsync(ConsoleGateway.AdminKey);
        await tab.Page.Clock.InstallAsync();
        await tab.GoAsync("?tenant=alpha");
        await tab.Page.EvaluateAsync("document.querySelector('h1').dataset.seen = 'yes'; document.querySelector('.stats').dataset.seen = 'yes'");
        await tab.Page.Clock.FastForwardAsync(6_000);
        await Assertions.Expect(tab.Page.Locator("[data-fragment] .stats:not([data-seen])").First).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("h1[data-seen]")).ToHaveCountAsync(1);
        await Assertions.Expect(tab.Page.Locator("[data-chart] canvas").First).ToBeVisibleAsync();
        Assert.Empty(tab.TakeFaults());
        await tab.Page.CloseAsync();
    }

    [BrowserFact]
    public async Task Language_and_colours_are_remembered()
    {
        var tab = await console.OpenAsync(1280, ColorScheme.Light, "de-DE");
        await tab.GoAsync("/sign-in");
        await tab.Page.GetByLabel("Admin-Schlüssel").FillAsync(ConsoleGateway.AdminKey);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Anmelden" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("lang", "de");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Jetzt");

        await tab.Page.Locator("summary").First.ClickAsync();
        await tab.Page.GetByLabel("Farben").SelectOptionAsync("dark");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Übernehmen" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await tab.TakePictureAsync("now-german-dark");
        Assert.Empty(await tab.FindBarriersAsync());
        Assert.Empty(tab.TakeFaults());
        await tab.Page.CloseAsync();
    }

    [BrowserFact]
    public async Task The_keyboard_reaches_the_content_first()
    {
        var tab = await console.TabAsync(1280, ColorScheme.Light);
        await tab.GoAsync("/decisions?tenant=alpha");
        await tab.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("main")).ToBeFocusedAsync();
    }

    [Fact]
    public void Every_page_of_the_navigation_is_opened_in_the_browser() =>
        Assert.Empty(ConsoleRoutes.All.Where(route => route.Title is not null).Select(route => route.Place.Path)
            .Except(ConsolePageList.All.Select(page => page.Path.Split('?')[0].TrimStart('/'))));
}
