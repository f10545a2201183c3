using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using MetaLlm.TestKit;
using Microsoft.Playwright;

namespace MetaLlm.WebConsole.Tests;

/// <summary>A tab of the browser, which takes down whatever goes wrong in it.</summary>
internal sealed class ConsoleTab
{
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Uri _address;

    public ConsoleTab(IPage page, Uri address)
    {
        (Page, _address) = (page, address);
        page.Console += (_, message) => Note(message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => Note(error);
        page.RequestFailed += (_, request) => Note(request.Failure == "net::ERR_ABORTED" ? null : $"{request.Url}: {request.Failure}");
        page.Response += (_, response) => Note(response.Status >= 400 ? $"{response.Url}: {response.Status}" : null);
        page.Request += (_, request) => Note(new Uri(request.Url).Authority == address.Authority || request.Url.StartsWith("data:", StringComparison.Ordinal) ? null : $"{request.Url} is elsewhere.");
        page.Dialog += async (_, dialog) =>
        {
            Note($"A dialog said '{dialog.Message}'.");
            await dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    /// <summary>What has gone wrong since it was asked last.</summary>
    public IReadOnlyList<string> TakeFaults()
    {
        var faults = new List<string>();
        while (_faults.TryDequeue(out var fault))
        {
            faults.Add(fault);
        }

        return faults;
    }

    /// <summary>Goes to a page of the console.</summary>
    /// <returns>HTTP status.</returns>
    public async Task<int> GoAsync(string path) => (await Page.GotoAsync(new Uri(_address, "/console" + path).ToString()))!.Status;

    /// <summary>From the click to the end of loading of the page that is shown, by the browser's own clock, milliseconds.</summary>
    public Task<double> LoadedAfterAsync() => Page.EvaluateAsync<double>("performance.getEntriesByType('navigation')[0].loadEventEnd");

    public async Task SignInAsync(string key)
    {
        await GoAsync("/sign-in");
        await Page.GetByLabel("Admin key").FillAsync(key);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Now");
    }

    /// <summary>Writes a picture of the whole page into <c>artifacts/console</c> where METALLM_PICTURES is 1: pictures take longer than what is looked for in pages.</summary>
    public Task TakePictureAsync(string name) => Environment.GetEnvironmentVariable("METALLM_PICTURES") == "1"
        ? Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "artifacts", "console", name.ToLowerInvariant() + ".png"), FullPage = true })
        : Task.CompletedTask;

    /// <summary>What a page that is shown has that keeps somebody out, or that is cut off.</summary>
    public async Task<IReadOnlyList<string>> FindBarriersAsync()
    {
        var found = (await Page.RunAxe()).Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help} {string.Join(" | ", violation.Nodes.Select(node => node.Html))}")
            .ToList();
        var overflow = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        return overflow > 0 ? [.. found, $"The page is {overflow} pixels wider than its window."] : found;
    }

    private void Note(string? fault)
    {
        if (fault is not null)
        {
            _faults.Enqueue(fault);
        }
    }
}
