using System.Text;

namespace MetaLlm.Benchmarks.Overload;

/// <summary>Answers every chat request alike, a tenth of a second after it came.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        """{"id":"u","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Yes."},"finish_reason":"stop"}],"usage":{"prompt_tokens":500,"completion_tokens":2,"total_tokens":502}}""");

    private readonly WebApplication _app;
    private int _calls;

    private Upstream(WebApplication app) => _app = app;

    public Uri Address => new(new Uri(_app.Urls.Single()), "v1");

    public int Calls => Volatile.Read(ref _calls);

    public static async Task<Upstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var upstream = new Upstream(app);
        app.MapPost("/v1/chat/completions", upstream.AnswerAsync);
        await app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        Interlocked.Increment(ref _calls);
        try
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            await Task.Delay(Delay, http.RequestAborted);
            http.Response.ContentType = "application/json";
            await http.Response.Body.WriteAsync(Answer, http.RequestAborted);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The gateway hung up.
        }
    }
}
