using System.Net;
using System.Text;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Tests.Configuration;

namespace MetaLlm.Gateway.Tests.Screening;

public sealed class WebhookVerdictTests
{
    [Theory]
    [InlineData("""{"verdict":"block","verdict":"allow"}""")]
    [InlineData("""{"verdict":"replace","texts":["a"],"texts":["b"]}""")]
    [InlineData("""{"verdict":"perhaps"}""")]
    [InlineData("[]")]
    public Task What_says_two_things_or_none_is_no_verdict(string body) => Assert.ThrowsAsync<InvalidDataException>(() => CheckAsync(body));

    [Fact]
    public async Task Members_that_are_not_known_are_passed_over() => Assert.Equal(GuardrailAction.Allow, (await CheckAsync("""{"verdict":"allow","score":0.1,"more":{"a":1}}""")).Action);

    private static async Task<GuardrailVerdict> CheckAsync(string body)
    {
        using var client = new HttpClient(new Server(body));
        var settings = SettingsReaderTests.Read(Mistakes.Make("\"upstreams\":{", "\"guardrails\":{\"hook\":{\"url\":\"https://guard.example.com/check\"}},\"upstreams\":{")).Guardrails["hook"];
        var content = new GuardedContent { Tenant = "t", Stage = GuardrailStage.Request, Texts = [new GuardedText("user", "content", "x")] };
        return await new WebhookGuardrail(client, settings).CheckAsync(content, CancellationToken.None);
    }

    private sealed class Server(string answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer, Encoding.UTF8, "application/json") });
    }
}
