using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.TestKit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MetaLlm.Gateway.Tests;

/// <summary>The gateway's keys beside an application's own authentication: neither opens what is the other's.</summary>
public sealed class ApplicationAuthenticationTests
{
    private const string Key = "key-of-T_KEY";

    [Fact]
    public async Task An_applications_only_scheme_stays_its_default()
    {
        await using var app = await StartAsync(services => services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, OwnHandler>("Own", null));
        Assert.Equal((HttpStatusCode.OK, "Own ada"), await GetAsync(app, "/mine", own: "ada"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/mine")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/mine", Key)).Status);

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/v1/models", Key)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/v1/models", own: "ada")).Status);
    }

    [Fact]
    public async Task An_application_without_authentication_gets_none_of_ours()
    {
        await using var app = await StartAsync(_ => { });
        Assert.Equal((HttpStatusCode.OK, "nobody"), await GetAsync(app, "/open", Key));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/v1/models", Key)).Status);
    }

    [Fact]
    public async Task An_application_that_lets_nobody_in_by_default_still_lets_probes_in()
    {
        await using var app = await StartAsync(services =>
        {
            services.AddAuthentication("Own").AddScheme<AuthenticationSchemeOptions, OwnHandler>("Own", null);
            services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        });
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/open")).Status);
        Assert.Equal((HttpStatusCode.OK, """{"status":"live"}"""), await GetAsync(app, "/health/live"));
        Assert.Equal((HttpStatusCode.OK, """{"status":"ready","embedder":"fixed-8"}"""), await GetAsync(app, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/v1/models", Key)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/v1/models", own: "ada")).Status);
    }

    [Fact]
    public async Task Callers_without_a_key_are_served_on_this_machine_alone()
    {
        var from = IPAddress.Loopback;
        await using var app = await StartAsync(
            services => services.AddSingleton<IStartupFilter>(new CallerFilter(() => from)), ("MetaLlm:anonymousTenant", "t"));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/v1/models")).Status);

        from = IPAddress.Parse("203.0.113.7");
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/v1/models")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/v1/models", "anonymous")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/v1/models", Key)).Status);
    }

    private static async Task<WebApplication> StartAsync(Action<IServiceCollection> configure, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MetaLlm:upstreams:up:baseUrl"] = "http://127.0.0.1:9/v1",
            ["MetaLlm:tenants:0:id"] = "t",
            ["MetaLlm:tenants:0:keyEnvironments:0"] = "T_KEY",
            ["MetaLlm:tenants:0:arms:0:id"] = "a",
            ["MetaLlm:tenants:0:arms:0:upstream"] = "up",
            ["MetaLlm:tenants:0:arms:0:inputUsdPerMillion"] = "1",
            ["MetaLlm:tenants:0:arms:0:outputUsdPerMillion"] = "1",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Services.AddMetaLlmGateway(builder.Configuration, new SettingsContext { Variable = name => $"key-of-{name}" });
        builder.Services.AddSingleton<ITenantEngine>(new RecordingEngine("a"));
        builder.Services.AddSingleton<IEmbedder>(new FixedEmbedder());
        builder.Services.AddSingleton<IChatProvider>(new ScriptedProvider());
        configure(builder.Services);
        var app = builder.Build();
        app.MapMetaLlm();
        app.MapGet("/mine", (HttpContext context) => $"Own {context.User.Identity?.Name}").RequireAuthorization();
        app.MapGet("/open", (HttpContext context) => context.User.Identity?.IsAuthenticated == true ? "somebody" : "nobody");
        await app.StartAsync();
        return app;
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(WebApplication app, string path, string? key = null, string? own = null)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        if (own is not null)
        {
            request.Headers.Add("x-own", own);
        }

        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A scheme that believes a header.</summary>
    private sealed class OwnHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers.TryGetValue("x-own", out var name)
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name.ToString())], Scheme.Name)), Scheme.Name))
            : AuthenticateResult.NoResult());
    }

    /// <summary>Makes requests come from somewhere else.</summary>
    private sealed class CallerFilter(Func<IPAddress> from) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Connection.RemoteIpAddress = from();
                return rest(context);
            });
            next(app);
        };
    }
}
