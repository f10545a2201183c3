namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>A tenant with two models, the cheaper of which misbehaves.</summary>
internal sealed class HostileCase(RunningGateway gateway, LoopbackUpstream upstream, int number, string tenant, string neighbour)
{
    /// <summary>A tenant with one model and a cap of 0.05 USD.</summary>
    public const string Capped = "capped";

    public Client Client { get; } = gateway.With(UpstreamConfiguration.Key(tenant));

    /// <summary>Another tenant with the same models at the same upstreams.</summary>
    public Client Neighbour { get; } = gateway.With(UpstreamConfiguration.Key(neighbour));

    public string Tenant { get; } = tenant;

    /// <summary>How often the model that misbehaves was called.</summary>
    public int CallsOfA => upstream.Calls($"a-{number}");

    public int CallsOfB => upstream.Calls($"b-{number}");

    public Task<Reply> PlainAsync(string model = "auto") => Client.ChatAsync("Say something.", model);

    /// <summary>A streamed call, read to its end, whatever that is.</summary>
    public async Task<StreamedReply> StreamAsync(string model = "auto")
    {
        using var response = await Client.StreamAsync(new { model, stream = true, messages = new[] { new { role = "user", content = "Say something." } } });
        return await StreamedReply.ReadAsync(response);
    }

    /// <summary>A decision, once it is settled.</summary>
    public Task<JsonElement> SettledAsync(string decision) =>
        Client.DecisionAsync(decision, found => found.GetProperty("settlement").ValueKind == JsonValueKind.Object);

    /// <summary>The other model must have answered, whole.</summary>
    public void AssertAnsweredByB(Reply reply)
    {
        Assert.Equal(Answers.Word, reply.Ok().Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("b", reply.Model);
    }

    /// <summary>The other model must have answered, whole, and nothing of the first one came through.</summary>
    public void AssertAnsweredByB(StreamedReply reply)
    {
        Assert.True(reply.Status == HttpStatusCode.OK, reply.ToString());
        Assert.True(reply.IsWhole, reply.ToString());
        Assert.Equal(Answers.Word, reply.Text);
        Assert.Equal(1, CallsOfB);
    }
}
