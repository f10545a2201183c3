using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects;
using MetaLlm.TestKit;

namespace MetaLlm.Providers.Tests.Support;

/// <summary>Strange answers for a dialect.</summary>
internal static class DialectFuzz
{
    /// <summary>Asserts that whatever comes, a call ends with chat completions of valid JSON or with a failure that has a name.</summary>
    /// <param name="dialect">The dialect.</param>
    /// <param name="cases">How many answers.</param>
    /// <param name="answer">Makes an answer, whole or streamed.</param>
    public static async Task RunAsync(IChatDialect dialect, int cases, Func<Random, StrangeJson, bool, byte[]> answer)
    {
        var handler = new Handler(dialect.StreamMediaType);
        var provider = ScriptedUpstream.CreateProvider(handler, TimeProvider.System, dialect);
        var (whole, failed) = (0, 0);
        for (var seed = 0; seed < cases; seed++)
        {
            var random = new Random(seed);
            var stream = random.Next(3) > 0;
            handler.Answer = answer(random, new StrangeJson(random.Next(), 30), stream);
            handler.Status = random.Next(20) == 0 ? HttpStatusCode.BadRequest : HttpStatusCode.OK;
            try
            {
                await using var response = await provider.SendAsync(ScriptedUpstream.Call(stream, """{"messages":[{"role":"user","content":"x"}]}"""), CancellationToken.None);
                var (parts, raw) = await Upstream.ReadAsync(response);
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

        Assert.True(whole > cases / 20 && failed > cases / 20, $"{whole} answers and {failed} failures: the cases are too alike.");
    }

    private sealed class Handler(string type) : HttpMessageHandler
    {
        public byte[] Answer { get; set; } = [];

        public HttpStatusCode Status { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(Status) { Content = new ByteArrayContent(Answer) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } } });
    }
}
