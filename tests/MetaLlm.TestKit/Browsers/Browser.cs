using Microsoft.Playwright;

namespace MetaLlm.TestKit;

/// <summary>The machine's own Chromium, which reaches nothing but what a test serves.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>Longest wait for what a page is to show, milliseconds.</summary>
    private const float Patience = 60_000;

    private static readonly string? Program = Array.Find(Places, File.Exists);

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Why there is no browser; null where there is one.</summary>
    public static string? Unavailable => Program is null ? $"No Chromium was found at {string.Join(", ", Places)}; apt-get install chromium brings one." : null;

    public static async Task<Browser> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            Timeout = Patience,
            ExecutablePath = Program,
            Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new Browser(playwright, browser);
    }

    /// <summary>Opens a page of its own, without what other pages have stored.</summary>
    /// <param name="width">Width of the window, pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="language">The language that it asks for.</param>
    public async Task<IPage> OpenAsync(int width, ColorScheme scheme, string language = "en-US")
    {
        var page = await _browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = 800 }, ColorScheme = scheme, Locale = language });
        page.SetDefaultTimeout(Patience);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
