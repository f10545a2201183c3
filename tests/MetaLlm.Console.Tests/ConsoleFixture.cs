using System.Globalization;
using MetaLlm.TestKit;
using MetaLlm.WebConsole.Tests.Manage;
using Microsoft.Playwright;

namespace MetaLlm.WebConsole.Tests;

/// <summary>One gateway with a tenant that has served traffic, and one browser, for the tests of all pages.</summary>
public sealed class ConsoleFixture : IAsyncLifetime
{
    /// <summary>Name of the collection that shares it.</summary>
    public const string Collection = "console";

    /// <summary>Requests that the tenant has served: METALLM_CONSOLE_REQUESTS, or just more than a page of decisions.</summary>
    public static int Requests { get; } = int.Parse(Environment.GetEnvironmentVariable("METALLM_CONSOLE_REQUESTS") ?? "60", CultureInfo.InvariantCulture);

    private readonly Dictionary<(int Width, ColorScheme Scheme), ConsoleTab> _tabs = [];
    private Browser? _browser;
    private ConsoleGateway? _gateway;

    internal ConsoleGateway Gateway => _gateway!;

    /// <summary>A decision with markup in its task tag and its prompt, with feedback.</summary>
    internal string Decision { get; private set; } = string.Empty;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _gateway = await ConsoleGateway.StartAsync();
        await new ManagedGateway(_gateway).MakeTenantAsync("acme");
        Decision = await _gateway.ServeAsync(Requests);
    }

    /// <summary>A tab whose holder has signed in with the admin key; the same one each time.</summary>
    internal async Task<ConsoleTab> TabAsync(int width, ColorScheme scheme)
    {
        if (!_tabs.TryGetValue((width, scheme), out var tab))
        {
            tab = _tabs[(width, scheme)] = await OpenAsync(width, scheme);
            await tab.SignInAsync(ConsoleGateway.AdminKey);
        }

        return tab;
    }

    /// <summary>A tab of its own, without a session.</summary>
    internal async Task<ConsoleTab> OpenAsync(int width, ColorScheme scheme, string language = "en-US")
    {
        _browser ??= await Browser.StartAsync();
        return new ConsoleTab(await _browser.OpenAsync(width, scheme, language), Gateway.Address);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        await Gateway.DisposeAsync();
    }
}

/// <summary>Makes the classes of the collection share the fixture, and run one after the other.</summary>
[CollectionDefinition(ConsoleFixture.Collection)]
public sealed class SharedConsole : ICollectionFixture<ConsoleFixture>;
