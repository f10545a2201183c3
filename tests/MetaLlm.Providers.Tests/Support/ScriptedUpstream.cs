using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Credentials;
using MetaLlm.Providers.Dialects;
using MetaLlm.Providers.Dialects.OpenAi;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Objections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MetaLlm.Providers.Tests.Support;

/// <summary>An upstream without a network, which says one thing after another and knows when each was taken in.</summary>
internal sealed class ScriptedUpstream : HttpMessageHandler
{
    private readonly HttpChatProvider _provider;
    private readonly ScriptedBody _body = new();

    public ScriptedUpstream(TimeProvider time) => _provider = CreateProvider(this, time);

    public static HttpChatProvider CreateProvider(HttpMessageHandler handler, TimeProvider time, IChatDialect? dialect = null, Action<IServiceCollection>? credentials = null)
    {
        var collection = new ServiceCollection().AddSingleton(time);
        credentials?.Invoke(collection);
        var services = collection.AddMetaLlmProviders().BuildServiceProvider();
        return new HttpChatProvider(
            dialect ?? new OpenAiDialect(), new UpstreamHttpClients(Options.Create(new ProviderOptions()), _ => handler), new CureBook(),
            services.GetRequiredService<UpstreamAuthorizer>(), services.GetRequiredService<ProviderMetrics>(), time);
    }

    public static ChatCall Call(bool stream, string body = "{}") => new()
    {
        Endpoint = new UpstreamEndpoint { Name = "up", BaseAddress = new Uri("http://127.0.0.1:1/v1") },
        Model = "real-model",
        Body = Encoding.UTF8.GetBytes(body),
        Stream = stream,
        ResponseId = "chatcmpl-d1",
        ResponseModel = "arm",
        InputTokens = 7,
    };

    public ValueTask<ChatResponse> SendAsync(UpstreamTimeouts? timeouts = null)
    {
        var call = Call(stream: true);
        return _provider.SendAsync(call with { Endpoint = call.Endpoint with { Timeouts = timeouts ?? new UpstreamTimeouts() } }, CancellationToken.None);
    }

    /// <summary>Says something and waits until the gateway wants more.</summary>
    public Task SayAsync(string text) => _body.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Breaks the connection, or ends the body.</summary>
    public void End(Exception? error = null) => _body.End(error);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StreamContent(_body) { Headers = { ContentType = MediaTypeHeaderValue.Parse("text/event-stream") } },
        });

    private sealed class ScriptedBody : MemoryStream
    {
        private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();
        private TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task WriteAsync(byte[] piece)
        {
            await _wanted.Task;
            _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _pieces.Writer.TryWrite(piece);
            await _wanted.Task;
        }

        public void End(Exception? error) => _pieces.Writer.Complete(error);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _wanted.TrySetResult();
            if (!await _pieces.Reader.WaitToReadAsync(cancellationToken) || !_pieces.Reader.TryRead(out var piece))
            {
                return 0;
            }

            piece.CopyTo(buffer);
            return piece.Length;
        }
    }
}
