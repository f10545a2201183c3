using System.Collections.Concurrent;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Tests.Support;

/// <summary>A provider that does what a test says, by the name of the model.</summary>
public sealed class ScriptedProvider : IChatProvider
{
    private readonly ConcurrentDictionary<string, Func<ChatCall, CancellationToken, ValueTask<ChatResponse>>> _scripts = new();

    public void On(string model, Func<ChatCall, CancellationToken, ValueTask<ChatResponse>> script) => _scripts[model] = script;

    public ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken) =>
        _scripts[call.Model](call, cancellationToken);

    public static ChatCall Call(string model) => new()
    {
        Endpoint = new UpstreamEndpoint { Name = "up", BaseAddress = new Uri("http://127.0.0.1:1/v1") },
        Model = model,
        Body = "{}"u8.ToArray(),
        Stream = true,
        ResponseId = "id",
        ResponseModel = "arm",
    };
}
