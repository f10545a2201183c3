using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Batches;

/// <summary>A tenant has no more files and bytes than <c>batches</c> lets it have, however they come.</summary>
public sealed class FileQuotaTests
{
    [Fact]
    public async Task A_form_that_does_not_say_how_long_it_is_gets_no_more_room_than_others()
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["batches"] = new JsonObject { ["tenantBytes"] = 1024 };
        await using var gateway = await RunningGateway.StartAsync(configuration);
        using var http = new HttpClient { BaseAddress = gateway.Address };
        var reply = await SendAsync(http, 1025);
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains("With this one's 1025 bytes the tenant's files would have more than 1024, which are the most.", reply.Text, StringComparison.Ordinal);
        Assert.Equal("[]", (await gateway.Alpha.GetAsync("/v1/files")).Ok().Json.GetProperty("data").GetRawText());
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(http, 1024)).Status);
    }

    [Fact]
    public async Task Of_files_that_come_at_once_those_stay_that_have_room()
    {
        const int most = 3;
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["batches"] = new JsonObject { ["tenantFiles"] = most };
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => gateway.Alpha.UploadAsync("{}")));
        Assert.Equal(most, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.All(replies.Where(reply => reply.Status != HttpStatusCode.OK), reply => Assert.Equal((HttpStatusCode.BadRequest, "file_quota_reached"), (reply.Status, reply.Code)));
        var listed = (await gateway.Alpha.GetAsync("/v1/files")).Ok().Json.GetProperty("data").EnumerateArray().Select(file => file.GetProperty("id").GetString()).Order();
        Assert.Equal(replies.Where(reply => reply.Status == HttpStatusCode.OK).Select(reply => reply.Json.GetProperty("id").GetString()).Order(), listed);
    }

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpClient http, int bytes)
    {
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(new string('x', bytes))), "file", "queries.jsonl" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestConfiguration.AlphaKey);
        request.Headers.TransferEncodingChunked = true;
        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
