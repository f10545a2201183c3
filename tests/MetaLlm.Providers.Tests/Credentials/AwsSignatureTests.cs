using System.Net.Http.Headers;
using System.Text;
using MetaLlm.Providers.Credentials;

namespace MetaLlm.Providers.Tests.Credentials;

/// <summary>The first three are of Amazon's published test suite for the algorithm, the last was signed by its JavaScript client.</summary>
public sealed class AwsSignatureTests
{
    private const string Key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static readonly DateTimeOffset Time = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("GET", "https://example.amazonaws.com/", null, null, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("GET", "https://example.amazonaws.com/?Param2=value2&Param1=value1", null, null, "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("POST", "https://example.amazonaws.com/", "application/x-www-form-urlencoded", "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    public void Published_requests_have_the_published_signatures(string method, string address, string? type, string? body, string signature)
    {
        var request = Request(method, address, type, body ?? string.Empty);
        AwsSignature.Sign(request, Encoding.UTF8.GetBytes(body ?? string.Empty), new AwsKey("AKIDEXAMPLE", Key, null), "us-east-1", "service", Time);
        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={(type is null ? "" : "content-type;")}host;x-amz-date, Signature={signature}",
            request.Headers.NonValidated["Authorization"].ToString());
        Assert.Equal("20150830T123600Z", request.Headers.NonValidated["X-Amz-Date"].ToString());
    }

    [Fact]
    public void A_path_with_a_colon_and_the_token_of_a_session_are_signed_as_the_official_client_does()
    {
        const string Body = """{"messages":[]}""";
        var request = Request("POST", "https://bedrock-runtime.eu-central-1.amazonaws.com/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse", "application/json", Body);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "replaced");
        AwsSignature.Sign(request, Encoding.UTF8.GetBytes(Body), AwsKey.Read($"AKIDEXAMPLE:{Key}:TOKEN/+==")!, "eu-central-1", "bedrock", Time);
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-central-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
                + "Signature=c3bba417bd3d1a8e65b4a8ef397e9932a9bd0250acfb58a9c2ec33c76da04fb8",
            request.Headers.NonValidated["Authorization"].ToString());
        Assert.Equal("TOKEN/+==", request.Headers.NonValidated["X-Amz-Security-Token"].ToString());
    }

    [Theory]
    [InlineData("ABSKQmVkcm9ja0FQSUtleQ==", null)]
    [InlineData("ID:SECRET", "ID SECRET ")]
    [InlineData("ID:SECRET:TOK:EN", "ID SECRET TOK:EN")]
    [InlineData("ID:", null)]
    public void A_configured_key_signs_if_it_has_an_id_and_a_secret_and_is_never_printed(string text, string? expected)
    {
        var key = AwsKey.Read(text);
        Assert.Equal(expected, key is null ? null : $"{key.Id} {key.Secret} {key.Token}");
        Assert.DoesNotContain("SECRET", $"{key}", StringComparison.Ordinal);
    }

    private static HttpRequestMessage Request(string method, string address, string? type, string body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (type is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        }

        return request;
    }
}
