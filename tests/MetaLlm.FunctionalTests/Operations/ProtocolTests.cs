using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>What HTTP asks of a server beside the bodies: methods, encodings, hosts, and who counts as local.</summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private RunningGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        configuration["MetaLlm"]!["anonymousTenant"] = "beta";
        configuration["MetaLlm"]!["allowedHosts"] = new JsonArray("*.example.com");
        _gateway = await RunningGateway.StartAsync(configuration);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("GET", "/v1/chat/completions", "POST, OPTIONS")]
    [InlineData("DELETE", "/v1/route", "POST, OPTIONS")]
    [InlineData("PUT", "/v1/feedback", "POST, OPTIONS")]
    [InlineData("GET", "/v1/tenants/alpha/warm-start", "POST, OPTIONS")]
    [InlineData("PATCH", "/v1/tenants/alpha/arms/sim-nano/quiz", "POST, OPTIONS")]
    [InlineData("POST", "/v1/policy", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/v1/models", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/v1/models/sim-nano", "GET, HEAD, OPTIONS")]
    [InlineData("DELETE", "/v1/decisions/dec-1", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/health/ready", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/health/live", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/health", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/openapi/v1.json", "GET, HEAD, OPTIONS")]
    public async Task A_method_that_a_url_does_not_take_is_refused_with_those_that_it_takes(string method, string path, string allowed)
    {
        using var refused = await SendAsync(method, path);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        Assert.Equal(allowed, refused.Content.Headers.Allow.Count > 0 ? string.Join(", ", refused.Content.Headers.Allow) : "");
        Assert.Contains("\"code\":\"method_not_allowed\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var asked = await SendAsync("OPTIONS", path);
        Assert.Equal((HttpStatusCode.NoContent, allowed), (asked.StatusCode, string.Join(", ", asked.Content.Headers.Allow)));
        Assert.DoesNotContain(asked.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/v1/models/sim-nano")]
    [InlineData("/v1/policy")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/")]
    public async Task Head_is_get_without_a_body(string path)
    {
        using var response = await SendAsync("HEAD", path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Head_needs_the_key_that_get_needs()
    {
        var answer = await RawConnection.AskAsync(_gateway.Address, "HEAD /v1/policy HTTP/1.1\nHost: localhost\nAuthorization: Bearer wrong\nConnection: close\n\n");
        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    [InlineData("nonsense")]
    public async Task A_body_in_another_encoding_is_refused_with_the_one_that_is_read(string encoding)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync("""{"model":"auto","messages":[{"role":"user","content":"x"}]}"""u8.ToArray());
        }

        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var response = await SendAsync("POST", "/v1/chat/completions", content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("identity", string.Join(',', response.Headers.GetValues("Accept-Encoding")));
        Assert.Contains($"Content-Encoding is '{encoding}'", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_another_encoding_is_refused_as_every_body()
    {
        using var content = new ByteArrayContent("--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"q.jsonl\"\r\n\r\n{}\r\n--x--\r\n"u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
        using var response = await SendAsync("POST", "/v1/files", content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("identity", string.Join(',', response.Headers.GetValues("Accept-Encoding")));
        Assert.Contains("Content-Encoding is 'gzip'", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.test", 400)]
    [InlineData("example.com.evil.test", 400)]
    [InlineData("localhost:1", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("api.example.com", 200)]
    [InlineData("API.EXAMPLE.COM:443", 200)]
    public async Task Requests_for_other_hosts_are_refused_in_the_shape_of_every_error(string host, int status)
    {
        var answer = await RawConnection.AskAsync(_gateway.Address, $"GET /v1/models HTTP/1.1\nHost: {host}\nConnection: close\n\n");
        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        Assert.Equal(status == 400, answer.Contains("\"code\":\"host_not_allowed\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HTTP/1.1", "", true)]
    [InlineData("HTTP/1.1", "X-Forwarded-For: 203.0.113.7\n", false)]
    [InlineData("HTTP/1.1", "Forwarded: for=203.0.113.7\n", false)]
    [InlineData("HTTP/1.1", "X-Real-IP: 203.0.113.7\n", false)]
    [InlineData("HTTP/1.1", "Via: 1.1 proxy\n", false)]
    [InlineData("HTTP/1.0", "", false)]
    public async Task What_a_proxy_on_this_machine_passes_on_is_not_local(string version, string header, bool isLocal)
    {
        async Task<string> GetAsync(string path) =>
            await RawConnection.AskAsync(_gateway.Address, $"GET {path} {version}\nHost: localhost\n{header}Connection: close\n\n");

        Assert.StartsWith($"HTTP/1.1 {(isLocal ? 200 : 401)}", await GetAsync("/v1/models"), StringComparison.Ordinal);
        Assert.StartsWith($"HTTP/1.1 {(isLocal ? 200 : 404)}", await GetAsync("/metrics"), StringComparison.Ordinal);

        var ready = await GetAsync("/health/ready");
        Assert.Contains("\"status\":\"ready\"", ready, StringComparison.Ordinal);
        Assert.Equal(isLocal, ready.Contains("embedder", StringComparison.Ordinal));
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, HttpContent? content = null)
    {
        using var client = new HttpClient { BaseAddress = _gateway.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestConfiguration.AlphaKey);
        return await client.SendAsync(request);
    }
}
