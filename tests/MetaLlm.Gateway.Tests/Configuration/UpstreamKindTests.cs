using System.Text;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Host;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Gateway.Tests.Configuration;

public sealed class UpstreamKindTests
{
    public static TheoryData<UpstreamKind> Kinds { get; } = [.. Enum.GetValues<UpstreamKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_speaks_a_protocol(UpstreamKind kind) => Assert.NotEmpty(UpstreamPreset.Of(kind).Protocol);

    [Theory]
    [InlineData("anthropic", UpstreamEndpoint.Anthropic, "https://api.anthropic.com/v1")]
    [InlineData("openrouter", UpstreamEndpoint.OpenAi, "https://openrouter.ai/api/v1")]
    [InlineData("openai-responses", UpstreamEndpoint.OpenAiResponses, "https://api.openai.com/v1")]
    [InlineData("groq", UpstreamEndpoint.OpenAi, "https://api.groq.com/openai/v1")]
    [InlineData("mistral", UpstreamEndpoint.OpenAi, "https://api.mistral.ai/v1")]
    [InlineData("deepseek", UpstreamEndpoint.OpenAi, "https://api.deepseek.com")]
    [InlineData("together", UpstreamEndpoint.OpenAi, "https://api.together.ai/v1")]
    [InlineData("xai", UpstreamEndpoint.OpenAi, "https://api.x.ai/v1")]
    [InlineData("ollama", UpstreamEndpoint.OpenAi, "http://127.0.0.1:11434/v1")]
    [InlineData("gemini-compatible", UpstreamEndpoint.OpenAi, "https://generativelanguage.googleapis.com/v1beta/openai")]
    [InlineData("gemini", UpstreamEndpoint.Gemini, "https://generativelanguage.googleapis.com/v1")]
    [InlineData("chat-client", UpstreamEndpoint.ChatClient, "http://127.0.0.1:1/v1")]
    public void A_kind_knows_its_protocol_and_address(string kind, string protocol, string address)
    {
        var endpoint = Read($"{{\"kind\":\"{kind}\"}}").Upstreams["up"].Endpoint;
        Assert.Equal((protocol, address), (endpoint.Protocol, endpoint.BaseAddress.OriginalString));
    }

    [Theory]
    [InlineData("\"region\":\"eu-central-1\"", "https://bedrock-runtime.eu-central-1.amazonaws.com", "eu-central-1")]
    [InlineData("\"baseUrl\":\"https://bedrock-runtime-fips.us-east-1.amazonaws.com\"", "https://bedrock-runtime-fips.us-east-1.amazonaws.com", "us-east-1")]
    [InlineData("\"baseUrl\":\"https://proxy.example\",\"region\":\"us-west-2\"", "https://proxy.example", "us-west-2")]
    public void Bedrock_lies_in_its_region_and_is_signed_for_it(string members, string address, string region)
    {
        var endpoint = Read($"{{\"kind\":\"bedrock\",{members}}}").Upstreams["up"].Endpoint;
        Assert.Equal((UpstreamEndpoint.Bedrock, address, region, UpstreamAuthentication.Aws), (endpoint.Protocol, endpoint.BaseAddress.OriginalString, endpoint.Region, endpoint.Authentication));
    }

    [Fact]
    public void Azure_is_shown_a_token_of_Entra_where_the_configuration_says_so()
    {
        const string Azure = "{\"kind\":\"azure-openai\",\"baseUrl\":\"https://r.example\",\"auth\":\"entra\"}";
        Assert.Equal(UpstreamAuthentication.Entra, Read(Azure).Upstreams["up"].Endpoint.Authentication);
        Assert.Equal(UpstreamAuthentication.Key, Read(Azure.Replace("entra", "key", StringComparison.Ordinal)).Upstreams["up"].Endpoint.Authentication);
        var deployments = Read(Azure, "\"deployments\":[{\"name\":\"own\",\"apiKeyEnvironment\":\"UP_KEY\"},{\"name\":\"other\"}],").Tenants["t"].Targets["a"].Deployments;
        Assert.Equal(
            [(UpstreamAuthentication.Key, "UP_KEY-value"), (UpstreamAuthentication.Entra, null)], deployments.Select(d => (d.Target.Endpoint.Authentication, d.Target.Endpoint.ApiKey)));
    }

    [Fact]
    public void The_configuration_goes_before_what_a_kind_knows()
    {
        var settings = Read("""
            {"kind":"mistral","baseUrl":"https://proxy.example/v1","apiKeyHeader":"api-key","askForStreamUsage":true,"headers":{"x-a":"1"},"headerEnvironments":{"x-b":"UP_KEY"},"query":{"q":"2"}}
            """);
        var endpoint = settings.Upstreams["up"].Endpoint;
        Assert.Equal(("https://proxy.example/v1", "api-key", true), (endpoint.BaseAddress.OriginalString, endpoint.KeyHeader, endpoint.AskForStreamUsage));
        Assert.Equal([new("x-a", "1"), new("x-b", "UP_KEY-value")], endpoint.Headers);
        Assert.Equal([new("q", "2")], endpoint.Query);
        Assert.DoesNotContain("UP_KEY-value", endpoint.ToString(), StringComparison.Ordinal);
        Assert.False(Read("{\"kind\":\"mistral\"}").Upstreams["up"].Endpoint.AskForStreamUsage);
    }

    [Theory]
    [InlineData("", "max_completion_tokens>max_tokens,seed>random_seed")]
    [InlineData("\"dropParameters\":[\"seed\"],", "max_completion_tokens>max_tokens")]
    [InlineData("\"renameParameters\":{\"seed\":\"s\"},", "seed>s,max_completion_tokens>max_tokens")]
    public void A_model_of_a_kind_is_sent_the_names_that_the_kind_knows(string members, string expected)
    {
        var arm = Read("{\"kind\":\"mistral\"}", members).Tenants["t"].Targets["a"];
        Assert.Equal(expected, string.Join(',', arm.Options.RenameParameters.Select(r => $"{r.Key}>{r.Value}")));
    }

    [Fact]
    public void A_model_has_headers_and_a_query_of_its_own()
    {
        var options = Read("{\"kind\":\"anthropic\"}", "\"headers\":{\"anthropic-beta\":\"b\"},\"queryEnvironments\":{\"k\":\"UP_KEY\"},").Tenants["t"].Targets["a"].Options;
        Assert.Equal([new("anthropic-beta", "b")], options.Headers);
        Assert.Equal([new("k", "UP_KEY-value")], options.Query);
    }

    [Theory]
    [InlineData("{\"kind\":\"azure-openai\"}", "baseUrl", "is missing")]
    [InlineData("{\"kind\":\"vllm\"}", "baseUrl", "is missing")]
    [InlineData("{\"kind\":\"bedrock\"}", "region", "is missing")]
    [InlineData("{\"kind\":\"bedrock\",\"baseUrl\":\"https://proxy.example\"}", "region", "is missing")]
    [InlineData("{\"kind\":\"bedrock\",\"region\":\"Frankfurt\"}", "region", "such as eu-central-1")]
    [InlineData("{\"kind\":\"groq\",\"region\":\"eu-central-1\"}", "region", "this upstream is of kind 'groq'")]
    [InlineData("{\"kind\":\"groq\",\"auth\":\"entra\"}", "auth", "this upstream is of kind 'groq'")]
    [InlineData("{\"kind\":\"azure-openai\",\"baseUrl\":\"https://r.example\",\"auth\":\"entra\",\"apiKeyEnvironment\":\"UP_KEY\"}", "auth", "is 'entra' beside a key")]
    [InlineData("{\"kind\":\"chat-client\",\"baseUrl\":\"https://a.example\"}", "baseUrl", "this upstream is of kind 'chat-client'")]
    [InlineData("{\"kind\":\"chat-client\",\"headers\":{\"a\":\"b\"}}", "headers", "this upstream is of kind 'chat-client'")]
    public void What_a_kind_lacks_or_cannot_use_is_named(string upstream, string member, string says)
    {
        var error = Assert.Single(Assert.Throws<SettingsException>(() => Read(upstream)).Errors);
        Assert.Equal($"MetaLlm.upstreams.up.{member}", error.Path);
        Assert.Contains(says, error.Problem, StringComparison.Ordinal);
    }

    private static HostSettings Read(string upstream, string armMembers = "")
    {
        var json = $$$"""
            {"MetaLlm":{"upstreams":{"up":{{{upstream}}}},"tenants":[{"id":"t","keyEnvironments":["T_KEY"],"arms":[{{{{armMembers}}}"id":"a","upstream":"up","inputUsdPerMillion":1}]}]}}
            """;
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        return SettingsReader.Read<HostSettings>(configuration, new SettingsContext { Variable = Mistakes.Variable });
    }
}
