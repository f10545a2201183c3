using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Objections;

namespace MetaLlm.Providers.Tests.Support;

/// <summary>Runs calls of a dialect against answers without a network.</summary>
internal sealed class DialectRig(IChatDialect dialect)
{
    private const string Hello = """{"messages":[{"role":"user","content":"hi"}]}""";

    private byte[] _answer = [];
    private string _type = "application/json";
    private HttpStatusCode _status;

    /// <summary>The last request's address.</summary>
    public Uri? Address { get; private set; }

    /// <summary>The last request's headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>();

    /// <summary>Writes a request as the dialect sends it.</summary>
    public (string Sent, IReadOnlyList<string> Adapted) Write(string request, string model, CallOptions? options = null)
    {
        var call = ScriptedUpstream.Call(stream: false, request) with { Model = model, Options = options ?? CallOptions.None };
        var sent = dialect.Write(call, RequestBody.For(call, Cures.None));
        return (Encoding.UTF8.GetString(sent.Bytes.Span), sent.Adapted);
    }

    /// <summary>Asserts that a request is objected to before it is sent.</summary>
    public void AssertObjects(string parameter, string request, string model)
    {
        var failure = Assert.Throws<ChatProviderException>(() => Write(request, model));
        Assert.Equal((ChatFailure.Objected, true, 400), (failure.Failure, failure.NeverSent, failure.Objection!.Status));
        Assert.Equal(parameter, JsonDocument.Parse(failure.Objection.Body).RootElement.GetProperty("error").GetProperty("param").GetString());
    }

    /// <summary>Asks for a whole answer.</summary>
    /// <returns>The chat completion without the time of its making, and what else is known of it.</returns>
    public async Task<(JsonObject Answer, ChatPart Part)> AskAsync(string answer, int status = 200, CallOptions? options = null, string request = Hello)
    {
        (_answer, _type, _status) = (Encoding.UTF8.GetBytes(answer), "application/json", (HttpStatusCode)status);
        await using var response = await ScriptedUpstream.CreateProvider(new Handler(this), TimeProvider.System, dialect).SendAsync(Call(stream: false, request, options), CancellationToken.None);
        var (parts, raw) = await Upstream.ReadAsync(response);
        var completion = JsonNode.Parse(parts.Single())!.AsObject();
        completion.Remove("created");
        return (completion, raw.Single());
    }

    /// <summary>Asks for a stream.</summary>
    /// <returns>The chunks, without their closing mark, and what else is known of them.</returns>
    public async Task<(List<JsonNode> Chunks, List<ChatPart> Parts, string ContentType)> StreamAsync(byte[] answer, string type, bool asksUsage = true)
    {
        (_answer, _type, _status) = (answer, type, HttpStatusCode.OK);
        var request = asksUsage ? """{"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""" : Hello;
        await using var response = await ScriptedUpstream.CreateProvider(new Handler(this), TimeProvider.System, dialect).SendAsync(Call(stream: true, request, null), CancellationToken.None);
        var (parts, raw) = await Upstream.ReadAsync(response);
        var data = string.Concat(parts).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(e => e.StartsWith("data: ", StringComparison.Ordinal)).Select(e => e[6..]).ToList();
        Assert.Equal("[DONE]", data[^1]);
        return ([.. data.SkipLast(1).Select(e => JsonNode.Parse(e)!)], raw, response.ContentType);
    }

    /// <summary>Asks for an answer that fails.</summary>
    public async Task<ChatProviderException> FailAsync(string answer, int status = 200) =>
        await Assert.ThrowsAsync<ChatProviderException>(() => AskAsync(answer, status));

    /// <summary>Asks for a stream that fails.</summary>
    public async Task<ChatProviderException> FailStreamAsync(byte[] answer, string type) =>
        await Assert.ThrowsAsync<ChatProviderException>(() => StreamAsync(answer, type));

    private ChatCall Call(bool stream, string request, CallOptions? options)
    {
        var call = ScriptedUpstream.Call(stream, request);
        return call with
        {
            Endpoint = call.Endpoint with { Protocol = dialect.Protocol, ApiKey = "secret-key" },
            Options = options ?? new CallOptions { Prices = new UsagePrices(1e-6, 1e-7, 2e-6, 1e-5, 1e-6, 1e-5) },
        };
    }

    private sealed class Handler(DialectRig owner) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            owner.Address = request.RequestUri;
            owner.Headers = request.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
            return Task.FromResult(new HttpResponseMessage(owner._status) { Content = new ByteArrayContent(owner._answer) { Headers = { ContentType = MediaTypeHeaderValue.Parse(owner._type) } } });
        }
    }
}
