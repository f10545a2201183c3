using System.Net;
using System.Net.Http.Headers;
using Amazon.Runtime;
using Azure.Core;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects;
using MetaLlm.Providers.Dialects.Bedrock;
using MetaLlm.Providers.Dialects.OpenAi;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Tests.Bedrock;
using MetaLlm.Providers.Tests.Support;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Providers.Tests.Credentials;

public sealed class UpstreamAuthorizerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 30, 12, 36, 0, TimeSpan.Zero));
    private readonly Recorder _recorder = new();

    public void Dispose() => _recorder.Dispose();

    [Fact]
    public async Task Azure_is_sent_a_bearer_token_of_Entra_that_is_fetched_once_and_renewed_in_time()
    {
        var credential = new ScriptedCredential("token", _time);
        var provider = Provider(new AzureOpenAiDialect(), services => services.AddSingleton<TokenCredential>(credential));
        await SendAsync(provider, Azure());
        await SendAsync(provider, Azure());
        Assert.Equal(["Bearer token-1", "Bearer token-1"], _recorder.Authorizations);
        Assert.Equal(["https://cognitiveservices.azure.com/.default"], credential.Scopes);

        _time.Advance(TimeSpan.FromMinutes(56));
        await SendAsync(provider, Azure());
        await Eventually.TrueAsync("the token is renewed", async () =>
        {
            await SendAsync(provider, Azure());
            return _recorder.Authorizations[^1] == "Bearer token-2";
        });
        Assert.Equal("Bearer token-1", _recorder.Authorizations[2]);
        Assert.Equal(2, credential.Scopes.Count);
    }

    [Fact]
    public async Task The_credential_of_an_upstreams_name_goes_before_that_without_one()
    {
        var provider = Provider(new AzureOpenAiDialect(), services => services
            .AddSingleton<TokenCredential>(new ScriptedCredential("common", _time))
            .AddKeyedSingleton<TokenCredential>("gov", new ScriptedCredential("own", _time)));
        await SendAsync(provider, Azure());
        await SendAsync(provider, Azure() with { Name = "gov", BaseAddress = new Uri("https://r.openai.azure.us") });
        Assert.Equal(["Bearer common-1", "Bearer own-1"], _recorder.Authorizations);
    }

    [Fact]
    public async Task Clouds_of_other_countries_have_scopes_of_their_own()
    {
        var credential = new ScriptedCredential("token", _time);
        var provider = Provider(new AzureOpenAiDialect(), services => services.AddSingleton<TokenCredential>(credential));
        await SendAsync(provider, Azure() with { BaseAddress = new Uri("https://r.openai.azure.us") });
        await SendAsync(provider, Azure() with { BaseAddress = new Uri("https://r.openai.azure.cn") });
        Assert.Equal(["https://cognitiveservices.azure.us/.default", "https://cognitiveservices.azure.cn/.default"], credential.Scopes);
    }

    [Fact]
    public async Task Without_a_token_the_attempt_is_refused_and_nothing_is_sent()
    {
        var credential = new ScriptedCredential("token", _time) { Fails = true };
        var provider = Provider(new AzureOpenAiDialect(), services => services.AddSingleton<TokenCredential>(credential));
        for (var i = 0; i < 3; i++)
        {
            var failure = await Assert.ThrowsAsync<ChatProviderException>(() => SendAsync(provider, Azure()));
            Assert.Equal((ChatFailure.Refused, true), (failure.Failure, failure.NeverSent));
        }

        Assert.Empty(_recorder.Authorizations);
        Assert.Single(credential.Scopes);
    }

    [Fact]
    public async Task Bedrock_is_sent_a_signature_by_the_key_of_the_configuration_or_the_application_and_a_bearer_key_as_it_is()
    {
        var provider = Provider(new BedrockDialect(_time), services => services.AddSingleton<AWSCredentials>(new SessionAWSCredentials("APPID", "APPSECRET", "APPTOKEN")));
        await SendAsync(provider, Bedrock("OWNID:OWNSECRET"));
        await SendAsync(provider, Bedrock(null));
        await SendAsync(provider, Bedrock("ABSKbearer"));
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=OWNID/20260830/eu-central-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=", _recorder.Authorizations[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "AWS4-HMAC-SHA256 Credential=APPID/20260830/eu-central-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=", _recorder.Authorizations[1], StringComparison.Ordinal);
        Assert.Equal("Bearer ABSKbearer", _recorder.Authorizations[2]);
        Assert.DoesNotContain(_recorder.All, text => text.Contains("SECRET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_key_Bedrock_is_sent_a_signature_by_the_one_that_Amazons_clients_find()
    {
        (string Name, string Value)[] variables = [("AWS_ACCESS_KEY_ID", "ENVID"), ("AWS_SECRET_ACCESS_KEY", "ENVSECRET"), ("AWS_SESSION_TOKEN", "ENVTOKEN")];
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        try
        {
            await SendAsync(Provider(new BedrockDialect(_time), _ => { }), Bedrock(null));
        }
        finally
        {
            foreach (var (name, _) in variables)
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }

        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=ENVID/20260830/eu-central-1/bedrock/aws4_request, ", _recorder.Authorizations[0], StringComparison.Ordinal);
    }

    private static UpstreamEndpoint Azure() => new() { Name = "azure", BaseAddress = new Uri("https://r.openai.azure.com"), Authentication = UpstreamAuthentication.Entra };

    private static UpstreamEndpoint Bedrock(string? key) => new()
    {
        Name = "bedrock", BaseAddress = new Uri("https://bedrock-runtime.eu-central-1.amazonaws.com"), Authentication = UpstreamAuthentication.Aws, Region = "eu-central-1", ApiKey = key,
    };

    private HttpChatProvider Provider(IChatDialect dialect, Action<IServiceCollection> credentials) => ScriptedUpstream.CreateProvider(_recorder, _time, dialect, credentials);

    private static async Task SendAsync(HttpChatProvider provider, UpstreamEndpoint endpoint)
    {
        var call = ScriptedUpstream.Call(stream: false, """{"messages":[{"role":"user","content":"hi"}]}""");
        await using var answer = await provider.SendAsync(call with { Endpoint = endpoint }, CancellationToken.None);
    }

    /// <summary>Answers well, in both formats at once.</summary>
    private sealed class Recorder : HttpMessageHandler
    {
        public List<string> Authorizations { get; } = [];

        public List<string> All { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Authorizations.Add(request.Headers.NonValidated["Authorization"].ToString());
            All.Add($"{request} {await request.Content!.ReadAsStringAsync(cancellationToken)}");
            var answer = BedrockCallTests.Answer.TrimEnd()[..^1] + ""","choices":[{"index":0,"message":{"content":"x"},"finish_reason":"stop"}]}""";
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer, MediaTypeHeaderValue.Parse("application/json")) };
        }
    }
}
