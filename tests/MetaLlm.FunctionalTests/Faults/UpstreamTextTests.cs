using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Faults;

/// <summary>
/// What upstreams say of their failures may quote prompts, keys and organisations. It is never logged, and it reaches the client of that call alone, in an objection.
/// </summary>
public sealed class UpstreamTextTests
{
    private const string Secret = "a-secret-that-an-upstream-says";
    private const string Prompt = "a-prompt-that-no-log-may-show";
    private const string Error = $$$"""{"error":{"message":"{{{Secret}}} {{{Prompt}}}","code":"{{{Secret}}}"}}""";
    private const string ErrorBeside = $$$"""{"error":{"code":502,"message":"{{{Secret}}}"},"choices":[{"index":0,"delta":{"content":""},"message":{"content":""},"finish_reason":"error"}]}""";
    private const string Garbage = $$"""{"{{Secret}}":[{"{{Prompt}}""";

    private static readonly Dictionary<string, Func<HttpContext, bool, Task>> Faults = new()
    {
        ["objection"] = (context, _) => ScriptedUpstream.FailAsync(context, 400, Error),
        ["refusal"] = (context, _) => ScriptedUpstream.FailAsync(context, 403, Error),
        ["limit"] = (context, _) => ScriptedUpstream.FailAsync(context, 429, Error),
        ["defect"] = (context, _) => ScriptedUpstream.FailAsync(context, 500, Error),
        ["error"] = (context, stream) => SayAsync(context, stream, Error),
        ["beside"] = (context, stream) => SayAsync(context, stream, ErrorBeside),
        ["garbage"] = (context, stream) => SayAsync(context, stream, Garbage),
        ["late-error"] = (context, stream) => SayAsync(context, stream, ScriptedUpstream.Text("Hel"), Error),
        ["late-garbage"] = (context, stream) => SayAsync(context, stream, ScriptedUpstream.Text("Hel"), Garbage),
        ["page"] = (context, _) => ScriptedUpstream.FailAsync(context, 200, $"<html>{Secret}</html>"),
    };

    [Fact]
    public async Task Nothing_that_upstreams_say_of_their_failures_is_logged()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        foreach (var (model, fault) in Faults)
        {
            upstream.On(model, (context, body) => fault(context, body.Contains("\"stream\":true", StringComparison.Ordinal)));
        }

        var configuration = upstream.Configure([.. Faults.Keys]);
        configuration["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = "Debug" } };
        using var log = new LogCollector();
        await using (var gateway = await RunningGateway.StartAsync(configuration, log: log))
        {
            foreach (var model in Faults.Keys)
            {
                foreach (var stream in (bool[])[false, true])
                {
                    using var response = await gateway.Alpha.StreamAsync(new { model, stream, messages = new[] { new { role = "user", content = Prompt } } });
                    var text = await response.Content.ReadAsStringAsync();
                    Assert.Contains("error", text, StringComparison.Ordinal);
                    Assert.Equal(model == "objection", text.Contains(Secret, StringComparison.Ordinal));
                }
            }
        }

        var entries = log.Entries.Select(entry => $"{entry.Category}: {entry.Message} {entry.Exception}").ToList();
        Assert.All(
            Faults.Keys.Where(model => !model.StartsWith("late", StringComparison.Ordinal)),
            model => Assert.Contains(entries, entry => entry.StartsWith("MetaLlm.Engine.Routing", StringComparison.Ordinal) && entry.Contains($"Arm {model} of", StringComparison.Ordinal)));
        Assert.All([Secret, Prompt], word => Assert.DoesNotContain(entries, entry => entry.Contains(word, StringComparison.Ordinal)));
    }

    private static async Task SayAsync(HttpContext context, bool stream, params string[] events)
    {
        if (!stream)
        {
            await ScriptedUpstream.FailAsync(context, 200, events[^1]);
            return;
        }

        await ScriptedUpstream.BeginAsync(context);
        foreach (var data in events)
        {
            await ScriptedUpstream.SendAsync(context, data);
        }
    }
}
