using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects.Anthropic;
using MetaLlm.Providers.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Providers.Tests.Anthropic;

/// <summary>Whatever comes in place of a message, a call ends with chat completions of valid JSON or with a failure that has a name.</summary>
public sealed class AnthropicFuzzTests
{
    private const int Cases = 5000;

    [Fact]
    public async Task Every_answer_ends_well_or_with_a_failure_that_has_a_name()
    {
        var handler = new Handler();
        var provider = ScriptedUpstream.CreateProvider(handler, TimeProvider.System, new AnthropicDialect(TimeProvider.System));
        var (whole, failed) = (0, 0);
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var stream = random.Next(3) > 0;
            var strange = new StrangeJson(random.Next(), 30);
            handler.Answer = Encoding.UTF8.GetBytes(stream ? Stream(random, strange) : strange.Change(AnthropicCallTests.Message));
            handler.Status = random.Next(20) == 0 ? HttpStatusCode.BadRequest : HttpStatusCode.OK;
            try
            {
                await using var answer = await provider.SendAsync(ScriptedUpstream.Call(stream, """{"messages":[{"role":"user","content":"x"}]}"""), CancellationToken.None);
                var (parts, raw) = await Upstream.ReadAsync(answer);
                Assert.True(raw[^1].IsLast);
                foreach (var data in stream ? string.Concat(parts).Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => l[6..]) : parts)
                {
                    using var document = JsonDocument.Parse(data);
                }

                whole++;
            }
            catch (ChatProviderException)
            {
                failed++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}: {e}");
            }
        }

        Assert.True(whole > Cases / 20 && failed > Cases / 20, $"{whole} answers and {failed} failures: the cases are too alike.");
    }

    private static string Stream(Random random, StrangeJson strange)
    {
        var text = new StringBuilder();
        foreach (var e in AnthropicCallTests.Events.Where(_ => random.Next(40) > 0))
        {
            var (name, json) = (e.Split('|')[0], e.Split('|')[1]);
            text.Append(name).Append("\ndata: ").Append((random.Next(20) == 0 ? strange.Change(json) : json).Replace("\n", "", StringComparison.Ordinal)).Append("\n\n");
        }

        return text.ToString();
    }

    private sealed class Handler : HttpMessageHandler
    {
        public byte[] Answer { get; set; } = [];

        public HttpStatusCode Status { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(Status) { Content = new ByteArrayContent(Answer) { Headers = { ContentType = MediaTypeHeaderValue.Parse("text/event-stream") } } });
    }
}
