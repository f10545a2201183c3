using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Orleans.Tests.Support;

namespace MetaLlm.Engine.Orleans.Tests.Workers;

public sealed class CallHandOffTests
{
    private readonly CallHandOff _handOff = new();

    [Fact]
    public void An_answer_for_a_caller_who_has_gone_stays_the_workers()
    {
        var ticket = _handOff.Open(ScriptedProvider.Call("m"), default);
        Assert.True(_handOff.TryFind(ticket.Number, out var found));
        Assert.Null(_handOff.Close(ticket));

        Assert.False(found.TryGive(new UpstreamAnswer().Response()));
        Assert.False(_handOff.TryFind(ticket.Number, out _));
    }

    [Fact]
    public void Of_two_answers_the_first_is_the_callers()
    {
        var ticket = _handOff.Open(ScriptedProvider.Call("m"), default);
        var first = new UpstreamAnswer().Response();

        Assert.True(ticket.TryGive(first));
        Assert.False(ticket.TryGive(new UpstreamAnswer().Response()));
        Assert.Same(first, _handOff.Close(ticket));
        Assert.Null(_handOff.Close(ticket));
    }
}
