using System.Text;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Judging;

namespace MetaLlm.Gateway.Tests.Judging;

public sealed class JudgedCallTests
{
    [Theory]
    [InlineData(CallKind.Chat, """{"messages":[{"role":"user","content":"What is 2 + 2?"}],"tools":[{"type":"function","function":{"name":"add","description":"Adds numbers."}}],"stop":["an end"],"metallm":{"expected":"four it is"}}""")]
    [InlineData(CallKind.Completions, """{"prompt":"What is 2 + 2?","stop":["an end"],"metallm":{"expected":"four it is"}}""")]
    public void The_question_is_what_was_said_and_nothing_beside_it(CallKind kind, string request)
    {
        var call = new JudgedCall(new TenantSettings { Id = "t" }) { Payload = new ChatPayload(Encoding.UTF8.GetBytes(request), Stream: false) { Kind = kind } };
        call.Take("d", 1);
        call.Add("""{"choices":[{"index":0,"message":{"content":"4"}}]}"""u8);
        var (asked, answer) = call.Read()!.Value;
        Assert.Equal(("What is 2 + 2?", "4"), (Assert.Single(asked).Text, answer));
    }
}
