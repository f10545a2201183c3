using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>A client of the application whose models do what their requests say.</summary>
internal sealed class ScriptedChatClient : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await ThrowOrStayAsync(options, cancellationToken);
        var contents = Answer([.. messages], options).ToList();
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents)) { FinishReason = Reason(contents), Usage = Count() };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await ThrowOrStayAsync(options, cancellationToken);
        var contents = Answer([.. messages], options).ToList();
        foreach (var content in contents)
        {
            if (content is TextContent text)
            {
                foreach (var piece in text.Text.Chunk(5))
                {
                    yield return new ChatResponseUpdate(ChatRole.Assistant, new string(piece));
                }
            }
            else
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, [content]);
            }
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(Count())]) { FinishReason = Reason(contents) };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static async Task ThrowOrStayAsync(ChatOptions? options, CancellationToken cancellationToken)
    {
        switch (options?.ModelId)
        {
            case "mine-objecting":
                throw new HttpRequestException(UpstreamKind.Objection, null, HttpStatusCode.BadRequest);
            case "mine-failing":
                throw new HttpRequestException("Out of order.", null, HttpStatusCode.InternalServerError);
            case "mine-staying":
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
        }
    }

    private static IEnumerable<AIContent> Answer(List<ChatMessage> messages, ChatOptions? options)
    {
        if (options?.Reasoning?.Effort is not null)
        {
            yield return new TextReasoningContent("Let me think.") { ProtectedData = "sealed" };
        }

        var contents = messages.SelectMany(message => message.Contents).ToList();
        var results = contents.OfType<FunctionResultContent>().Count();
        var tools = options?.Tools ?? [];
        if (tools.Count > results)
        {
            foreach (var tool in tools.Skip(results))
            {
                yield return new FunctionCallContent($"call_{results}_{tool.Name}", tool.Name, new Dictionary<string, object?> { ["city"] = "Rome" });
            }

            yield break;
        }

        yield return new TextContent(options?.ResponseFormat is ChatResponseFormatJson ? """{"answer":42}"""
            : contents.OfType<DataContent>().Any() ? "I see it."
            : "Hello there.");
    }

    private static ChatFinishReason Reason(List<AIContent> contents) => contents.Exists(content => content is FunctionCallContent) ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;

    private static UsageDetails Count() => new() { InputTokenCount = 30, OutputTokenCount = 12, TotalTokenCount = 42 };
}
