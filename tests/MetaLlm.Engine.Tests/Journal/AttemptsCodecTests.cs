using MetaLlm.Core.Arms;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Tests.Journal;

public sealed class AttemptsCodecTests
{
    private static readonly FailedAttempt[] Attempts =
    [
        new("größe", FailureKind.Timeout, new TokenUsage(100, 20, 30.5), 1.0 / 3, 2.5),
        new("b", FailureKind.Objected, default, 0, 0),
    ];

    [Fact]
    public void Attempts_come_back_as_they_were_and_none_take_no_bytes()
    {
        Assert.Equal(Attempts, AttemptsCodec.Decode(AttemptsCodec.Encode(Attempts)).Failed);
        Assert.Null(AttemptsCodec.Encode([]));
        Assert.Empty(AttemptsCodec.Decode([]).Failed);
    }

    [Fact]
    public void Deployments_come_after_what_builds_without_them_read()
    {
        FailedAttempt[] deployed = [Attempts[0] with { Deployment = "ost" }, Attempts[1]];
        var bytes = AttemptsCodec.Encode(deployed, "west")!;

        var (failed, deployment, _) = AttemptsCodec.Decode(bytes);
        Assert.Equal(deployed, failed);
        Assert.Equal("west", deployment);
        Assert.StartsWith(Convert.ToHexString(AttemptsCodec.Encode(Attempts)!), Convert.ToHexString(bytes), StringComparison.Ordinal);
        Assert.Equal("west", AttemptsCodec.Decode(AttemptsCodec.Encode([], "west")).Deployment);
        Assert.Equal((1, null), (AttemptsCodec.Decode(AttemptsCodec.Encode([deployed[0]])).Failed.Count, AttemptsCodec.Decode(AttemptsCodec.Encode([deployed[0]])).Deployment));
    }

    [Fact]
    public void What_was_made_of_the_first_answer_comes_last()
    {
        var weighed = new WeighedAnswer
        {
            Signals = new AnswerSignals { MeanLogProbability = -0.75, Tokens = 12, Refused = true, SelfReport = 0.25, Verdict = 1 },
            Topic = "größe", FirstUsd = 0.125, FirstQuality = 0.5, Doubt = 0.375, Gain = 0.0625, Propensity = 0.98, Second = "large", SecondQuality = 0.875,
        };
        var bytes = AttemptsCodec.Encode(Attempts, "west", weighed)!;
        Assert.Equal((Attempts.Length, "west", weighed), (AttemptsCodec.Decode(bytes).Failed.Count, AttemptsCodec.Decode(bytes).Deployment, AttemptsCodec.Decode(bytes).Weighed));
        Assert.StartsWith(Convert.ToHexString(AttemptsCodec.Encode(Attempts, "west")!), Convert.ToHexString(bytes), StringComparison.Ordinal);
        var kept = weighed with { Signals = default, Topic = null, Second = null };
        var (failed, deployment, read) = AttemptsCodec.Decode(AttemptsCodec.Encode([], null, kept));
        Assert.Equal((0, null, kept), (failed.Count, deployment, read));
    }

    [Fact]
    public void A_layout_that_is_not_known_and_bytes_that_are_cut_off_are_refused()
    {
        var bytes = AttemptsCodec.Encode(Attempts)!;
        Assert.Throws<InvalidDataException>(() => AttemptsCodec.Decode(bytes.AsSpan(0, bytes.Length - 1)));
        bytes[0] = 2;
        Assert.Contains("layout 2", Assert.Throws<InvalidDataException>(() => AttemptsCodec.Decode(bytes)).Message, StringComparison.Ordinal);
    }
}
