using System.Text;
using MetaLlm.Engine.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Providers.Tests.Support;

/// <summary>An upstream on a real port that does what a test tells it to.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServiceProvider _services;

    private Upstream(WebApplication app, TimeProvider time)
    {
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        _services = new ServiceCollection().AddSingleton(time).AddMetaLlmProviders().BuildServiceProvider();
        Provider = _services.GetRequiredService<IChatProvider>();
    }

    public Uri Address { get; }

    public IChatProvider Provider { get; }

    public List<(string Path, string Authorization, string Body)> Requests { get; } = [];

    /// <summary>Headers of the last request.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>();

    /// <summary>Query of the last request.</summary>
    public string Query { get; private set; } = string.Empty;

    public static async Task<Upstream> StartAsync(Func<HttpContext, Task> answer, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => o.ResponseHeaderEncodingSelector = _ => Encoding.Latin1).UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        Upstream? upstream = null;
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            upstream!.Requests.Add((context.Request.Path, context.Request.Headers.Authorization.ToString(), await reader.ReadToEndAsync()));
            upstream.Headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            upstream.Query = context.Request.QueryString.Value ?? string.Empty;
            await answer(context);
        });
        await app.StartAsync();
        return upstream = new Upstream(app, time ?? TimeProvider.System);
    }

    public ChatCall Call(string body, bool stream = false, UpstreamTimeouts? timeouts = null) => new()
    {
        Endpoint = new UpstreamEndpoint { Name = "up", BaseAddress = new Uri(Address, "base/v1"), ApiKey = "secret-key", Timeouts = timeouts ?? new UpstreamTimeouts() },
        Model = "real-model",
        Body = Encoding.UTF8.GetBytes(body),
        Stream = stream,
        ResponseId = "chatcmpl-d1",
        ResponseModel = "arm",
    };

    public static async Task EventAsync(HttpContext context, string text)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        await context.Response.WriteAsync(text);
        await context.Response.Body.FlushAsync();
    }

    public static async Task<(List<string> Parts, List<ChatPart> Raw)> ReadAsync(ChatResponse response)
    {
        var parts = new List<string>();
        var raw = new List<ChatPart>();
        await foreach (var part in response.Parts)
        {
            parts.Add(Encoding.UTF8.GetString(part.Bytes.Span));
            raw.Add(part);
        }

        return (parts, raw);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _app.DisposeAsync();
    }
}
