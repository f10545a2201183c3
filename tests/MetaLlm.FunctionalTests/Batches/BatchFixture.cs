using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Batches;

/// <summary>A gateway with two models that repeat what they are asked, and do what the question says: fail once, object, cost much, answer oddly, or wait.</summary>
public sealed class BatchFixture : IAsyncLifetime
{
    public const int DearInput = 100;
    public const int DearOutput = 16;

    /// <summary>Lists and objects within one another in the answer to a deep question, so many that the line with it has as many as a client of .NET reads.</summary>
    public const int DeepestAnswer = 62;

    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;
    private ScriptedUpstream? _upstream;
    private RunningGateway? _gateway;

    internal RunningGateway Gateway => _gateway!;

    /// <summary>Environment variable with the key of tenant alpha.</summary>
    internal string KeyVariable { get; } = $"METALLM_TEST_{Guid.NewGuid():N}";

    /// <summary>How many questions wait.</summary>
    internal int Waiting => Volatile.Read(ref _waiting);

    public async Task InitializeAsync()
    {
        Environment.SetEnvironmentVariable(KeyVariable, TestConfiguration.AlphaKey);
        _upstream = await ScriptedUpstream.StartAsync();
        _upstream.On("a", AnswerAsync);
        _upstream.On("b", AnswerAsync);
        var configuration = _upstream.Configure("a", "b");
        foreach (var tenant in configuration["MetaLlm"]!["tenants"]!.AsArray())
        {
            tenant!.AsObject().Remove("policy");
        }

        _gateway = await RunningGateway.StartAsync(configuration);
    }

    public async Task DisposeAsync()
    {
        _opened.TrySetResult();
        await Gateway.DisposeAsync();
        await _upstream!.DisposeAsync();
    }

    /// <summary>How often models were asked a question.</summary>
    internal int Asked(string question) => _asked.GetValueOrDefault(question);

    /// <summary>Lets those that wait be answered, and all that come.</summary>
    internal void Open() => _opened.TrySetResult();

    private async Task AnswerAsync(HttpContext context, string body)
    {
        var question = (string)JsonNode.Parse(body)!["messages"]![0]!["content"]!;
        var time = _asked.AddOrUpdate(question, 1, (_, before) => before + 1);
        if (question.StartsWith("wait", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _waiting);
            await _opened.Task;
        }

        if (question.StartsWith("fail once", StringComparison.Ordinal) && time == 1)
        {
            await ScriptedUpstream.FailAsync(context, 500);
            return;
        }

        if (question.StartsWith("object", StringComparison.Ordinal))
        {
            await ScriptedUpstream.FailAsync(context, 400, """{"error":{"message":"I object."}}""");
            return;
        }

        // Members that are not known go on to the client.
        var unknown = question.StartsWith("deep", StringComparison.Ordinal) ? $"\"unknown\":{new string('[', DeepestAnswer - 1)}{new string(']', DeepestAnswer - 1)},"
            : question.StartsWith("half a pair", StringComparison.Ordinal) ? """
                "unknown":"\ud83d",
                """
            : "";
        var (input, output) = question.StartsWith("dear", StringComparison.Ordinal) ? (DearInput, DearOutput) : (10, 2);
        await ScriptedUpstream.FailAsync(context, 200, string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"id":"u",{{{unknown}}}"choices":[{"index":0,"message":{"role":"assistant","content":{{{JsonSerializer.Serialize("re: " + question)}}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":{{{input}}},"completion_tokens":{{{output}}}}}"""));
    }
}
