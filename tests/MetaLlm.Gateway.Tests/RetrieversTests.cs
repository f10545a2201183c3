using System.Net;
using System.Text;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Retrieval;
using MetaLlm.Gateway.Tests.Configuration;
using MetaLlm.Host;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Gateway.Tests;

public sealed class RetrieversTests
{
    private static readonly RetrievalQuery Query = new("t", "What is new?", "news", "d-1", "a:kb");

    [Fact]
    public async Task A_webhook_is_posted_the_question_with_its_key_and_answers_with_text()
    {
        var server = new Server(HttpStatusCode.OK, """{"text":"Known.","more":1}""");
        Assert.Equal("Known.", await AskAsync(server));
        Assert.Equal(("https://kb.example.com/ask?v=1", "Bearer KB-value"), (server.Address, server.Authorization));
        Assert.Equal("""{"tenant":"t","question":"What is new?","task":"news","decision":"d-1","model":"a:kb"}""", server.Body);
    }

    [Theory]
    [InlineData(HttpStatusCode.NoContent, "")]
    [InlineData(HttpStatusCode.OK, """{"text":null}""")]
    public async Task One_that_has_nothing_to_say_gives_nothing(HttpStatusCode status, string body) => Assert.Null(await AskAsync(new Server(status, body)));

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, """{"text":"x"}""")]
    [InlineData(HttpStatusCode.Redirect, "")]
    public Task What_is_no_answer_is_a_failure(HttpStatusCode status, string body) => Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(new Server(status, body)));

    [Theory]
    [InlineData("""{"texts":"x"}""")]
    [InlineData("""{"text":1}""")]
    [InlineData("""{"text":"a","text":"b"}""")]
    [InlineData("""{"text":"\ud800"}""")]
    [InlineData("[]")]
    [InlineData("no JSON")]
    public Task An_answer_without_a_text_is_one_that_cannot_be_used(string body) => Assert.ThrowsAsync<UnusableRetrievalException>(() => AskAsync(new Server(HttpStatusCode.OK, body)));

    [Fact]
    public async Task A_text_far_above_the_longest_that_is_used_is_read_to_be_cut()
    {
        var text = new string('x', 20_000);
        Assert.Equal(text, await AskAsync(new Server(HttpStatusCode.OK, $$"""{"text":"{{text}}"}""")));
    }

    [Fact]
    public Task An_answer_that_goes_on_and_on_is_one_that_cannot_be_used() =>
        Assert.ThrowsAsync<UnusableRetrievalException>(() => AskAsync(new Server(HttpStatusCode.OK, $$"""{"text":"{{new string('x', WebhookRetriever.MostBytes)}}"}""")));

    [Fact]
    public void One_of_the_application_is_found_by_its_name()
    {
        var own = new Own();
        using var services = new ServiceCollection().AddKeyedSingleton<IRetriever>("own", own).BuildServiceProvider();
        using var retrievers = new Retrievers(services, new SettingsStore(Settings("\"own\":{},\"missing\":{},\"kb\":{\"url\":\"https://kb.example.com/ask\"}")));
        Assert.Same(own, retrievers.Find("own"));
        Assert.Null(retrievers.Find("missing"));
        Assert.Null(retrievers.Find("unheard"));
        Assert.Same(Assert.IsType<WebhookRetriever>(retrievers.Find("kb")), retrievers.Find("kb"));
    }

    private static HostSettings Settings(string retrievers) => SettingsReaderTests.Read(Mistakes.Make("\"upstreams\":{", $"\"retrievers\":{{{retrievers}}},\"upstreams\":{{"));

    private static async Task<string?> AskAsync(Server server)
    {
        using var http = new HttpMessageInvoker(server);
        var settings = Settings("\"kb\":{\"url\":\"https://kb.example.com/ask?v=1\",\"apiKeyEnvironment\":\"KB\",\"maxBytes\":1000}").Retrievers["kb"];
        return await new WebhookRetriever(settings, http).RetrieveAsync(Query, CancellationToken.None);
    }

    private sealed class Own : IRetriever
    {
        public ValueTask<string?> RetrieveAsync(RetrievalQuery query, CancellationToken cancellationToken) => new((string?)null);
    }

    private sealed class Server(HttpStatusCode status, string answer) : HttpMessageHandler
    {
        public string? Address { get; private set; }

        public string? Authorization { get; private set; }

        public string? Body { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Address, Authorization) = (request.RequestUri!.ToString(), request.Headers.Authorization?.ToString());
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(status) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
        }
    }
}
