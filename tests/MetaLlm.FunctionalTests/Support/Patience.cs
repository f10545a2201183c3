namespace MetaLlm.FunctionalTests.Support;

/// <summary>How clients treat a gateway that tells them to come again.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    /// <summary>Repeats a request until it is served. Whatever is neither served nor a proper refusal fails the test.</summary>
    /// <param name="send">Sends the request; it may choose another gateway each time.</param>
    /// <param name="refusals">Where refusals and broken connections are counted; null to count none.</param>
    public static async Task<Reply> ServedAsync(Func<int, Task<Reply>> send, Action? refusals = null)
    {
        using var limit = new CancellationTokenSource(Longest);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var reply = await send(attempt).WaitAsync(limit.Token);
                if (reply.Status != HttpStatusCode.ServiceUnavailable)
                {
                    return reply.Ok();
                }

                AssertRefusal(reply);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !limit.IsCancellationRequested)
            {
                // A gateway that is gone, or one that waits for somebody who is.
            }

            refusals?.Invoke();
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>A refusal as OpenAI's clients understand it, and repeat the request.</summary>
    public static void AssertRefusal(Reply reply)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.Status);
        Assert.Equal("engine_unavailable", reply.Code);
        Assert.Equal("server_error", reply.Error.GetProperty("type").GetString());
        Assert.Equal("1", reply.Headers["Retry-After"]);
    }
}
