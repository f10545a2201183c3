namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>Whole answers of a well-behaved upstream, and the parts of them.</summary>
internal static class Answers
{
    public const string Word = "forty-two";

    public static object Usage { get; } = new { prompt_tokens = 10, completion_tokens = 3, total_tokens = 13 };

    public static async Task WellAsync(UpstreamCall call)
    {
        if (!call.Stream)
        {
            await call.JsonAsync(200, Plain(Word, Usage));
            return;
        }

        await call.EventAsync(Delta(new { role = "assistant", content = "" }));
        await call.EventAsync(Delta(new { content = Word }));
        await EndAsync(call, Usage);
    }

    /// <summary>The end of a stream: why it ended, the count if asked for, and the closing mark.</summary>
    public static async Task EndAsync(UpstreamCall call, object? usage)
    {
        await call.EventAsync(Delta(new { }, "stop"));
        if (call.WantsUsage && usage is not null)
        {
            await call.EventAsync(new { id = "u", choices = Array.Empty<object>(), usage });
        }

        await call.DoneAsync();
    }

    public static object Plain(string? content, object? usage) => new
    {
        id = "u",
        @object = "chat.completion",
        created = 1,
        choices = new[] { new { index = 0, message = new { role = "assistant", content }, finish_reason = "stop" } },
        usage,
    };

    public static object Delta(object delta, string? reason = null, int index = 0) =>
        new { id = "u", @object = "chat.completion.chunk", created = 1, choices = new[] { new { index, delta, finish_reason = reason } } };
}
