using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Providers.Tests;

/// <summary>
/// Whatever an upstream sends, a call ends with an answer of valid JSON or with a failure that has a name. <c>METALLM_FUZZ_CASES</c> sets how many answers are
/// tried, <c>METALLM_FUZZ_SEED</c> the first seed; both are in the message of a failure.
/// </summary>
public sealed class UpstreamFuzzTests
{
    private const string Chunk = """
        {"id":"u","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"x\n\u00e9","reasoning":"r","tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":"{}"}}]},"finish_reason":null}],"usage":null}
        """;

    private const string Last = """{"id":"u","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string Counts = """{"id":"u","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":9,"cost":0.1,"prompt_tokens_details":{"cached_tokens":1}}}""";
    private const string Error = """{"error":{"code":502,"message":"gone","param":"temperature"},"detail":[{"loc":["body","seed"]}]}""";
    private const string Plain = """
        {"id":"u","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2}}
        """;

    private static readonly string[] Pieces = ["data: ", "data:", "data", "\n", "\n\n", "\r", "\r\n", "\r\n\r\n", "event: error", "event: x", ": c", "id: 1", "[DONE]", "ping", "\uFEFF", "\0", "{", "}", "\"", "\\ud800"];
    private static readonly string[] Ends = ["\n\n", "\r\n\r\n", "\r\r", "\n"];

    [Fact]
    public async Task Every_answer_ends_well_or_with_a_failure_that_has_a_name()
    {
        var cases = Setting("METALLM_FUZZ_CASES", 20_000);
        var seed = Setting("METALLM_FUZZ_SEED", 20_260_711);
        var handler = new FuzzHandler();
        var provider = ScriptedUpstream.CreateProvider(handler, TimeProvider.System);
        var (whole, failed) = (0, 0);
        for (var i = 0; i < cases; i++)
        {
            var random = new Random(seed + i);
            var stream = random.Next(4) > 0;
            handler.Answer = stream ? Stream(random) : Mutated(Encoding.UTF8.GetBytes(new StrangeJson(random.Next(), 30).Change(Plain)), random, 6);
            handler.Status = random.Next(20) == 0 ? HttpStatusCode.BadRequest : HttpStatusCode.OK;
            handler.Piece = random.Next(3) == 0 ? 1 : random.Next(1, 4096);
            try
            {
                await using var response = await provider.SendAsync(ScriptedUpstream.Call(stream, """{"temperature":1,"seed":2}"""), CancellationToken.None);
                await CheckAsync(response, stream, handler.Answer.Length);
                whole++;
            }
            catch (ChatProviderException)
            {
                failed++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed + i}: {e}");
            }
        }

        Assert.True(whole > cases / 20 && failed > cases / 20, $"{whole} answers and {failed} failures: the cases are too alike.");
    }

    private static async Task CheckAsync(ChatResponse response, bool stream, int received)
    {
        var isLast = false;
        var sent = 0;
        await foreach (var part in response.Parts)
        {
            Assert.False(isLast, "A part follows the last one.");
            isLast = part.IsLast;
            sent += part.Bytes.Length;
            Assert.True(part.Usage is not { } u || (double.IsFinite(u.Input + u.CachedInput + u.Output) && u.Input >= 0 && u.Output >= 0 && u.CachedInput >= 0 && u.CachedInput <= u.Input));
            Assert.True(part.InvoiceUsd is null or (>= 0 and < 1000));
            Assert.True(part.OutputCharacters >= 0 && part.OutputBytes >= part.OutputCharacters);
            if (!stream)
            {
                using var document = JsonDocument.Parse(part.Bytes);
                continue;
            }

            var lines = Encoding.UTF8.GetString(part.Bytes.Span).ReplaceLineEndings("\n").Split('\n');
            foreach (var data in lines.Where(l => l.StartsWith("data:", StringComparison.Ordinal)).Select(l => l[5..].Trim()).Where(d => d != "[DONE]"))
            {
                using var document = JsonDocument.Parse(data);
                Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
            }
        }

        Assert.True(isLast, "The answer has no end.");

        // Names of ours may be longer than the upstream's, in each event.
        Assert.InRange(sent, 0, (received * 8) + 1024);
    }

    private static byte[] Stream(Random random)
    {
        var text = new StringBuilder();
        var strange = new StrangeJson(random.Next(), 60);
        for (var events = random.Next(1, 6); events > 0; events--)
        {
            var json = random.Next(12) switch { 0 => Error, 1 => Counts, 2 => Last, _ => Chunk };
            text.Append("data: ").Append((random.Next(4) == 0 ? strange.Change(json) : json).Replace("\n", "", StringComparison.Ordinal)).Append(Ends[random.Next(8) / 2 % 4 * random.Next(2)]);
        }

        text.Append(random.Next(3) > 0 ? $"data: {Last}\n\n" : "").Append(random.Next(3) > 0 ? $"data: {Counts}\n\ndata: [DONE]\n\n" : "");
        return Mutated(Encoding.UTF8.GetBytes(text.ToString()), random, 3);
    }

    private static byte[] Mutated(byte[] bytes, Random random, int oneIn)
    {
        var changed = new List<byte>(bytes);
        while (random.Next(oneIn) == 0 && changed.Count > 0)
        {
            var at = random.Next(changed.Count);
            switch (random.Next(5))
            {
                case 0:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 1:
                    changed.RemoveRange(at, Math.Min(random.Next(1, 30), changed.Count - at));
                    break;
                case 2:
                    changed.RemoveRange(at, changed.Count - at);
                    break;
                case 3:
                    changed.InsertRange(at, changed.GetRange(at, Math.Min(random.Next(1, 200), changed.Count - at)));
                    break;
                default:
                    changed.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
            }
        }

        return [.. changed];
    }

    private static int Setting(string name, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : standard;

    private sealed class FuzzHandler : HttpMessageHandler
    {
        public byte[] Answer { get; set; } = [];

        public HttpStatusCode Status { get; set; }

        public int Piece { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(Status)
            {
                Content = new StreamContent(new PiecemealStream(Answer, Piece)) { Headers = { ContentType = MediaTypeHeaderValue.Parse("text/event-stream") } },
            });
    }
}
