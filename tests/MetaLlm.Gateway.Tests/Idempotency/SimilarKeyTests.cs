using System.Text;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Idempotency;
using MetaLlm.Gateway.Surfaces;
using MetaLlm.TestKit;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Tests.Idempotency;

public sealed class SimilarKeyTests
{
    private const string Chat = """{"messages":[{"role":"user","content":"Why?"}]}""";

    [Fact]
    public void A_question_that_the_model_may_not_read_to_its_end_has_none()
    {
        Assert.NotNull(Key(Chat, characters: 4));
        Assert.Null(Key(Chat, characters: 3));
        Assert.Null(Key(Chat, characters: 0));
    }

    [Fact]
    public void What_an_upstream_of_the_clients_format_reads_is_part_of_it_but_for_the_words_of_the_question()
    {
        const string Native = """{"thinking":{"budget":1},"messages":[{"role":"user","content":[{"type":"text","text":"Why?"}]}]}""";
        var (why, who) = (Key(Chat, Native), Key(Chat, Native, "Who?"));
        Assert.NotNull(why);
        Assert.Equal(why, who);
        Assert.NotEqual(why, Key(Chat, Native.Replace("1}", "2}", StringComparison.Ordinal)));
        Assert.NotEqual(why, Key(Chat));
        Assert.Null(Key(Chat, Native.Replace("Why?", "Other", StringComparison.Ordinal)));
        Assert.Null(Key(Chat, Native.Replace("[{\"type\"", "[{\"type\":\"document\"},{\"type\"", StringComparison.Ordinal)));
    }

    private static SimilarKey? Key(string chat, string? native = null, string question = "Why?", int characters = int.MaxValue)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = "/v1/messages";
        var payload = new ChatPayload(Bytes(chat, question), Stream: false)
        {
            Native = native is null ? null : new NativeRequest(UpstreamEndpoint.Anthropic, Bytes(native, question), "msg_"),
        };
        var route = new DecisionRequest { Features = QueryFeatures.Of(question, [], null, 1) };
        var model = new FixedEmbedder().Model with { WholeCharacters = characters };
        return SimilarKey.Of(context.Request, new SurfaceRequest(new ChatRequest(question, route, Stream: false, Affinity: 0), payload, Answer: null), new TenantSettings { Id = "a" }, model);
    }

    private static byte[] Bytes(string json, string question) => Encoding.UTF8.GetBytes(json.Replace("Why?", question, StringComparison.Ordinal));
}
