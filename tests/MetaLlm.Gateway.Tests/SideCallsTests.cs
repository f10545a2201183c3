using System.Text;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Rollout;

namespace MetaLlm.Gateway.Tests;

public sealed class SideCallsTests
{
    [Fact]
    public async Task Another_model_is_asked_the_same_in_one_piece_and_what_it_retrieves_is_looked_at_too()
    {
        var asked = new ChatPayload("""{"prompt":"Hi","stream":true,"stream_options":{"include_usage":true},"seed":7}"""u8.ToArray(), Stream: true)
        {
            Kind = CallKind.Completions,
            Screen = static (text, _) => ValueTask.FromResult(text + " looked at"),
        };
        var again = SideCalls.InOnePiece(asked);
        Assert.Equal("""{"prompt":"Hi","seed":7}""", Encoding.UTF8.GetString(again.Body.Span));
        Assert.Equal((false, CallKind.Completions), (again.Stream, again.Kind));
        Assert.Equal("found looked at", await again.Screen!("found", CancellationToken.None));
    }
}
