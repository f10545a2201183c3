using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Packages.Tests;

/// <summary>An upstream on loopback that answers every chat with one word.</summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    public const string Key = "key-for-the-upstream";
    public const string Word = "forty-two";

    private readonly WebApplication _app;

    private FakeUpstream(WebApplication app) => _app = app;

    public Uri BaseAddress => new(new Uri(_app.Urls.Single()), "v1");

    public static async Task<FakeUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", async (HttpRequest request) =>
        {
            if (request.Headers.Authorization != $"Bearer {Key}")
            {
                return Results.Unauthorized();
            }

            using var asked = await JsonDocument.ParseAsync(request.Body);
            var answer = JsonSerializer.Serialize(new
            {
                id = "chatcmpl-1",
                @object = "chat.completion",
                created = 1,
                model = asked.RootElement.GetProperty("model").GetString(),
                choices = new[] { new { index = 0, message = new { role = "assistant", content = Word }, finish_reason = "stop" } },
                usage = new { prompt_tokens = 10, completion_tokens = 3, total_tokens = 13 },
            });
            return Results.Text(answer, MediaTypeNames.Application.Json);
        });
        await app.StartAsync();
        return new FakeUpstream(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
